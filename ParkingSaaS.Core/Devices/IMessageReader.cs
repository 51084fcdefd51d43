namespace ParkingSaaS.Core.Devices;

/// <summary>Reads devices' messages in their own dialects, which the core does not know.</summary>
public interface IMessageReader
{
    /// <summary>What a message says. Never throws: what cannot be read comes back with an error code.</summary>
    /// <param name="dialect">The device's <see cref="Device.Dialect"/>.</param>
    /// <param name="device">The device's name.</param>
    /// <param name="topic">Where it was published.</param>
    Reading Read(string dialect, string device, string topic, ReadOnlyMemory<byte> payload);
}

/// <summary>A message understood, or why not.</summary>
/// <param name="MessageId">The device's own id of the message, where it has one.</param>
/// <param name="Report">What it says; null when it was refused.</param>
/// <param name="ErrorCode">One of <see cref="EventErrors"/> when it was refused.</param>
public readonly record struct Reading(string? MessageId, DeviceReport? Report, string? ErrorCode = null)
{
    /// <summary>It cannot be read.</summary>
    public static Reading Refused(string errorCode, string? messageId = null) => new(messageId, null, errorCode);
}
