using System.Buffers;
using System.Collections.Immutable;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Properties on the wire (section 2.2.2).</summary>
internal static class MqttPropertyCodec
{
    private const int Will = 0;

    // bit n: allowed in packet type n; bit 0: among the will properties
    private static readonly int[] Allowed = AllowedPackets();

    public static MqttProperties Read(ref MqttSpanReader body, MqttPacketType packet) => Read(ref body, (int)packet);

    public static MqttProperties ReadWill(ref MqttSpanReader body) => Read(ref body, Will);

    private static MqttProperties Read(ref MqttSpanReader body, int packet)
    {
        var length = body.VarInt();
        if (length == 0)
            return MqttProperties.None;
        var r = new MqttSpanReader(body.Take((int)length));
        var p = MqttProperties.None;
        ulong seen = 0;
        // gathered first: an array made anew for each of them would cost the square of their number
        var user = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var subscriptionIds = ImmutableArray.CreateBuilder<uint>();
        while (!r.AtEnd)
        {
            var id = r.VarInt();
            if (id >= Allowed.Length || Allowed[id] == 0)
                throw MqttProtocolException.Malformed($"unknown property {id}");
            if ((Allowed[id] & 1 << packet) == 0)
                throw MqttProtocolException.Error($"property {id} does not belong in this packet");
            var repeatable = id == 0x26 || (id == 0x0B && packet == (int)MqttPacketType.Publish);
            if (!repeatable && (seen & 1UL << (int)id) != 0)
                throw MqttProtocolException.Error($"property {id} stands twice");
            seen |= 1UL << (int)id;
            if (id == 0x26)
                user.Add(new(r.Text(), r.Text()));
            else if (id == 0x0B)
                subscriptionIds.Add(NotZero(r.VarInt()));
            else
                p = ReadOne(p, id, ref r);
        }

        p = p with { User = user.DrainToImmutable(), SubscriptionIds = subscriptionIds.DrainToImmutable() };
        if (p.AuthenticationData is not null && p.AuthenticationMethod is null)
            throw MqttProtocolException.Error("authentication data without a method");
        return p;
    }

    private static MqttProperties ReadOne(MqttProperties p, uint id, ref MqttSpanReader r) => id switch
    {
        0x01 => p with { PayloadFormat = Flag(ref r) },
        0x02 => p with { MessageExpiry = r.UInt32() },
        0x03 => p with { ContentType = r.Text() },
        0x08 => p with { ResponseTopic = Topic(ref r) },
        0x09 => p with { CorrelationData = r.Binary() },
        0x11 => p with { SessionExpiry = r.UInt32() },
        0x12 => p with { AssignedClientId = r.Text() },
        0x13 => p with { ServerKeepAlive = r.UInt16() },
        0x15 => p with { AuthenticationMethod = r.Text() },
        0x16 => p with { AuthenticationData = r.Binary() },
        0x17 => p with { RequestProblemInformation = Flag(ref r) },
        0x18 => p with { WillDelay = r.UInt32() },
        0x19 => p with { RequestResponseInformation = Flag(ref r) },
        0x1A => p with { ResponseInformation = r.Text() },
        0x1C => p with { ServerReference = r.Text() },
        0x1F => p with { ReasonString = r.Text() },
        0x21 => p with { ReceiveMaximum = (ushort)NotZero(r.UInt16()) },
        0x22 => p with { TopicAliasMaximum = r.UInt16() },
        0x23 => p with { TopicAlias = TopicAlias(ref r) },
        0x24 => p with { MaximumQos = Flag(ref r) },
        0x25 => p with { RetainAvailable = Flag(ref r) },
        0x27 => p with { MaximumPacketSize = NotZero(r.UInt32()) },
        0x28 => p with { WildcardSubscriptionAvailable = Flag(ref r) },
        0x29 => p with { SubscriptionIdsAvailable = Flag(ref r) },
        _ => p with { SharedSubscriptionAvailable = Flag(ref r) },
    };

    private static byte Flag(ref MqttSpanReader r)
    {
        var value = r.Byte();
        return value <= 1 ? value : throw MqttProtocolException.Error("property may be 0 or 1 only");
    }

    private static uint NotZero(uint value) => value != 0 ? value : throw MqttProtocolException.Error("property may not be 0");

    private static string Topic(ref MqttSpanReader r)
    {
        var topic = r.Text();
        return MqttTopic.IsValidName(topic) ? topic : throw MqttProtocolException.Error("response topic has a wildcard");
    }

    private static ushort TopicAlias(ref MqttSpanReader r)
    {
        var alias = r.UInt16();
        return alias != 0 ? alias : throw new MqttProtocolException(MqttReason.TopicAliasInvalid, "topic alias is 0");
    }

    public static void Write(MqttBufferWriter output, MqttProperties p)
    {
        if (ReferenceEquals(p, MqttProperties.None))
        {
            output.VarInt(0);
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(64);
        var w = new MqttBufferWriter(buffer);
        w.Property(0x01, p.PayloadFormat);
        w.Property(0x02, p.MessageExpiry);
        w.Property(0x03, p.ContentType);
        w.Property(0x08, p.ResponseTopic);
        w.Property(0x09, p.CorrelationData);
        foreach (var subscription in p.SubscriptionIds)
        {
            w.VarInt(0x0B);
            w.VarInt(subscription);
        }

        w.Property(0x11, p.SessionExpiry);
        w.Property(0x12, p.AssignedClientId);
        w.Property(0x13, p.ServerKeepAlive);
        w.Property(0x15, p.AuthenticationMethod);
        w.Property(0x16, p.AuthenticationData);
        w.Property(0x17, p.RequestProblemInformation);
        w.Property(0x18, p.WillDelay);
        w.Property(0x19, p.RequestResponseInformation);
        w.Property(0x1A, p.ResponseInformation);
        w.Property(0x1C, p.ServerReference);
        w.Property(0x1F, p.ReasonString);
        w.Property(0x21, p.ReceiveMaximum);
        w.Property(0x22, p.TopicAliasMaximum);
        w.Property(0x23, p.TopicAlias);
        w.Property(0x24, p.MaximumQos);
        w.Property(0x25, p.RetainAvailable);
        foreach (var (name, value) in p.User)
        {
            w.VarInt(0x26);
            w.Text(name);
            w.Text(value);
        }

        w.Property(0x27, p.MaximumPacketSize);
        w.Property(0x28, p.WildcardSubscriptionAvailable);
        w.Property(0x29, p.SubscriptionIdsAvailable);
        w.Property(0x2A, p.SharedSubscriptionAvailable);
        output.VarInt((uint)buffer.WrittenCount);
        output.Bytes(buffer.WrittenSpan);
    }

    private static int[] AllowedPackets()
    {
        const int connect = 1 << 1, connAck = 1 << 2, publish = 1 << 3, subscribe = 1 << 8, unsubscribe = 1 << 10,
            disconnect = 1 << 14, auth = 1 << 15, will = 1 << Will,
            replies = 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 9 | 1 << 11;
        var allowed = new int[0x2B];
        foreach (var id in (int[])[0x01, 0x02, 0x03, 0x08, 0x09])
            allowed[id] = publish | will;
        allowed[0x0B] = publish | subscribe;
        allowed[0x11] = connect | connAck | disconnect;
        allowed[0x15] = allowed[0x16] = connect | connAck | auth;
        allowed[0x17] = allowed[0x19] = connect;
        allowed[0x18] = will;
        allowed[0x1C] = connAck | disconnect;
        allowed[0x1F] = connAck | replies | disconnect | auth;
        allowed[0x21] = allowed[0x22] = allowed[0x27] = connect | connAck;
        allowed[0x23] = publish;
        allowed[0x26] = connect | connAck | publish | will | replies | subscribe | unsubscribe | disconnect | auth;
        foreach (var id in (int[])[0x12, 0x13, 0x1A, 0x24, 0x25, 0x28, 0x29, 0x2A])
            allowed[id] = connAck;
        return allowed;
    }
}
