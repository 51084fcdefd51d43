namespace ParkingSaaS.Core.Devices;

/// <summary>A device's message in the one form that all dialects are brought to.</summary>
/// <param name="DeviceId">The device that signed in; never taken from the message.</param>
/// <param name="MessageId">The device's id of the message, the same when it is repeated; null when it could not be read.</param>
/// <param name="Payload">The payload as text.</param>
/// <param name="Report">What it says; null when it was refused.</param>
/// <param name="ErrorCode">Why it was refused, see <see cref="EventErrors"/>.</param>
public sealed record DeviceEvent(Guid DeviceId, Guid LotId, string? MessageId, string Topic, string Payload, DeviceReport? Report,
    string? ErrorCode = null)
{
    /// <summary>The row that it is kept in; null for a new one. Whoever tries it again keeps the row, so that it is there once even if
    /// nobody heard that the first attempt was committed.</summary>
    public Guid? Row { get; init; }

    /// <summary>It was refused before, and its row is there: processed now, it is refused no more.</summary>
    public bool Again { get; init; }

    /// <summary>Another message of the device's has its id, so it is kept under one of its own.</summary>
    public bool IdReused { get; init; }

    /// <summary>What went wrong, in a line, where the error is <see cref="EventErrors.Failed"/>.</summary>
    public string? Failure { get; init; }
}

/// <summary>What a message says.</summary>
public abstract record DeviceReport
{
    /// <summary>When, by the device's clock; null where it does not say.</summary>
    public virtual DateTimeOffset? DeviceTime => null;

    /// <summary>Kept by the device while it was cut off, and sent afterwards.</summary>
    public virtual bool Late => false;
}

/// <summary>A car at a lane.</summary>
/// <param name="At">When, by the device's clock.</param>
/// <param name="Replay">Kept by the device while it was cut off, and sent afterwards.</param>
/// <param name="Plate">The plate as read; null or empty when none was.</param>
/// <param name="Colour">The plate's colour as the device names it.</param>
/// <param name="Vehicle">The kind of vehicle as the device names it.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Entering">The way it passes; null where the device does not know, then the lane decides.</param>
/// <param name="Images">Evidence pictures: addresses elsewhere, or names of those that the device uploads (<see cref="DevicePicture"/>).</param>
public sealed record PassageReport(DateTimeOffset At, bool Replay, string? Plate, string? Colour, string? Vehicle,
    double? Confidence, bool? Entering, IReadOnlyList<string> Images) : DeviceReport
{
    /// <inheritdoc/>
    public override DateTimeOffset? DeviceTime => At;

    /// <inheritdoc/>
    public override bool Late => Replay;
}

/// <summary>A berth that became occupied or free, or is still so.</summary>
public sealed record BerthReport(DateTimeOffset At, bool Replay, bool Occupied, string? Plate) : DeviceReport
{
    /// <inheritdoc/>
    public override DateTimeOffset? DeviceTime => At;

    /// <inheritdoc/>
    public override bool Late => Replay;
}

/// <summary>A sign of life.</summary>
/// <param name="Battery">Percent.</param>
/// <param name="Signal">dBm.</param>
/// <param name="Faults">Faults that the device sees in itself; empty means well, null means it did not say.</param>
/// <param name="Version">Firmware.</param>
/// <param name="At">When, by the device's clock; null where its dialect does not say.</param>
/// <param name="Replay">Kept by the device while it was cut off.</param>
public sealed record HeartbeatReport(int? Battery, int? Signal, IReadOnlyList<string>? Faults, string? Version, DateTimeOffset? At = null,
    bool Replay = false) : DeviceReport
{
    /// <inheritdoc/>
    public override DateTimeOffset? DeviceTime => At;

    /// <inheritdoc/>
    public override bool Late => Replay;
}

/// <summary>The answer to a command.</summary>
public sealed record ReplyReport(Guid CommandId, bool Ok, string? Code) : DeviceReport;

/// <summary>Why a message was refused; kept with it, and told to devices that can read it.</summary>
public static class EventErrors
{
    /// <summary>Not JSON, or not an object.</summary>
    public const string Malformed = "malformed";

    /// <summary>A field is missing or of the wrong type.</summary>
    public const string BadField = "bad-field";

    /// <summary>Larger than what a message may be.</summary>
    public const string TooLarge = "too-large";

    /// <summary>A plate longer than any plate is.</summary>
    public const string PlateTooLong = "plate-too-long";

    /// <summary>More than ten minutes ahead of our clock, or older than ninety days.</summary>
    public const string TimeOutOfRange = "time-out-of-range";

    /// <summary>The device is bound to no lane or berth, so nobody knows where that was.</summary>
    public const string NotBound = "not-bound";

    /// <summary>A topic that the device's dialect does not have.</summary>
    public const string UnknownTopic = "unknown-topic";

    /// <summary>Kept and acted upon, although its id was another message's.</summary>
    public const string IdReused = "id-reused";

    /// <summary>Could not be processed; kept so that it can be once the fault is found.</summary>
    public const string Failed = "failed";
}
