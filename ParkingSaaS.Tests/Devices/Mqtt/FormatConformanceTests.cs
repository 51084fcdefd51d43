using System.Text;
using ParkingSaaS.Devices.Mqtt;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>Chapters 1 and 2 of the standards, data and packets, on the wire.</summary>
public class FormatConformanceTests
{
    private const string Mark = "@@@";

    /// <summary>A closing connection waits for nobody: these tests end many.</summary>
    internal static readonly MqttBrokerOptions Brisk = new() { LingerTimeout = TimeSpan.Zero };

    private static readonly MqttVersion[] Versions = [MqttVersion.V311, MqttVersion.V5];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Every packet of a client with a mark where it holds a text.</summary>
    private static IEnumerable<MqttPacket> Texts(MqttVersion version)
    {
        var hello = RawMqtt.Hello(version);
        yield return hello with { ClientId = Mark };
        yield return hello with { UserName = Mark };
        yield return hello with { Will = new MqttWill(Mark, default) };
        yield return new PublishPacket(Mark, default);
        yield return new SubscribePacket(1, [new MqttSubscription(Mark)]);
        yield return new UnsubscribePacket(1, [Mark]);
        if (version == MqttVersion.V311)
            yield break;
        yield return hello with { Properties = new MqttProperties { User = [new(Mark, "v")] } };
        yield return hello with { Properties = new MqttProperties { User = [new("k", Mark)] } };
        yield return hello with { Properties = new MqttProperties { AuthenticationMethod = Mark } };
        yield return hello with { Will = new MqttWill("w", default) { Properties = new MqttProperties { ContentType = Mark } } };
        var publish = new PublishPacket("up", default);
        yield return publish with { Properties = new MqttProperties { ResponseTopic = Mark } };
        yield return publish with { Properties = new MqttProperties { ContentType = Mark } };
        yield return publish with { Properties = new MqttProperties { User = [new("k", Mark)] } };
        yield return new DisconnectPacket { Properties = new MqttProperties { ReasonString = Mark } };
    }

    [Theory]
    [InlineData("000061")] // U+0000
    [InlineData("EDA080")] // U+D800
    [InlineData("EDBFBF")] // U+DFFF
    [InlineData("C0AF61")] // longer than needed
    [InlineData("E28261")] // cut off
    [InlineData("FFFEFD")]
    public async Task A_text_that_is_not_utf8_ends_the_connection_wherever_it_stands(string bad)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        foreach (var version in Versions)
        {
            foreach (var packet in Texts(version))
            {
                var hex = Convert.ToHexString(MqttCodecTests.Encode(packet, version))
                    .Replace(Convert.ToHexString(Encoding.UTF8.GetBytes(Mark)), bad, StringComparison.Ordinal);
                using var client = packet is ConnectPacket
                    ? await RawMqtt.OpenAsync(host, version)
                    : await RawMqtt.SignInAsync(host, version);
                await client.SendHexAsync(hex);
                if (packet is ConnectPacket && version == MqttVersion.V5)
                    Assert.Equal(MqttReason.MalformedPacket, (await client.ReadAsync<ConnAckPacket>()).Reason);
                if (packet is ConnectPacket)
                    await client.ClosedAsync();
                else
                    await client.EndsAsync(MqttReason.MalformedPacket);
            }
        }

        Assert.Empty(host.Policy.Published);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_byte_order_mark_is_a_character_like_any_other(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SubscribeAsync("mark", MqttQos.AtMostOnce);
        await client.SubscribeAsync("\uFEFFmark", MqttQos.AtMostOnce);
        await client.SendAsync(new PublishPacket("\uFEFFmark", default));
        var message = Assert.IsType<PublishPacket>(Assert.Single(await client.DrainAsync(host)));
        Assert.Equal("\uFEFFmark", message.Topic);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(128, 2)]
    [InlineData(16_383, 2)]
    [InlineData(16_384, 3)]
    [InlineData(2_097_151, 3)]
    [InlineData(2_097_152, 4)]
    public void A_length_takes_as_few_bytes_as_it_can(int length, int bytes)
    {
        // two bytes for the length of the topic, one for the topic
        var packet = MqttCodecTests.Encode(new PublishPacket("a", new byte[Math.Max(0, length - 3)]), MqttVersion.V311);
        Assert.Equal(Math.Max(3, length) + 1 + bytes, packet.Length);
    }

    [Theory]
    [InlineData("C08000")] // remaining length 0 in two bytes
    [InlineData("30858000" + "000161" + "00" + "78")] // 5 in three
    [InlineData("3006" + "000161" + "8000" + "78")] // property length 0 in two
    [InlineData("8209" + "0001" + "030B8100" + "000161" + "00")] // a subscription identifier in two
    public async Task A_length_of_more_bytes_than_it_needs_ends_the_connection(string hex)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.SignInAsync(host);
        await client.SendHexAsync(hex);
        await client.EndsAsync(MqttReason.MalformedPacket);
    }

    public static TheoryData<MqttPacketType, string> Bodies => new()
    {
        { MqttPacketType.PubAck, "0001" },
        { MqttPacketType.PubRec, "0001" },
        { MqttPacketType.PubRel, "0001" },
        { MqttPacketType.PubComp, "0001" },
        { MqttPacketType.Subscribe, "0001" + "00" + "000161" + "00" },
        { MqttPacketType.Unsubscribe, "0001" + "00" + "000161" },
        { MqttPacketType.PingReq, "" },
        { MqttPacketType.Disconnect, "" },
        { MqttPacketType.Auth, "" },
        { (MqttPacketType)0, "" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Reserved_flags_end_the_connection(MqttPacketType type, string body)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        var right = type is MqttPacketType.PubRel or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe ? 2 : 0;
        foreach (var version in Versions)
        {
            for (var flags = 0; flags < 16; flags++)
            {
                if (flags == right && type != 0)
                    continue;
                using var client = await RawMqtt.SignInAsync(host, version);
                var bytes = version == MqttVersion.V5 || body.Length < 12 ? body : body[..4] + body[6..];
                await client.SendHexAsync($"{(int)type:X}{flags:X}{bytes.Length / 2:X2}{bytes}");
                await client.EndsAsync(MqttReason.MalformedPacket);
            }
        }
    }

    [Fact]
    public async Task Reserved_flags_of_a_connect_end_the_connection()
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        for (byte flags = 1; flags < 16; flags++)
        {
            using var client = await RawMqtt.OpenAsync(host);
            var bytes = MqttCodecTests.Encode(RawMqtt.Hello(MqttVersion.V5), MqttVersion.V5);
            bytes[0] |= flags;
            await client.SendBytesAsync(bytes);
            await client.ClosedAsync();
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311, "3006" + "0003612F62" + "78")]
    [InlineData(MqttVersion.V5, "3007" + "0003612F62" + "00" + "78")]
    public async Task A_message_at_qos_0_has_no_packet_identifier_and_says_that_it_has_no_properties(
        MqttVersion version, string hex)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SubscribeAsync("a/b", MqttQos.AtMostOnce);
        await client.SendHexAsync(hex);
        Assert.Equal("x"u8.ToArray(), (await client.ReadAsync<PublishPacket>()).Payload.ToArray());
        Assert.Equal(hex, Convert.ToHexString(client.LastBytes));
    }

    [Fact]
    public async Task Properties_of_no_length_at_all_end_the_connection()
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        // PUBLISH and UNSUBSCRIBE that stop where the properties begin
        foreach (var hex in (string[])["3003" + "000161", "A202" + "0001"])
        {
            using var client = await RawMqtt.SignInAsync(host);
            await client.SendHexAsync(hex);
            await client.EndsAsync(MqttReason.MalformedPacket);
        }
    }

    [Theory]
    [InlineData("3206" + "000161" + "0000" + "00", "3205" + "000161" + "0000")]
    [InlineData("8207" + "0000" + "00" + "000161" + "00", "8206" + "0000" + "000161" + "00")]
    [InlineData("A206" + "0000" + "00" + "000161", "A205" + "0000" + "000161")]
    public async Task A_packet_identifier_of_zero_ends_the_connection(string v5, string v311)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        foreach (var version in Versions)
        {
            using var client = await RawMqtt.SignInAsync(host, version);
            await client.SendHexAsync(version == MqttVersion.V5 ? v5 : v311);
            await client.EndsAsync(MqttReason.ProtocolError);
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task The_broker_gives_a_message_an_identifier_that_is_not_zero_and_not_in_use(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SubscribeAsync("down");
        host.Broker.Publish("sz", "down", "kept"u8.ToArray());
        var kept = (await client.ReadAsync<PublishPacket>()).PacketId;
        // once around all 65,535
        const int step = 64 - 1;
        for (var n = 0; n <= ushort.MaxValue / step; n++)
        {
            for (var i = 0; i < step; i++)
                host.Broker.Publish("sz", "down", default);
            List<byte> acknowledgements = [];
            for (var i = 0; i < step; i++)
            {
                var id = (await client.ReadAsync<PublishPacket>()).PacketId;
                Assert.True(id != 0 && id != kept);
                acknowledgements.AddRange(
                    MqttCodecTests.Encode(new PublishReplyPacket(MqttPacketType.PubAck, id), version));
            }

            await client.SendBytesAsync(acknowledgements.ToArray());
        }
    }

    [Fact]
    public async Task A_topic_may_have_65535_bytes_and_no_more()
    {
        await using var host = await MqttHost.StartAsync();
        var topic = new string('x', ushort.MaxValue);
        using var client = await RawMqtt.SignInAsync(host);
        await client.SubscribeAsync(topic, MqttQos.AtMostOnce);
        await client.SendAsync(new PublishPacket(topic, default));
        Assert.Equal(topic, (await client.ReadAsync<PublishPacket>()).Topic);
        Assert.Throws<ArgumentException>(() => host.Broker.Publish("sz", topic + "x", default));
        Assert.Throws<ArgumentException>(() => host.Broker.Publish("sz", new string('停', 21_846), default));
        await using var own = await host.ConnectAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => own.PublishAsync(topic + "x", default, ct: Ct));
    }
}
