using MQTTnet;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>Sessions over real sockets, in both versions where they differ.</summary>
public class MqttBrokerTests
{
    private static readonly byte[] Payload = "hello"u8.ToArray();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task The_puback_waits_for_the_host_and_keeps_the_order(MqttVersion version)
    {
        var first = new TaskCompletionSource<MqttPublishOutcome>();
        var secondBegan = new TaskCompletionSource();
        await using var host = await MqttHost.StartAsync();
        host.Policy.OnPublish = (_, message) =>
        {
            if (message.Topic == "up/1")
                return new(first.Task);
            secondBegan.SetResult();
            return new(MqttPublishOutcome.Handled);
        };
        await using var client = await host.ConnectAsync(version: version);
        var one = client.PublishAsync("up/1", Payload, ct: Ct);
        var two = client.PublishAsync("up/2", Payload, ct: Ct);
        await secondBegan.Task.InTimeAsync();
        // the answer to a later request has come, and neither acknowledgement
        await client.SubscribeAsync("x", ct: Ct);
        Assert.False(one.IsCompleted || two.IsCompleted);
        first.SetResult(new MqttPublishOutcome(MqttReason.QuotaExceeded, false));
        Assert.Equal(version == MqttVersion.V5 ? MqttReason.QuotaExceeded : MqttReason.Success, await one);
        Assert.Equal(MqttReason.Success, await two);
    }

    [Fact]
    public async Task A_failing_host_acknowledges_nothing_and_closes()
    {
        await using var host = await MqttHost.StartAsync();
        host.Policy.OnPublish = (_, _) => throw new IOException("disk full");
        await using var client = await host.ConnectAsync();
        await Assert.ThrowsAsync<IOException>(() => client.PublishAsync("up", Payload, ct: Ct));
        Assert.Equal(MqttReason.ImplementationSpecificError, await client.Closed.InTimeAsync());
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_after_a_reconnect()
    {
        await using var host = await MqttHost.StartAsync();
        var options = host.Options().Kept(TimeSpan.FromMinutes(5));
        var got = new TaskCompletionSource<MqttMessage>();
        var broken = await DeviceClient.ConnectAsync(options, message =>
        {
            got.TrySetResult(message);
            throw new InvalidOperationException("device restarts");
        }, Ct);
        await broken.SubscribeAsync("down/#", ct: Ct);
        var delivery = host.Broker.Publish("sz", "down/1", Payload);
        Assert.True(delivery.Taken);
        Assert.False((await got.Task.InTimeAsync()).Dup);
        await broken.Closed.InTimeAsync();
        await broken.DisposeAsync();
        await host.Policy.DisconnectedAsync("sz", "cam1", MqttReason.UnspecifiedError);
        Assert.False(host.Broker.IsConnected("sz", "cam1"));
        Assert.False(delivery.Acknowledged.IsCompleted);
        Assert.True(host.Broker.Publish("sz", "down/2", Payload).Taken);

        var inbox = new Inbox();
        await using var client = await DeviceClient.ConnectAsync(options, inbox.Take, Ct);
        Assert.True(client.Answer.IsSessionPresent);
        var again = await inbox.NextAsync();
        Assert.Equal(("down/1", true), (again.Topic, again.Dup));
        Assert.True(await delivery.Acknowledged.InTimeAsync());
        var next = await inbox.NextAsync();
        Assert.Equal(("down/2", false), (next.Topic, next.Dup));
        Assert.True(await host.Broker.Publish("sz", "down/3", Payload).Acknowledged.InTimeAsync());
    }

    [Fact]
    public async Task What_expired_meanwhile_does_not_come_again()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        var options = host.Options().Kept(TimeSpan.FromMinutes(5));
        var got = new TaskCompletionSource();
        var broken = await DeviceClient.ConnectAsync(options, _ =>
        {
            got.TrySetResult();
            throw new InvalidOperationException("device restarts");
        }, Ct);
        await broken.SubscribeAsync("down/#", ct: Ct);
        var delivery = host.Broker.Publish("sz", "down/gate", Payload, expiry: TimeSpan.FromSeconds(30));
        await got.Task.InTimeAsync();
        await broken.DisposeAsync();
        await host.Policy.DisconnectedAsync("sz", "cam1", MqttReason.UnspecifiedError);
        time.Advance(TimeSpan.FromSeconds(31));
        host.Broker.Publish("sz", "down/later", Payload);
        var inbox = new Inbox();
        await using var client = await DeviceClient.ConnectAsync(options, inbox.Take, Ct);
        Assert.Equal("down/later", (await inbox.NextAsync()).Topic);
        Assert.False(await delivery.Acknowledged.InTimeAsync());
    }

    [Fact]
    public async Task The_same_client_id_takes_over_and_the_old_one_is_told()
    {
        await using var host = await MqttHost.StartAsync();
        await using var old = await host.ConnectAsync();
        await using var successor = await host.ConnectAsync();
        Assert.Equal(MqttReason.SessionTakenOver, await old.Closed.InTimeAsync());
        await host.Policy.DisconnectedAsync("sz", "cam1", MqttReason.SessionTakenOver);
        Assert.True(host.Broker.IsConnected("sz", "cam1"));
        Assert.Equal(MqttReason.NoMatchingSubscribers, await successor.PublishAsync("up", Payload, ct: Ct));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_will_follows_a_break_and_not_a_goodbye(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        var inbox = new Inbox();
        await using var watcher = await host.ConnectAsync("sz/watcher", inbox.Take);
        await watcher.SubscribeAsync("will/#", ct: Ct);
        var polite = await DeviceClient.ConnectAsync(
            host.Options("sz/polite", version: version).Will("will/polite", Payload), null, Ct);
        await polite.DisconnectAsync();
        await host.Policy.DisconnectedAsync("sz", "polite", MqttReason.Success);
        var rude = await DeviceClient.ConnectAsync(
            host.Options("sz/rude", version: version).Will("will/rude", Payload), null, Ct);
        await rude.DisposeAsync();
        Assert.Equal("will/rude", (await inbox.NextAsync()).Topic);
        Assert.True(inbox.IsEmpty);
        Assert.True(Assert.Single(host.Policy.Published).IsWill);
    }

    [Fact]
    public async Task A_will_waits_for_its_delay_and_a_return_cancels_it()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        MqttClientOptions Owner(string name) => host.Options($"sz/{name}").Kept(TimeSpan.FromMinutes(5))
            .Will($"will/{name}", Payload).With(o => o.WillDelayInterval = 30);
        var inbox = new Inbox();
        await using var watcher = await host.ConnectAsync("sz/watcher", inbox.Take);
        await watcher.SubscribeAsync("will/#", ct: Ct);
        foreach (var name in (string[])["back", "gone"])
        {
            await (await DeviceClient.ConnectAsync(Owner(name), null, Ct)).DisposeAsync();
            await host.Policy.DisconnectedAsync("sz", name, MqttReason.UnspecifiedError);
        }

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(host.Policy.Published);
        await using var back = await DeviceClient.ConnectAsync(Owner("back"), null, Ct);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("will/gone", (await inbox.NextAsync()).Topic);
        Assert.Single(host.Policy.Published);
    }

    [Fact]
    public async Task Retained_messages_wait_for_subscribers_and_an_empty_one_removes_them()
    {
        await using var host = await MqttHost.StartAsync();
        var inbox = new Inbox();
        await using var client = await host.ConnectAsync(onMessage: inbox.Take);
        await client.PublishAsync("state/a", Payload, retain: true, ct: Ct);
        await client.PublishAsync("state/b", Payload, retain: true, ct: Ct);
        await client.PublishAsync("state/b", default, retain: true, ct: Ct);
        await client.SubscribeAsync("state/+", ct: Ct);
        var message = await inbox.NextAsync();
        Assert.Equal(("state/a", true), (message.Topic, message.Retain));
        await client.PublishAsync("state/c", Payload, retain: true, ct: Ct);
        message = await inbox.NextAsync();
        Assert.Equal(("state/c", false), (message.Topic, message.Retain));
    }

    [Theory]
    [InlineData("#", "a/b", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("+/b", "/b", true)]
    [InlineData("+", "/b", false)]
    [InlineData("a/", "a", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    public async Task A_filter_finds_new_and_retained_messages_alike(string filter, string topic, bool expected)
    {
        await using var host = await MqttHost.StartAsync();
        Inbox before = new(), after = new();
        await using var early = await host.ConnectAsync("sz/early", before.Take);
        await early.SubscribeAsync([new(filter), new("marker")], Ct);
        host.Broker.Publish("sz", topic, Payload, retain: true);
        await using var late = await host.ConnectAsync("sz/late", after.Take);
        await late.SubscribeAsync([new(filter), new("marker")], Ct);
        host.Broker.Publish("sz", "marker", Payload);
        foreach (var inbox in (Inbox[])[before, after])
        {
            if (expected)
                Assert.Equal(topic, (await inbox.NextAsync()).Topic);
            Assert.Equal("marker", (await inbox.NextAsync()).Topic);
        }
    }

    [Fact]
    public async Task Spaces_never_meet()
    {
        await using var host = await MqttHost.StartAsync();
        Inbox shenzhen = new(), hangzhou = new();
        await using var a = await host.ConnectAsync("sz/cam1", shenzhen.Take);
        await using var b = await host.ConnectAsync("hz/cam1", hangzhou.Take);
        await a.SubscribeAsync("#", ct: Ct);
        await b.SubscribeAsync("#", ct: Ct);
        await a.PublishAsync("same", "sz"u8.ToArray(), retain: true, ct: Ct);
        await b.PublishAsync("same", "hz"u8.ToArray(), ct: Ct);
        Assert.Equal("sz"u8.ToArray(), (await shenzhen.NextAsync()).Payload.ToArray());
        Assert.Equal("hz"u8.ToArray(), (await hangzhou.NextAsync()).Payload.ToArray());
        // retained in one space only: the next thing the other gets is its own marker
        await b.SubscribeAsync("same", ct: Ct);
        host.Broker.Publish("hz", "marker", Payload);
        host.Broker.Publish("sz", "marker", Payload);
        Assert.Equal("marker", (await hangzhou.NextAsync()).Topic);
        Assert.Equal("marker", (await shenzhen.NextAsync()).Topic);
        Assert.True(host.Broker.Disconnect("hz", "cam1"));
        Assert.Equal(MqttReason.AdministrativeAction, await b.Closed.InTimeAsync());
        Assert.False(a.Closed.IsCompleted);
    }

    [Fact]
    public async Task Denied_publishes_and_subscriptions_are_told()
    {
        await using var host = await MqttHost.StartAsync();
        await using var client = await host.ConnectAsync();
        Assert.Equal(MqttReason.NotAuthorized, await client.PublishAsync("denied/x", Payload, ct: Ct));
        Assert.Equal(
            [MqttReason.NotAuthorized, MqttReason.TopicFilterInvalid, MqttReason.TopicFilterInvalid, MqttReason.NotAuthorized,
                MqttReason.GrantedQos2],
            await client.SubscribeAsync([new("denied/#"), new("a#"), new("$share/+/x"), new("$share/g/denied/#"), new("ok", MqttQos.ExactlyOnce)], Ct));
        await using var old = await host.ConnectAsync("sz/old", version: MqttVersion.V311);
        Assert.Equal(MqttReason.UnspecifiedError, await old.SubscribeAsync("denied/#", ct: Ct));
        await Assert.ThrowsAsync<IOException>(() => old.PublishAsync("denied/x", Payload, ct: Ct));
        var refused = await Assert.ThrowsAsync<DeviceRefusedException>(() => DeviceClient.ConnectAsync(
            host.Options("sz/w").Will("denied/will", Payload), null, Ct));
        Assert.Equal(MqttReason.NotAuthorized, refused.Reason);
        Assert.Empty(host.Policy.Published);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_wrong_password_is_refused(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        var refused = await Assert.ThrowsAsync<DeviceRefusedException>(() =>
            DeviceClient.ConnectAsync(host.Options(version: version, password: "guess"), null, Ct));
        Assert.Equal(MqttReason.BadUserNameOrPassword, refused.Reason);
        Assert.Empty(host.Broker.Connections);
    }

    [Fact]
    public async Task A_stop_acknowledges_what_was_taken_and_says_goodbye()
    {
        await using var host = await MqttHost.StartAsync();
        var began = new TaskCompletionSource();
        var durable = new TaskCompletionSource<MqttPublishOutcome>();
        host.Policy.OnPublish = (_, _) =>
        {
            began.SetResult();
            return new(durable.Task);
        };
        await using var client = await DeviceClient.ConnectAsync(
            host.Options().Will("will", Payload), null, Ct);
        await using var idle = await host.ConnectAsync("sz/idle");
        var publish = client.PublishAsync("up", Payload, ct: Ct);
        await began.Task.InTimeAsync();
        var stop = host.StopAsync();
        Assert.Equal(MqttReason.ServerShuttingDown, await idle.Closed.InTimeAsync());
        Assert.False(client.Closed.IsCompleted);
        durable.SetResult(MqttPublishOutcome.Handled);
        Assert.Equal(MqttReason.Success, await publish);
        Assert.Equal(MqttReason.ServerShuttingDown, await client.Closed.InTimeAsync());
        await stop;
        Assert.Single(host.Policy.Published);
    }

    [Fact]
    public async Task A_full_queue_drops_the_oldest()
    {
        await using var host = await MqttHost.StartAsync(options: new MqttBrokerOptions { MaxQueuedMessages = 3 });
        var options = host.Options().Kept(TimeSpan.FromMinutes(5));
        var first = await DeviceClient.ConnectAsync(options, null, Ct);
        await first.SubscribeAsync("down/#", ct: Ct);
        await first.DisconnectAsync();
        await host.Policy.DisconnectedAsync("sz", "cam1", MqttReason.Success);
        for (var n = 1; n <= 5; n++)
            host.Broker.Publish("sz", $"down/{n}", Payload);
        var inbox = new Inbox();
        await using var client = await DeviceClient.ConnectAsync(options, inbox.Take, Ct);
        foreach (var topic in (string[])["down/3", "down/4", "down/5"])
            Assert.Equal(topic, (await inbox.NextAsync()).Topic);
    }

    [Fact]
    public async Task Retained_messages_have_a_bound()
    {
        var bounds = new MqttBrokerOptions { MaxRetained = 2, MaxRetainedBytes = 100 };
        await using var host = await MqttHost.StartAsync(options: bounds);
        await using var client = await host.ConnectAsync();
        Task<MqttReason> Retain(string topic, int size) => client.PublishAsync(topic, new byte[size], retain: true, ct: Ct);
        Assert.Equal(MqttReason.NoMatchingSubscribers, await Retain("a", 90));
        Assert.Equal(MqttReason.QuotaExceeded, await Retain("b", 20));
        Assert.Equal(MqttReason.NoMatchingSubscribers, await Retain("a", 10));
        Assert.Equal(MqttReason.NoMatchingSubscribers, await Retain("b", 20));
        Assert.Equal(MqttReason.QuotaExceeded, await Retain("c", 1));
        Assert.Equal(MqttReason.NoMatchingSubscribers, await Retain("b", 0));
        Assert.Equal(MqttReason.NoMatchingSubscribers, await Retain("c", 1));
    }

    [Fact]
    public async Task A_host_that_cannot_answer_refuses_the_connection()
    {
        await using var host = await MqttHost.StartAsync();
        host.Policy.Connecting = () => throw new IOException("database is away");
        var refused = await Assert.ThrowsAsync<DeviceRefusedException>(() => host.ConnectAsync());
        Assert.Equal(MqttReason.ServerUnavailable, refused.Reason);
    }

    [Fact]
    public async Task Subscription_options_are_kept()
    {
        await using var host = await MqttHost.StartAsync();
        var inbox = new Inbox();
        await using var client = await host.ConnectAsync(onMessage: inbox.Take);
        await client.SubscribeAsync(
            [new("mine/#", NoLocal: true), new("kept/#", RetainAsPublished: true), new("both/#"), new("both/+")], Ct);
        await client.PublishAsync("mine/x", Payload, ct: Ct);
        await client.PublishAsync("kept/x", Payload, retain: true, ct: Ct);
        await client.PublishAsync("both/x", Payload, MqttQos.AtMostOnce, ct: Ct);
        await client.UnsubscribeAsync("both/#", Ct);
        await client.UnsubscribeAsync("both/+", Ct);
        await client.PublishAsync("both/y", Payload, ct: Ct);
        await client.SubscribeAsync([new("kept/x", RetainHandling: 2)], Ct);
        await client.PublishAsync("kept/end", Payload, ct: Ct);
        var message = await inbox.NextAsync();
        Assert.Equal(("kept/x", true), (message.Topic, message.Retain));
        message = await inbox.NextAsync();
        Assert.Equal(("both/x", MqttQos.AtMostOnce), (message.Topic, message.Qos));
        message = await inbox.NextAsync();
        Assert.Equal(("kept/end", false), (message.Topic, message.Retain));
    }

    [Fact]
    public async Task An_alias_stands_for_its_topic_and_properties_pass_through()
    {
        await using var host = await MqttHost.StartAsync();
        var inbox = new Inbox();
        await using var client = await host.ConnectAsync(onMessage: inbox.Take);
        await client.SubscribeAsync("long/topic", ct: Ct);
        var properties = new MqttProperties { TopicAlias = 2, ContentType = "application/json", User = [new("k", "v")] };
        await client.PublishAsync("long/topic", Payload, properties: properties, ct: Ct);
        await client.PublishAsync("", Payload, properties: properties, ct: Ct);
        for (var n = 0; n < 2; n++)
        {
            var message = await inbox.NextAsync();
            Assert.Equal("long/topic", message.Topic);
            Assert.Equal(("application/json", "v", null),
                (message.Properties.ContentType, message.Properties.User.Single().Value, message.Properties.TopicAlias));
        }
    }

    [Fact]
    public async Task The_host_sees_who_is_connected()
    {
        await using var host = await MqttHost.StartAsync();
        await using var client = await host.ConnectAsync("sz/cam7", version: MqttVersion.V311);
        var info = Assert.Single(host.Broker.Connections);
        Assert.Equal((new MqttIdentity("sz", "cam7", "cam7"), MqttVersion.V311), (info.Identity, info.Version));
        Assert.True(host.Broker.IsConnected("sz", "cam7"));
        Assert.False(host.Broker.IsConnected("hz", "cam7"));
        await client.DisconnectAsync();
        Assert.Equal(MqttReason.Success, await client.Closed);
        await host.Policy.DisconnectedAsync("sz", "cam7", MqttReason.Success);
        Assert.False(host.Broker.IsConnected("sz", "cam7"));
    }

    [Fact]
    public async Task Messages_and_sessions_expire()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        var options = host.Options().Kept(TimeSpan.FromSeconds(100));
        var first = await DeviceClient.ConnectAsync(options, null, Ct);
        await first.SubscribeAsync("down/#", ct: Ct);
        await first.DisconnectAsync();
        await host.Policy.DisconnectedAsync("sz", "cam1", MqttReason.Success);
        host.Broker.Publish("sz", "down/short", Payload, expiry: TimeSpan.FromSeconds(10));
        host.Broker.Publish("sz", "down/long", Payload, expiry: TimeSpan.FromSeconds(60));
        time.Advance(TimeSpan.FromSeconds(20));
        var inbox = new Inbox();
        var second = await DeviceClient.ConnectAsync(options, inbox.Take, Ct);
        var message = await inbox.NextAsync();
        Assert.Equal(("down/long", 40u), (message.Topic, message.Properties.MessageExpiry));
        await second.DisposeAsync();
        await host.Policy.DisconnectedAsync("sz", "cam1", MqttReason.UnspecifiedError);
        time.Advance(TimeSpan.FromSeconds(101));
        await using var third = await DeviceClient.ConnectAsync(options, null, Ct);
        Assert.False(third.Answer.IsSessionPresent);
    }
}
