using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.External;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>Devices at a broker outside of the program: Debian's Mosquitto.</summary>
public sealed class ExternalBrokerTests(Cluster cluster) : PlatformTest(cluster)
{
    const string Camera = "alpha/v1/cam-in";
    const string Gate = "alpha/v1/gate-out";
    const string Vendor = "alpha/SN-1";

    readonly Channel<IReadOnlyList<LiveNotice>> notices = Channel.CreateUnbounded<IReadOnlyList<LiveNotice>>();
    readonly Channel<MqttMessage> told = Channel.CreateUnbounded<MqttMessage>();
    Mosquitto broker = null!;
    WebHost web = null!;

    protected override async Task PrepareAsync()
    {
        broker = Own(await Mosquitto.StartAsync(Camera, Gate, Vendor));
        web = Own(await WebHost.StartAsync(platform, Ct, null, broker.Setting));
        web.Get<LiveFeed>().Subscribe("alpha", more => notices.Writer.TryWrite(more));
        await ConnectedAsync();
    }

    async Task ConnectedAsync()
    {
        await Eventually.HoldsAsync(() => web.Get<ExternalLink>().IsConnected);
    }

    static byte[] Json(object message) => JsonSerializer.SerializeToUtf8Bytes(message);

    byte[] Passage(string id, string plate = "粤B12345") => Json(new { id, at = platform.Clock.GetUtcNow(), plate });

    /// <summary>Reads again after each commit until it is so.</summary>
    async Task UntilAsync(Func<CitySession, Task<bool>> so)
    {
        while (true)
        {
            await using (var s = await City.OpenAsync())
                if (await so(s))
                    return;
            await notices.Reader.ReadAsync(Ct).InTimeAsync();
        }
    }

    Task<bool> ThereAsync(CitySession s, string message) => s.Db.Set<DeviceMessage>().AnyAsync(m => m.MessageId == message, Ct);

    async Task<Device> AddVendorCameraAsync()
    {
        var camera = new Device
        {
            Id = Guid.CreateVersion7(),
            LotId = City.North.Id,
            Name = "SN-1",
            Kind = DeviceKind.EntryCamera,
            Dialect = "zhenshi",
            LaneId = City.Entry.Id,
            SecretHash = ""
        };
        await using var s = await City.OpenAsync();
        s.Db.Add(camera);
        await s.Db.SaveChangesAsync(Ct);
        return camera;
    }

    async Task<DeviceClient> SubscribedAsync(string device)
    {
        var client = await broker.ConnectAsync(device, device, message => message.Retain ? default : told.Writer.WriteAsync(message));
        Assert.Equal(MqttReason.GrantedQos1, await client.SubscribeAsync(
            device == Vendor ? $"{device}/device/message/down/#" : $"{device}/down/command", ct: Ct));
        return client;
    }

    [Fact]
    public async Task A_report_becomes_an_order_and_the_device_is_online()
    {
        await using var camera = await broker.ConnectAsync(Camera, "camera");
        Assert.Equal(MqttReason.Success, await camera.PublishAsync(Camera + "/up/passage", Passage("1"), ct: Ct));
        await UntilAsync(s => s.Db.Set<Order>().AnyAsync(Ct));
        await using var s = await City.OpenAsync();
        Assert.Equal("粤B12345", (await s.Db.Set<Order>().SingleAsync(Ct)).Plate);
        Assert.Equal("v1/cam-in/up/passage", (await s.Db.Set<DeviceMessage>().SingleAsync(Ct)).Topic);
        Assert.True((await s.Db.Set<Device>().SingleAsync(d => d.Name == "cam-in", Ct)).Online);
        var change = await s.Db.Set<DeviceStateChange>().SingleAsync(Ct);
        Assert.Equal(("online", "heard"), (change.State, change.Detail));
    }

    [Fact]
    public async Task A_vendors_camera_is_heard_and_told_in_its_own_words()
    {
        var device = await AddVendorCameraAsync();
        await using var camera = await SubscribedAsync(Vendor);
        await camera.PublishAsync(Vendor + "/device/message/up/ivs_result", Encoding.UTF8.GetBytes($$$$$$"""
            {"id":"r1","timestamp":{{{{{{platform.Clock.GetUtcNow().ToUnixTimeSeconds()}}}}}},
             "payload":{"AlarmInfoPlate":{"result":{"PlateResult":{"license":"{{{{{{Convert.ToBase64String("粤B12345"u8)}}}}}}"}}}}}
            """), ct: Ct);
        await UntilAsync(s => s.Db.Set<Order>().AnyAsync(o => o.Plate == "粤B12345", Ct));
        var id = (await web.Get<SendCommand>().RunAsync(
            City.User(DevicePermissions.Command), new ManualCommand(device.Id, DeviceCommand.OpenGate), Ct)).Value;
        Assert.Equal(Vendor + "/device/message/down/gpio_out", (await told.Reader.ReadAsync(Ct).InTimeAsync()).Topic);
        await camera.PublishAsync(Vendor + "/device/message/down/gpio_out/reply", Json(new { id, code = 200 }), ct: Ct);
        await UntilAsync(s => s.Db.Set<DeviceCommand>().AnyAsync(c => c.Id == id && c.State == CommandState.Executed, Ct));
    }

    [Fact]
    public async Task A_command_goes_out_once_at_qos_1_with_its_expiry()
    {
        await using var gate = await SubscribedAsync(Gate);
        var id = (await web.Get<SendCommand>().RunAsync(
            City.User(DevicePermissions.Command), new ManualCommand(City.ExitGate.Id, DeviceCommand.OpenGate), Ct)).Value;
        var command = await told.Reader.ReadAsync(Ct).InTimeAsync();
        Assert.Equal((Gate + "/down/command", MqttQos.AtLeastOnce), (command.Topic, command.Qos));
        Assert.InRange(command.Properties.MessageExpiry!.Value, 1u, (uint)DeviceCommand.Validity.TotalSeconds);
        await UntilAsync(s => s.Db.Set<DeviceCommand>().AnyAsync(c => c.Id == id && c.State == CommandState.Sent, Ct));
        platform.Clock.Advance(TimeSpan.FromSeconds(2));
        await gate.PublishAsync(Gate + "/up/reply", Json(new { id = "r", at = platform.Clock.GetUtcNow(), command = id, ok = true }), ct: Ct);
        await UntilAsync(s => s.Db.Set<DeviceCommand>().AnyAsync(c => c.Id == id && c.State == CommandState.Executed, Ct));
        Assert.False(told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_command_waits_for_a_gate_that_is_not_there_yet_and_is_sent_by_any_node()
    {
        // The platform stands for a node that died after its commit: it has no connection.
        var id = (await platform.Get<SendCommand>().RunAsync(
            City.User(DevicePermissions.Command), new ManualCommand(City.ExitGate.Id, DeviceCommand.OpenGate), Ct)).Value;
        platform.Clock.Advance(TimeSpan.FromSeconds(1));
        // Handed to the broker, which has nobody for it: so it waits again.
        await UntilAsync(s => s.Db.Set<DeviceCommand>().AnyAsync(c => c.Id == id && c.State == CommandState.Queued && c.StateAt > c.CreatedAt, Ct));
        await using var gate = await SubscribedAsync(Gate);
        platform.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains(id.ToString(), Encoding.UTF8.GetString((await told.Reader.ReadAsync(Ct).InTimeAsync()).Payload.Span));
    }

    [Fact]
    public async Task What_is_not_committed_is_not_acknowledged_and_comes_again()
    {
        await RenameAsync("device_messages", "hidden");
        await using var camera = await broker.ConnectAsync(Camera, "camera");
        await camera.PublishAsync(Camera + "/up/passage", Passage("1"), ct: Ct);
        await Eventually.HoldsAsync(() => !web.Get<ExternalLink>().IsConnected);
        await RenameAsync("hidden", "device_messages");
        await Eventually.HoldsAsync(() => web.Get<ExternalLink>().IsConnected, () => platform.Clock.Advance(TimeSpan.FromSeconds(1)));
        await UntilAsync(s => ThereAsync(s, "1"));
    }

    async Task RenameAsync(string table, string name)
    {
        await using var source = NpgsqlDataSource.Create(platform.ConnectionString(City.Code));
        await using var command = source.CreateCommand($"ALTER TABLE {table} RENAME TO {name}");
        await command.ExecuteNonQueryAsync(Ct);
    }

    [Fact]
    public async Task A_stranger_is_refused_once_and_for_all()
    {
        await using var stranger = await broker.ConnectAsync(null, "stranger");
        await using var camera = await broker.ConnectAsync(Camera, "camera");
        string[] topics =
        [
            "alpha/v1/ghost/up/passage", "gamma/v1/cam-in/up/passage", "beta/SN-1/device/message/up/ivs_result",
            "alpha/cam-in/device/message/up/ivs_result"
        ];
        await Assert.AllAsync(topics, async (topic, n) =>
        {
            await stranger.PublishAsync(topic, Passage("x"), ct: Ct);
            await camera.PublishAsync(Camera + "/up/passage", Passage($"{n}", $"粤B1234{n}"), ct: Ct);
            await UntilAsync(s => ThereAsync(s, $"{n}"));
            Assert.Single(web.Logs.Lines, l => l.Contains($"Refused a message on {topic}"));
            Assert.DoesNotContain(web.Logs.Lines, l => l.Contains("is away from"));
            await using var s = await City.OpenAsync();
            Assert.Equal(n + 1, await s.Db.Set<DeviceMessage>().CountAsync(Ct));
        });
    }

    [Fact]
    public async Task The_access_list_keeps_a_device_to_its_own_topics()
    {
        await using var camera = await broker.ConnectAsync(Camera, "camera");
        Assert.Equal(MqttReason.NotAuthorized, await camera.PublishAsync("alpha/v1/cam-out/up/passage", Passage("1"), ct: Ct));
        Assert.Equal(MqttReason.NotAuthorized, await camera.PublishAsync("beta/v1/cam-in/up/passage", Passage("1"), ct: Ct));
        Assert.Equal(MqttReason.NotAuthorized, await camera.PublishAsync(Gate + "/down/command", Passage("1"), ct: Ct));
    }

    [Fact]
    public async Task A_device_that_another_node_retires_is_refused()
    {
        await using var camera = await broker.ConnectAsync(Camera, "camera");
        await camera.PublishAsync(Camera + "/up/passage", Passage("first"), ct: Ct);
        await UntilAsync(s => ThereAsync(s, "first"));
        Assert.True((await platform.Get<RetireDevice>().RunAsync(City.User(DevicePermissions.Manage), City.EntryCamera.Id, Ct)).Ok);
        for (var n = 0; !web.Logs.Lines.Any(l => l.Contains("no such device")); n++)
            await camera.PublishAsync(Camera + "/up/passage", Passage($"late-{n}"), ct: Ct);
    }

    [Fact]
    public async Task A_silent_device_is_away_after_three_minutes()
    {
        await using var camera = await broker.ConnectAsync(Camera, "camera");
        await camera.PublishAsync(Camera + "/up/heartbeat", Json(new { id = "h", at = platform.Clock.GetUtcNow() }), ct: Ct);
        await UntilAsync(s => s.Db.Set<Device>().AnyAsync(d => d.Name == "cam-in" && d.Online, Ct));
        platform.Clock.Advance(TimeSpan.FromMinutes(3) + TimeSpan.FromSeconds(11));
        await UntilAsync(s => s.Db.Set<Device>().AnyAsync(d => d.Name == "cam-in" && !d.Online, Ct));
        await UntilAsync(s => s.Db.Set<DeviceStateChange>().AnyAsync(c => c.Detail == "silent", Ct));
        await using var s = await City.OpenAsync();
        Assert.Equal(["heard", "silent"], await s.Db.Set<DeviceStateChange>().OrderBy(c => c.Id).Select(c => c.Detail).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_device_that_is_heard_finds_its_configuration_kept()
    {
        await using var camera = await broker.ConnectAsync(Camera, "camera", message => told.Writer.WriteAsync(message));
        await camera.SubscribeAsync(Camera + "/down/config", ct: Ct);
        await camera.PublishAsync(Camera + "/up/heartbeat", Json(new { id = "h", at = platform.Clock.GetUtcNow() }), ct: Ct);
        Assert.Contains("heartbeatSeconds", Encoding.UTF8.GetString((await told.Reader.ReadAsync(Ct).InTimeAsync()).Payload.Span));
        await using var again = await broker.ConnectAsync(Camera, "again", message => told.Writer.WriteAsync(message));
        await again.SubscribeAsync(Camera + "/down/config", ct: Ct);
        Assert.True((await told.Reader.ReadAsync(Ct).InTimeAsync()).Retain);
    }

    [Fact]
    public async Task It_says_when_the_broker_is_away_and_comes_back()
    {
        using var browser = web.Browser();
        var ready = await browser.GetAsync("/health/ready", Ct);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("\"broker\":true", await ready.Content.ReadAsStringAsync(Ct));
        await broker.StopAsync();
        await Eventually.HoldsAsync(() => !web.Get<ExternalLink>().IsConnected);
        platform.Clock.Advance(TimeSpan.FromSeconds(2));
        var away = await browser.GetAsync("/health/ready", Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.Contains("\"broker\":false", await away.Content.ReadAsStringAsync(Ct));
        await broker.RunAsync();
        await Eventually.HoldsAsync(() => web.Get<ExternalLink>().IsConnected, () => platform.Clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.DoesNotContain(web.Logs.Lines, l => l.Contains("parking-secret"));
    }
}
