using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Bytes to packets.</summary>
public static class MqttReader
{
    private const int V31Level = 3;

    /// <summary>
    /// Takes one packet from the front of <paramref name="buffer"/>; false, with nothing taken, while it is incomplete.
    /// </summary>
    /// <param name="version">What the connection speaks; a CONNECT says itself.</param>
    /// <param name="maxSize">Bytes of a whole packet; a longer one is refused as soon as its length is read.</param>
    /// <exception cref="MqttProtocolException">The bytes are no valid packet.</exception>
    public static bool TryRead(
        ref ReadOnlySequence<byte> buffer, MqttVersion version, int maxSize, [NotNullWhen(true)] out MqttPacket? packet)
    {
        packet = null;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out var first))
            return false;
        var type = (MqttPacketType)(first >> 4);
        CheckFlags(type, (byte)(first & 0x0F), version);
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (shift == 28)
                throw MqttProtocolException.Malformed("remaining length has more than four bytes");
            if (!reader.TryRead(out var b))
                return false;
            length |= (b & 0x7F) << shift;
            if (b >= 0x80)
                continue;
            if (b == 0 && shift > 0)
                throw MqttProtocolException.Malformed("remaining length is longer than needed");
            break;
        }

        if (reader.Consumed + length > maxSize)
            throw new MqttProtocolException(MqttReason.PacketTooLarge, $"packet of {reader.Consumed + length} bytes");
        if (reader.Remaining < length)
            return false;
        var bytes = buffer.Slice(reader.Position, length);
        var body = new MqttSpanReader(bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray());
        packet = Read(type, first, version, ref body);
        if (!body.AtEnd)
            throw MqttProtocolException.Malformed($"{type} has bytes after its end");
        buffer = buffer.Slice(bytes.End);
        return true;
    }

    private static void CheckFlags(MqttPacketType type, byte flags, MqttVersion version)
    {
        if (type == 0 || (type == MqttPacketType.Auth && version != MqttVersion.V5))
            throw MqttProtocolException.Malformed($"unknown packet type {(byte)type}");
        if (type == MqttPacketType.Publish)
        {
            if ((flags & 0b0110) == 0b0110)
                throw MqttProtocolException.Malformed("PUBLISH with QoS 3");
            if ((flags & 0b1110) == 0b1000)
                throw MqttProtocolException.Malformed("PUBLISH with DUP at QoS 0");
        }
        else if (flags != (type is MqttPacketType.PubRel or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe ? 2 : 0))
        {
            throw MqttProtocolException.Malformed($"reserved flags of {type}");
        }
    }

    private static MqttPacket Read(MqttPacketType type, byte first, MqttVersion version, ref MqttSpanReader body) => type switch
    {
        MqttPacketType.Connect => ReadConnect(ref body),
        MqttPacketType.ConnAck => ReadConnAck(ref body, version),
        MqttPacketType.Publish => ReadPublish(first, ref body, version),
        MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubRel or MqttPacketType.PubComp =>
            ReadPublishReply(type, ref body, version),
        MqttPacketType.Subscribe => ReadSubscribe(ref body, version),
        MqttPacketType.SubAck => new SubAckPacket(body.PacketId(), [])
        {
            Properties = ReadProperties(ref body, version, type),
        } with
        { Reasons = ReadReasons(ref body) },
        MqttPacketType.Unsubscribe => ReadUnsubscribe(ref body, version),
        MqttPacketType.UnsubAck => new UnsubAckPacket(body.PacketId(), [])
        {
            Properties = ReadProperties(ref body, version, type),
        } with
        { Reasons = version == MqttVersion.V5 ? ReadReasons(ref body) : [] },
        MqttPacketType.PingReq => new PingReqPacket(),
        MqttPacketType.PingResp => new PingRespPacket(),
        MqttPacketType.Disconnect => ReadDisconnect(ref body, version),
        _ => body.AtEnd ? new AuthPacket() : new AuthPacket((MqttReason)body.Byte())
        {
            Properties = body.AtEnd ? MqttProperties.None : MqttPropertyCodec.Read(ref body, type),
        },
    };

    private static MqttProperties ReadProperties(ref MqttSpanReader body, MqttVersion version, MqttPacketType type) =>
        version == MqttVersion.V5 ? MqttPropertyCodec.Read(ref body, type) : MqttProperties.None;

    private static ConnectPacket ReadConnect(ref MqttSpanReader body)
    {
        var protocol = body.Text();
        var level = body.Byte();
        if (protocol is not "MQTT" && (protocol, level) != ("MQIsdp", V31Level))
            throw MqttProtocolException.Malformed("protocol name is not MQTT");
        if (level is not ((byte)MqttVersion.V311 or (byte)MqttVersion.V5))
            throw new MqttProtocolException(MqttReason.UnsupportedProtocolVersion, $"protocol level {level}");
        try
        {
            return ReadConnect(ref body, (MqttVersion)level);
        }
        catch (MqttProtocolException e)
        {
            throw new MqttProtocolException(e.Reason, e.Message, (MqttVersion)level);
        }
    }

    private static ConnectPacket ReadConnect(ref MqttSpanReader body, MqttVersion version)
    {
        var flags = body.Byte();
        var hasWill = (flags & 0x04) != 0;
        var willQos = (MqttQos)(flags >> 3 & 3);
        var willRetain = (flags & 0x20) != 0;
        var hasPassword = (flags & 0x40) != 0;
        var hasUser = (flags & 0x80) != 0;
        if ((flags & 1) != 0 || (byte)willQos == 3 || (!hasWill && (willQos != 0 || willRetain)))
            throw MqttProtocolException.Malformed("connect flags");
        if (version == MqttVersion.V311 && hasPassword && !hasUser)
            throw MqttProtocolException.Malformed("password without a user name");
        var keepAlive = body.UInt16();
        var properties = ReadProperties(ref body, version, MqttPacketType.Connect);
        var clientId = body.Text();
        MqttWill? will = null;
        if (hasWill)
        {
            var willProperties = version == MqttVersion.V5 ? MqttPropertyCodec.ReadWill(ref body) : MqttProperties.None;
            var topic = body.Text();
            if (!MqttTopic.IsValidName(topic))
                throw new MqttProtocolException(MqttReason.TopicNameInvalid, "will topic");
            will = new MqttWill(topic, body.Binary(), willQos, willRetain) { Properties = willProperties };
        }

        return new ConnectPacket(version, clientId, (flags & 0x02) != 0, keepAlive)
        {
            Properties = properties,
            Will = will,
            UserName = hasUser ? body.Text() : null,
            Password = hasPassword ? body.Binary() : (ReadOnlyMemory<byte>?)null,
        };
    }

    private static ConnAckPacket ReadConnAck(ref MqttSpanReader body, MqttVersion version)
    {
        var flags = body.Byte();
        if (flags > 1)
            throw MqttProtocolException.Malformed("connect acknowledge flags");
        var reason = version == MqttVersion.V5 ? (MqttReason)body.Byte() : MqttReturnCode.ToReason(body.Byte());
        return new ConnAckPacket(flags == 1, reason)
        {
            Properties = ReadProperties(ref body, version, MqttPacketType.ConnAck),
        };
    }

    private static PublishPacket ReadPublish(byte first, ref MqttSpanReader body, MqttVersion version)
    {
        var qos = (MqttQos)(first >> 1 & 3);
        var topic = body.Text();
        var id = qos == MqttQos.AtMostOnce ? (ushort)0 : body.PacketId();
        var properties = ReadProperties(ref body, version, MqttPacketType.Publish);
        if (topic.Length == 0 ? properties.TopicAlias is null : !MqttTopic.IsValidName(topic))
        {
            throw topic.Length == 0
                ? MqttProtocolException.Error("empty topic without an alias")
                : new MqttProtocolException(MqttReason.TopicNameInvalid, "topic name with a wildcard or too many levels");
        }

        return new PublishPacket(topic, body.Rest(), qos, (first & 1) != 0, (first & 8) != 0, id) { Properties = properties };
    }

    // 5.0 leaves out the properties when there are none, and the reason too when it is 0
    private static PublishReplyPacket ReadPublishReply(MqttPacketType type, ref MqttSpanReader body, MqttVersion version)
    {
        var id = body.PacketId();
        if (version == MqttVersion.V311 || body.AtEnd)
            return new PublishReplyPacket(type, id);
        var reason = (MqttReason)body.Byte();
        return new PublishReplyPacket(type, id, reason)
        {
            Properties = body.AtEnd ? MqttProperties.None : MqttPropertyCodec.Read(ref body, type),
        };
    }

    private static SubscribePacket ReadSubscribe(ref MqttSpanReader body, MqttVersion version)
    {
        var id = body.PacketId();
        var properties = ReadProperties(ref body, version, MqttPacketType.Subscribe);
        var filters = ImmutableArray.CreateBuilder<MqttSubscription>();
        while (!body.AtEnd)
        {
            var filter = body.Text();
            var options = body.Byte();
            var reserved = version == MqttVersion.V5 ? 0b1100_0000 : 0b1111_1100;
            if ((options & reserved) != 0 || (options & 3) == 3)
                throw MqttProtocolException.Malformed("subscription options");
            if ((options & 0b0011_0000) == 0b0011_0000)
                throw MqttProtocolException.Error("retain handling 3");
            filters.Add(new MqttSubscription(
                filter, (MqttQos)(options & 3), (options & 4) != 0, (options & 8) != 0, (byte)(options >> 4)));
        }

        if (filters.Count == 0)
            throw MqttProtocolException.Error("SUBSCRIBE without a filter");
        return new SubscribePacket(id, filters.DrainToImmutable()) { Properties = properties };
    }

    private static UnsubscribePacket ReadUnsubscribe(ref MqttSpanReader body, MqttVersion version)
    {
        var id = body.PacketId();
        var properties = ReadProperties(ref body, version, MqttPacketType.Unsubscribe);
        var filters = ImmutableArray.CreateBuilder<string>();
        while (!body.AtEnd)
            filters.Add(body.Text());
        if (filters.Count == 0)
            throw MqttProtocolException.Error("UNSUBSCRIBE without a filter");
        return new UnsubscribePacket(id, filters.DrainToImmutable()) { Properties = properties };
    }

    private static DisconnectPacket ReadDisconnect(ref MqttSpanReader body, MqttVersion version)
    {
        if (version == MqttVersion.V311 || body.AtEnd)
            return new DisconnectPacket();
        return new DisconnectPacket((MqttReason)body.Byte())
        {
            Properties = body.AtEnd ? MqttProperties.None : MqttPropertyCodec.Read(ref body, MqttPacketType.Disconnect),
        };
    }

    private static ImmutableArray<MqttReason> ReadReasons(ref MqttSpanReader body)
    {
        var reasons = ImmutableArray.CreateBuilder<MqttReason>();
        while (!body.AtEnd)
            reasons.Add((MqttReason)body.Byte());
        return reasons.DrainToImmutable();
    }
}
