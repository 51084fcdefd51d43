namespace ParkingSaaS.Devices.Mqtt;

/// <summary>A change of what outlives a restart of the broker.</summary>
public abstract record MqttChange;

/// <summary>A session that outlives its connection was made or changed.</summary>
/// <param name="Expiry">How long it outlives its connection.</param>
/// <param name="Subscriptions">All of them.</param>
public sealed record MqttSessionKept(MqttIdentity Session, TimeSpan Expiry, IReadOnlyList<MqttKeptSubscription> Subscriptions) : MqttChange;

/// <summary>A session is over, with all that belongs to it.</summary>
public sealed record MqttSessionEnded(MqttIdentity Session) : MqttChange;

/// <summary>A message at QoS 1 or 2 waits for a client.</summary>
/// <param name="Qos">At which this client gets it.</param>
/// <param name="Retain">The flag that this client sees.</param>
/// <param name="Released">QoS 2: the client has it.</param>
public sealed record MqttMessageQueued(
    MqttIdentity Session, ushort PacketId, MqttMessage Message, MqttQos Qos, bool Retain, IReadOnlyList<uint> SubscriptionIds,
    DateTimeOffset? ExpiresAt, bool Released) : MqttChange;

/// <summary>The client has the QoS 2 message (PUBREC).</summary>
public sealed record MqttMessageReleased(MqttIdentity Session, ushort PacketId) : MqttChange;

/// <summary>The message need not be sent any more.</summary>
public sealed record MqttMessageDone(MqttIdentity Session, ushort PacketId) : MqttChange;

/// <summary>A QoS 2 message of the client was taken; its identifier is not released.</summary>
public sealed record MqttIdReceived(MqttIdentity Session, ushort PacketId) : MqttChange;

/// <summary>The client released the identifier (PUBREL).</summary>
public sealed record MqttIdReleased(MqttIdentity Session, ushort PacketId) : MqttChange;

/// <summary>The retained message of a topic; an empty payload takes it away.</summary>
public sealed record MqttRetained(MqttMessage Message, DateTimeOffset? ExpiresAt) : MqttChange;

/// <param name="Id">The subscription identifier, if it has one.</param>
public sealed record MqttKeptSubscription(MqttSubscription Subscription, uint? Id);

/// <summary>What a space held when it was last written, in the order in which it came to be.</summary>
public sealed record MqttKeptSpace(
    IReadOnlyList<MqttSessionKept> Sessions, IReadOnlyList<MqttMessageQueued> Messages, IReadOnlyList<MqttIdReceived> ReceivedIds,
    IReadOnlyList<MqttRetained> Retained)
{
    public static readonly MqttKeptSpace Empty = new([], [], [], []);
}

/// <summary>Where sessions and retained messages outlive a restart. A broker without one keeps them in memory.</summary>
public interface IMqttStore
{
    Task<MqttKeptSpace> LoadAsync(string space, CancellationToken ct);

    /// <summary>Completes when all changes are durable, in their order and together. Writing them again changes nothing.</summary>
    Task SaveAsync(string space, IReadOnlyList<MqttChange> changes, CancellationToken ct);
}
