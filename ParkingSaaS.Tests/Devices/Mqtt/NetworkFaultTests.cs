using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>Bad networks and bad clients: slices, cuts, half-open connections, silence, floods.</summary>
public class NetworkFaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Events_arrive_whole_through_a_network_that_slices_to_single_bytes(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        await using var network = new FaultyProxy(host.Port) { Slice = 1 };
        var inbox = new Inbox();
        await using var client = await DeviceClient.ConnectAsync(
            host.Options(version: version, port: network.Port), inbox.Take, Ct);
        await client.SubscribeAsync("events/#", MqttQos.ExactlyOnce, Ct);
        var random = new Random(7);
        foreach (var size in (int[])[0, 1, 100, 127, 128, 129, 2000])
        {
            foreach (var qos in Enum.GetValues<MqttQos>())
            {
                var payload = new byte[size];
                random.NextBytes(payload);
                Assert.True(await client.PublishAsync($"events/{size}", payload, qos, ct: Ct) < MqttReason.UnspecifiedError);
                var message = await inbox.NextAsync();
                Assert.Equal(($"events/{size}", qos), (message.Topic, message.Qos));
                Assert.Equal(payload, message.Payload.ToArray());
            }
        }
    }

    [Fact]
    public async Task A_slow_network_delays_and_loses_nothing()
    {
        await using var host = await MqttHost.StartAsync();
        await using var network = new FaultyProxy(host.Port);
        await using var client = await DeviceClient.ConnectAsync(host.Options(port: network.Port), null, Ct);
        network.Hold();
        var publishes = Enumerable.Range(0, 20).Select(n => client.PublishAsync("up", new[] { (byte)n }, ct: Ct)).ToArray();
        Assert.Empty(host.Policy.Published);
        network.Release();
        await Task.WhenAll(publishes);
        Assert.Equal(Enumerable.Range(0, 20).Select(n => (byte)n), host.Policy.Published.Select(m => m.Payload.Span[0]));
    }

    /// <summary>The next connection lasts for some bytes, sometimes less than its CONNECT or one packet.</summary>
    private static async Task<RawMqtt?> NextConnectionAsync(FaultyProxy network, Random random)
    {
        network.CutAfterUp = random.Next(30, 250);
        network.CutAfterDown = random.Next(10, 150);
        var raw = await RawMqtt.OpenAsync(network.Port);
        if (await TrySendAsync(raw, RawMqtt.Hello(MqttVersion.V5, clean: false) with
        {
            Properties = new MqttProperties { SessionExpiry = 3600 },
        }) && await raw.ReadAsync() is ConnAckPacket)
        {
            return raw;
        }

        raw.Dispose();
        return null;
    }

    private static Task<bool> TrySendAsync(RawMqtt raw, params MqttPacket[] packets) => TryAsync(raw.SendAsync(packets));

    private static async Task<bool> TryAsync(Task sending)
    {
        try
        {
            await sending;
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [Theory]
    [InlineData(MqttQos.AtLeastOnce)]
    [InlineData(MqttQos.ExactlyOnce)]
    public async Task A_sender_cut_off_in_the_middle_of_packets_loses_nothing_and_doubles_nothing(MqttQos qos)
    {
        await using var host = await MqttHost.StartAsync();
        await using var network = new FaultyProxy(host.Port);
        var random = new Random(11);
        const byte count = 40;
        byte next = 0;
        var sent = false;
        var released = false;
        var cuts = 0;
        while (next < count)
        {
            using var raw = await NextConnectionAsync(network, random);
            cuts++;
            var goesOn = raw is not null;
            while (goesOn && next < count)
            {
                var id = (ushort)(1 + next % 10);
                goesOn = await TrySendAsync(raw!, released
                    ? new PublishReplyPacket(MqttPacketType.PubRel, id)
                    : new PublishPacket($"event/{next}", new byte[20], qos, Dup: sent, PacketId: id));
                sent = true;
                if (await raw!.ReadAsync() is not PublishReplyPacket reply)
                    break;
                Assert.Equal(id, reply.PacketId);
                if (reply.Type == MqttPacketType.PubRec)
                {
                    released = true;
                    continue;
                }

                Assert.Equal(released ? MqttPacketType.PubComp : MqttPacketType.PubAck, reply.Type);
                next++;
                sent = released = false;
            }
        }

        Assert.True(cuts > 10);
        var taken = host.Policy.Published.GroupBy(m => m.Topic).ToDictionary(g => g.Key, g => g.ToArray());
        Assert.Equal(Enumerable.Range(0, count).Select(n => $"event/{n}").Order(), taken.Keys.Order());
        if (qos == MqttQos.ExactlyOnce)
            Assert.All(taken.Values, copies => Assert.Single(copies));
        else // the host knows a repetition by the event's id, and is told that it may be one
            Assert.All(taken.Values, copies => Assert.All(copies.Skip(1), copy => Assert.True(copy.Dup)));
    }

    [Fact]
    public async Task A_receiver_cut_off_in_the_middle_of_packets_gets_each_message_once_at_qos_2()
    {
        await using var host = await MqttHost.StartAsync();
        await using var network = new FaultyProxy(host.Port);
        var (first, _) = await RawMqtt.ResumeAsync(host);
        await first.SubscribeAsync("down/#", MqttQos.ExactlyOnce);
        await first.BreakAsync(host);
        const int count = 40;
        for (var n = 0; n < count; n++)
            host.Broker.Publish("sz", $"down/{n}", new byte[20], MqttQos.ExactlyOnce);
        var random = new Random(12);
        var got = new List<string>();
        var unreleased = new HashSet<ushort>();
        var complete = 0;
        while (complete < count)
        {
            using var raw = await NextConnectionAsync(network, random);
            if (raw is null)
                continue;
            while (complete < count && await raw.ReadAsync() is { } packet)
            {
                PublishReplyPacket answer;
                if (packet is PublishPacket message)
                {
                    if (unreleased.Add(message.PacketId))
                        got.Add(message.Topic);
                    answer = new(MqttPacketType.PubRec, message.PacketId);
                }
                else
                {
                    var release = Assert.IsType<PublishReplyPacket>(packet);
                    Assert.Equal(MqttPacketType.PubRel, release.Type);
                    if (unreleased.Remove(release.PacketId))
                        complete++;
                    answer = new(MqttPacketType.PubComp, release.PacketId);
                }

                if (!await TrySendAsync(raw, answer))
                    break;
            }
        }

        Assert.Equal(Enumerable.Range(0, count).Select(n => $"down/{n}"), got);
    }

    [Fact]
    public async Task A_half_open_connection_ends_by_its_keep_alive()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        await using var network = new FaultyProxy(host.Port);
        await using var client = await DeviceClient.ConnectAsync(
            host.Options(port: network.Port).Will("gone", []).With(o => o.KeepAlivePeriod = TimeSpan.FromSeconds(10)), null, Ct);
        network.Swallows = true;
        var ended = host.Policy.NextDisconnectAsync("sz", "cam1");
        time.Advance(TimeSpan.FromSeconds(14));
        Assert.True(host.Broker.IsConnected("sz", "cam1"));
        // the goodbye vanishes too: nobody waits for it
        await time.UntilAsync(ended);
        Assert.Equal(MqttReason.KeepAliveTimeout, await ended);
        Assert.Equal("gone", Assert.Single(host.Policy.Published).Topic);
    }

    [Fact]
    public async Task A_client_that_never_reads_is_cut_and_holds_nobody_up()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        using var frozen = await RawMqtt.SignInAsync(host, name: "frozen");
        await frozen.SubscribeAsync("big", MqttQos.AtMostOnce);
        await using var other = await host.ConnectAsync();
        var ended = host.Policy.NextDisconnectAsync("sz", "frozen");
        await Eventually.HoldsAsync(async () =>
        {
            Assert.Equal(MqttReason.NoMatchingSubscribers, await other.PublishAsync("up", default, ct: Ct));
            host.Broker.Publish("sz", "big", new byte[500_000], MqttQos.AtMostOnce);
            time.Advance(TimeSpan.FromSeconds(1));
            return ended.IsCompleted;
        });
        Assert.NotEqual(MqttReason.Success, await ended);
        Assert.False(host.Broker.IsConnected("sz", "frozen"));
    }

    [Fact]
    public async Task A_packet_that_trickles_in_ends_the_connection()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(new MqttBrokerOptions { LingerTimeout = TimeSpan.Zero }, time);
        using var slow = await RawMqtt.SignInAsync(host, name: "slow");
        using var calm = await RawMqtt.SignInAsync(host, name: "calm");
        var started = time.GetUtcNow();
        var ended = host.Policy.NextDisconnectAsync("sz", "slow");
        // a message of 127 bytes, a byte a second: each that comes puts the end off by nothing
        await slow.SendHexAsync("307F");
        for (var second = 1; second < 30; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(host.Broker.IsConnected("sz", "slow"));
            await slow.SendHexAsync("00");
        }

        await Eventually.HoldsAsync(async () => ended.IsCompleted || !await TryAsync(slow.SendHexAsync("00")), () => time.Advance(TimeSpan.FromSeconds(1)));
        await time.UntilAsync(ended);
        // with its last byte it would be malformed, and end for that
        Assert.Equal(MqttReason.KeepAliveTimeout, await ended);
        Assert.True(time.GetUtcNow() - started >= TimeSpan.FromSeconds(30));
        await calm.SendAsync(new PingReqPacket());
        await calm.ReadAsync<PingRespPacket>();
    }

    [Fact]
    public async Task Connects_that_trickle_in_keep_nobody_out()
    {
        var time = new FakeTime();
        await using var host = await MqttHost.StartAsync(time: time);
        var loris = new List<RawMqtt>();
        for (var n = 0; n < 200; n++)
        {
            loris.Add(await RawMqtt.OpenAsync(host));
            await loris[^1].SendHexAsync("10FF");
        }

        using var client = await RawMqtt.SignInAsync(host);
        foreach (var raw in loris)
        {
            await time.UntilAsync(raw.ClosedAsync());
            raw.Dispose();
        }

        await client.SendAsync(new PingReqPacket());
        await client.ReadAsync<PingRespPacket>();
    }

    [Fact]
    public async Task A_hundred_thousand_subscriptions_are_refused_beyond_the_bound()
    {
        await using var host = await MqttHost.StartAsync();
        using var greedy = await RawMqtt.SignInAsync(host, name: "greedy");
        var granted = 0;
        for (ushort id = 1; id <= 100; id++)
        {
            await greedy.SendAsync(new SubscribePacket(
                id, [.. Enumerable.Range(0, 1000).Select(n => new MqttSubscription($"{id}/{n}/#"))]));
            var reasons = (await greedy.ReadAsync<SubAckPacket>()).Reasons;
            granted += reasons.Count(r => r == MqttReason.GrantedQos1);
            Assert.Equal(1000, reasons.Count(r => r is MqttReason.GrantedQos1 or MqttReason.QuotaExceeded));
        }

        Assert.Equal(new MqttBrokerOptions().MaxSubscriptions, granted);
        // one that is there may be changed, and another client subscribes as before
        await greedy.SubscribeAsync("1/0/#", MqttQos.AtMostOnce);
        using var other = await RawMqtt.SignInAsync(host, name: "other");
        await other.SubscribeAsync("1/0/#");
        host.Broker.Publish("sz", "1/0/x", default);
        Assert.Equal(MqttQos.AtLeastOnce, (await other.ReadAsync<PublishPacket>()).Qos);
        Assert.Equal(MqttQos.AtMostOnce, (await greedy.ReadAsync<PublishPacket>()).Qos);
    }

    [Fact]
    public async Task A_will_to_a_topic_that_is_not_its_owners_is_refused_in_both_versions()
    {
        await using var host = await MqttHost.StartAsync(FormatConformanceTests.Brisk);
        foreach (var version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
        {
            using var raw = await RawMqtt.OpenAsync(host, version);
            var answer = await raw.ConnectAsync(RawMqtt.Hello(version) with
            {
                Will = new MqttWill("denied/will", default, Retain: true),
            });
            Assert.Equal(MqttReason.NotAuthorized, answer.Reason);
            await raw.ClosedAsync();
        }

        Assert.Empty(host.Policy.Published);
        Assert.Empty(host.Broker.Connections);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Mutated_packets_never_are_a_fault_of_the_broker(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync(FormatConformanceTests.Brisk);
        await using var neighbour = await host.ConnectAsync("sz/neighbour");
        var random = new Random(13);
        MqttPacket[] samples = [.. MqttCodecTests.Samples().Where(s => s.Version == version).Select(s => s.Packet)];
        for (var round = 0; round < 300; round++)
        {
            using var raw = await RawMqtt.SignInAsync(host, version);
            var bytes = MqttCodecTests.Encode(samples[random.Next(samples.Length)], version);
            for (var n = random.Next(1, 4); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            await raw.SendBytesAsync(bytes);
            raw.Finish();
            while (await raw.ReadAsync() is { } packet)
                Assert.False(packet is DisconnectPacket { Reason: MqttReason.ImplementationSpecificError });
        }

        Assert.True(await neighbour.PublishAsync("up", default, ct: Ct) < MqttReason.UnspecifiedError);
    }

    [Fact]
    public async Task The_figures_of_the_broker_are_right()
    {
        await using var host = await MqttHost.StartAsync(
            new MqttBrokerOptions { LingerTimeout = TimeSpan.Zero, MaxQueuedMessages = 2 });
        var figures = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            // other tests have brokers of their own in the same process
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == MqttMetrics.MeterName && instrument.Meter.Scope == host.Meters)
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
            figures.AddOrUpdate(name, value, (_, sum) => sum + value);
        });
        listener.Start();

        var (away, _) = await RawMqtt.ResumeAsync(host, name: "away");
        await away.SubscribeAsync("down");
        await away.BreakAsync(host, "away");
        for (var n = 0; n < 5; n++)
            host.Broker.Publish("sz", "down", default);
        using var client = await RawMqtt.SignInAsync(host);
        await client.SubscribeAsync("up", MqttQos.AtMostOnce);
        for (ushort id = 1; id <= 4; id++)
        {
            await client.SendAsync(new PublishPacket(id < 4 ? "up" : "denied", default, MqttQos.AtLeastOnce, PacketId: id));
            MqttPacket?[] answers = id < 4 ? [await client.ReadAsync(), await client.ReadAsync()] : [await client.ReadAsync()];
            Assert.Single(answers.OfType<PublishReplyPacket>());
        }

        await client.SendAsync(new SubscribePacket(9, [new MqttSubscription("a#")]));
        await client.ReadAsync<SubAckPacket>();
        var ended = host.Policy.NextDisconnectAsync("sz", "raw");
        await client.SendHexAsync("0000");
        await client.EndsAsync(MqttReason.MalformedPacket);
        await ended;
        await host.StopAsync();
        Assert.Equal(
            new SortedDictionary<string, long>
            {
                ["mqtt.connections"] = 0,
                ["mqtt.messages.received"] = 4,
                ["mqtt.messages.sent"] = 3,
                ["mqtt.messages.dropped"] = 3,
                [$"mqtt.refused {MqttReason.NotAuthorized}"] = 1,
                [$"mqtt.refused {MqttReason.TopicFilterInvalid}"] = 1,
                [$"mqtt.refused {MqttReason.MalformedPacket}"] = 1,
            },
            new SortedDictionary<string, long>(figures));
    }
}
