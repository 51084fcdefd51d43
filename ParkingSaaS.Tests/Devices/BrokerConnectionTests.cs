using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MQTTnet;
using ParkingSaaS.Devices.External;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>The session at an outside broker, which is played packet by packet.</summary>
public sealed class BrokerConnectionTests : IAsyncLifetime
{
    static readonly byte[] Payload = "x"u8.ToArray();

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly FakeTime time = new();
    readonly CancellationTokenSource stopping = new();
    readonly CapturedLogs logs = new();
    readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    MqttMetrics metrics = null!;
    BrokerConnection connection = null!;
    Task? running;
    Func<MqttApplicationMessage, ValueTask> onMessage = _ => default;

    public ValueTask InitializeAsync()
    {
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        metrics = new MqttMetrics(services.GetRequiredService<IMeterFactory>());
        connection = new BrokerConnection(BrokerAddress.TryParse($"mqtt://me:secret-word@127.0.0.1:{port}")!, "parking-a", m => onMessage(m), metrics,
            time, logs.CreateLogger("broker"));
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (running is not null)
            await running.InTimeAsync();
        listener.Dispose();
        await services.DisposeAsync();
        Assert.DoesNotContain(logs.Lines, l => l.Contains("secret-word"));
    }

    /// <summary>The broker's end of the next connection, and how it introduced itself.</summary>
    async Task<(RawMqtt Broker, ConnectPacket Hello)> AcceptAsync(MqttProperties? promises = null, bool present = false)
    {
        // The pause before it is of the clock.
        await Eventually.HoldsAsync(listener.Pending, () => time.Advance(TimeSpan.FromMilliseconds(50)));
        var broker = await RawMqtt.AcceptAsync(listener);
        var hello = await broker.ReadAsync<ConnectPacket>();
        await broker.SendAsync(new ConnAckPacket(present, MqttReason.Success) { Properties = promises ?? MqttProperties.None });
        return (broker, hello);
    }

    async Task<(RawMqtt Broker, ConnectPacket Hello)> SubscribedAsync(MqttProperties? promises = null)
    {
        running ??= connection.RunAsync(["$share/parking/+/up/#"], stopping.Token);
        var (broker, hello) = await AcceptAsync(promises);
        var request = await broker.ReadAsync<SubscribePacket>();
        Assert.Equal(new MqttSubscription("$share/parking/+/up/#"), Assert.Single(request.Subscriptions));
        await broker.SendAsync(new SubAckPacket(request.PacketId, [MqttReason.GrantedQos1]));
        await Eventually.HoldsAsync(() => connection.IsConnected);
        return (broker, hello);
    }

    static PublishPacket Down(ushort id, MqttQos qos = MqttQos.AtLeastOnce) =>
        new("alpha/up", BitConverter.GetBytes(id), qos, PacketId: qos is MqttQos.AtMostOnce ? (ushort)0 : id);

    static ushort IdOf(MqttApplicationMessage message) => BitConverter.ToUInt16(message.Payload.FirstSpan);

    [Fact]
    public async Task It_acknowledges_what_is_durable_in_its_order()
    {
        var durable = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource()).ToArray();
        onMessage = m => new(durable[IdOf(m)].Task);
        var (broker, _) = await SubscribedAsync();
        using var dispose = broker;
        await broker.SendAsync(Down(1), Down(2), Down(3));
        durable[3].SetResult();
        durable[2].SetResult();
        var publish = connection.TryPublishAsync("alpha/down", Payload);
        var sent = await broker.ReadAsync<PublishPacket>();
        await broker.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, sent.PacketId));
        Assert.True(await publish.InTimeAsync());
        durable[1].SetResult();
        for (ushort id = 1; id <= 3; id++)
            await broker.ReadAsync(MqttPacketType.PubAck, id);
    }

    [Fact]
    public async Task What_fails_is_not_acknowledged_and_its_session_is_opened_anew()
    {
        onMessage = m => IdOf(m) is 1 ? throw new IOException("the disk is full") : default;
        var (broker, hello) = await SubscribedAsync();
        Assert.Equal((false, 604_800u, (ushort?)500), (hello.CleanStart, hello.Properties.SessionExpiry, hello.Properties.ReceiveMaximum));
        await broker.SendAsync(Down(1), Down(2));
        await broker.ClosedAsync();
        broker.Dispose();
        onMessage = _ => default;
        (broker, hello) = await SubscribedAsync();
        using var dispose = broker;
        Assert.Equal(("parking-a", false), (hello.ClientId, hello.CleanStart));
        await broker.SendAsync(Down(1) with { Dup = true });
        await broker.ReadAsync(MqttPacketType.PubAck, 1);
    }

    [Fact]
    public async Task It_has_no_more_under_way_than_the_broker_takes()
    {
        var (broker, _) = await SubscribedAsync(new MqttProperties { ReceiveMaximum = 2 });
        using var dispose = broker;
        var publishes = Enumerable.Range(0, 5).Select(_ => connection.TryPublishAsync("alpha/down", Payload)).ToArray();
        var ids = new Queue<ushort>();
        ids.Enqueue((await broker.ReadAsync<PublishPacket>()).PacketId);
        ids.Enqueue((await broker.ReadAsync<PublishPacket>()).PacketId);
        // Nothing else waits for them.
        await broker.SendAsync(Down(1));
        await broker.ReadAsync(MqttPacketType.PubAck, 1);
        for (var n = 0; n < 5; n++)
        {
            // One that was refused makes room too.
            await broker.SendAsync(new PublishReplyPacket(MqttPacketType.PubAck, ids.Dequeue(),
                n is 0 ? MqttReason.NoMatchingSubscribers : MqttReason.Success));
            if (n < 3)
                ids.Enqueue((await broker.ReadAsync<PublishPacket>()).PacketId);
        }
        Assert.Equal(4, (await Task.WhenAll(publishes).InTimeAsync()).Count(taken => taken));
    }

    [Fact]
    public async Task What_comes_at_qos_0_faster_than_it_is_written_is_dropped_and_counted()
    {
        const int flood = 3000;
        var durable = new TaskCompletionSource();
        var last = new TaskCompletionSource();
        var begun = 0;
        onMessage = m =>
        {
            begun++;
            if (IdOf(m) is flood)
                last.SetResult();
            return new(durable.Task);
        };
        var (broker, _) = await SubscribedAsync();
        using var dispose = broker;
        await broker.SendAsync([.. Enumerable.Range(1, flood - 1).Select(n => Down((ushort)n, MqttQos.AtMostOnce)), Down(flood)]);
        await last.Task.InTimeAsync();
        Assert.InRange(begun, 500, 502);
        Assert.Equal(flood - begun, metrics.Totals.Single(t => t.Topic == "messages/dropped").Value);
        durable.SetResult();
        await broker.ReadAsync(MqttPacketType.PubAck, flood);
    }

    [Fact]
    public async Task A_broker_that_takes_no_message_is_left()
    {
        var (broker, _) = await SubscribedAsync();
        var publish = connection.TryPublishAsync("alpha/down", Payload);
        await broker.ReadAsync<PublishPacket>();
        await time.UntilAsync(publish);
        Assert.False(await publish);
        await broker.ClosedAsync();
        broker.Dispose();
        (broker, _) = await SubscribedAsync();
        broker.Dispose();
    }

    [Fact]
    public async Task The_next_connection_has_the_keep_alive_of_the_broker()
    {
        var (broker, hello) = await SubscribedAsync(new MqttProperties { ServerKeepAlive = 5 });
        Assert.Equal(15, hello.KeepAlive);
        broker.Dispose();
        (broker, hello) = await SubscribedAsync();
        broker.Dispose();
        Assert.Equal(5, hello.KeepAlive);
    }

    [Fact]
    public async Task A_substitute_holds_a_session_that_is_there_until_its_owner_comes()
    {
        var substitute = connection.SubstituteAsync(stopping.Token);
        var (broker, _) = await AcceptAsync(present: false);
        await broker.ClosedAsync();
        broker.Dispose();
        Assert.False(await substitute.InTimeAsync());

        substitute = connection.SubstituteAsync(stopping.Token);
        (broker, _) = await AcceptAsync(present: true);
        using var dispose = broker;
        await broker.SendAsync(Down(1));
        await broker.ReadAsync(MqttPacketType.PubAck, 1);
        await broker.SendAsync(new DisconnectPacket(MqttReason.SessionTakenOver));
        Assert.True(await substitute.InTimeAsync());
    }

    [Fact]
    public async Task A_stop_says_goodbye()
    {
        var (broker, _) = await SubscribedAsync();
        using var dispose = broker;
        await stopping.CancelAsync();
        Assert.Equal((MqttReason.Success, null),
            (await broker.ReadAsync<DisconnectPacket>() is var goodbye ? goodbye.Reason : default, goodbye.Properties.SessionExpiry));
        await broker.ClosedAsync();
        await running!.InTimeAsync();
    }
}
