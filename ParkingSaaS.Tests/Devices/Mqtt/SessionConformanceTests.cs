using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>Sessions beyond one connection, and the handshakes at QoS 1 and 2 (sections 3.1.2, 3.2.2, 4.1 to 4.6).</summary>
public class SessionConformanceTests
{
    private static readonly byte[] Payload = "hello"u8.ToArray();

    private static PublishPacket ExactlyOnce(ushort id, string topic = "up", bool dup = false) =>
        new(topic, Payload, MqttQos.ExactlyOnce, Dup: dup, PacketId: id);

    private static PublishReplyPacket Reply(MqttPacketType type, ushort id, MqttReason reason = MqttReason.Success) =>
        new(type, id, reason);

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_session_is_resumed_or_begun_anew_as_the_client_says(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        var (first, isOld) = await RawMqtt.ResumeAsync(host, version);
        Assert.False(isOld);
        await first.SubscribeAsync("down");
        await first.BreakAsync(host);
        Assert.True(host.Broker.Publish("sz", "down", Payload).Taken);

        var (second, isThere) = await RawMqtt.ResumeAsync(host, version);
        Assert.True(isThere);
        await second.ReadAsync<PublishPacket>();
        await second.BreakAsync(host);

        using var third = await RawMqtt.OpenAsync(host, version);
        Assert.False((await third.ConnectAsync(RawMqtt.Hello(version))).SessionPresent);
        Assert.False(host.Broker.Publish("sz", "down", Payload).Taken);
        Assert.Empty(await third.DrainAsync(host));
        await third.BreakAsync(host);

        // what began clean leaves nothing, in 3.1.1 by its nature and in 5.0 without an expiry
        var (fourth, leftOver) = await RawMqtt.ResumeAsync(host, version);
        using (fourth)
            Assert.False(leftOver);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_session_belongs_to_its_client_id(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var one = await RawMqtt.OpenAsync(host, version);
        await one.ConnectAsync(RawMqtt.Hello(version, clean: false) with { ClientId = "one" });
        await one.SubscribeAsync("down");
        using var two = await RawMqtt.OpenAsync(host, version);
        Assert.False((await two.ConnectAsync(RawMqtt.Hello(version, clean: false) with { ClientId = "One" })).SessionPresent);
        host.Broker.Publish("sz", "down", Payload);
        Assert.Equal("down", (await one.ReadAsync<PublishPacket>()).Topic);
        Assert.Empty(await two.DrainAsync(host));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_session_lasts_as_long_as_its_connection_and_then_its_expiry(MqttVersion version)
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(
            new MqttBrokerOptions { MaxSessionExpiry = TimeSpan.FromSeconds(100) }, time);
        var (first, _) = await RawMqtt.ResumeAsync(host, version);
        await first.SubscribeAsync("down");
        time.Advance(TimeSpan.FromSeconds(500));
        Assert.True(host.Broker.Publish("sz", "down", Payload).Taken);
        await first.ReadAsync<PublishPacket>();
        await first.BreakAsync(host);
        time.Advance(TimeSpan.FromSeconds(99));
        Assert.True(host.Broker.Publish("sz", "down", Payload).Taken);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(host.Broker.Publish("sz", "down", Payload).Taken);
        var (second, present) = await RawMqtt.ResumeAsync(host, version);
        using (second)
            Assert.False(present);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_successor_with_the_same_id_closes_the_older_connection(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var old = await RawMqtt.SignInAsync(host, version);
        using var successor = await RawMqtt.SignInAsync(host, version);
        await old.EndsAsync(MqttReason.SessionTakenOver);
        await successor.SendAsync(new PingReqPacket());
        await successor.ReadAsync<PingRespPacket>();
    }

    [Theory]
    [InlineData(MqttVersion.V311, MqttQos.AtLeastOnce)]
    [InlineData(MqttVersion.V311, MqttQos.ExactlyOnce)]
    [InlineData(MqttVersion.V5, MqttQos.AtLeastOnce)]
    [InlineData(MqttVersion.V5, MqttQos.ExactlyOnce)]
    public async Task What_is_unacknowledged_comes_again_in_its_order_with_its_identifiers(MqttVersion version, MqttQos qos)
    {
        await using var host = await MqttHost.StartAsync();
        var (first, _) = await RawMqtt.ResumeAsync(host, version);
        await first.SubscribeAsync("down", qos);
        for (byte n = 0; n < 5; n++)
            host.Broker.Publish("sz", "down", new[] { n }, qos);
        var sent = new List<PublishPacket>();
        for (var n = 0; n < 5; n++)
            sent.Add(await first.ReadAsync<PublishPacket>());
        Assert.Equal(5, sent.Select(p => p.PacketId).Distinct().Count());
        Assert.All(sent, p => Assert.False(p.Dup));
        // nothing comes again while the connection lasts
        Assert.Empty(await first.DrainAsync(host));
        await first.BreakAsync(host);
        host.Broker.Publish("sz", "down", new byte[] { 5 }, qos);

        var (second, _) = await RawMqtt.ResumeAsync(host, version);
        using (second)
        {
            for (byte n = 0; n < 5; n++)
            {
                var again = await second.ReadAsync<PublishPacket>();
                Assert.Equal((n, sent[n].PacketId, true, qos), (again.Payload.Span[0], again.PacketId, again.Dup, again.Qos));
            }

            var fresh = await second.ReadAsync<PublishPacket>();
            Assert.Equal((5, false), (fresh.Payload.Span[0], fresh.Dup));
        }
    }

    [Fact]
    public async Task What_was_refused_does_not_come_again()
    {
        await using var host = await MqttHost.StartAsync();
        var (first, _) = await RawMqtt.ResumeAsync(host);
        await first.SubscribeAsync("down", MqttQos.ExactlyOnce);
        var one = host.Broker.Publish("sz", "down", Payload);
        var two = host.Broker.Publish("sz", "down", Payload, MqttQos.ExactlyOnce);
        await first.SendAsync(
            Reply(MqttPacketType.PubAck, (await first.ReadAsync<PublishPacket>()).PacketId, MqttReason.QuotaExceeded),
            Reply(MqttPacketType.PubRec, (await first.ReadAsync<PublishPacket>()).PacketId, MqttReason.QuotaExceeded));
        Assert.False(await one.Acknowledged.InTimeAsync());
        Assert.False(await two.Acknowledged.InTimeAsync());
        // no PUBREL follows a PUBREC that refused
        Assert.Empty(await first.DrainAsync(host));
        await first.BreakAsync(host);
        var (second, _) = await RawMqtt.ResumeAsync(host);
        using (second)
            Assert.Empty(await second.DrainAsync(host));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_message_at_qos_2_is_taken_once_until_it_is_released(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SendAsync(ExactlyOnce(5));
        await client.ReadAsync(MqttPacketType.PubRec, 5);
        for (var n = 0; n < 2; n++)
        {
            await client.SendAsync(ExactlyOnce(5, dup: true));
            await client.ReadAsync(MqttPacketType.PubRec, 5);
        }

        Assert.Single(host.Policy.Published);
        await client.SendAsync(Reply(MqttPacketType.PubRel, 5));
        Assert.Equal(MqttReason.Success, (await client.ReadAsync(MqttPacketType.PubComp, 5)).Reason);
        await client.SendAsync(ExactlyOnce(5));
        await client.ReadAsync(MqttPacketType.PubRec, 5);
        Assert.Equal(2, host.Policy.Published.Count);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_message_at_qos_2_is_taken_once_across_connections(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        var (first, _) = await RawMqtt.ResumeAsync(host, version);
        await first.SendAsync(ExactlyOnce(5), ExactlyOnce(6));
        await first.ReadAsync(MqttPacketType.PubRec, 5);
        await first.ReadAsync(MqttPacketType.PubRec, 6);
        await first.BreakAsync(host);
        var (second, present) = await RawMqtt.ResumeAsync(host, version);
        using (second)
        {
            Assert.True(present);
            await second.SendAsync(ExactlyOnce(5, dup: true), Reply(MqttPacketType.PubRel, 6), Reply(MqttPacketType.PubRel, 5));
            await second.ReadAsync(MqttPacketType.PubRec, 5);
            await second.ReadAsync(MqttPacketType.PubComp, 6);
            await second.ReadAsync(MqttPacketType.PubComp, 5);
            Assert.Equal(2, host.Policy.Published.Count);
        }
    }

    [Fact]
    public async Task After_a_refused_message_at_qos_2_its_identifier_stands_for_a_new_one()
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host);
        await client.SendAsync(ExactlyOnce(5, "denied"));
        Assert.Equal(MqttReason.NotAuthorized, (await client.ReadAsync(MqttPacketType.PubRec, 5)).Reason);
        await client.SendAsync(ExactlyOnce(5));
        Assert.True((await client.ReadAsync(MqttPacketType.PubRec, 5)).Reason < MqttReason.UnspecifiedError);
        Assert.Single(host.Policy.Published);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Releasing_what_the_broker_does_not_know_is_answered(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SendAsync(Reply(MqttPacketType.PubRel, 77));
        var answer = await client.ReadAsync(MqttPacketType.PubComp, 77);
        Assert.Equal(version == MqttVersion.V5 ? MqttReason.PacketIdentifierNotFound : MqttReason.Success, answer.Reason);
    }

    [Fact]
    public async Task The_handshake_goes_on_though_the_message_has_expired()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        using var client = await RawMqtt.SignInAsync(host);
        await client.SendAsync(ExactlyOnce(5) with { Properties = new MqttProperties { MessageExpiry = 1 } });
        await client.ReadAsync(MqttPacketType.PubRec, 5);
        time.Advance(TimeSpan.FromSeconds(10));
        await client.SendAsync(ExactlyOnce(5, dup: true), Reply(MqttPacketType.PubRel, 5));
        await client.ReadAsync(MqttPacketType.PubRec, 5);
        await client.ReadAsync(MqttPacketType.PubComp, 5);
        Assert.Single(host.Policy.Published);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task The_broker_completes_a_message_at_qos_2_in_four_steps(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, version);
        await client.SubscribeAsync("down", MqttQos.ExactlyOnce);
        var delivery = host.Broker.Publish("sz", "down", Payload, MqttQos.ExactlyOnce);
        var message = await client.ReadAsync<PublishPacket>();
        Assert.Equal((MqttQos.ExactlyOnce, false), (message.Qos, message.Dup));
        Assert.NotEqual(0, message.PacketId);
        await client.SendAsync(Reply(MqttPacketType.PubRec, message.PacketId));
        var release = await client.ReadAsync(MqttPacketType.PubRel, message.PacketId);
        Assert.Equal(MqttReason.Success, release.Reason);
        Assert.Equal(0x62, client.LastBytes[0]);
        await client.SendAsync(Reply(MqttPacketType.PubComp, message.PacketId));
        Assert.True(await delivery.Acknowledged.InTimeAsync());
        Assert.Empty(await client.DrainAsync(host));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task After_a_break_only_the_release_comes_again_once_it_was_sent(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        var (first, _) = await RawMqtt.ResumeAsync(host, version);
        await first.SubscribeAsync("down", MqttQos.ExactlyOnce);
        host.Broker.Publish("sz", "down", Payload, MqttQos.ExactlyOnce);
        var id = (await first.ReadAsync<PublishPacket>()).PacketId;
        await first.SendAsync(Reply(MqttPacketType.PubRec, id));
        await first.ReadAsync(MqttPacketType.PubRel, id);
        await first.BreakAsync(host);
        for (var n = 0; n < 2; n++)
        {
            var (again, present) = await RawMqtt.ResumeAsync(host, version);
            Assert.True(present);
            await again.ReadAsync(MqttPacketType.PubRel, id);
            Assert.Empty(await again.DrainAsync(host));
            if (n == 1)
                await again.SendAsync(Reply(MqttPacketType.PubComp, id));
            Assert.Empty(await again.DrainAsync(host));
            await again.BreakAsync(host);
        }

        var (last, _) = await RawMqtt.ResumeAsync(host, version);
        using (last)
            Assert.Empty(await last.DrainAsync(host));
    }

    [Fact]
    public async Task A_message_at_qos_2_does_not_expire_once_it_was_sent()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        var (first, _) = await RawMqtt.ResumeAsync(host);
        await first.SubscribeAsync("down", MqttQos.ExactlyOnce);
        host.Broker.Publish("sz", "down", Payload, MqttQos.ExactlyOnce, expiry: TimeSpan.FromSeconds(5));
        var id = (await first.ReadAsync<PublishPacket>()).PacketId;
        await first.BreakAsync(host);
        time.Advance(TimeSpan.FromSeconds(10));
        var (second, _) = await RawMqtt.ResumeAsync(host);
        using (second)
        {
            var again = await second.ReadAsync<PublishPacket>();
            Assert.Equal((id, true), (again.PacketId, again.Dup));
        }
    }

    [Fact]
    public async Task The_window_counts_a_message_at_qos_2_until_it_is_complete()
    {
        await using var host = await MqttHost.StartAsync();
        using var client = await RawMqtt.SignInAsync(host, properties: new MqttProperties { ReceiveMaximum = 1 });
        await client.SubscribeAsync("down", MqttQos.ExactlyOnce);
        host.Broker.Publish("sz", "down", Payload, MqttQos.ExactlyOnce);
        host.Broker.Publish("sz", "down", Payload, MqttQos.ExactlyOnce);
        var id = (await client.ReadAsync<PublishPacket>()).PacketId;
        await client.SendAsync(Reply(MqttPacketType.PubRec, id));
        await client.ReadAsync(MqttPacketType.PubRel, id);
        await client.SendAsync(new PingReqPacket());
        await client.ReadAsync<PingRespPacket>();
        await client.SendAsync(Reply(MqttPacketType.PubComp, id));
        await client.ReadAsync<PublishPacket>();
    }

    [Fact]
    public async Task What_comes_for_a_client_that_is_away_is_kept_at_qos_1_and_2()
    {
        await using var host = await MqttHost.StartAsync();
        var (first, _) = await RawMqtt.ResumeAsync(host, MqttVersion.V311);
        await first.SubscribeAsync("down", MqttQos.ExactlyOnce);
        await first.BreakAsync(host);
        foreach (var qos in Enum.GetValues<MqttQos>())
            host.Broker.Publish("sz", "down", Payload, qos);
        var (second, _) = await RawMqtt.ResumeAsync(host, MqttVersion.V311);
        using (second)
        {
            Assert.Equal(
                [MqttQos.AtLeastOnce, MqttQos.ExactlyOnce],
                (await second.DrainAsync(host)).Cast<PublishPacket>().Select(p => p.Qos));
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_session_that_ends_with_its_connection_is_not_resumed_by_taking_it_over(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        using var first = await RawMqtt.SignInAsync(host, version);
        await first.SubscribeAsync("down");
        var (second, present) = await RawMqtt.ResumeAsync(host, version);
        using var dispose = second;
        Assert.False(present);
        await first.EndsAsync(MqttReason.SessionTakenOver);
        Assert.False(host.Broker.Publish("sz", "down", Payload).Taken);
        Assert.Empty(await second.DrainAsync(host));
    }

    [Fact]
    public async Task What_is_sent_again_stays_within_the_receive_maximum_of_the_new_connection()
    {
        await using var host = await MqttHost.StartAsync();
        var (first, _) = await RawMqtt.ResumeAsync(host);
        await first.SubscribeAsync("down");
        for (byte n = 1; n <= 3; n++)
        {
            host.Broker.Publish("sz", "down", new[] { n });
            await first.ReadAsync<PublishPacket>();
        }

        await first.BreakAsync(host);
        host.Broker.Publish("sz", "down", new byte[] { 4 });
        var (second, _) = await RawMqtt.ResumeAsync(host, properties: new MqttProperties { ReceiveMaximum = 1 });
        using var dispose = second;
        for (byte n = 1; n <= 4; n++)
        {
            var message = await second.ReadAsync<PublishPacket>();
            Assert.Equal(n, message.Payload.Span[0]);
            // what comes before the answer does not wait for the acknowledgement
            await second.SendAsync(new PingReqPacket());
            await second.ReadAsync<PingRespPacket>();
            await second.SendAsync(Reply(MqttPacketType.PubAck, message.PacketId));
        }
    }
}
