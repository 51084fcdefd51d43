using Microsoft.EntityFrameworkCore;
using MQTTnet;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>A broker that is started anew on the same database. The user names' city is one of two, both with a database.</summary>
public sealed class KeptSessionsTests(Cluster cluster) : PlatformTest(cluster)
{
    static readonly byte[] Payload = "hello"u8.ToArray();

    KeptSessions Store(string node = "main") => new(platform.Get<BrokerStates>(), new NodeName(node));

    async Task<MqttHost> StartAsync(IMqttStore? store = null, FakeTime? time = null, MqttBrokerOptions? options = null)
    {
        var host = await MqttHost.StartAsync(options, time, store: store ?? Store());
        await host.Broker.OpenAsync("alpha");
        return host;
    }

    static MqttClientOptions Kept(MqttHost host, string name = "cam1") =>
        host.Options($"alpha/{name}").Kept(TimeSpan.FromHours(1));

    async Task<int> PiecesAsync()
    {
        await using var s = await platform.Alpha.OpenAsync();
        return await s.Db.Set<BrokerState>().CountAsync(Ct);
    }

    [Fact]
    public async Task Subscriptions_and_waiting_messages_outlive_a_crash()
    {
        // never stopped in an orderly way: what counts is written by then
        await using var host = await StartAsync();
        var away = await DeviceClient.ConnectAsync(Kept(host), null, Ct);
        Assert.False(away.Answer.IsSessionPresent);
        await away.SubscribeAsync([new("down/#", MqttQos.ExactlyOnce), new("$share/all/task", RetainAsPublished: true)], Ct);
        await away.SubscribeAsync("gone", ct: Ct);
        await away.UnsubscribeAsync("gone", Ct);
        await away.DisconnectAsync();
        await host.Policy.DisconnectedAsync("alpha", "cam1", MqttReason.Success);
        await using var sender = await host.ConnectAsync("alpha/sender");
        var properties = new MqttProperties { ContentType = "text/plain", MessageExpiry = 3600, User = [new("k", "v")] };
        await sender.PublishAsync("down/1", Payload, MqttQos.AtLeastOnce, properties: properties, ct: Ct);
        await sender.PublishAsync("down/2", Payload, MqttQos.ExactlyOnce, ct: Ct);
        await sender.PublishAsync("down/0", Payload, MqttQos.AtMostOnce, ct: Ct);

        await using var again = await StartAsync();
        var inbox = new Inbox();
        await using var client = await DeviceClient.ConnectAsync(Kept(again), inbox.Take, Ct);
        Assert.True(client.Answer.IsSessionPresent);
        var message = await inbox.NextAsync();
        Assert.Equal(("down/1", MqttQos.AtLeastOnce, true), (message.Topic, message.Qos, message.Dup));
        Assert.Equal(Payload, message.Payload.ToArray());
        Assert.Equal(("text/plain", "v"), (message.Properties.ContentType, message.Properties.User.Single().Value));
        Assert.InRange(message.Properties.MessageExpiry!.Value, 3000u, 3600u);
        message = await inbox.NextAsync();
        Assert.Equal(("down/2", MqttQos.ExactlyOnce), (message.Topic, message.Qos));
        foreach (var topic in (string[])["gone", "task", "down/new"])
            again.Broker.Publish("alpha", topic, Payload);
        Assert.Equal("task", (await inbox.NextAsync()).Topic);
        message = await inbox.NextAsync();
        Assert.Equal(("down/new", false), (message.Topic, message.Dup));
    }

    [Fact]
    public async Task What_was_acknowledged_or_ended_does_not_come_back()
    {
        await using (var host = await StartAsync())
        {
            var inbox = new Inbox();
            await using var client = await DeviceClient.ConnectAsync(Kept(host), inbox.Take, Ct);
            await client.SubscribeAsync("down", MqttQos.ExactlyOnce, Ct);
            foreach (var qos in (MqttQos[])[MqttQos.AtLeastOnce, MqttQos.ExactlyOnce])
                Assert.True(await host.Broker.Publish("alpha", "down", Payload, qos).Acknowledged.InTimeAsync());
            await client.PublishAsync("up", Payload, MqttQos.ExactlyOnce, ct: Ct);
            var ended = await DeviceClient.ConnectAsync(Kept(host, "ended"), null, Ct);
            await ended.SubscribeAsync("down", ct: Ct);
            await ended.DisconnectAsync();
            await using var anew = await DeviceClient.ConnectAsync(host.Options("alpha/ended"), null, Ct);
            // the last step of the message at QoS 2 has been written when a later subscription is answered
            await client.SubscribeAsync("other", ct: Ct);
        }

        Assert.Equal(1, await PiecesAsync());
        await using var again = await StartAsync();
        await using var back = await DeviceClient.ConnectAsync(Kept(again, "ended"), null, Ct);
        Assert.False(back.Answer.IsSessionPresent);
    }

    [Fact]
    public async Task A_message_at_qos_2_stays_one_message_over_a_restart()
    {
        var hello = RawMqtt.Hello(MqttVersion.V5, clean: false) with
        {
            UserName = "alpha/raw",
            Properties = new MqttProperties { SessionExpiry = 3600 }
        };
        ushort down;
        // never stopped in an orderly way
        await using var host = await StartAsync();
        using var client = await RawMqtt.OpenAsync(host, MqttVersion.V5);
        await client.ConnectAsync(hello);
        await client.SubscribeAsync("down", MqttQos.ExactlyOnce);
        // taken from the client, and not released by it
        await client.SendAsync(new PublishPacket("up", Payload, MqttQos.ExactlyOnce, PacketId: 7));
        Assert.Equal(7, (await client.ReadAsync<PublishReplyPacket>()).PacketId);
        // received by the client, and not forgotten by it
        host.Broker.Publish("alpha", "down", Payload, MqttQos.ExactlyOnce);
        down = (await client.ReadAsync<PublishPacket>()).PacketId;
        await client.SendAsync(new PublishReplyPacket(MqttPacketType.PubRec, down));
        Assert.Equal(MqttPacketType.PubRel, (await client.ReadAsync<PublishReplyPacket>()).Type);
        Assert.Single(host.Policy.Published);

        await using var again = await StartAsync();
        using var back = await RawMqtt.OpenAsync(again, MqttVersion.V5);
        Assert.True((await back.ConnectAsync(hello)).SessionPresent);
        var release = await back.ReadAsync<PublishReplyPacket>();
        Assert.Equal((MqttPacketType.PubRel, down), (release.Type, release.PacketId));
        await back.SendAsync(new PublishReplyPacket(MqttPacketType.PubComp, down));
        await back.SendAsync(new PublishPacket("up", Payload, MqttQos.ExactlyOnce, Dup: true, PacketId: 7));
        Assert.Equal(MqttPacketType.PubRec, (await back.ReadAsync<PublishReplyPacket>()).Type);
        await back.SendAsync(new PublishReplyPacket(MqttPacketType.PubRel, 7));
        var complete = await back.ReadAsync<PublishReplyPacket>();
        Assert.Equal((MqttPacketType.PubComp, MqttReason.Success), (complete.Type, complete.Reason));
        Assert.Empty(again.Policy.Published);
    }

    [Fact]
    public async Task Retained_messages_outlive_a_restart_and_those_that_were_taken_away_do_not()
    {
        await using (var host = await StartAsync())
        {
            await using var client = await host.ConnectAsync("alpha/cam1");
            await client.PublishAsync("state/a", "old"u8.ToArray(), retain: true, ct: Ct);
            await client.PublishAsync("state/a", "new"u8.ToArray(), MqttQos.AtMostOnce, retain: true, ct: Ct);
            await client.PublishAsync("state/b", Payload, retain: true, ct: Ct);
            await client.PublishAsync("state/b", default, retain: true, ct: Ct);
        }

        await using var again = await StartAsync();
        var inbox = new Inbox();
        await using var reader = await again.ConnectAsync("alpha/cam2", inbox.Take);
        await reader.SubscribeAsync([new("state/#"), new("marker")], Ct);
        again.Broker.Publish("alpha", "marker", Payload);
        var message = await inbox.NextAsync();
        Assert.Equal(("state/a", true), (message.Topic, message.Retain));
        Assert.Equal("new"u8.ToArray(), message.Payload.ToArray());
        Assert.Equal("marker", (await inbox.NextAsync()).Topic);
        // neither another city nor another node has them
        Assert.Empty((await Store().LoadAsync("beta", Ct)).Retained);
        Assert.Empty((await Store("other").LoadAsync("alpha", Ct)).Retained);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_that_is_not_written()
    {
        // how far the clock runs below depends on the database: neither session nor keep-alive ends by it
        var time = new FakeTime();
        var century = TimeSpan.FromDays(36_500);
        var store = new StubbornStore(Store());
        await using var host = await StartAsync(store, time, new MqttBrokerOptions { MaxSessionExpiry = century });
        var away = await DeviceClient.ConnectAsync(host.Options("alpha/cam1").Kept(century), null, Ct);
        await away.SubscribeAsync("down", ct: Ct);
        await away.DisconnectAsync();
        await host.Policy.DisconnectedAsync("alpha", "cam1", MqttReason.Success);
        await using var sender = await DeviceClient.ConnectAsync(
            host.Options("alpha/sender", version: MqttVersion.V311).Silent(), null, Ct);
        store.Refuses = true;
        var publish = sender.PublishAsync("down", Payload, ct: Ct);
        await store.Refused.InTimeAsync();
        Assert.False(publish.IsCompleted);
        store.Refuses = false;
        await time.UntilAsync(publish);
        Assert.Equal(MqttReason.Success, await publish);
        Assert.Single((await Store().LoadAsync("alpha", Ct)).Messages);
    }

    [Fact]
    public async Task Retained_messages_that_expired_are_taken_from_the_store()
    {
        var time = new FakeTime();
        await using (var host = await StartAsync(time: time))
        {
            await using var client = await host.ConnectAsync("alpha/cam1");
            var expiring = new MqttProperties { MessageExpiry = 5 };
            await client.PublishAsync("state/a", Payload, retain: true, properties: expiring, ct: Ct);
            Assert.Equal(1, await PiecesAsync());
            time.Advance(TimeSpan.FromSeconds(6));
            // what came before is written too
            await client.PublishAsync("state/b", Payload, retain: true, properties: expiring, ct: Ct);
            Assert.Equal("state/b", Assert.Single((await Store().LoadAsync("alpha", Ct)).Retained).Message.Topic);
        }

        // expired while the broker was down
        time.Advance(TimeSpan.FromSeconds(6));
        await using var again = await StartAsync(time: time);
        await using var sender = await again.ConnectAsync("alpha/cam1");
        await sender.PublishAsync("state/c", Payload, retain: true, ct: Ct);
        Assert.Equal("state/c", Assert.Single((await Store().LoadAsync("alpha", Ct)).Retained).Message.Topic);
    }

    [Fact]
    public async Task A_client_is_not_blamed_for_the_time_in_which_the_store_is_away()
    {
        var time = new FakeTime();
        var store = new StubbornStore(Store());
        await using var host = await StartAsync(store, time);
        using var client = await RawMqtt.OpenAsync(host, MqttVersion.V5);
        await client.ConnectAsync(RawMqtt.Hello(MqttVersion.V5, clean: false, keepAlive: 10) with
        {
            UserName = "alpha/raw",
            Properties = new MqttProperties { SessionExpiry = 3600 }
        });
        await client.SubscribeAsync("first");
        store.Refuses = true;
        await client.SendAsync(new SubscribePacket(2, [new MqttSubscription("down")]), new PingReqPacket());
        await store.Refused.InTimeAsync();
        for (var second = 0; second < 60; second++)
            time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(host.Broker.IsConnected("alpha", "raw"));
        store.Refuses = false;
        var answer = client.ReadAsync<SubAckPacket>();
        await Eventually.HoldsAsync(() => answer.IsCompleted, () => time.Advance(TimeSpan.FromMilliseconds(100)));

        Assert.Equal(2, (await answer).PacketId);
        await client.ReadAsync<PingRespPacket>();
    }

    [Fact]
    public async Task Long_names_hold_up_nobody()
    {
        // incompressible: longer than a key of the database may be
        var name = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(5000));
        await using (var host = await StartAsync())
        {
            // refused or not, but the city goes on
            using var raw = await RawMqtt.OpenAsync(host, MqttVersion.V5);
            await raw.ConnectAsync(RawMqtt.Hello(MqttVersion.V5, clean: false) with
            {
                UserName = "alpha/raw",
                ClientId = name,
                Properties = new MqttProperties { SessionExpiry = 3600 }
            });
            await using var client = await DeviceClient.ConnectAsync(host.Options("alpha/cam1"), null, Ct);
            await client.PublishAsync($"state/{name}", Payload, retain: true, ct: Ct);
        }

        Assert.Equal($"state/{name}", Assert.Single((await Store().LoadAsync("alpha", Ct)).Retained).Message.Topic);
    }

    [Fact]
    public async Task A_store_that_gives_up_by_itself_is_asked_again()
    {
        var time = new FakeTime();
        var store = new StubbornStore(Store()) { Fault = new TaskCanceledException("too slow") };
        await using var host = await StartAsync(store, time);
        await using var client = await DeviceClient.ConnectAsync(
            host.Options("alpha/cam1", version: MqttVersion.V311).Silent(), null, Ct);
        store.Refuses = true;
        var publish = client.PublishAsync("state", Payload, retain: true, ct: Ct);
        await store.Refused.InTimeAsync();
        store.Refuses = false;
        await time.UntilAsync(publish);
        Assert.Equal(MqttReason.Success, await publish);
    }

    [Fact]
    public async Task What_nobody_waits_for_does_not_pile_up_before_a_slow_store()
    {
        var time = new FakeTime();
        var store = new StubbornStore(Store()) { Refuses = true };
        await using var host = await StartAsync(store, time);
        using var client = await RawMqtt.OpenAsync(host, MqttVersion.V311);
        await client.ConnectAsync(RawMqtt.Hello(MqttVersion.V311) with { UserName = "alpha/raw" });
        await client.SendAsync([
            .. Enumerable.Range(0, 2000).Select(n => new PublishPacket($"state/{n}", Payload, Retain: true)),
            new PublishPacket("last", Payload, MqttQos.AtLeastOnce, PacketId: 1)]);
        await store.Refused.InTimeAsync();
        store.Refuses = false;
        var answer = client.ReadAsync<PublishReplyPacket>();
        await Eventually.HoldsAsync(() => answer.IsCompleted, () => time.Advance(TimeSpan.FromMilliseconds(100)));

        await answer;
        Assert.InRange(store.MostChanges, 1, 100);
    }

    [Fact]
    public async Task One_subscribe_is_one_change_however_many_filters_it_has()
    {
        var store = new StubbornStore(Store());
        await using var host = await StartAsync(store);
        await using var client = await DeviceClient.ConnectAsync(Kept(host), null, Ct);
        await client.SubscribeAsync("first", ct: Ct);
        var before = store.SessionsKept;
        await client.SubscribeAsync([.. Enumerable.Repeat(new MqttSubscription("down"), 1000)], Ct);
        Assert.Equal(1, store.SessionsKept - before);
    }

    sealed class StubbornStore(IMqttStore store) : IMqttStore
    {
        readonly TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public volatile bool Refuses;

        public Exception Fault { get; init; } = new IOException("The disk is full.");

        public int SessionsKept { get; private set; }

        public int MostChanges { get; private set; }

        public Task Refused => refused.Task;

        public Task<MqttKeptSpace> LoadAsync(string space, CancellationToken ct) => store.LoadAsync(space, ct);

        public Task SaveAsync(string space, IReadOnlyList<MqttChange> changes, CancellationToken ct)
        {
            MostChanges = Math.Max(MostChanges, changes.Count);
            SessionsKept += changes.OfType<MqttSessionKept>().Count();
            if (!Refuses)
                return store.SaveAsync(space, changes, ct);
            refused.TrySetResult();
            throw Fault;
        }
    }
}
