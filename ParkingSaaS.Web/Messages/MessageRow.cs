using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Messages;

/// <summary>A message in the log.</summary>
public sealed class MessageRow
{
    public Guid Id { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public MessageScene Scene { get; init; }
    public MessageWay Way { get; init; }

    /// <summary>Masked.</summary>
    public string To { get; init; } = "";
    public string? Plate { get; init; }
    public string Text { get; init; } = "";
    public MessageState State { get; init; }

    /// <summary>See <see cref="Message.Problem"/>.</summary>
    public string? Problem { get; init; }
    public DateTimeOffset? TriedAt { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public bool Test { get; init; }
    public string By { get; init; } = "";
}

/// <summary>Which messages are wanted; every part that is set narrows. Times are the city's wall clock.</summary>
public sealed record MessageFilter
{
    /// <summary>A part of the plate.</summary>
    public string? Plate { get; init; }
    public MessageScene? Scene { get; init; }
    public MessageWay? Way { get; init; }
    public MessageState? State { get; init; }
    public DateTime? WrittenFrom { get; init; }
    public DateTime? WrittenTo { get; init; }

    /// <summary>What the address of the list says.</summary>
    public static MessageFilter Of(ListFilters f) => new()
    {
        Plate = f["plate"],
        Scene = f.Of<MessageScene>("scene"),
        Way = f.Of<MessageWay>("way"),
        State = f.Of<MessageState>("state"),
        WrittenFrom = f.At("writtenFrom"),
        WrittenTo = f.At("writtenTo")
    };

    /// <summary>The messages that are wanted.</summary>
    public IQueryable<MessageRow> Apply(CitySession s)
    {
        var part = PlateParts.Of(Plate);
        var (from, to) = (WrittenFrom is { } f ? s.City.Zone.Instant(f) : (DateTimeOffset?)null, WrittenTo is { } t ? s.City.Zone.Instant(t)
            : (DateTimeOffset?)null);
        return s.Db.Set<Message>()
            .Where(m => (part == null || m.Plate!.Contains(part)) && (Scene == null || m.Scene == Scene) && (Way == null || m.Way == Way)
                && (State == null || m.State == State) && (from == null || m.CreatedAt >= from) && (to == null || m.CreatedAt < to))
            .Select(m => new MessageRow
            {
                Id = m.Id,
                CreatedAt = m.CreatedAt,
                Scene = m.Scene,
                Way = m.Way,
                To = m.Masked,
                Plate = m.Plate,
                Text = m.Text,
                State = m.State,
                Problem = m.Problem,
                TriedAt = m.TriedAt,
                DueAt = m.DueAt,
                Test = m.Test,
                By = m.By
            });
    }
}
