using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>PUBLISH in and out: flags, retained messages, properties, aliases, topics, flow control (3.3, 4.6, 4.7, 4.9).</summary>
public class PublishConformanceTests
{
    private static readonly byte[] Payload = "hello"u8.ToArray();

    private static readonly MqttBrokerOptions Brisk = FormatConformanceTests.Brisk;

    [Theory]
    [InlineData("38", MqttReason.MalformedPacket)] // DUP at QoS 0
    [InlineData("36", MqttReason.MalformedPacket)] // QoS 3
    [InlineData("3E", MqttReason.MalformedPacket)]
    public async Task Flags_that_contradict_each_other_end_the_connection(string first, MqttReason reason)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        foreach (var version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
        {
            using var client = await RawMqtt.SignInAsync(host, version);
            var rest = version == MqttVersion.V5 ? "06" + "000161" + "0001" + "00" : "05" + "000161" + "0001";
            await client.SendHexAsync(first + rest);
            await client.EndsAsync(reason);
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task The_repeat_flag_of_the_sender_is_not_passed_on(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SubscribeAsync("a");
        await client.SendAsync(new PublishPacket("a", Payload, MqttQos.AtLeastOnce, Dup: true, PacketId: 7));
        var packets = new[] { await client.ReadAsync(), await client.ReadAsync() };
        Assert.False(Assert.Single(packets.OfType<PublishPacket>()).Dup);
        Assert.Equal(7, Assert.Single(packets.OfType<PublishReplyPacket>()).PacketId);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_retained_message_takes_the_place_of_the_one_before_whatever_its_qos(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SendAsync(
            new PublishPacket("a", "1"u8.ToArray(), MqttQos.AtLeastOnce, Retain: true, PacketId: 1),
            new PublishPacket("a", "2"u8.ToArray(), Retain: true),
            new PublishPacket("a", "3"u8.ToArray(), MqttQos.AtLeastOnce, PacketId: 2),
            new PublishPacket("a", default, MqttQos.AtLeastOnce, PacketId: 3));
        for (ushort id = 1; id <= 3; id++)
            await client.ReadAsync(MqttPacketType.PubAck, id);
        await client.SubscribeAsync("+");
        var kept = Assert.IsType<PublishPacket>(Assert.Single(await client.DrainAsync(host)));
        Assert.Equal(((byte)'2', MqttQos.AtMostOnce, true), (kept.Payload.Span[0], kept.Qos, kept.Retain));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task An_empty_retained_message_is_passed_on_and_leaves_nothing(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        host.Broker.Publish("sz", "a", Payload, retain: true);
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SubscribeAsync("a", MqttQos.AtMostOnce);
        Assert.True((await client.ReadAsync<PublishPacket>()).Retain);
        await client.SendAsync(new PublishPacket("a", default, Retain: true));
        var empty = await client.ReadAsync<PublishPacket>();
        Assert.Equal((0, false), (empty.Payload.Length, empty.Retain));
        await client.SubscribeAsync("a", MqttQos.AtMostOnce);
        await client.SubscribeAsync("#", MqttQos.AtMostOnce);
        Assert.Empty(await client.DrainAsync(host));
    }

    [Fact]
    public async Task Retained_messages_outlive_the_session_that_sent_them()
    {
        await using var host = await MqttHost.StartAsync();
        var sender = await RawMqtt.SignInAsync(host, MqttVersion.V311, "sender");
        await sender.SendAsync(new PublishPacket("a", Payload, MqttQos.AtLeastOnce, Retain: true, PacketId: 1));
        await sender.ReadAsync(MqttPacketType.PubAck, 1);
        await sender.BreakAsync(host, "sender");
        using var client = await RawMqtt.SignInAsync(host, MqttVersion.V311);
        await client.SubscribeAsync("a", MqttQos.AtMostOnce);
        Assert.Equal("a", (await client.ReadAsync<PublishPacket>()).Topic);
    }

    [Fact]
    public async Task Retain_handling_says_when_retained_messages_come()
    {
        await using var host = await MqttHost.StartAsync();
        host.Broker.Publish("sz", "a", Payload, retain: true);
        using var client = await RawMqtt.SignInAsync(host);
        foreach (var (handling, isNew, comes) in ((byte, bool, bool)[])[
            (2, true, false), (0, false, true), (1, false, false), (2, false, false), (1, true, true), (0, true, true)])
        {
            if (isNew)
            {
                await client.SendAsync(new UnsubscribePacket(9, ["a"]));
                await client.ReadAsync<UnsubAckPacket>();
            }

            await client.SendAsync(
                new SubscribePacket(1, [new MqttSubscription("a", MqttQos.AtMostOnce, RetainHandling: handling)]));
            await client.ReadAsync<SubAckPacket>();
            Assert.Equal(comes ? 1 : 0, (await client.DrainAsync(host)).Count);
        }
    }

    [Fact]
    public async Task All_properties_of_a_message_arrive_unaltered_and_in_order()
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host);
        await client.SubscribeAsync("a", MqttQos.AtMostOnce);
        var properties = new MqttProperties
        {
            PayloadFormat = 1,
            ContentType = "application/json; 停车",
            ResponseTopic = "answer/to",
            CorrelationData = new byte[] { 0, 255, 1 },
            User = [new("b", "2"), new("a", "1"), new("b", ""), new("", "停")],
        };
        await client.SendAsync(new PublishPacket("a", "{}"u8.ToArray()) { Properties = properties });
        Assert.Equivalent(properties, (await client.ReadAsync<PublishPacket>()).Properties, strict: true);
    }

    [Theory]
    [InlineData("3008" + "000161" + "0408000123", MqttReason.ProtocolError)] // response topic with a wildcard
    [InlineData("3006" + "000161" + "020B01", MqttReason.ProtocolError)] // a subscription identifier
    [InlineData("3007" + "000161" + "03230000", MqttReason.TopicAliasInvalid)] // alias 0
    [InlineData("3007" + "000161" + "03230011", MqttReason.TopicAliasInvalid)] // alias above the maximum
    [InlineData("3006" + "0000" + "03230001", MqttReason.ProtocolError)] // an alias that stands for nothing
    [InlineData("3003" + "0000" + "00", MqttReason.ProtocolError)] // no topic
    [InlineData("3004" + "00012B" + "00", MqttReason.TopicNameInvalid)]
    [InlineData("3006" + "0003612F23" + "00", MqttReason.TopicNameInvalid)]
    public async Task A_publish_against_the_rules_ends_the_connection(string hex, MqttReason reason)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.SignInAsync(host);
        await client.SendHexAsync(hex);
        await client.EndsAsync(reason);
        Assert.Empty(host.Policy.Published);
    }

    [Theory]
    [InlineData("30020000")] // no topic
    [InlineData("300300012B")]
    [InlineData("30050003612F23")]
    public async Task A_topic_name_against_the_rules_ends_a_3_1_1_connection(string hex)
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.SignInAsync(host, MqttVersion.V311);
        await client.SendHexAsync(hex);
        await client.ClosedAsync();
        Assert.Empty(host.Policy.Published);
    }

    [Fact]
    public async Task Every_alias_up_to_the_maximum_is_taken_and_may_be_set_anew()
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.OpenAsync(host);
        var most = (await client.ConnectAsync(RawMqtt.Hello(MqttVersion.V5))).Properties.TopicAliasMaximum!.Value;
        await client.SubscribeAsync("#", MqttQos.AtMostOnce);
        for (ushort round = 0; round < 2; round++)
        {
            for (ushort alias = 1; alias <= most; alias++)
            {
                var aliased = new MqttProperties { TopicAlias = alias };
                await client.SendAsync(
                    new PublishPacket($"t{round}/{alias}", Payload) { Properties = aliased },
                    new PublishPacket("", Payload) { Properties = aliased });
                Assert.Equal($"t{round}/{alias}", (await client.ReadAsync<PublishPacket>()).Topic);
                Assert.Equal($"t{round}/{alias}", (await client.ReadAsync<PublishPacket>()).Topic);
            }
        }
    }

    [Fact]
    public async Task Aliases_end_with_the_connection()
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        var aliased = new MqttProperties { TopicAlias = 1 };
        var (first, _) = await RawMqtt.ResumeAsync(host);
        await first.SendAsync(new PublishPacket("a", Payload, MqttQos.AtLeastOnce, PacketId: 1) { Properties = aliased });
        await first.ReadAsync(MqttPacketType.PubAck, 1);
        await first.BreakAsync(host);
        var (second, present) = await RawMqtt.ResumeAsync(host);
        using (second)
        {
            Assert.True(present);
            await second.SendAsync(new PublishPacket("", Payload) { Properties = aliased });
            await second.EndsAsync(MqttReason.ProtocolError);
        }
    }

    [Fact]
    public async Task The_broker_uses_aliases_up_to_the_maximum_of_the_client()
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, properties: new MqttProperties { TopicAliasMaximum = 2 });
        await client.SubscribeAsync("long/#", MqttQos.AtMostOnce);
        var known = new Dictionary<ushort, string>();
        var saved = 0;
        string[] topics = [.. Enumerable.Repeat((string[])["long/a", "long/b", "long/c"], 4).SelectMany(t => t)];
        foreach (var topic in topics)
            host.Broker.Publish("sz", topic, Payload, MqttQos.AtMostOnce);
        foreach (var topic in topics)
        {
            var packet = await client.ReadAsync<PublishPacket>();
            if (packet.Properties.TopicAlias is { } alias)
            {
                Assert.InRange(alias, 1, 2);
                if (packet.Topic.Length > 0)
                    known[alias] = packet.Topic;
                else
                    saved++;
            }

            Assert.Equal(topic, packet.Topic.Length > 0 ? packet.Topic : known[packet.Properties.TopicAlias!.Value]);
        }

        Assert.True(saved > 0);
    }

    [Theory]
    [InlineData((ushort)0)]
    [InlineData(null)]
    public async Task A_client_that_takes_no_aliases_gets_none(ushort? most)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, properties: new MqttProperties { TopicAliasMaximum = most });
        await client.SubscribeAsync("a", MqttQos.AtMostOnce);
        for (var n = 0; n < 5; n++)
        {
            host.Broker.Publish("sz", "a", Payload, MqttQos.AtMostOnce);
            var packet = await client.ReadAsync<PublishPacket>();
            Assert.Equal(("a", null), (packet.Topic, packet.Properties.TopicAlias));
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task The_answer_to_a_message_is_that_of_its_qos(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SendAsync(
            new PublishPacket("a", Payload),
            new PublishPacket("a", Payload, MqttQos.AtLeastOnce, PacketId: 8),
            new PublishPacket("a", Payload, MqttQos.ExactlyOnce, PacketId: 9));
        await client.ReadAsync(MqttPacketType.PubAck, 8);
        await client.ReadAsync(MqttPacketType.PubRec, 9);
        Assert.Equal(3, host.Policy.Published.Count);
    }

    [Fact]
    public async Task After_its_acknowledgement_an_identifier_stands_for_a_new_message()
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, MqttVersion.V311);
        foreach (var dup in (bool[])[false, true])
        {
            await client.SendAsync(new PublishPacket("a", Payload, MqttQos.AtLeastOnce, Dup: dup, PacketId: 8));
            await client.ReadAsync(MqttPacketType.PubAck, 8);
        }

        Assert.Equal(2, host.Policy.Published.Count);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Overlapping_subscriptions_give_one_message_at_the_highest_qos_with_all_their_identifiers(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        foreach (var (filter, qos, id) in ((string, MqttQos, uint?)[])[
            ("a/#", MqttQos.AtMostOnce, 1), ("a/+", MqttQos.AtLeastOnce, 300), ("a/b", MqttQos.AtMostOnce, null)])
        {
            await client.SendAsync(new SubscribePacket(1, [new MqttSubscription(filter, qos)])
            {
                Properties = id is { } present && version == MqttVersion.V5
                    ? new MqttProperties { SubscriptionIds = [present] }
                    : MqttProperties.None,
            });
            await client.ReadAsync<SubAckPacket>();
        }

        host.Broker.Publish("sz", "a/b", Payload);
        var message = Assert.IsType<PublishPacket>(Assert.Single(await client.DrainAsync(host)));
        Assert.Equal(MqttQos.AtLeastOnce, message.Qos);
        if (version == MqttVersion.V5)
            Assert.Equal([1u, 300u], message.Properties.SubscriptionIds.Order());
    }

    [Fact]
    public async Task No_more_messages_are_under_way_than_the_client_takes_and_nothing_else_waits_for_them()
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, properties: new MqttProperties { ReceiveMaximum = 2 });
        await client.SubscribeAsync("down");
        for (var n = 0; n < 5; n++)
            host.Broker.Publish("sz", "down", new[] { (byte)n });
        var first = await client.ReadAsync<PublishPacket>();
        var second = await client.ReadAsync<PublishPacket>();
        await client.SendAsync(
            new PingReqPacket(), new SubscribePacket(2, [new MqttSubscription("x")]), new UnsubscribePacket(3, ["x"]),
            new PublishPacket("up", Payload, MqttQos.AtLeastOnce, PacketId: 4));
        await client.ReadAsync<PingRespPacket>();
        await client.ReadAsync<SubAckPacket>();
        await client.ReadAsync<UnsubAckPacket>();
        await client.ReadAsync(MqttPacketType.PubAck, 4);
        // also an acknowledgement that says no makes room
        await client.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, second.PacketId, MqttReason.QuotaExceeded));
        Assert.Equal(2, (await client.ReadAsync<PublishPacket>()).Payload.Span[0]);
        await client.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, first.PacketId), new PingReqPacket());
        var more = new[] { await client.ReadAsync(), await client.ReadAsync() };
        Assert.Single(more.OfType<PingRespPacket>());
        Assert.Equal(3, Assert.Single(more.OfType<PublishPacket>()).Payload.Span[0]);
    }

    [Fact]
    public async Task A_message_larger_than_the_client_takes_is_dropped_and_counts_as_sent()
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(
            host, properties: new MqttProperties { MaximumPacketSize = 100, ReceiveMaximum = 1 });
        await client.SubscribeAsync("down");
        var large = host.Broker.Publish("sz", "down", new byte[90]);
        var fits = host.Broker.Publish("sz", "down", new byte[89]);
        Assert.False(await large.Acknowledged.InTimeAsync());
        var message = await client.ReadAsync<PublishPacket>();
        Assert.Equal(100, client.LastBytes.Length);
        await client.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, message.PacketId));
        Assert.True(await fits.Acknowledged.InTimeAsync());
        Assert.Empty(await client.DrainAsync(host));
    }

    [Fact]
    public async Task Messages_of_a_client_reach_the_subscribers_in_their_order()
    {
        await using var host = await MqttHost.StartAsync();
        using var sender = await RawMqtt.SignInAsync(host, MqttVersion.V311, "sender");
        using var client = await RawMqtt.SignInAsync(host, MqttVersion.V311);
        await client.SubscribeAsync("a");
        var random = new Random(4);
        // handled in any order by the host
        host.Policy.OnPublish = async (_, _) =>
        {
            for (var n = random.Next(5); n > 0; n--)
                await Task.Yield();
            return MqttPublishOutcome.Routed;
        };
        const int count = 30;
        for (byte n = 1; n <= count; n++)
            await sender.SendAsync(new PublishPacket("a", new[] { n }, MqttQos.AtLeastOnce, PacketId: n));
        for (byte n = 1; n <= count; n++)
        {
            await sender.ReadAsync(MqttPacketType.PubAck, n);
            Assert.Equal(n, (await client.ReadAsync<PublishPacket>()).Payload.Span[0]);
        }
    }

    [Theory]
    [InlineData("a/b", "a/b/", "/a/b", "A/b", "a//b", "a")]
    [InlineData("é", "e\u0301", "E", "É", "e")] // composed and not
    [InlineData("a b", "a%20b", "ab", " a b", "a  b")]
    [InlineData("+/+", "a", "a/b/c", "$SYS/a")]
    [InlineData("#", "$SYS", "$SYS/a/b")]
    public async Task Topics_are_compared_character_by_character(string filter, params string[] others)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, MqttVersion.V311);
        await client.SubscribeAsync(filter, MqttQos.AtMostOnce);
        foreach (var other in others)
            host.Broker.Publish("sz", other, Payload, MqttQos.AtMostOnce);
        var topic = filter == "#" ? "a" : filter.Replace('+', 'x');
        host.Broker.Publish("sz", topic, Payload, MqttQos.AtMostOnce);
        Assert.Equal(topic, (await client.ReadAsync<PublishPacket>()).Topic);
    }

    [Fact]
    public async Task A_message_not_allowed_closes_a_3_1_1_connection_without_an_acknowledgement()
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.SignInAsync(host, MqttVersion.V311);
        await client.SendAsync(new PublishPacket("denied", Payload, MqttQos.AtLeastOnce, PacketId: 1));
        await client.ClosedAsync();
        Assert.Empty(host.Policy.Published);
    }

    [Fact]
    public async Task After_a_message_that_failed_no_later_one_is_acknowledged()
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        var failing = new TaskCompletionSource<MqttPublishOutcome>();
        host.Policy.OnPublish = (_, message) => message.Topic == "bad" ? new(failing.Task) : new(MqttPublishOutcome.Handled);
        using var client = await RawMqtt.SignInAsync(host);
        await client.SendAsync(
            new PublishPacket("good", Payload, MqttQos.AtLeastOnce, PacketId: 1),
            new PublishPacket("bad", Payload, MqttQos.AtLeastOnce, PacketId: 2),
            new PublishPacket("good", Payload, MqttQos.AtLeastOnce, PacketId: 3),
            new PingReqPacket());
        var answers = new[] { await client.ReadAsync(), await client.ReadAsync() };
        Assert.Single(answers.OfType<PingRespPacket>());
        Assert.Equal(1, Assert.Single(answers.OfType<PublishReplyPacket>()).PacketId);
        Assert.Equal(3, host.Policy.Published.Count);
        failing.SetException(new IOException("disk full"));
        await client.EndsAsync(MqttReason.ImplementationSpecificError);
    }

    [Fact]
    public async Task Answers_carry_neither_reason_nor_user_properties()
    {
        await using var host = await MqttHost.StartAsync(Brisk);
        using var client = await RawMqtt.OpenAsync(host);
        // so they never grow beyond what the client takes, and one that wants no problem information gets none
        await client.ConnectAsync(RawMqtt.Hello(MqttVersion.V5) with
        {
            Properties = new MqttProperties { RequestProblemInformation = 0 },
        });
        await client.SendAsync(
            new SubscribePacket(1, [new MqttSubscription("denied"), new MqttSubscription("a#"), new MqttSubscription("ok")]),
            new UnsubscribePacket(2, ["none"]),
            new PublishPacket("denied", Payload, MqttQos.AtLeastOnce, PacketId: 3),
            new PublishPacket("denied", Payload, MqttQos.ExactlyOnce, PacketId: 4),
            new PublishReplyPacket(MqttPacketType.PubRel, 99),
            new PublishReplyPacket(MqttPacketType.PubRec, 98),
            new PublishPacket("denied/+", Payload));
        var kinds = new HashSet<MqttPacketType>();
        while (await client.ReadAsync() is { } answer)
        {
            kinds.Add(answer.Type);
            Assert.Null(answer.Properties.ReasonString);
            Assert.Empty(answer.Properties.User);
        }

        Assert.Superset(
            new HashSet<MqttPacketType>([
                MqttPacketType.SubAck, MqttPacketType.UnsubAck, MqttPacketType.PubAck, MqttPacketType.PubRec,
                MqttPacketType.PubComp, MqttPacketType.PubRel, MqttPacketType.Disconnect]),
            kinds);
    }
}
