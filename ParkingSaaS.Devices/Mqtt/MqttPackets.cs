using System.Collections.Immutable;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Control packet types, the high four bits of the first byte (section 2.1.2).</summary>
public enum MqttPacketType : byte
{
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    PubRec = 5,
    PubRel = 6,
    PubComp = 7,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,
    Auth = 15,
}

/// <summary>A control packet. <see cref="Properties"/> are written in 5.0 only.</summary>
public abstract record MqttPacket(MqttPacketType Type)
{
    public MqttProperties Properties { get; init; } = MqttProperties.None;
}

/// <param name="KeepAlive">Seconds; 0 is none.</param>
public sealed record ConnectPacket(MqttVersion Version, string ClientId, bool CleanStart, ushort KeepAlive)
    : MqttPacket(MqttPacketType.Connect)
{
    public string? UserName { get; init; }

    public ReadOnlyMemory<byte>? Password { get; init; }

    public MqttWill? Will { get; init; }
}

/// <summary>What the broker publishes for a client whose connection breaks.</summary>
public sealed record MqttWill(string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos = MqttQos.AtMostOnce, bool Retain = false)
{
    public MqttProperties Properties { get; init; } = MqttProperties.None;
}

/// <param name="Reason">In 3.1.1 the codec writes and reads the return code that corresponds.</param>
public sealed record ConnAckPacket(bool SessionPresent, MqttReason Reason) : MqttPacket(MqttPacketType.ConnAck);

/// <param name="PacketId">0 at QoS 0.</param>
public sealed record PublishPacket(
    string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos = MqttQos.AtMostOnce, bool Retain = false, bool Dup = false,
    ushort PacketId = 0) : MqttPacket(MqttPacketType.Publish);

/// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
public sealed record PublishReplyPacket(MqttPacketType Type, ushort PacketId, MqttReason Reason = MqttReason.Success)
    : MqttPacket(Type);

/// <summary>A filter with its options; those beyond the QoS exist in 5.0 only.</summary>
/// <param name="RetainHandling">0 send retained, 1 only for a new subscription, 2 never.</param>
public sealed record MqttSubscription(
    string Filter, MqttQos Qos = MqttQos.AtLeastOnce, bool NoLocal = false, bool RetainAsPublished = false,
    byte RetainHandling = 0);

public sealed record SubscribePacket(ushort PacketId, ImmutableArray<MqttSubscription> Subscriptions)
    : MqttPacket(MqttPacketType.Subscribe);

public sealed record SubAckPacket(ushort PacketId, ImmutableArray<MqttReason> Reasons) : MqttPacket(MqttPacketType.SubAck);

public sealed record UnsubscribePacket(ushort PacketId, ImmutableArray<string> Filters)
    : MqttPacket(MqttPacketType.Unsubscribe);

/// <param name="Reasons">Empty in 3.1.1.</param>
public sealed record UnsubAckPacket(ushort PacketId, ImmutableArray<MqttReason> Reasons)
    : MqttPacket(MqttPacketType.UnsubAck);

public sealed record PingReqPacket() : MqttPacket(MqttPacketType.PingReq);

public sealed record PingRespPacket() : MqttPacket(MqttPacketType.PingResp);

public sealed record DisconnectPacket(MqttReason Reason = MqttReason.Success) : MqttPacket(MqttPacketType.Disconnect);

/// <summary>Enhanced authentication, 5.0 only.</summary>
public sealed record AuthPacket(MqttReason Reason = MqttReason.Success) : MqttPacket(MqttPacketType.Auth);
