using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>A message as the device sent it, kept for reading and for deriving orders again. Pairs of device and message id are
/// unique: that is what makes a repeated message change nothing.</summary>
public sealed class DeviceMessage : ILotOwned
{
    /// <summary>Row id, in order of arrival.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid DeviceId { get; init; }

    /// <summary>The device's own id of the message; null when it could not be read.</summary>
    public string? MessageId { get; init; }

    /// <summary><c>passage</c>, <c>berth</c>, <c>heartbeat</c>, <c>reply</c>, or <c>unknown</c>.</summary>
    public required string Kind { get; init; }

    public required string Topic { get; init; }

    /// <summary>The payload; longer ones are cut at <see cref="MaxPayload"/>, and bytes that are no UTF-8 are replaced.</summary>
    public required string Payload { get; init; }

    /// <summary>When it arrived, by our clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Why it was refused, as an error code; null when it was taken.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>What went wrong, in a line, where it was no fault of the message.</summary>
    public string? Failure { get; init; }

    /// <summary>How often it was processed again.</summary>
    public int Tries { get; init; }

    /// <summary>When it is processed again by itself; null where that would not help.</summary>
    public DateTimeOffset? TryAt { get; init; }

    /// <summary>The longest topic, in characters.</summary>
    public const int MaxTopic = 256;

    /// <summary>The longest <see cref="Failure"/>, in characters.</summary>
    public const int MaxFailure = 500;

    /// <summary>How much of a payload is kept, in characters.</summary>
    public const int MaxPayload = 64 * 1024;
}

/// <summary>A person had a refused message processed again, as it was or corrected.</summary>
public sealed class DeviceMessageReplay : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid MessageId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    /// <summary>The corrected payload; null where it was processed as it came. The message itself stays as the device sent it.</summary>
    public string? Payload { get; init; }
}
