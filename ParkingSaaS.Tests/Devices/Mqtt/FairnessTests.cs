using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>One client among many takes no more than its share.</summary>
public class FairnessTests
{
    private static readonly byte[] Payload = "hello"u8.ToArray();

    [Fact]
    public async Task Who_sends_faster_than_allowed_is_read_more_slowly_and_loses_nothing()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(
            new MqttBrokerOptions { MessagesPerSecond = 10, MessageBurst = 3 }, time);
        host.Policy.OnPublish = (_, _) => new(MqttPublishOutcome.Handled);
        using var hasty = await RawMqtt.SignInAsync(host, name: "hasty");
        using var calm = await RawMqtt.SignInAsync(host, name: "calm");
        for (ushort id = 1; id <= 5; id++)
            await hasty.SendAsync(new PublishPacket("up", Payload, MqttQos.AtLeastOnce, PacketId: id));
        for (ushort id = 1; id <= 3; id++)
            Assert.Equal(id, (await hasty.ReadAsync<PublishReplyPacket>()).PacketId);
        // the others are not held up by it
        await calm.SendAsync(new PublishPacket("up", Payload, MqttQos.AtLeastOnce, PacketId: 9));
        Assert.Equal(9, (await calm.ReadAsync<PublishReplyPacket>()).PacketId);
        Assert.Equal(4, host.Policy.Published.Count);
        var start = time.GetUtcNow();
        for (ushort id = 4; id <= 5; id++)
        {
            var answer = hasty.ReadAsync<PublishReplyPacket>();
            await Eventually.HoldsAsync(() => answer.IsCompleted, () => time.Advance(TimeSpan.FromMilliseconds(1)));

            // ten a second; later than that is only this clock, which does not wait for the network
            Assert.Equal(id, (await answer).PacketId);
            Assert.True(time.GetUtcNow() - start >= TimeSpan.FromMilliseconds(100 * (id - 3)));
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311, MqttReason.ServerUnavailable)]
    [InlineData(MqttVersion.V5, MqttReason.ConnectionRateExceeded)]
    public async Task When_all_come_at_once_some_wait_and_the_rest_are_told_to_come_later(MqttVersion version, MqttReason refusal)
    {
        var bounds = new MqttBrokerOptions { MaxConnecting = 1, MaxWaitingToConnect = 1 };
        await using var host = await MqttHost.StartAsync(bounds);
        var signingIn = new TaskCompletionSource();
        var database = new TaskCompletionSource();
        host.Policy.Authenticating = async () =>
        {
            signingIn.TrySetResult();
            await database.Task.InTimeAsync();
        };
        using var first = await RawMqtt.OpenAsync(host, version);
        await first.SendAsync(RawMqtt.Hello(version, "first"));
        await signingIn.Task.InTimeAsync();
        using var second = await RawMqtt.OpenAsync(host, version);
        using var third = await RawMqtt.OpenAsync(host, version);
        // one of these two waits, the other is refused: which came first the network decides
        await second.SendAsync(RawMqtt.Hello(version, "second"));
        await third.SendAsync(RawMqtt.Hello(version, "third"));
        var answers = new[] { second.ReadAsync<ConnAckPacket>(), third.ReadAsync<ConnAckPacket>() };
        var refused = await Task.WhenAny(answers);
        Assert.Equal(refusal, (await refused).Reason);
        database.SetResult();
        Assert.Equal(MqttReason.Success, (await first.ReadAsync<ConnAckPacket>()).Reason);
        Assert.Equal(MqttReason.Success, (await answers.Single(a => a != refused)).Reason);
    }

    [Fact]
    public async Task Whoever_takes_nothing_is_cut_off_and_its_session_keeps_the_newest()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(new MqttBrokerOptions { MaxQueuedMessages = 5, WriteTimeout = TimeSpan.FromSeconds(30) }, time);
        var (frozen, _) = await RawMqtt.ResumeAsync(host, name: "frozen");
        await frozen.SubscribeAsync("flood", MqttQos.AtMostOnce);
        await frozen.SubscribeAsync("kept");
        var large = new byte[500_000];
        // more than the sockets hold
        for (var n = 0; n < 100; n++)
            host.Broker.Publish("sz", "flood", large, MqttQos.AtMostOnce);
        Assert.True(host.Broker.IsConnected("sz", "frozen"));
        var cut = host.Policy.DisconnectedAsync("sz", "frozen", MqttReason.UnspecifiedError);
        // And more of it, for what did not fit into the queue before the sockets took some was dropped.
        await Eventually.HoldsAsync(() => cut.IsCompleted, () =>
        {
            host.Broker.Publish("sz", "flood", large, MqttQos.AtMostOnce);
            time.Advance(TimeSpan.FromSeconds(1));
        });
        await cut;
        frozen.Dispose();
        for (byte n = 1; n <= 7; n++)
            host.Broker.Publish("sz", "kept", new[] { n });
        var (back, present) = await RawMqtt.ResumeAsync(host, name: "frozen");
        using var dispose = back;
        Assert.True(present);
        for (byte n = 3; n <= 7; n++)
            Assert.Equal(n, (await back.ReadAsync<PublishPacket>()).Payload.Span[0]);
    }

    [Fact]
    public async Task Members_of_a_group_share_its_messages_and_take_over_from_one_that_goes()
    {
        await using var host = await MqttHost.StartAsync();
        using var one = await RawMqtt.SignInAsync(host, name: "one");
        using var two = await RawMqtt.SignInAsync(host, name: "two");
        foreach (var member in (RawMqtt[])[one, two])
            await member.SubscribeAsync("$share/workers/task");
        for (byte n = 1; n <= 4; n++)
            host.Broker.Publish("sz", "task", new[] { n });
        var ofTwo = new[] { await two.ReadAsync<PublishPacket>(), await two.ReadAsync<PublishPacket>() };
        foreach (var message in ofTwo)
            await two.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, message.PacketId));
        // one of the four was answered by the first, the other is out when it goes
        var answered = await one.ReadAsync<PublishPacket>();
        await one.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, answered.PacketId));
        var open = await one.ReadAsync<PublishPacket>();
        await one.SendAsync(new DisconnectPacket());
        var taken = await two.ReadAsync<PublishPacket>();
        Assert.Equal(open.Payload.ToArray(), taken.Payload.ToArray());
        Assert.Equal(
            [1, 2, 3, 4],
            ofTwo.Append(answered).Append(taken).Select(p => p.Payload.Span[0]).Order().Select(b => (int)b));
        Assert.Empty(await two.DrainAsync(host));
    }
}
