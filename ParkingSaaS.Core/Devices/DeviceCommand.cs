using System.Text.Encodings.Web;
using System.Text.Json;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>How far a command has come.</summary>
public enum CommandState
{
    /// <summary>Committed, not yet handed to the device's session.</summary>
    Queued,

    /// <summary>Handed to the session; the device has not acknowledged it.</summary>
    Sent,

    /// <summary>The device took it (PUBACK).</summary>
    Acknowledged,

    /// <summary>The device replied that it did it.</summary>
    Executed,

    /// <summary>The device replied that it could not.</summary>
    Failed,

    /// <summary>Not acknowledged before its time was over; it is no longer sent.</summary>
    Expired
}

/// <summary>Something a device is told to do. Written in the transaction that decided it, sent after the commit.</summary>
public sealed class DeviceCommand : ILotOwned
{
    /// <summary>Row id; also the id that the device repeats in its reply.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid DeviceId { get; init; }

    /// <summary>For example <see cref="OpenGate"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Arguments as a JSON object.</summary>
    public string Args { get; init; } = "{}";

    /// <summary>Who asked: an actor's name.</summary>
    public required string By { get; init; }

    /// <summary>Why a person asked; null where the rules did.</summary>
    public string? Reason { get; init; }

    /// <summary>The order for which it is, if any.</summary>
    public Guid? OrderId { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>After this instant the device must not carry it out any more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public CommandState State { get; set; }

    /// <summary>When the state last changed.</summary>
    public DateTimeOffset StateAt { get; set; }

    /// <summary>The device's own code in its reply.</summary>
    public string? ReplyCode { get; set; }

    /// <summary>How far it has come: the row is marked as expired a little later than it is.</summary>
    public CommandState StateBy(DateTimeOffset now) =>
        State is CommandState.Queued or CommandState.Sent && ExpiresAt <= now ? CommandState.Expired : State;

    /// <summary>Raise the gate once.</summary>
    public const string OpenGate = "gate.open";

    /// <summary>Lower the gate.</summary>
    public const string CloseGate = "gate.close";

    /// <summary>Show a text on the lane's display: args <c>text</c>.</summary>
    public const string ShowText = "display.show";

    /// <summary>A device that did not hear of it within this time must not do it any more: somebody else may stand there by then.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromSeconds(30);

    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A command of the session's actor that is valid from now on.</summary>
    /// <param name="s">Who asks, and when.</param>
    /// <param name="text">What a display shows; null for other commands.</param>
    /// <param name="orderId">The order for which it is, if any.</param>
    /// <param name="id">The id that a screen made up, so that a second click is the same command; null makes one.</param>
    /// <param name="reason">Why a person asks.</param>
    internal static DeviceCommand For(CitySession s, Device device, string type, string? text, Guid? orderId, Guid? id = null,
        string? reason = null) => new()
        {
            Id = id ?? Guid.CreateVersion7(),
            LotId = device.LotId,
            DeviceId = device.Id,
            Type = type,
            Args = text is null ? "{}" : JsonSerializer.Serialize(new { text }, Plain),
            By = s.Actor.Name,
            Reason = reason,
            OrderId = orderId,
            CreatedAt = s.Now,
            ExpiresAt = s.Now + Validity,
            StateAt = s.Now
        };
}
