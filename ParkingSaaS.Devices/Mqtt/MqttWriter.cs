using System.Buffers;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Packets to bytes.</summary>
public static class MqttWriter
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    /// <summary>Writes the packet, or nothing and false when it is longer than the receiver takes.</summary>
    public static bool TryWrite(IBufferWriter<byte> output, MqttPacket packet, MqttVersion version, uint maxSize = uint.MaxValue)
    {
        var scratch = _scratch ??= new ArrayBufferWriter<byte>(256);
        scratch.ResetWrittenCount();
        WriteBody(new MqttBufferWriter(scratch), packet, version);
        var payload = packet is PublishPacket publish ? publish.Payload : default;
        var length = (uint)(scratch.WrittenCount + payload.Length);
        if (length + 5 > maxSize && length + 1 + VarIntSize(length) > maxSize)
            return false;
        var w = new MqttBufferWriter(output);
        w.Byte((byte)((byte)packet.Type << 4 | Flags(packet)));
        w.VarInt(length);
        w.Bytes(scratch.WrittenSpan);
        w.Bytes(payload.Span);
        return true;
    }

    private static int VarIntSize(uint value) => value switch { < 1 << 7 => 1, < 1 << 14 => 2, < 1 << 21 => 3, _ => 4 };

    private static int Flags(MqttPacket packet) => packet switch
    {
        PublishPacket p => (p.Dup ? 8 : 0) | (byte)p.Qos << 1 | (p.Retain ? 1 : 0),
        { Type: MqttPacketType.PubRel or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe } => 2,
        _ => 0,
    };

    private static void WriteBody(MqttBufferWriter w, MqttPacket packet, MqttVersion version)
    {
        var v5 = version == MqttVersion.V5;
        switch (packet)
        {
            case ConnectPacket p:
                WriteConnect(w, p);
                break;
            case ConnAckPacket p:
                w.Byte(p.SessionPresent ? (byte)1 : (byte)0);
                w.Byte(v5 ? (byte)p.Reason : MqttReturnCode.FromReason(p.Reason));
                Properties(w, p, v5);
                break;
            case PublishPacket p:
                w.Text(p.Topic);
                if (p.Qos != MqttQos.AtMostOnce)
                    w.UInt16(p.PacketId);
                Properties(w, p, v5);
                break;
            case PublishReplyPacket p:
                w.UInt16(p.PacketId);
                ReasonAndProperties(w, p, p.Reason, v5);
                break;
            case SubscribePacket p:
                w.UInt16(p.PacketId);
                Properties(w, p, v5);
                foreach (var s in p.Subscriptions)
                {
                    w.Text(s.Filter);
                    w.Byte((byte)(v5
                        ? (byte)s.Qos | (s.NoLocal ? 4 : 0) | (s.RetainAsPublished ? 8 : 0) | s.RetainHandling << 4
                        : (byte)s.Qos));
                }

                break;
            case SubAckPacket p:
                w.UInt16(p.PacketId);
                Properties(w, p, v5);
                foreach (var reason in p.Reasons)
                    w.Byte(v5 || reason < MqttReason.UnspecifiedError ? (byte)reason : (byte)MqttReason.UnspecifiedError);
                break;
            case UnsubscribePacket p:
                w.UInt16(p.PacketId);
                Properties(w, p, v5);
                foreach (var filter in p.Filters)
                    w.Text(filter);
                break;
            case UnsubAckPacket p:
                w.UInt16(p.PacketId);
                Properties(w, p, v5);
                if (v5)
                {
                    foreach (var reason in p.Reasons)
                        w.Byte((byte)reason);
                }

                break;
            case DisconnectPacket p:
                ReasonAndProperties(w, p, p.Reason, v5);
                break;
            case AuthPacket p:
                ReasonAndProperties(w, p, p.Reason, v5);
                break;
        }
    }

    private static void Properties(MqttBufferWriter w, MqttPacket packet, bool v5)
    {
        if (v5)
            MqttPropertyCodec.Write(w, packet.Properties);
    }

    private static void ReasonAndProperties(MqttBufferWriter w, MqttPacket packet, MqttReason reason, bool v5)
    {
        var bare = ReferenceEquals(packet.Properties, MqttProperties.None);
        if (!v5 || (bare && reason == MqttReason.Success))
            return;
        w.Byte((byte)reason);
        if (!bare)
            MqttPropertyCodec.Write(w, packet.Properties);
    }

    private static void WriteConnect(MqttBufferWriter w, ConnectPacket p)
    {
        w.Text("MQTT");
        w.Byte((byte)p.Version);
        var flags = (p.CleanStart ? 0x02 : 0) | (p.Password is null ? 0 : 0x40) | (p.UserName is null ? 0 : 0x80);
        if (p.Will is not null)
            flags |= 0x04 | (byte)p.Will.Qos << 3 | (p.Will.Retain ? 0x20 : 0);
        w.Byte((byte)flags);
        w.UInt16(p.KeepAlive);
        var v5 = p.Version == MqttVersion.V5;
        Properties(w, p, v5);
        w.Text(p.ClientId);
        if (p.Will is { } will)
        {
            if (v5)
                MqttPropertyCodec.Write(w, will.Properties);
            w.Text(will.Topic);
            w.Binary(will.Payload.Span);
        }

        if (p.UserName is not null)
            w.Text(p.UserName);
        if (p.Password is { } password)
            w.Binary(password.Span);
    }
}

/// <summary>CONNACK return codes of 3.1.1 (table 3.1) beside the reason codes of 5.0.</summary>
internal static class MqttReturnCode
{
    public static byte FromReason(MqttReason reason) => reason switch
    {
        MqttReason.Success => 0,
        MqttReason.UnsupportedProtocolVersion => 1,
        MqttReason.ClientIdentifierNotValid => 2,
        MqttReason.BadUserNameOrPassword => 4,
        MqttReason.NotAuthorized or MqttReason.Banned or MqttReason.BadAuthenticationMethod => 5,
        _ => 3,
    };

    public static MqttReason ToReason(byte code) => code switch
    {
        0 => MqttReason.Success,
        1 => MqttReason.UnsupportedProtocolVersion,
        2 => MqttReason.ClientIdentifierNotValid,
        3 => MqttReason.ServerUnavailable,
        4 => MqttReason.BadUserNameOrPassword,
        5 => MqttReason.NotAuthorized,
        _ => throw MqttProtocolException.Malformed($"return code {code}"),
    };
}
