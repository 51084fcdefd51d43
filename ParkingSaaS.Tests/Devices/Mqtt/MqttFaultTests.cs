using System.Buffers;
using System.Net.Sockets;
using ParkingSaaS.Devices.Mqtt;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>Clients that break the rules, byte by byte.</summary>
public class MqttFaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<Socket> OpenAsync(MqttHost host)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", host.Port, Ct);
        return socket;
    }

    private static async Task<Socket> SignInAsync(MqttHost host, MqttVersion version, ushort keepAlive = 0, string name = "bad")
    {
        var socket = await OpenAsync(host);
        await SendAsync(socket, version, new ConnectPacket(version, name, true, keepAlive)
        {
            UserName = $"sz/{name}",
            Password = "secret"u8.ToArray(),
        });
        Assert.Equal(MqttReason.Success, Assert.IsType<ConnAckPacket>(await ReadAsync(socket, version)).Reason);
        return socket;
    }

    private static async Task SendAsync(Socket socket, MqttVersion version, params MqttPacket[] packets)
    {
        foreach (var packet in packets)
            await socket.SendAsync(MqttCodecTests.Encode(packet, version), Ct);
    }

    /// <summary>The next packet; null when the broker closed.</summary>
    private static async Task<MqttPacket?> ReadAsync(Socket socket, MqttVersion version)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (true)
        {
            try
            {
                if (await socket.ReceiveAsync(one, Ct) == 0)
                    return null;
            }
            catch (SocketException)
            {
                return null;
            }

            bytes.Add(one[0]);
            var sequence = new ReadOnlySequence<byte>(bytes.ToArray());
            if (MqttReader.TryRead(ref sequence, version, 1 << 20, out var packet))
                return packet;
        }
    }

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
            using var socket = await SignInAsync(host, version);
            await socket.SendAsync(Convert.FromHexString(hex), Ct);
            if (version == MqttVersion.V5)
                Assert.Equal(reason, Assert.IsType<DisconnectPacket>(await ReadAsync(socket, version)).Reason);
            else if (reason != MqttReason.TopicAliasInvalid)
                Assert.Null(await ReadAsync(socket, version));
        }

        await neighbour.PublishAsync("fine", "x"u8.ToArray(), ct: Ct);
        Assert.Equal("fine", (await inbox.NextAsync()).Topic);
    }

    [Fact]
    public async Task Broken_connects_are_refused()
    {
        await using var host = await MqttHost.StartAsync();
        using var oldLevel = await OpenAsync(host);
        await oldLevel.SendAsync(Convert.FromHexString("100F00064D51497364700302003C000161"), Ct);
        var answer = Assert.IsType<ConnAckPacket>(await ReadAsync(oldLevel, MqttVersion.V311));
        Assert.Equal(MqttReason.UnsupportedProtocolVersion, answer.Reason);

        using var malformed = await OpenAsync(host);
        await malformed.SendAsync(Convert.FromHexString("100E00044D5154540503003C0000016100"), Ct);
        answer = Assert.IsType<ConnAckPacket>(await ReadAsync(malformed, MqttVersion.V5));
        Assert.Equal(MqttReason.MalformedPacket, answer.Reason);

        using var nameless = await OpenAsync(host);
        await SendAsync(nameless, MqttVersion.V311, new ConnectPacket(MqttVersion.V311, "", false, 0));
        answer = Assert.IsType<ConnAckPacket>(await ReadAsync(nameless, MqttVersion.V311));
        Assert.Equal(MqttReason.ClientIdentifierNotValid, answer.Reason);
        Assert.Null(await ReadAsync(nameless, MqttVersion.V311));

        using var rude = await OpenAsync(host);
        await SendAsync(rude, MqttVersion.V311, new PingReqPacket());
        Assert.Null(await ReadAsync(rude, MqttVersion.V311));

        await using var assigned = await MqttClient.ConnectAsync(host.Options(clientId: ""), null, Ct);
        Assert.StartsWith("auto-", assigned.ConnAck.Properties.AssignedClientId);
    }

    [Fact]
    public async Task Silence_ends_a_connection_after_one_and_a_half_keep_alives()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        using var socket = await SignInAsync(host, MqttVersion.V5, keepAlive: 10);
        time.Advance(TimeSpan.FromSeconds(14));
        await SendAsync(socket, MqttVersion.V5, new PingReqPacket());
        Assert.IsType<PingRespPacket>(await ReadAsync(socket, MqttVersion.V5));
        time.Advance(TimeSpan.FromSeconds(15));
        var goodbye = Assert.IsType<DisconnectPacket>(await ReadAsync(socket, MqttVersion.V5));
        Assert.Equal(MqttReason.KeepAliveTimeout, goodbye.Reason);
        Assert.Null(await ReadAsync(socket, MqttVersion.V5));
        await host.Policy.DisconnectedAsync("sz", "bad", MqttReason.KeepAliveTimeout);
    }

    [Fact]
    public async Task A_connect_must_come_in_time()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        using var silent = await OpenAsync(host);
        await silent.SendAsync(Convert.FromHexString("1010"), Ct);
        // connections are accepted in order: when a later one is answered this one is open
        using var later = await SignInAsync(host, MqttVersion.V311);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(await ReadAsync(silent, MqttVersion.V311));
    }

    [Fact]
    public async Task More_unacknowledged_messages_than_agreed_end_the_connection()
    {
        var never = new TaskCompletionSource<MqttPublishOutcome>();
        await using var host = await MqttHost.StartAsync(options: new MqttBrokerOptions { ReceiveMaximum = 2 });
        host.Policy.OnPublish = (_, _) => new(never.Task);
        using var socket = await SignInAsync(host, MqttVersion.V5);
        for (ushort id = 1; id <= 3; id++)
            await SendAsync(socket, MqttVersion.V5, new PublishPacket("up", "x"u8.ToArray(), MqttQos.AtLeastOnce, PacketId: id));
        Assert.Equal(
            MqttReason.ReceiveMaximumExceeded, Assert.IsType<DisconnectPacket>(await ReadAsync(socket, MqttVersion.V5)).Reason);
        never.SetResult(MqttPublishOutcome.Handled);
    }

    [Fact]
    public async Task A_frozen_subscriber_holds_nobody_up_and_can_be_thrown_out()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(options: new MqttBrokerOptions { MaxQueuedBytes = 1 << 18 }, time: time);
        using var frozen = await SignInAsync(host, MqttVersion.V5, name: "frozen");
        await SendAsync(frozen, MqttVersion.V5, new SubscribePacket(1, [new MqttSubscription("#", MqttQos.AtMostOnce)]));
        Assert.IsType<SubAckPacket>(await ReadAsync(frozen, MqttVersion.V5));
        await using var publisher = await host.ConnectAsync();
        var payload = new byte[100_000];
        for (var n = 0; n < 300; n++)
            Assert.Equal(MqttReason.Success, await publisher.PublishAsync("big", payload, ct: Ct));
        Assert.True(host.Broker.Disconnect("sz", "frozen"));
        // its goodbye cannot be written; after the close timeout the connection is cut
        var gone = host.Policy.DisconnectedAsync("sz", "frozen", MqttReason.AdministrativeAction);
        while (!gone.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await gone;
    }
}
