using System.Net;
using System.Net.Sockets;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>What the standards ask of clients, of our own client: the broker is played packet by packet.</summary>
public sealed class ClientConformanceTests : IDisposable
{
    private static readonly byte[] Payload = "hello"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ClientConformanceTests() => _listener.Start();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    private MqttClientOptions Options(MqttVersion version = MqttVersion.V5) =>
        new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port, "own") { Version = version, KeepAlive = TimeSpan.Zero };

    /// <summary>A connected client and the broker's end of its connection.</summary>
    private async Task<(MqttClient Client, RawMqtt Broker)> ConnectAsync(
        MqttClientOptions? options = null, MqttProperties? promises = null, Func<MqttMessage, ValueTask>? onMessage = null)
    {
        options ??= Options();
        var connecting = MqttClient.ConnectAsync(options, onMessage, Ct);
        var broker = await RawMqtt.AcceptAsync(_listener, options.Version);
        await broker.ReadAsync<ConnectPacket>();
        await broker.SendAsync(new ConnAckPacket(false, MqttReason.Success) { Properties = promises ?? MqttProperties.None });
        return (await connecting, broker);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task It_begins_with_a_connect_and_says_nothing_after_its_goodbye(MqttVersion version)
    {
        var (client, broker) = await ConnectAsync(Options(version));
        using var dispose = broker;
        var closing = client.DisconnectAsync();
        await broker.ReadAsync<DisconnectPacket>();
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await broker.SendAsync(new PingRespPacket());
            broker.Dispose();
            await closing;
            await client.PublishAsync("up", Payload, ct: Ct);
        });
        Assert.Equal(MqttReason.Success, await client.Closed);
    }

    [Fact]
    public async Task Its_requests_have_identifiers_that_are_not_zero_and_not_in_use()
    {
        var (client, broker) = await ConnectAsync();
        await using var disposeClient = client;
        using var dispose = broker;
        var pending = client.PublishAsync("up", Payload, ct: Ct);
        var held = (await broker.ReadAsync<PublishPacket>()).PacketId;
        Assert.NotEqual(0, held);
        for (var n = 0; n <= ushort.MaxValue; n++)
        {
            var next = client.PublishAsync("up", Payload, ct: Ct);
            var id = (await broker.ReadAsync<PublishPacket>()).PacketId;
            Assert.True(id != 0 && id != held);
            await broker.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, id));
            await next;
        }

        Assert.False(pending.IsCompleted);
        var subscribing = client.SubscribeAsync("a", ct: Ct);
        var request = await broker.ReadAsync<SubscribePacket>();
        Assert.True(request.PacketId != 0 && request.PacketId != held);
        await broker.SendAsync(new SubAckPacket(request.PacketId, [MqttReason.Success]));
        await subscribing;
    }

    [Theory]
    [InlineData(null, 60)]
    [InlineData((ushort)20, 20)]
    public async Task It_pings_after_its_keep_alive_or_that_of_the_broker(ushort? told, int seconds)
    {
        var time = new FakeTime();
        var (client, broker) = await ConnectAsync(
            Options() with { KeepAlive = TimeSpan.FromSeconds(60), Time = time }, new MqttProperties { ServerKeepAlive = told });
        await using var disposeClient = client;
        using var dispose = broker;
        for (var n = 0; n < 2; n++)
        {
            time.Advance(TimeSpan.FromSeconds(seconds - 1));
            await client.PublishAsync("up", Payload, MqttQos.AtMostOnce, ct: Ct);
            time.Advance(TimeSpan.FromSeconds(1));
            await broker.ReadAsync<PublishPacket>();
            await broker.ReadAsync<PingReqPacket>();
            await broker.SendAsync(new PingRespPacket());
            // what follows the answer was read after it
            var publish = client.PublishAsync("up", Payload, ct: Ct);
            await broker.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, (await broker.ReadAsync<PublishPacket>()).PacketId));
            await publish;
        }
    }

    [Fact]
    public async Task A_broker_that_answers_no_ping_is_gone()
    {
        var time = new FakeTime();
        var (client, broker) = await ConnectAsync(Options() with { KeepAlive = TimeSpan.FromSeconds(60), Time = time });
        await using var disposeClient = client;
        using var dispose = broker;
        time.Advance(TimeSpan.FromSeconds(60));
        await broker.ReadAsync<PingReqPacket>();
        Assert.False(client.Closed.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(MqttReason.KeepAliveTimeout, await client.Closed.InTimeAsync());
    }

    [Fact]
    public async Task It_keeps_to_the_brokers_window_and_holds_nothing_else_back()
    {
        var (client, broker) = await ConnectAsync(promises: new MqttProperties { ReceiveMaximum = 2 });
        await using var disposeClient = client;
        using var dispose = broker;
        var publishes = Enumerable.Range(0, 5).Select(n => client.PublishAsync("up", new[] { (byte)n }, ct: Ct)).ToArray();
        var ids = new Queue<ushort>();
        ids.Enqueue((await broker.ReadAsync<PublishPacket>()).PacketId);
        ids.Enqueue((await broker.ReadAsync<PublishPacket>()).PacketId);
        var subscribing = client.SubscribeAsync("a", ct: Ct);
        var request = await broker.ReadAsync<SubscribePacket>();
        await broker.SendAsync(new SubAckPacket(request.PacketId, [MqttReason.Success]));
        await subscribing;
        for (var n = 0; n < 5; n++)
        {
            // one that was refused makes room too
            var reason = n == 0 ? MqttReason.QuotaExceeded : MqttReason.Success;
            await broker.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, ids.Dequeue(), reason));
            Assert.Equal(reason, await publishes[n]);
            if (n < 3)
                ids.Enqueue((await broker.ReadAsync<PublishPacket>()).PacketId);
        }
    }

    [Fact]
    public async Task It_acknowledges_every_message_in_their_order()
    {
        var (client, broker) = await ConnectAsync(onMessage: async message =>
        {
            // the earlier ones take longer
            for (var n = 10 - message.Payload.Span[0]; n > 0; n--)
                await Task.Yield();
        });
        await using var disposeClient = client;
        using var dispose = broker;
        foreach (var (qos, answer) in ((MqttQos, MqttPacketType)[])[
            (MqttQos.AtLeastOnce, MqttPacketType.PubAck), (MqttQos.ExactlyOnce, MqttPacketType.PubRec)])
        {
            for (byte n = 1; n <= 10; n++)
                await broker.SendAsync(new PublishPacket("down", new[] { n }, qos, PacketId: n));
            for (ushort n = 1; n <= 10; n++)
                await broker.ReadAsync(answer, n);
        }
    }

    [Fact]
    public async Task It_takes_a_message_at_qos_2_once_until_it_is_released()
    {
        var inbox = new Inbox();
        var (client, broker) = await ConnectAsync(onMessage: inbox.Take);
        await using var disposeClient = client;
        using var dispose = broker;
        var message = new PublishPacket("down", Payload, MqttQos.ExactlyOnce, PacketId: 7);
        for (var round = 0; round < 2; round++)
        {
            await broker.SendAsync(message, message with { Dup = true });
            await broker.ReadAsync(MqttPacketType.PubRec, 7);
            await broker.ReadAsync(MqttPacketType.PubRec, 7);
            await broker.SendAsync(new PublishReplyPacket(MqttPacketType.PubRel, 7));
            Assert.Equal(MqttReason.Success, (await broker.ReadAsync(MqttPacketType.PubComp, 7)).Reason);
            await inbox.NextAsync();
            Assert.True(inbox.IsEmpty);
        }
    }

    [Fact]
    public async Task It_releases_in_the_order_of_the_receipts()
    {
        var (client, broker) = await ConnectAsync();
        await using var disposeClient = client;
        using var dispose = broker;
        const int count = 5;
        var publishes = Enumerable.Range(0, count)
            .Select(n => client.PublishAsync("up", new[] { (byte)n }, MqttQos.ExactlyOnce, ct: Ct)).ToArray();
        for (ushort id = 1; id <= count; id++)
            Assert.Equal(id, (await broker.ReadAsync<PublishPacket>()).PacketId);
        for (ushort id = count; id >= 1; id--)
        {
            await broker.SendAsync(new PublishReplyPacket(MqttPacketType.PubRec, id));
            await broker.ReadAsync(MqttPacketType.PubRel, id);
        }

        for (ushort id = 1; id <= count; id++)
            await broker.SendAsync(new PublishReplyPacket(MqttPacketType.PubComp, id));
        Assert.All(await Task.WhenAll(publishes), reason => Assert.Equal(MqttReason.Success, reason));
    }

    [Fact]
    public async Task It_ends_the_connection_at_a_packet_that_is_none()
    {
        foreach (var hex in (string[])["0000", "C100", "3004000161", "36" + "06" + "000161" + "0001" + "00", "1000"])
        {
            var (client, broker) = await ConnectAsync();
            await using var disposeClient = client;
            using var dispose = broker;
            await broker.SendHexAsync(hex);
            broker.Dispose();
            Assert.NotEqual(MqttReason.Success, await client.Closed.InTimeAsync());
        }
    }

    [Fact]
    public async Task It_ends_the_connection_when_it_is_refused()
    {
        var connecting = MqttClient.ConnectAsync(Options(), ct: Ct);
        using var broker = await RawMqtt.AcceptAsync(_listener);
        await broker.ReadAsync<ConnectPacket>();
        await broker.SendAsync(new ConnAckPacket(false, MqttReason.NotAuthorized));
        Assert.Equal(MqttReason.NotAuthorized, (await Assert.ThrowsAsync<MqttClientException>(() => connecting)).Reason);
        await broker.ClosedAsync();
    }
}
