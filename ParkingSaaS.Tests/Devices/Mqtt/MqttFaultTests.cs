using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>Clients that break the rules, byte by byte.</summary>
public class MqttFaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0000", MqttReason.MalformedPacket)]
    [InlineData("30FFFFFF7F", MqttReason.PacketTooLarge)]
    [InlineData("300400010000", MqttReason.MalformedPacket)]
    [InlineData("300400012B00", MqttReason.TopicNameInvalid)]
    [InlineData("3007000161032300FF", MqttReason.TopicAliasInvalid)]
    [InlineData("20030000007E", MqttReason.ProtocolError)] // CONNACK from a client
    [InlineData("101000044D5154540502003C000003616263", MqttReason.ProtocolError)] // a second CONNECT
    public async Task Bad_packets_are_answered_and_harm_nobody(string hex, MqttReason reason)
    {
        await using var host = await MqttHost.StartAsync();
        var inbox = new Inbox();
        await using var neighbour = await host.ConnectAsync(onMessage: inbox.Take);
        await neighbour.SubscribeAsync("fine", ct: Ct);
        foreach (var version in (MqttVersion[])[MqttVersion.V5, MqttVersion.V311])
        {
            using var socket = await RawMqtt.SignInAsync(host, version, "bad");
            await socket.SendHexAsync(hex);
            if (version == MqttVersion.V5)
                Assert.Equal(reason, (await socket.ReadAsync<DisconnectPacket>()).Reason);
            else if (reason != MqttReason.TopicAliasInvalid)
                Assert.Null(await socket.ReadAsync());
        }

        await neighbour.PublishAsync("fine", "x"u8.ToArray(), ct: Ct);
        Assert.Equal("fine", (await inbox.NextAsync()).Topic);
    }

    [Fact]
    public async Task Broken_connects_are_refused()
    {
        await using var host = await MqttHost.StartAsync();
        using var oldLevel = await RawMqtt.OpenAsync(host, MqttVersion.V311);
        await oldLevel.SendHexAsync("100F00064D51497364700302003C000161");
        var answer = await oldLevel.ReadAsync<ConnAckPacket>();
        Assert.Equal(MqttReason.UnsupportedProtocolVersion, answer.Reason);

        using var malformed = await RawMqtt.OpenAsync(host);
        await malformed.SendHexAsync("100E00044D5154540503003C0000016100");
        answer = await malformed.ReadAsync<ConnAckPacket>();
        Assert.Equal(MqttReason.MalformedPacket, answer.Reason);

        using var nameless = await RawMqtt.OpenAsync(host, MqttVersion.V311);
        await nameless.SendAsync(new ConnectPacket(MqttVersion.V311, "", false, 0));
        answer = await nameless.ReadAsync<ConnAckPacket>();
        Assert.Equal(MqttReason.ClientIdentifierNotValid, answer.Reason);
        Assert.Null(await nameless.ReadAsync());

        using var rude = await RawMqtt.OpenAsync(host, MqttVersion.V311);
        await rude.SendAsync(new PingReqPacket());
        Assert.Null(await rude.ReadAsync());

        await using var assigned = await DeviceClient.ConnectAsync(host.Options(clientId: ""), null, Ct);
        Assert.StartsWith("auto-", assigned.Answer.AssignedClientIdentifier);
    }

    [Fact]
    public async Task Silence_ends_a_connection_after_one_and_a_half_keep_alives()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        using var socket = await RawMqtt.SignInAsync(host, MqttVersion.V5, "bad", keepAlive: 10);
        time.Advance(TimeSpan.FromSeconds(14));
        await socket.SendAsync(new PingReqPacket());
        await socket.ReadAsync<PingRespPacket>();
        time.Advance(TimeSpan.FromSeconds(15));
        var goodbye = await socket.ReadAsync<DisconnectPacket>();
        Assert.Equal(MqttReason.KeepAliveTimeout, goodbye.Reason);
        Assert.Null(await socket.ReadAsync());
        await host.Policy.DisconnectedAsync("sz", "bad", MqttReason.KeepAliveTimeout);
    }

    [Fact]
    public async Task A_connect_must_come_in_time()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        using var silent = await RawMqtt.OpenAsync(host, MqttVersion.V311);
        await silent.SendHexAsync("1010");
        await time.UntilAsync(silent.ClosedAsync());
    }

    [Fact]
    public async Task More_unacknowledged_messages_than_agreed_end_the_connection()
    {
        var never = new TaskCompletionSource<MqttPublishOutcome>();
        await using var host = await MqttHost.StartAsync(options: new MqttBrokerOptions { ReceiveMaximum = 2 });
        host.Policy.OnPublish = (_, _) => new(never.Task);
        using var socket = await RawMqtt.SignInAsync(host, MqttVersion.V5, "bad");
        for (ushort id = 1; id <= 3; id++)
            await socket.SendAsync(new PublishPacket("up", "x"u8.ToArray(), MqttQos.AtLeastOnce, PacketId: id));
        Assert.Equal(
            MqttReason.ReceiveMaximumExceeded, (await socket.ReadAsync<DisconnectPacket>()).Reason);
        never.SetResult(MqttPublishOutcome.Handled);
    }

    [Fact]
    public async Task A_frozen_subscriber_holds_nobody_up_and_can_be_thrown_out()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(options: new MqttBrokerOptions { MaxQueuedBytes = 1 << 18 }, time: time);
        using var frozen = await RawMqtt.SignInAsync(host, MqttVersion.V5, "frozen");
        await frozen.SendAsync(new SubscribePacket(1, [new MqttSubscription("#", MqttQos.AtMostOnce)]));
        await frozen.ReadAsync<SubAckPacket>();
        await using var publisher = await host.ConnectAsync();
        var payload = new byte[100_000];
        for (var n = 0; n < 300; n++)
            Assert.Equal(MqttReason.Success, await publisher.PublishAsync("big", payload, ct: Ct));
        Assert.True(host.Broker.Disconnect("sz", "frozen"));
        // its goodbye cannot be written; after the close timeout the connection is cut
        var gone = host.Policy.DisconnectedAsync("sz", "frozen", MqttReason.AdministrativeAction);
        await time.UntilAsync(gone);
    }
}
