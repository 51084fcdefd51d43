using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>SUBSCRIBE, UNSUBSCRIBE, their answers, and shared subscriptions (sections 3.8 to 3.11, 4.7, 4.8).</summary>
public class SubscribeConformanceTests
{
    private static readonly byte[] Payload = "hello"u8.ToArray();

    private static readonly MqttBrokerOptions Brisk = FormatConformanceTests.Brisk;

    [Theory]
    [InlineData("8203" + "0001" + "00", "8202" + "0001", MqttReason.ProtocolError)] // no filter
    [InlineData("A203" + "0001" + "00", "A202" + "0001", MqttReason.ProtocolError)]
    [InlineData("8206" + "0001" + "00" + "000161", "8205" + "0001" + "000161", MqttReason.MalformedPacket)] // no options
    [InlineData("8207" + "0001" + "00" + "000161" + "40", "8206" + "0001" + "000161" + "04", MqttReason.MalformedPacket)]
    [InlineData("8207" + "0001" + "00" + "000161" + "80", "8206" + "0001" + "000161" + "80", MqttReason.MalformedPacket)]
    [InlineData("8207" + "0001" + "00" + "000161" + "03", "8206" + "0001" + "000161" + "03", MqttReason.MalformedPacket)]
    [InlineData("8207" + "0001" + "00" + "000161" + "30", "8206" + "0001" + "000161" + "30", null)] // retain handling 3
    [InlineData("8209" + "0001" + "020B00" + "000161" + "00", null, MqttReason.ProtocolError)] // identifier 0
    [InlineData("820B" + "0001" + "040B010B02" + "000161" + "00", null, MqttReason.ProtocolError)] // two of them
    public async Task A_request_against_the_rules_ends_the_connection(string v5, string? v311, MqttReason? reason)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        foreach (var version in v311 is null ? (MqttVersion[])[MqttVersion.V5] : [MqttVersion.V5, MqttVersion.V311])
        {
            using var client = await RawMqtt.SignInAsync(host, version);
            await client.SendHexAsync(version == MqttVersion.V5 ? v5 : v311!);
            await client.EndsAsync(reason ?? MqttReason.ProtocolError);
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task One_answer_has_a_code_for_each_filter_in_their_order(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SendAsync(new SubscribePacket(51, [
            new MqttSubscription("a"), new MqttSubscription("denied"), new MqttSubscription("b", MqttQos.AtMostOnce),
            new MqttSubscription("a#"), new MqttSubscription("c", MqttQos.ExactlyOnce)]));
        var answer = await client.ReadAsync<SubAckPacket>();
        Assert.Equal(51, answer.PacketId);
        byte[] codes = version == MqttVersion.V5 ? [1, 0x87, 0, 0x8F, 2] : [1, 0x80, 0, 0x80, 2];
        Assert.Equal(codes, client.LastBytes[^5..]);
        await client.SendAsync(new UnsubscribePacket(52, ["b", "none", "a", "b"]));
        Assert.Equal(52, (await client.ReadAsync<UnsubAckPacket>()).PacketId);
        if (version == MqttVersion.V5)
            Assert.Equal([0, 0x11, 0, 0x11], client.LastBytes[^4..]);
        else
            Assert.Equal("B0020034", Convert.ToHexString(client.LastBytes));
        foreach (var topic in (string[])["a", "b", "c"])
            host.Broker.Publish("sz", topic, Payload, MqttQos.AtMostOnce);
        Assert.Equal("c", Assert.IsType<PublishPacket>(Assert.Single(await client.DrainAsync(host))).Topic);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task The_qos_of_a_message_is_the_lower_of_sender_and_subscription(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        foreach (var granted in Enum.GetValues<MqttQos>())
        {
            await client.SubscribeAsync("a", granted);
            foreach (var sent in Enum.GetValues<MqttQos>())
            {
                host.Broker.Publish("sz", "a", Payload, sent);
                Assert.Equal((MqttQos)Math.Min((byte)sent, (byte)granted), (await client.ReadAsync<PublishPacket>()).Qos);
            }
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Subscribing_again_replaces_the_subscription_and_loses_no_message(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        host.Broker.Publish("sz", "a", "kept"u8.ToArray(), retain: true);
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SubscribeAsync("+", MqttQos.AtMostOnce);
        Assert.True((await client.ReadAsync<PublishPacket>()).Retain);
        const int count = 50;
        for (byte n = 0; n < count; n++)
        {
            host.Broker.Publish("sz", "a", new[] { n });
            if (n == count / 2)
                await client.SendAsync(new SubscribePacket(2, [new MqttSubscription("+", MqttQos.AtLeastOnce)]));
        }

        int live = 0, kept = 0, answers = 0;
        var qos = MqttQos.AtMostOnce;
        while (live < count || kept < 1 || answers < 1)
        {
            var packet = await client.ReadAsync();
            if (packet is SubAckPacket { PacketId: 2 })
            {
                answers++;
            }
            else if (packet is PublishPacket { Retain: true })
            {
                kept++;
            }
            else
            {
                var message = Assert.IsType<PublishPacket>(packet);
                Assert.Equal(live++, message.Payload.Span[0]);
                Assert.True(message.Qos >= qos);
                qos = message.Qos;
                if (qos > MqttQos.AtMostOnce)
                    await client.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, message.PacketId));
            }
        }

        host.Broker.Publish("sz", "a", Payload);
        var last = Assert.IsType<PublishPacket>(Assert.Single(await client.DrainAsync(host)));
        Assert.Equal(MqttQos.AtLeastOnce, last.Qos);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Unsubscribing_ends_just_that_filter_and_what_is_under_way_is_completed(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        var (first, _) = await RawMqtt.ResumeAsync(host, version);
        await first.SubscribeAsync("a/+");
        var delivery = host.Broker.Publish("sz", "a/b", Payload);
        var under = await first.ReadAsync<PublishPacket>();
        // another filter that means the same topics is not the same
        await first.SendAsync(new UnsubscribePacket(2, ["a/b", "a/#", "+/+", "A/+"]));
        await first.ReadAsync<UnsubAckPacket>();
        host.Broker.Publish("sz", "a/c", Payload, MqttQos.AtMostOnce);
        Assert.Equal("a/c", (await first.ReadAsync<PublishPacket>()).Topic);
        await first.SendAsync(new UnsubscribePacket(3, ["a/+"]));
        Assert.Equal(3, (await first.ReadAsync<UnsubAckPacket>()).PacketId);
        Assert.False(host.Broker.Publish("sz", "a/d", Payload).Taken);
        Assert.Empty(await first.DrainAsync(host));
        await first.BreakAsync(host);
        var (second, _) = await RawMqtt.ResumeAsync(host, version);
        using (second)
        {
            var again = await second.ReadAsync<PublishPacket>();
            Assert.Equal((under.PacketId, true, "a/b"), (again.PacketId, again.Dup, again.Topic));
            await second.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, again.PacketId));
            Assert.True(await delivery.Acknowledged.InTimeAsync());
        }
    }

    [Theory]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("/", true)]
    [InlineData("a/#", true)]
    [InlineData("+/a/+", true)]
    [InlineData("/+", true)]
    [InlineData("a/+/#", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("#/a", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a+", false)]
    [InlineData("a/+b/c", false)]
    public async Task A_wildcard_stands_for_whole_levels(string filter, bool valid)
    {
        await using var host = await MqttHost.StartAsync();
        foreach (var version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
        {
            using var client = await RawMqtt.SignInAsync(host, version);
            await client.SendAsync(new SubscribePacket(1, [new MqttSubscription(filter, MqttQos.AtMostOnce)]));
            var code = Assert.Single((await client.ReadAsync<SubAckPacket>()).Reasons);
            var refusal = version == MqttVersion.V5 ? MqttReason.TopicFilterInvalid : MqttReason.UnspecifiedError;
            Assert.Equal(valid ? MqttReason.Success : refusal, code);
        }
    }

    [Fact]
    public async Task A_client_that_wants_no_messages_of_its_own_gets_those_of_others()
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host);
        using var other = await RawMqtt.SignInAsync(host, name: "other");
        await client.SendAsync(new SubscribePacket(1, [new MqttSubscription("a", MqttQos.AtMostOnce, NoLocal: true)]));
        await client.ReadAsync<SubAckPacket>();
        await client.SendAsync(new PublishPacket("a", "own"u8.ToArray(), MqttQos.AtLeastOnce, PacketId: 1));
        await client.ReadAsync(MqttPacketType.PubAck, 1);
        await other.SendAsync(new PublishPacket("a", "other"u8.ToArray()));
        Assert.Equal("other"u8.ToArray(), (await client.ReadAsync<PublishPacket>()).Payload.ToArray());
    }

    [Theory]
    [InlineData("$share")]
    [InlineData("$share/")]
    [InlineData("$share/g")]
    [InlineData("$share/g/")]
    [InlineData("$share//a")]
    [InlineData("$share/g+/a")]
    [InlineData("$share/#/a")]
    [InlineData("$share/+/a")]
    [InlineData("$share/g/a#")]
    public async Task A_shared_filter_has_a_name_and_a_filter(string filter)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host);
        await client.SendAsync(new SubscribePacket(1, [new MqttSubscription(filter), new MqttSubscription("$share/g/+/a")]));
        Assert.Equal([MqttReason.TopicFilterInvalid, MqttReason.GrantedQos1], (await client.ReadAsync<SubAckPacket>()).Reasons);
    }

    [Fact]
    public async Task A_shared_subscription_that_wants_no_own_messages_ends_the_connection()
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.SignInAsync(host);
        await client.SendAsync(new SubscribePacket(1, [new MqttSubscription("$share/g/a", NoLocal: true)]));
        await client.EndsAsync(MqttReason.ProtocolError);
    }

    private static async Task<RawMqtt> MemberAsync(MqttHost host, string name, MqttQos qos, string group = "g")
    {
        var (member, _) = await RawMqtt.ResumeAsync(host, name: name);
        await member.SubscribeAsync($"$share/{group}/a/+", qos);
        return member;
    }

    [Fact]
    public async Task Each_message_goes_to_one_member_of_each_group_at_the_qos_granted_to_it()
    {
        await using var host = await MqttHost.StartAsync();
        using var one = await MemberAsync(host, "one", MqttQos.AtMostOnce);
        using var two = await MemberAsync(host, "two", MqttQos.AtLeastOnce);
        using var other = await MemberAsync(host, "other", MqttQos.AtLeastOnce, "h");
        using var plain = await RawMqtt.SignInAsync(host, name: "plain");
        await plain.SubscribeAsync("a/b", MqttQos.AtMostOnce);
        for (byte n = 0; n < 20; n++)
            host.Broker.Publish("sz", "a/b", new[] { n });
        var first = (await one.DrainAsync(host)).Cast<PublishPacket>().ToArray();
        var second = (await two.DrainAsync(host)).Cast<PublishPacket>().ToArray();
        Assert.All(first, p => Assert.Equal(MqttQos.AtMostOnce, p.Qos));
        Assert.All(second, p => Assert.Equal(MqttQos.AtLeastOnce, p.Qos));
        Assert.NotEmpty(first);
        Assert.NotEmpty(second);
        var everyOne = Enumerable.Range(0, 20).Select(n => (byte)n);
        Assert.Equal(everyOne, first.Concat(second).Select(p => p.Payload.Span[0]).Order());
        Assert.Equal(everyOne, (await other.DrainAsync(host)).Cast<PublishPacket>().Select(p => p.Payload.Span[0]));
        Assert.Equal(everyOne, (await plain.DrainAsync(host)).Cast<PublishPacket>().Select(p => p.Payload.Span[0]));
    }

    private static async Task<(RawMqtt Holder, RawMqtt Other, string Name, PublishPacket Message)> GivenToOneAsync(
        MqttHost host, MqttQos qos)
    {
        var one = await MemberAsync(host, "one", qos);
        var two = await MemberAsync(host, "two", qos);
        host.Broker.Publish("sz", "a/b", Payload, qos);
        var first = await one.DrainAsync(host);
        var second = await two.DrainAsync(host);
        var message = Assert.IsType<PublishPacket>(Assert.Single(first.Concat(second)));
        return first.Count == 1 ? (one, two, "one", message) : (two, one, "two", message);
    }

    [Fact]
    public async Task A_message_at_qos_2_stays_with_the_member_that_has_begun_it()
    {
        await using var host = await MqttHost.StartAsync();
        var (holder, other, name, message) = await GivenToOneAsync(host, MqttQos.ExactlyOnce);
        using var dispose = other;
        await holder.BreakAsync(host, name);
        Assert.Empty(await other.DrainAsync(host));
        var (back, present) = await RawMqtt.ResumeAsync(host, name: name);
        using (back)
        {
            Assert.True(present);
            var again = await back.ReadAsync<PublishPacket>();
            Assert.Equal((message.PacketId, true, MqttQos.ExactlyOnce), (again.PacketId, again.Dup, again.Qos));
            await back.SendAsync(new PublishReplyPacket(MqttPacketType.PubRec, again.PacketId));
            await back.ReadAsync(MqttPacketType.PubRel, again.PacketId);
            await back.SendAsync(new PublishReplyPacket(MqttPacketType.PubComp, again.PacketId));
            Assert.Empty(await back.DrainAsync(host));
        }
    }

    [Fact]
    public async Task A_message_at_qos_2_whose_member_is_gone_for_good_goes_to_nobody_else()
    {
        await using var host = await MqttHost.StartAsync();
        var (holder, other, name, _) = await GivenToOneAsync(host, MqttQos.ExactlyOnce);
        using var dispose = other;
        await holder.BreakAsync(host, name);
        // a clean start ends the session
        using var successor = await RawMqtt.SignInAsync(host, name: name);
        Assert.Empty(await other.DrainAsync(host));
        Assert.Empty(await successor.DrainAsync(host));
    }

    [Theory]
    [InlineData(MqttQos.AtLeastOnce, MqttPacketType.PubAck)]
    [InlineData(MqttQos.ExactlyOnce, MqttPacketType.PubRec)]
    public async Task A_message_that_a_member_refused_goes_to_nobody_else(MqttQos qos, MqttPacketType answer)
    {
        await using var host = await MqttHost.StartAsync();
        var (holder, other, name, message) = await GivenToOneAsync(host, qos);
        using var dispose = other;
        await holder.SendAsync(new PublishReplyPacket(answer, message.PacketId, MqttReason.ImplementationSpecificError));
        Assert.Empty(await holder.DrainAsync(host));
        Assert.Empty(await other.DrainAsync(host));
        await holder.BreakAsync(host, name);
        var (back, _) = await RawMqtt.ResumeAsync(host, name: name);
        using (back)
            Assert.Empty(await back.DrainAsync(host));
    }
}
