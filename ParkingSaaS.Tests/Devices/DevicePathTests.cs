using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MQTTnet;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using MQTTnet.Formatter;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>From the socket to the order and back to the gate, on the real application with real databases and connections.</summary>
public sealed class DevicePathTests(Cluster cluster) : PlatformTest(cluster)
{
    WebHost web = null!;

    protected override async Task PrepareAsync()
    {
        web = Own(await WebHost.StartAsync(platform, Ct));
    }

    Task<DeviceClient> ConnectAsync(Device device, TestCity? city = null, MqttVersion version = MqttVersion.V5, string? secret = null,
        Func<MqttMessage, ValueTask>? onMessage = null) => DeviceClient.ConnectAsync(
            MqttClients.Options("127.0.0.1", web.MqttPort, device.Name, $"{(city ?? City).Code}/{device.Name}", secret ?? device.Name + "-secret")
                .With(o => o.ProtocolVersion = (MqttProtocolVersion)version), onMessage, Ct);

    static byte[] Json(object message) => JsonSerializer.SerializeToUtf8Bytes(message);

    object Passage(string id, double minute, string plate = "粤B12345") => new { id, at = TestPlatform.Start.AddMinutes(minute), plate };

    async Task<int> CountAsync<T>(TestCity city) where T : class
    {
        await using var s = await city.OpenAsync();
        return await s.Db.Set<T>().CountAsync(Ct);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_free_stay_opens_the_gate_and_the_gate_says_so(MqttVersion version)
    {
        var opened = new TaskCompletionSource<JsonElement>();
        await using var gate = await ConnectAsync(City.ExitGate, version: version, onMessage: message =>
        {
            if (message.Topic == "v1/gate-out/down/command")
                opened.SetResult(JsonDocument.Parse(message.Payload).RootElement.Clone());
            return default;
        });
        await gate.SubscribeAsync("v1/gate-out/down/#", ct: Ct);
        await using var entry = await ConnectAsync(City.EntryCamera, version: version);
        await using var exit = await ConnectAsync(City.ExitCamera, version: version);
        await entry.PublishAsync("v1/cam-in/up/passage", Json(Passage("1", 0)), ct: Ct);
        await exit.PublishAsync("v1/cam-out/up/passage", Json(Passage("1", 5)), ct: Ct);

        var command = await opened.Task.InTimeAsync();
        Assert.Equal("gate.open", command.GetProperty("type").GetString());
        Assert.True(command.GetProperty("expires").GetDateTimeOffset() > platform.Clock.GetUtcNow());
        await gate.PublishAsync("v1/gate-out/up/reply",
            Json(new { id = "r", at = platform.Clock.GetUtcNow(), command = command.GetProperty("id").GetString(), ok = true, code = "done" }), ct: Ct);

        await using var s = await City.OpenAsync();
        Assert.Equal(OrderState.Completed, (await s.Db.Set<Order>().SingleAsync(Ct)).State);
        var row = await s.Db.Set<DeviceCommand>().SingleAsync(c => c.DeviceId == City.ExitGate.Id, Ct);
        Assert.Equal((CommandState.Executed, "done"), (row.State, row.ReplyCode));
        Assert.Equal(0, await CountAsync<DeviceMessage>(platform.Beta));
    }

    [Theory]
    [InlineData(MqttQos.AtLeastOnce, 1)]
    [InlineData(MqttQos.AtLeastOnce, int.MaxValue)]
    [InlineData(MqttQos.ExactlyOnce, 1)]
    [InlineData(MqttQos.ExactlyOnce, int.MaxValue)]
    public async Task A_network_that_slices_and_cuts_loses_no_event_and_doubles_none(MqttQos qos, int slice)
    {
        await using var network = new FaultyProxy(web.MqttPort) { Slice = slice };
        var random = new Random(5);
        const int events = 20;
        var next = 0;
        var connections = 0;
        while (next < events)
        {
            connections++;
            // a connection takes some 60 bytes, an event some 90
            network.CutAfterUp = random.Next(50, 600);
            network.CutAfterDown = random.Next(20, 60);
            try
            {
                await using var camera = await DeviceClient.ConnectAsync(
                    MqttClients.Options("127.0.0.1", network.Port, "cam-in", "alpha/cam-in", "cam-in-secret"), ct: Ct);
                for (; next < events; next++)
                {
                    var passage = Json(Passage($"cut-{next}", next / 60.0, $"B{next:00000}"));
                    Assert.Equal(MqttReason.Success, await camera.PublishAsync("v1/cam-in/up/passage", passage, qos, ct: Ct));
                }
            }
            catch (IOException)
            {
                // cut: the device connects again and repeats what was not acknowledged
            }
        }

        Assert.True(connections > 3);
        await using var s = await City.OpenAsync();
        var ids = await s.Db.Set<DeviceMessage>().Select(m => m.MessageId).ToListAsync(Ct);
        Assert.Equal(Enumerable.Range(0, events).Select(n => $"cut-{n}").Order(), ids.Order());
        Assert.Equal(events, await CountAsync<Passage>(City));
        Assert.Equal(events, await CountAsync<Order>(City));
    }

    [Fact]
    public async Task A_command_that_waited_reaches_the_gate_when_it_connects_in_time()
    {
        await using var exit = await ConnectAsync(City.ExitCamera);
        await using var entry = await ConnectAsync(City.EntryCamera);
        await entry.PublishAsync("v1/cam-in/up/passage", Json(Passage("1", 0)), ct: Ct);
        await exit.PublishAsync("v1/cam-out/up/passage", Json(Passage("1", 5)), ct: Ct);
        var told = new TaskCompletionSource<string>();
        // Its session outlives a broken connection, so what is sent between CONNECT and SUBSCRIBE is not lost.
        var options = MqttClients.Options("127.0.0.1", web.MqttPort, "gate-out", "alpha/gate-out", "gate-out-secret").Kept(TimeSpan.FromHours(1));
        await using (var first = await DeviceClient.ConnectAsync(options, ct: Ct))
        {
            await first.SubscribeAsync("v1/gate-out/down/command", ct: Ct);
            await first.DisconnectAsync();
        }
        await exit.PublishAsync("v1/cam-out/up/passage", Json(Passage("again", 5.5)), ct: Ct);
        await using var gate = await DeviceClient.ConnectAsync(options, message =>
        {
            told.TrySetResult(Encoding.UTF8.GetString(message.Payload.Span));
            return default;
        }, Ct);
        platform.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("gate.open", await told.Task.InTimeAsync());
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_with_a_reason_kept_raw_and_changes_nothing()
    {
        (string Payload, string Error)[] unreadable =
        [
            ("{", "malformed"),
            ("[]", "malformed"),
            ("""{"id":"a"}""", "bad-field"),
            ("""{"id":"b","at":"2026-11-21T09:00:00"}""", "bad-field"),
            ("""{"id":"c","at":"2026-11-21T01:00:00Z","plate":7}""", "bad-field"),
            ("""{"id":"d","at":"2036-11-21T01:00:00Z","plate":"B1"}""", "time-out-of-range"),
            ("""{"id":"e","at":"2016-11-21T01:00:00Z","plate":"B1"}""", "time-out-of-range"),
            (JsonSerializer.Serialize(Passage("f", 0, new string('B', 500))), "plate-too-long")
        ];
        await Assert.AllAsync(unreadable, async (row, n) =>
        {
            var (messages, orders) = (await CountAsync<DeviceMessage>(City), await CountAsync<Order>(City));
            var lines = web.Logs.Lines.Count;
            await using var camera = await ConnectAsync(City.EntryCamera);
            Assert.Equal(MqttReason.PayloadFormatInvalid,
                await camera.PublishAsync("v1/cam-in/up/passage", Encoding.UTF8.GetBytes(row.Payload), ct: Ct));
            await using var s = await City.OpenAsync();
            var kept = (await s.Db.Set<DeviceMessage>().OrderBy(m => m.Id).ToListAsync(Ct))[^1];
            Assert.Equal((row.Error, row.Payload), (kept.ErrorCode, kept.Payload));
            Assert.Equal((messages + 1, orders), (await CountAsync<DeviceMessage>(City), await CountAsync<Order>(City)));
            Assert.Contains(web.Logs.Lines.Skip(lines), line => line.Contains(row.Error));
            // The connection and the service go on.
            Assert.Equal(MqttReason.Success,
                await camera.PublishAsync("v1/cam-in/up/passage", Json(Passage($"ok-{n}", 0, $"粤B1234{n}")), ct: Ct));
            Assert.Equal(orders + 1, await CountAsync<Order>(City));
        });
    }

    [Fact]
    public async Task Ten_megabytes_are_refused_before_they_are_read()
    {
        await using var camera = await ConnectAsync(City.EntryCamera);
        await Assert.ThrowsAnyAsync<IOException>(() => camera.PublishAsync("v1/cam-in/up/passage", new byte[10 << 20], ct: Ct));
        Assert.Equal(MqttReason.PacketTooLarge, await camera.Closed.InTimeAsync());
        Assert.Equal(0, await CountAsync<DeviceMessage>(City));
        await using var again = await ConnectAsync(City.EntryCamera);
        Assert.Equal(MqttReason.Success, await again.PublishAsync("v1/cam-in/up/passage", Json(Passage("ok", 0)), ct: Ct));
    }

    [Fact]
    public async Task Nobody_signs_in_with_wrong_credentials()
    {
        (string? User, string? Secret)[] wrong =
        [
            ("alpha/cam-in", "wrong"),
            ("alpha/unknown", "cam-in-secret"),
            ("gamma/cam-in", "cam-in-secret"),
            ("cam-in", "cam-in-secret"),
            ("alpha/cam-in/x", "cam-in-secret"),
            (null, null)
        ];
        await Assert.AllAsync(wrong, async row =>
        {
            var refused = await Assert.ThrowsAsync<DeviceRefusedException>(() => DeviceClient.ConnectAsync(
                MqttClients.Options("127.0.0.1", web.MqttPort, "x", row.User, row.Secret), ct: Ct));
            Assert.Equal(MqttReason.BadUserNameOrPassword, refused.Reason);
            Assert.DoesNotContain(web.Logs.Lines, line => line.Contains("cam-in-secret"));
        });
    }

    [Fact]
    public async Task A_retired_device_no_longer_signs_in()
    {
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Device>().Where(d => d.Id == City.EntryCamera.Id).ExecuteUpdateAsync(
                set => set.SetProperty(d => d.RetiredAt, platform.Clock.GetUtcNow()), Ct);
        await Assert.ThrowsAsync<DeviceRefusedException>(() => ConnectAsync(City.EntryCamera));
    }

    [Fact]
    public async Task A_device_hears_its_own_topics_only()
    {
        await using var camera = await ConnectAsync(City.EntryCamera);
        string[] others = ["#", "v1/#", "v1/+/down/command", "v1/cam-out/down/command", "v1/cam-in/up/passage", "$SYS/#"];
        await Assert.AllAsync(others, async filter =>
            Assert.Equal(MqttReason.NotAuthorized, await camera.SubscribeAsync(filter, ct: Ct)));
    }

    [Fact]
    public async Task A_device_speaks_on_its_own_topics_only()
    {
        await using var camera = await ConnectAsync(City.EntryCamera);
        await Assert.AllAsync(["v1/cam-out/up/passage", "v1/cam-in/down/command", "anything"], async topic =>
        {
            Assert.Equal(MqttReason.NotAuthorized, await camera.PublishAsync(topic, Json(Passage("1", 0)), ct: Ct));
            Assert.Equal(0, await CountAsync<DeviceMessage>(City));
        });
    }

    [Fact]
    public async Task Two_cities_with_the_same_device_names_do_not_meet()
    {
        OtherCityChanges();
        await using var alpha = await ConnectAsync(City.EntryCamera);
        await using var beta = await ConnectAsync(platform.Beta.EntryCamera, platform.Beta);
        await alpha.PublishAsync("v1/cam-in/up/passage", Json(Passage("1", 0)), ct: Ct);
        Assert.False(alpha.Closed.IsCompleted || beta.Closed.IsCompleted);
        Assert.Equal((1, 0), (await CountAsync<Order>(City), await CountAsync<Order>(platform.Beta)));
    }

    [Fact]
    public async Task A_second_session_with_the_same_client_id_takes_over()
    {
        await using var first = await ConnectAsync(City.EntryCamera);
        await using var second = await ConnectAsync(City.EntryCamera);
        Assert.Equal(MqttReason.SessionTakenOver, await first.Closed.InTimeAsync());
        Assert.Equal(MqttReason.Success, await second.PublishAsync("v1/cam-in/up/passage", Json(Passage("1", 0)), ct: Ct));
        await using var s = await City.OpenAsync();
        Assert.True((await s.Db.Set<Device>().SingleAsync(d => d.Id == City.EntryCamera.Id, Ct)).Online);
    }

    [Fact]
    public async Task A_heartbeat_is_seen_on_the_device()
    {
        await using var sensor = await ConnectAsync(City.Sensor1);
        await sensor.PublishAsync("v1/sensor-1/up/heartbeat",
            Json(new { id = "h", at = TestPlatform.Start, battery = 17, signal = -91, faults = new[] { "low battery" }, version = "1.2" }), ct: Ct);
        await using var s = await City.OpenAsync();
        var device = await s.Db.Set<Device>().SingleAsync(d => d.Id == City.Sensor1.Id, Ct);
        Assert.Equal((17, -91, "1.2", "low battery"), (device.Battery, device.Signal, device.Version, device.Faults.Single()));
        Assert.Equal(["online", "faults"], await s.Db.Set<DeviceStateChange>().OrderBy(c => c.Id).Select(c => c.State).ToListAsync(Ct));
    }

    [Fact]
    public async Task Figures_are_for_those_who_run_the_broker()
    {
        const string secret = "figures-for-the-few";
        await using var host = await WebHost.StartAsync(platform, Ct, null, "--Node=other", $"--Mqtt:OperatorSecret={secret}");
        MqttClientOptions Operator(string password) => MqttClients.Options("127.0.0.1", host.MqttPort, "desk", "operator", password);
        var figures = new Inbox();
        await using var desk = await DeviceClient.ConnectAsync(Operator(secret), figures.Take, Ct);
        Assert.Equal([MqttReason.GrantedQos1, MqttReason.NotAuthorized, MqttReason.NotAuthorized],
            await desk.SubscribeAsync([new("$SYS/broker/clients/#"), new("#"), new("v1/+/up/#")], Ct));
        Assert.Equal(MqttReason.NotAuthorized, await desk.PublishAsync("$SYS/broker/uptime", "1"u8.ToArray(), ct: Ct));
        platform.Clock.Advance(TimeSpan.FromSeconds(11));
        var connected = await figures.NextAsync();
        Assert.Equal(("$SYS/broker/clients/connected", "1"), (connected.Topic, Encoding.ASCII.GetString(connected.Payload.Span)));

        await using var camera = await ConnectAsync(City.EntryCamera);
        Assert.Equal(MqttReason.NotAuthorized, await camera.SubscribeAsync("$SYS/#", ct: Ct));
        foreach (var refused in (MqttClientOptions[])[Operator("guess"), Operator(""),
            MqttClients.Options("127.0.0.1", web.MqttPort, "desk", "operator", secret)])
            Assert.Equal(MqttReason.BadUserNameOrPassword,
                (await Assert.ThrowsAsync<DeviceRefusedException>(() => DeviceClient.ConnectAsync(refused, null, Ct))).Reason);
    }
}
