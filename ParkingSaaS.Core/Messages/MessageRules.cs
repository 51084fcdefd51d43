using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Messages;

/// <summary>When a city writes to people, how often, and when it reminds of arrears. There is one; until somebody saves it, it is as here.</summary>
public sealed class MessageRules
{
    /// <summary>Always 1.</summary>
    public int Id { get; init; } = 1;

    /// <summary>From here on the city's wall clock nobody gets short messages, up to <see cref="QuietUntil"/>.</summary>
    public TimeOnly QuietFrom { get; set; } = new(21, 0);

    /// <summary>Before <see cref="QuietFrom"/> it is the next morning; the same as it is never quiet.</summary>
    public TimeOnly QuietUntil { get; set; } = new(9, 0);

    /// <summary>The most short messages to one telephone on one day.</summary>
    public int MostPerDay { get; set; } = 3;

    /// <summary>Whether the program reminds of arrears by itself.</summary>
    public bool Reminds { get; set; }

    /// <summary>The first reminder comes so many days after the car left first without paying.</summary>
    public int FirstAfterDays { get; set; } = 3;

    /// <summary>The second so many days after it, and so long after the first.</summary>
    public int SecondAfterDays { get; set; } = 10;

    /// <summary>The last one.</summary>
    public int LastAfterDays { get; set; } = 30;

    /// <summary>Nobody is reminded of less.</summary>
    public Money AtLeast { get; set; } = new(1);

    /// <summary>The most reminders for one car in 30 days.</summary>
    public int MostPerMonth { get; set; } = 2;

    /// <summary>Who changed it last: an actor's name; null where nobody has.</summary>
    public string? ChangedBy { get; set; }

    public DateTimeOffset? ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>The city's, not tracked.</summary>
    public static async Task<MessageRules> OfAsync(CitySession s, CancellationToken ct) =>
        await s.Db.Set<MessageRules>().AsNoTracking().FirstOrDefaultAsync(ct) ?? new();

    /// <summary>Whether nobody gets a short message then.</summary>
    public bool IsQuiet(TimeOnly at) => QuietFrom != QuietUntil && at.IsBetween(QuietFrom, QuietUntil);

    /// <summary>The next instant at which quiet hours are over.</summary>
    internal DateTimeOffset QuietEnds(CityZone zone, DateTimeOffset now)
    {
        var local = zone.Local(now);
        var day = DateOnly.FromDateTime(local);
        return zone.Instant((TimeOnly.FromDateTime(local) < QuietUntil ? day : day.AddDays(1)).ToDateTime(QuietUntil));
    }

    /// <summary>So many days after the car left first without paying, for the step's number from 0.</summary>
    internal int AfterDays(int step) => step switch { 0 => FirstAfterDays, 1 => SecondAfterDays, _ => LastAfterDays };
}

/// <summary>The rules as entered.</summary>
/// <param name="MostPerDay">1–20.</param>
/// <param name="FirstAfterDays">1–365.</param>
/// <param name="SecondAfterDays">More than the first, at most 730.</param>
/// <param name="LastAfterDays">More than the second, at most 1,095.</param>
/// <param name="AtLeast">In main units, more than nothing.</param>
/// <param name="MostPerMonth">1–10.</param>
public sealed record MessageRulesDetails(TimeOnly? QuietFrom, TimeOnly? QuietUntil, int? MostPerDay, bool Reminds, int? FirstAfterDays, int? SecondAfterDays,
    int? LastAfterDays, decimal? AtLeast, int? MostPerMonth)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public MessageRulesDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static MessageRulesDetails Of(MessageRules r, Currency currency) => new(r.QuietFrom, r.QuietUntil, r.MostPerDay, r.Reminds, r.FirstAfterDays,
        r.SecondAfterDays, r.LastAfterDays, currency.Amount(r.AtLeast), r.MostPerMonth);
}

/// <summary>Changes when and how often a city writes to people. What waits already goes by the new rules.</summary>
public sealed class SaveMessageRules(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, MessageRulesDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, MessagePermissions.Manage, ct);
        if (!actor.Scope.IsWholeCity)
            return new NotFound("message-rules");
        var atLeast = request.AtLeast is { } amount ? s.City.Currency.Exact(amount) : null;
        var invalid = Check.All(
            Check.That(request.QuietFrom is not null, nameof(request.QuietFrom), "required"),
            Check.That(request.QuietUntil is not null, nameof(request.QuietUntil), "required"),
            Number(nameof(request.MostPerDay), request.MostPerDay, 1, 20),
            Number(nameof(request.FirstAfterDays), request.FirstAfterDays, 1, 365),
            Number(nameof(request.SecondAfterDays), request.SecondAfterDays, (request.FirstAfterDays ?? 1) + 1, 730),
            Number(nameof(request.LastAfterDays), request.LastAfterDays, (request.SecondAfterDays ?? 2) + 1, 1095),
            Check.That(atLeast > Money.Zero, nameof(request.AtLeast), "invalid", "amount-of-something"),
            Number(nameof(request.MostPerMonth), request.MostPerMonth, 1, 10));
        if (invalid is not null)
            return invalid;
        var rules = await s.Db.Set<MessageRules>().FirstOrDefaultAsync(ct);
        if (Edits.Since(request.Seen, MessageRulesDetails.Of(rules ?? new(), s.City.Currency), request, rules?.ChangedBy) is { } changed)
            return changed;
        if (rules is null)
            s.Db.Add(rules = new MessageRules());
        (rules.QuietFrom, rules.QuietUntil, rules.MostPerDay) = (request.QuietFrom!.Value, request.QuietUntil!.Value, request.MostPerDay!.Value);
        (rules.Reminds, rules.FirstAfterDays, rules.SecondAfterDays, rules.LastAfterDays) =
            (request.Reminds, request.FirstAfterDays!.Value, request.SecondAfterDays!.Value, request.LastAfterDays!.Value);
        (rules.AtLeast, rules.MostPerMonth) = (atLeast!.Value, request.MostPerMonth!.Value);
        (rules.ChangedBy, rules.ChangedAt) = (actor.Name, s.Now);
        return await s.SaveAsync(ct);
    }

    static InvalidField? Number(string field, int? number, int least, int most) =>
        Check.That(number is not null, field, "required") ?? Check.Range(field, number, least, most);
}
