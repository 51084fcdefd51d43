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

    /// <summary>The device.</summary>
    public required Guid DeviceId { get; init; }

    /// <summary>The device's own id of the message; null when it could not be read.</summary>
    public string? MessageId { get; init; }

    /// <summary><c>passage</c>, <c>berth</c>, <c>heartbeat</c>, <c>reply</c>, or <c>unknown</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The payload; longer ones are cut at <see cref="MaxPayload"/>, and bytes that are no UTF-8 are replaced.</summary>
    public required string Payload { get; init; }

    /// <summary>When it arrived, by our clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Why it was refused, as an error code; null when it was taken.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The longest topic, in characters.</summary>
    public const int MaxTopic = 256;

    /// <summary>How much of a payload is kept, in characters.</summary>
    public const int MaxPayload = 64 * 1024;
}
