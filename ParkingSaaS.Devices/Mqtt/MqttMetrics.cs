using System.Diagnostics.Metrics;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Counters under the meter name <see cref="MeterName"/>.</summary>
public sealed class MqttMetrics(IMeterFactory meters)
{
    public const string MeterName = "ParkingSaaS.Mqtt";

    private readonly UpDownCounter<long> _connections = Create(meters).CreateUpDownCounter<long>("mqtt.connections");
    private readonly Counter<long> _received = Create(meters).CreateCounter<long>("mqtt.messages.received");
    private readonly Counter<long> _sent = Create(meters).CreateCounter<long>("mqtt.messages.sent");
    private readonly Counter<long> _dropped = Create(meters).CreateCounter<long>("mqtt.messages.dropped");
    private readonly Counter<long> _refused = Create(meters).CreateCounter<long>("mqtt.refused");

    private readonly Counter<long> _slowed = Create(meters).CreateCounter<long>("mqtt.slowed");
    private readonly Counter<long> _stalled = Create(meters).CreateCounter<long>("mqtt.stalled");

    private static Meter Create(IMeterFactory meters) => meters.Create(MeterName);

    internal void Connections(int change) => _connections.Add(change);

    internal void Received() => _received.Add(1);

    internal void Sent() => _sent.Add(1);

    /// <summary>A full queue, or a packet larger than the client takes.</summary>
    internal void Dropped() => _dropped.Add(1);

    /// <summary>A CONNECT, PUBLISH or SUBSCRIBE that was denied, or a connection closed for a fault of the client.</summary>
    internal void Refused(MqttReason reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A client sends faster than it may, and is read from more slowly.</summary>
    internal void Slowed() => _slowed.Add(1);

    /// <summary>A connection was cut because the client does not read.</summary>
    internal void Stalled() => _stalled.Add(1);
}
