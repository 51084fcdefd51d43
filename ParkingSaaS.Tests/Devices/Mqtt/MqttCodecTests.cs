using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using ParkingSaaS.Devices.Mqtt;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

public class MqttCodecTests
{
    private const int Max = 1 << 20;

    private static readonly MqttProperties Message = new()
    {
        PayloadFormat = 1,
        MessageExpiry = 60,
        ContentType = "application/json",
        ResponseTopic = "reply/to",
        CorrelationData = new byte[] { 1, 2 },
        User = [new("a", "1"), new("a", "停车")],
    };

    private static readonly MqttProperties Reason = new() { ReasonString = "why", User = [new("k", "v")] };

    public static IEnumerable<(MqttPacket Packet, MqttVersion Version)> Samples()
    {
        foreach (var version in new[] { MqttVersion.V311, MqttVersion.V5 })
        {
            var v5 = version == MqttVersion.V5;
            MqttProperties P(MqttProperties p) => v5 ? p : MqttProperties.None;
            yield return (new ConnectPacket(version, "cam1", true, 30), version);
            yield return (new ConnectPacket(version, "", false, 0)
            {
                UserName = "sz/cam1",
                Password = "secret"u8.ToArray(),
                Will = new MqttWill("will/topic", "gone"u8.ToArray(), MqttQos.AtLeastOnce, true)
                {
                    Properties = P(Message with { WillDelay = 5 }),
                },
                Properties = P(new MqttProperties
                {
                    SessionExpiry = 7,
                    ReceiveMaximum = 8,
                    MaximumPacketSize = 9,
                    TopicAliasMaximum = 10,
                    RequestProblemInformation = 0,
                    RequestResponseInformation = 1,
                    AuthenticationMethod = "m",
                    AuthenticationData = new byte[] { 3 },
                    User = [new("x", "y")],
                }),
            }, version);
            yield return (new ConnAckPacket(true, MqttReason.Success)
            {
                Properties = P(new MqttProperties
                {
                    SessionExpiry = 1,
                    ReceiveMaximum = 2,
                    MaximumQos = 1,
                    RetainAvailable = 1,
                    MaximumPacketSize = 3,
                    AssignedClientId = "auto",
                    TopicAliasMaximum = 4,
                    ReasonString = "ok",
                    WildcardSubscriptionAvailable = 1,
                    SubscriptionIdsAvailable = 1,
                    SharedSubscriptionAvailable = 0,
                    ServerKeepAlive = 5,
                    ResponseInformation = "r",
                    ServerReference = "s",
                }),
            }, version);
            yield return (new ConnAckPacket(false, MqttReason.BadUserNameOrPassword), version);
            yield return (new PublishPacket("a/b", "x"u8.ToArray()), version);
            yield return (new PublishPacket("a/停车", new byte[300], MqttQos.AtLeastOnce, true, true, 65535)
            {
                Properties = P(Message with { TopicAlias = 3, SubscriptionIds = [1, 268_435_455] }),
            }, version);
            foreach (var type in (MqttPacketType[])[
                MqttPacketType.PubAck, MqttPacketType.PubRec, MqttPacketType.PubRel, MqttPacketType.PubComp])
            {
                yield return (new PublishReplyPacket(type, 1), version);
                if (v5)
                    yield return (new PublishReplyPacket(type, 2, MqttReason.QuotaExceeded) { Properties = Reason }, version);
            }

            yield return (new SubscribePacket(3, [
                new MqttSubscription("a/+", MqttQos.AtMostOnce),
                new MqttSubscription("#", MqttQos.AtLeastOnce, v5, v5, v5 ? (byte)2 : (byte)0)])
            {
                Properties = P(new MqttProperties { SubscriptionIds = [200] }),
            }, version);
            var granted = new SubAckPacket(3, [MqttReason.GrantedQos1, MqttReason.UnspecifiedError]);
            yield return (granted with { Properties = P(Reason) }, version);
            var user = new MqttProperties { User = [new("u", "")] };
            yield return (new UnsubscribePacket(4, ["a", "b/#"]) { Properties = P(user) }, version);
            var ended = new UnsubAckPacket(4, v5 ? [MqttReason.NoSubscriptionExisted] : []);
            yield return (ended with { Properties = P(Reason) }, version);
            yield return (new PingReqPacket(), version);
            yield return (new PingRespPacket(), version);
            yield return (new DisconnectPacket(), version);
            if (v5)
            {
                yield return (new DisconnectPacket(MqttReason.ServerMoved)
                {
                    Properties = Reason with { ServerReference = "other", SessionExpiry = 3 },
                }, version);
                yield return (new AuthPacket(MqttReason.ReAuthenticate)
                {
                    Properties = new MqttProperties { AuthenticationMethod = "m", AuthenticationData = new byte[] { 1 } },
                }, version);
            }
        }
    }

    internal static byte[] Encode(MqttPacket packet, MqttVersion version)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Assert.True(MqttWriter.TryWrite(buffer, packet, version));
        return buffer.WrittenSpan.ToArray();
    }

    private static MqttPacket? Decode(byte[] bytes, MqttVersion version, int max = Max)
    {
        var sequence = new ReadOnlySequence<byte>(bytes);
        var read = MqttReader.TryRead(ref sequence, version, max, out var packet);
        Assert.Equal(read ? 0 : bytes.Length, sequence.Length);
        return packet;
    }

    [Fact]
    public void Every_packet_comes_back_as_it_was()
    {
        foreach (var (packet, version) in Samples())
            Assert.Equivalent(packet, Decode(Encode(packet, version), version), strict: true);
    }

    [Fact]
    public void An_incomplete_packet_consumes_nothing_and_pieces_make_the_same_packet()
    {
        foreach (var (packet, version) in Samples())
        {
            var bytes = Encode(packet, version);
            for (var cut = 0; cut < bytes.Length; cut++)
            {
                Assert.Null(Decode(bytes[..cut], version));
                var pieces = Pieces(bytes[..cut], bytes[cut..]);
                Assert.True(MqttReader.TryRead(ref pieces, version, Max, out var whole));
                Assert.Equal(bytes, Encode(whole, version));
            }
        }
    }

    [Fact]
    public void Bytes_on_the_wire_are_those_of_the_standard()
    {
        Assert.Equal("101000044D5154540402003C000463616D31", Convert.ToHexString(
            Encode(new ConnectPacket(MqttVersion.V311, "cam1", true, 60), MqttVersion.V311)));
        Assert.Equal("330A0003612F620001003132", Convert.ToHexString(
            Encode(new PublishPacket("a/b", "12"u8.ToArray(), MqttQos.AtLeastOnce, true, false, 1), MqttVersion.V5)));
        Assert.Equal("820B0002020B050003612F2B01", Convert.ToHexString(Encode(
            new SubscribePacket(2, [new MqttSubscription("a/+")]) { Properties = new MqttProperties { SubscriptionIds = [5] } },
            MqttVersion.V5)));
        Assert.Equal("40020001", Convert.ToHexString(Encode(new PublishReplyPacket(MqttPacketType.PubAck, 1), MqttVersion.V5)));
        Assert.Equal("4003000187", Convert.ToHexString(
            Encode(new PublishReplyPacket(MqttPacketType.PubAck, 1, MqttReason.NotAuthorized), MqttVersion.V5)));
    }

    [Fact]
    public void Any_message_survives_encoding()
    {
        var text = ArbMap.Default.ArbFor<NonNull<string>>().Generator.Select(s => Clean(s.Get));
        var gen = from topic in text
                  from payload in ArbMap.Default.ArbFor<byte[]>().Generator
                  from qos in Gen.Choose(0, 1)
                  from id in Gen.Choose(1, 65535)
                  from name in text
                  from value in text
                  from expiry in ArbMap.Default.ArbFor<uint?>().Generator
                  select new PublishPacket(
                      "t/" + string.Concat(topic.Split('+', '#', '/')), payload, (MqttQos)qos, PacketId: (ushort)(qos * id))
                  {
                      Properties = new MqttProperties { MessageExpiry = expiry, User = [new(name, value)] },
                  };
        Prop.ForAll(gen.ToArbitrary(), packet =>
        {
            var read = Assert.IsType<PublishPacket>(Decode(Encode(packet, MqttVersion.V5), MqttVersion.V5));
            return read.Topic == packet.Topic && read.Payload.Span.SequenceEqual(packet.Payload.Span) && read.Qos == packet.Qos
                && read.PacketId == packet.PacketId && read.Properties.MessageExpiry == packet.Properties.MessageExpiry
                && read.Properties.User.SequenceEqual(packet.Properties.User);
        }).QuickCheckThrowOnFailure();
    }

    private static string Clean(string text) => new([.. text.Where(c => c != '\0' && !char.IsSurrogate(c))]);

    [Fact]
    public void Mutated_packets_give_a_packet_or_a_protocol_error_and_nothing_else()
    {
        var random = new Random(20250101);
        var refused = 0;
        foreach (var (packet, version) in Samples())
        {
            var original = Encode(packet, version);
            for (var round = 0; round < 500; round++)
            {
                var bytes = original.ToArray();
                for (var n = random.Next(1, 4); n > 0; n--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                try
                {
                    var sequence = new ReadOnlySequence<byte>(bytes);
                    MqttReader.TryRead(ref sequence, version, Max, out _);
                }
                catch (MqttProtocolException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > 1000);
    }

    [Theory]
    [InlineData("0000", MqttReason.MalformedPacket)] // packet type 0
    [InlineData("C100", MqttReason.MalformedPacket)] // reserved flags of PINGREQ
    [InlineData("8003000100", MqttReason.MalformedPacket)] // SUBSCRIBE without its flags
    [InlineData("3607000161000100", MqttReason.MalformedPacket)] // QoS 3
    [InlineData("C08000", MqttReason.MalformedPacket)] // length longer than needed
    [InlineData("30FFFFFFFF7F", MqttReason.MalformedPacket)] // length of five bytes
    [InlineData("30FFFFFF7F", MqttReason.PacketTooLarge)] // refused by its length alone
    [InlineData("30040001FF00", MqttReason.MalformedPacket)] // not UTF-8
    [InlineData("300400010000", MqttReason.MalformedPacket)] // U+0000
    [InlineData("300400012B00", MqttReason.TopicNameInvalid)] // topic +
    [InlineData("3003000000", MqttReason.ProtocolError)] // empty topic, no alias
    [InlineData("3205000161000000", MqttReason.ProtocolError)] // packet id 0
    [InlineData("3006000161021100", MqttReason.ProtocolError)] // session expiry in PUBLISH
    [InlineData("3008000161040101010000", MqttReason.ProtocolError)] // payload format twice
    [InlineData("3006000161027F00", MqttReason.MalformedPacket)] // unknown property
    [InlineData("82050001000000", MqttReason.MalformedPacket)] // filter without options
    [InlineData("8203000100", MqttReason.ProtocolError)] // no filters
    [InlineData("100A00044D5154540602003C", MqttReason.UnsupportedProtocolVersion)]
    [InlineData("100D00044D51545404" + "03" + "003C" + "0001" + "61", MqttReason.MalformedPacket)] // reserved connect flag
    public void Bad_bytes_have_their_reason(string hex, MqttReason reason)
    {
        var error = Assert.Throws<MqttProtocolException>(() => Decode(Convert.FromHexString(hex), MqttVersion.V5));
        Assert.Equal(reason, error.Reason);
    }

    [Fact]
    public void A_packet_longer_than_the_receiver_takes_is_not_written()
    {
        var packet = new PublishPacket("a", new byte[100]);
        var size = (uint)Encode(packet, MqttVersion.V5).Length;
        var buffer = new ArrayBufferWriter<byte>();
        Assert.False(MqttWriter.TryWrite(buffer, packet, MqttVersion.V5, size - 1));
        Assert.Equal(0, buffer.WrittenCount);
        Assert.True(MqttWriter.TryWrite(buffer, packet, MqttVersion.V5, size));
        Assert.NotNull(Decode(buffer.WrittenSpan.ToArray(), MqttVersion.V5, (int)size));
    }

    [Theory]
    [InlineData("a/#/b")]
    [InlineData("a#")]
    [InlineData("a/b+")]
    [InlineData("")]
    public void Bad_filters_are_known(string filter) => Assert.False(MqttTopic.IsValidFilter(filter));

    private static ReadOnlySequence<byte> Pieces(byte[] first, byte[] second)
    {
        var a = new Segment(first, null);
        var b = new Segment(second, a);
        return new ReadOnlySequence<byte>(a, 0, b, second.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? before)
        {
            Memory = bytes;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            if (before is not null)
                before.Next = this;
        }
    }
}
