using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using ParkingSaaS.Devices.Mqtt;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>The codec under any packet and any bytes.</summary>
public class MqttRobustnessTests
{
    private const int Max = 1 << 20;

    /// <summary>Every byte in a segment of its own.</summary>
    private static ReadOnlySequence<byte> Single(byte[] bytes)
    {
        var first = new Segment(bytes.AsMemory(0, 1), null);
        var last = first;
        for (var n = 1; n < bytes.Length; n++)
            last = new Segment(bytes.AsMemory(n, 1), last);
        return new ReadOnlySequence<byte>(first, 0, last, 1);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> bytes, Segment? before)
        {
            Memory = bytes;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            if (before is not null)
                before.Next = this;
        }
    }

    [Fact]
    public void The_samples_are_of_every_packet_type_in_both_versions()
    {
        MqttPacketType[] types = [.. Enum.GetValues<MqttPacketType>()];
        foreach (var version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
        {
            var sampled = MqttCodecTests.Samples().Where(s => s.Version == version).Select(s => s.Packet.Type).ToHashSet();
            Assert.True(sampled.SetEquals(types.Where(t => t != MqttPacketType.Auth || version == MqttVersion.V5)));
        }
    }

    [Fact]
    public void A_packet_cut_anywhere_consumes_nothing_and_in_single_bytes_is_the_same()
    {
        foreach (var (packet, version) in MqttCodecTests.Samples())
        {
            var bytes = MqttCodecTests.Encode(packet, version);
            for (var cut = 1; cut < bytes.Length; cut++)
            {
                var part = Single(bytes[..cut]);
                Assert.False(MqttReader.TryRead(ref part, version, Max, out _));
                Assert.Equal(cut, part.Length);
            }

            // what follows the packet stays
            var whole = Single([.. bytes, 0xC0]);
            Assert.True(MqttReader.TryRead(ref whole, version, Max, out var read));
            Assert.Equal(1, whole.Length);
            Assert.Equivalent(packet, read, strict: true);
        }
    }

    private static Gen<string> Text => ArbMap.Default.ArbFor<NonNull<string>>().Generator
        .Select(s => new string([.. s.Get.Where(c => c != '\0' && !char.IsSurrogate(c))]));

    private static Gen<string> Topic => Text.Select(s => "t/" + string.Concat(s.Split('+', '#', '/')));

    private static Gen<ReadOnlyMemory<byte>> Bytes =>
        ArbMap.Default.ArbFor<byte[]>().Generator.Select(b => new ReadOnlyMemory<byte>(b));

    private static Gen<MqttProperties> MessageProperties =>
        from format in Gen.Elements<byte?>(null, 0, 1)
        from expiry in ArbMap.Default.ArbFor<uint?>().Generator
        from type in Gen.OneOf(Gen.Constant<string?>(null), Text.Select(s => (string?)s))
        from response in Gen.OneOf(Gen.Constant<string?>(null), Topic.Select(s => (string?)s))
        from correlation in Gen.OneOf(Gen.Constant<ReadOnlyMemory<byte>?>(null), Bytes.Select(b => (ReadOnlyMemory<byte>?)b))
        from user in Text.Zip(Text, (k, v) => new KeyValuePair<string, string>(k, v)).ListOf()
        select new MqttProperties
        {
            PayloadFormat = format,
            MessageExpiry = expiry,
            ContentType = type,
            ResponseTopic = response,
            CorrelationData = correlation,
            User = [.. user],
        };

    private static Gen<MqttQos> Qos => Gen.Elements(Enum.GetValues<MqttQos>());

    private static Gen<ushort> Id => Gen.Choose(1, ushort.MaxValue).Select(n => (ushort)n);

    private static Gen<MqttReason> Reason => Gen.Elements(Enum.GetValues<MqttReason>());

    private static Gen<MqttPacket> Packet => Gen.OneOf(
        from topic in Topic
        from payload in Bytes
        from qos in Qos
        from retain in Gen.Elements(true, false)
        from id in Id
        from properties in MessageProperties
        select (MqttPacket)new PublishPacket(
            topic, payload, qos, retain, qos > 0 && retain, qos == MqttQos.AtMostOnce ? (ushort)0 : id)
        { Properties = properties },
        from clientId in Text
        from clean in Gen.Elements(true, false)
        from keepAlive in Id
        from user in Gen.OneOf(Gen.Constant<string?>(null), Text.Select(s => (string?)s))
        from password in Gen.OneOf(Gen.Constant<ReadOnlyMemory<byte>?>(null), Bytes.Select(b => (ReadOnlyMemory<byte>?)b))
        from hasWill in Gen.Elements(true, false)
        from topic in Topic
        from payload in Bytes
        from qos in Qos
        from properties in MessageProperties
        select (MqttPacket)new ConnectPacket(MqttVersion.V5, clientId, clean, keepAlive)
        {
            UserName = user,
            Password = password,
            Will = hasWill ? new MqttWill(topic, payload, qos, clean) { Properties = properties } : null,
        },
        from id in Id
        from filters in
            (from filter in Topic
             from qos in Qos
             from local in Gen.Elements(true, false)
             from retain in Gen.Elements(true, false)
             from handling in Gen.Choose(0, 2)
             select new MqttSubscription(filter, qos, local, retain, (byte)handling)).NonEmptyListOf()
        from subscription in Gen.Choose(1, 268_435_455)
        select (MqttPacket)new SubscribePacket(id, [.. filters])
        {
            Properties = new MqttProperties { SubscriptionIds = [(uint)subscription] },
        },
        from id in Id
        from filters in Topic.NonEmptyListOf()
        select (MqttPacket)new UnsubscribePacket(id, [.. filters]),
        from id in Id
        from reasons in Reason.NonEmptyListOf()
        from subscribe in Gen.Elements(true, false)
        select subscribe ? (MqttPacket)new SubAckPacket(id, [.. reasons]) : new UnsubAckPacket(id, [.. reasons]),
        from id in Id
        from reason in Reason
        from type in Gen.Elements(MqttPacketType.PubAck, MqttPacketType.PubRec, MqttPacketType.PubRel, MqttPacketType.PubComp)
        from why in Text
        select (MqttPacket)new PublishReplyPacket(type, id, reason) { Properties = new MqttProperties { ReasonString = why } },
        from reason in Reason
        from present in Gen.Elements(true, false)
        from assigned in Text
        select (MqttPacket)new ConnAckPacket(present, reason) { Properties = new MqttProperties { AssignedClientId = assigned } },
        from reason in Reason
        from goodbye in Gen.Elements(true, false)
        select goodbye ? (MqttPacket)new DisconnectPacket(reason) : new AuthPacket(reason));

    [Fact]
    public void Any_packet_comes_back_as_it_was() =>
        Prop.ForAll(Packet.ToArbitrary(), packet =>
        {
            var bytes = MqttCodecTests.Encode(packet, MqttVersion.V5);
            var sequence = new ReadOnlySequence<byte>(bytes);
            Assert.True(MqttReader.TryRead(ref sequence, MqttVersion.V5, Max, out var read));
            Assert.True(sequence.IsEmpty);
            Assert.Equivalent(packet, read, strict: true);
            Assert.Equal(bytes, MqttCodecTests.Encode(read, MqttVersion.V5));
        }).QuickCheckThrowOnFailure();

    /// <summary>A changed, shortened, lengthened or merged copy of a packet, or no packet at all.</summary>
    private static byte[] Mutate(byte[] original, byte[] other, Random random)
    {
        List<byte> bytes = [.. original];
        for (var n = random.Next(1, 6); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => 0x80 };
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3 when bytes.Count > 1:
                    bytes.RemoveAt(at);
                    break;
                case 4:
                    bytes.AddRange(other[random.Next(other.Length)..]);
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. bytes];
    }

    [Fact]
    public void Broken_packets_cost_little_memory_and_throw_nothing_but_a_protocol_error()
    {
        var random = new Random(20_260_101);
        byte[][] corpus = [.. MqttCodecTests.Samples().Select(s => MqttCodecTests.Encode(s.Packet, s.Version))];
        int read = 0, refused = 0, incomplete = 0;
        for (var round = 0; round < 60_000; round++)
        {
            var bytes = Mutate(corpus[random.Next(corpus.Length)], corpus[random.Next(corpus.Length)], random);
            if (round % 10 == 0)
                random.NextBytes(bytes);
            var version = random.Next(2) == 0 ? MqttVersion.V311 : MqttVersion.V5;
            var sequence = new ReadOnlySequence<byte>(bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (MqttReader.TryRead(ref sequence, version, Max, out _))
                    read++;
                else
                    incomplete++;
            }
            catch (MqttProtocolException)
            {
                refused++;
            }

            // whatever lengths it claims: an exception with its trace, and the properties copied with each one that is read
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 * 1024 + 512 * bytes.Length);
        }

        Assert.True(read > 1000 && refused > 1000 && incomplete > 1000);
    }

    [Theory]
    [InlineData("30FFFFFF7F")] // 256 MiB to come
    [InlineData("10FFFFFF7F")]
    [InlineData("30FFFF40")] // one byte more than allowed
    public void A_packet_that_claims_too_much_is_refused_by_its_length_alone(string hex)
    {
        var sequence = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        var error = Assert.Throws<MqttProtocolException>(() => MqttReader.TryRead(ref sequence, MqttVersion.V5, 1 << 20, out _));
        Assert.Equal(MqttReason.PacketTooLarge, error.Reason);
    }
}
