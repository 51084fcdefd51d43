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

    private long _connectionsNow;
    private long _receivedTotal;
    private long _sentTotal;
    private long _droppedTotal;
    private long _refusedTotal;

    private static Meter Create(IMeterFactory meters) => meters.Create(MeterName);

    /// <summary>The totals since the start, as they stand below <c>$SYS/broker/</c>.</summary>
    internal IEnumerable<(string Topic, long Value)> Totals =>
    [
        ("clients/connected", Interlocked.Read(ref _connectionsNow)),
        ("messages/received", Interlocked.Read(ref _receivedTotal)),
        ("messages/sent", Interlocked.Read(ref _sentTotal)),
        ("messages/dropped", Interlocked.Read(ref _droppedTotal)),
        ("refused", Interlocked.Read(ref _refusedTotal)),
    ];

    internal void Connections(int change)
    {
        _connections.Add(change);
        Interlocked.Add(ref _connectionsNow, change);
    }

    internal void Received()
    {
        _received.Add(1);
        Interlocked.Increment(ref _receivedTotal);
    }

    internal void Sent()
    {
        _sent.Add(1);
        Interlocked.Increment(ref _sentTotal);
    }

    /// <summary>A full queue, or a packet larger than the client takes.</summary>
    internal void Dropped()
    {
        _dropped.Add(1);
        Interlocked.Increment(ref _droppedTotal);
    }

    /// <summary>A CONNECT, PUBLISH or SUBSCRIBE that was denied, or a connection closed for a fault of the client.</summary>
    internal void Refused(MqttReason reason)
    {
        _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
        Interlocked.Increment(ref _refusedTotal);
    }

    /// <summary>A client sends faster than it may, and is read from more slowly.</summary>
    internal void Slowed() => _slowed.Add(1);

    /// <summary>A connection was cut because the client does not read.</summary>
    internal void Stalled() => _stalled.Add(1);
}
