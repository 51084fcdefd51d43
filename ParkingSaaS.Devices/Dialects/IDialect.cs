using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Devices.Dialects;

/// <summary>How one kind of hardware speaks: its topics and payloads. A new vendor is a folder with one of these.</summary>
public interface IDialect
{
    /// <summary>The name in a device's registration.</summary>
    string Name { get; }

    /// <summary>All topics that devices of this kind publish on, as filters; the device's name stands where the first <c>+</c> is.</summary>
    IReadOnlyList<string> Filters { get; }

    /// <summary>Whether a device may publish there.</summary>
    bool MayPublish(string device, string topic);

    /// <summary>Whether a device may subscribe to that filter. Filters with wildcards must stay within the device's own topics.</summary>
    bool MaySubscribe(string device, string filter);

    /// <summary>What a message says. Never throws: what cannot be read comes back as an error code.</summary>
    /// <param name="device">The device's name.</param>
    /// <param name="topic">One of those it may publish to.</param>
    /// <param name="payload">The payload.</param>
    Reading Read(string device, string topic, ReadOnlyMemory<byte> payload);

    /// <summary>A command in the device's words; null where this kind of device cannot do that.</summary>
    Outgoing? Write(string device, DeviceCommand command);

    /// <summary>What a device is told when it connects, as a retained message; null for nothing.</summary>
    Outgoing? Greeting(string device, DateTimeOffset now);
}

/// <summary>A message to a device.</summary>
public readonly record struct Outgoing(string Topic, byte[] Payload);
