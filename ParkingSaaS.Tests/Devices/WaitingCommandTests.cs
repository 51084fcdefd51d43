using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using MQTTnet;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>Commands that could not leave at once, and what else the program does for devices at each tick. Commands come from
/// the platform, which has no connections: as another node would write them.</summary>
public sealed class WaitingCommandTests(Cluster cluster) : PlatformTest(cluster)
{
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    readonly Channel<Guid> told = Channel.CreateUnbounded<Guid>();
    WebHost web = null!;

    protected override async Task PrepareAsync()
    {
        web = Own(await WebHost.StartAsync(platform, Ct));
    }

    Task<DeviceClient> ConnectAsync(TestCity city, Device device, Func<Guid, ValueTask>? onCommand = null, bool clean = true) =>
        DeviceClient.ConnectAsync(MqttClients.Options("127.0.0.1", web.MqttPort, device.Name, $"{city.Code}/{device.Name}", device.Name + "-secret").With(o =>
        {
            o.CleanSession = clean;
            o.SessionExpiryInterval = clean ? 0u : 3600u;
        }), message => message.Topic.EndsWith("/command", StringComparison.Ordinal)
            ? (onCommand ?? (id => told.Writer.WriteAsync(id)))(JsonDocument.Parse(message.Payload).RootElement.GetProperty("id").GetGuid())
            : default, Ct);

    static Task SubscribeAsync(DeviceClient gate) => gate.SubscribeAsync("v1/gate-out/down/#", ct: Ct);

    async Task<Guid> WriteAsync(TestCity city) => (await platform.Get<SendCommand>().RunAsync(
        city.User(DevicePermissions.Command), new ManualCommand(city.ExitGate.Id, DeviceCommand.OpenGate), Ct)).Value;

    static async Task<CommandState> StateAsync(TestCity city, Guid id)
    {
        await using var s = await city.OpenAsync();
        return (await s.Db.Set<DeviceCommand>().AsNoTracking().SingleAsync(c => c.Id == id, Ct)).State;
    }

    [Fact]
    public async Task A_gate_that_subscribes_late_gets_each_command_once()
    {
        var first = await WriteAsync(platform.Alpha);
        await using var gate = await ConnectAsync(platform.Alpha, platform.Alpha.ExitGate);
        await SubscribeAsync(gate);
        platform.Clock.Advance(Tick);
        Assert.Equal(first, await told.Reader.ReadAsync(Ct).InTimeAsync());
        platform.Clock.Advance(Tick);
        var second = await WriteAsync(platform.Alpha);
        platform.Clock.Advance(Tick);
        Assert.Equal(second, await told.Reader.ReadAsync(Ct).InTimeAsync());
        Assert.False(told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_command_that_a_gate_did_not_take_waits_again()
    {
        var changes = Channel.CreateUnbounded<bool>();
        using var live = web.Get<LiveFeed>().Subscribe("alpha", _ => changes.Writer.TryWrite(true));
        var id = await WriteAsync(platform.Alpha);
        var gate = await ConnectAsync(platform.Alpha, platform.Alpha.ExitGate, async command =>
        {
            await told.Writer.WriteAsync(command);
            throw new InvalidOperationException("device restarts");
        });
        // the command, and with it the end, may come before the answer
        await Task.WhenAny(SubscribeAsync(gate));
        platform.Clock.Advance(Tick);
        Assert.Equal(id, await told.Reader.ReadAsync(Ct).InTimeAsync());
        await gate.DisposeAsync();
        while (web.Get<MqttBroker>().IsConnected("alpha", "gate-out") || await StateAsync(platform.Alpha, id) is not CommandState.Queued)
            await changes.Reader.ReadAsync(Ct).InTimeAsync();
        await using var again = await ConnectAsync(platform.Alpha, platform.Alpha.ExitGate);
        await SubscribeAsync(again);
        platform.Clock.Advance(Tick);
        Assert.Equal(id, await told.Reader.ReadAsync(Ct).InTimeAsync());
    }

    [Fact]
    public async Task A_city_that_fails_stops_neither_the_program_nor_the_other_city()
    {
        OtherCityChanges();
        await using var alpha = await ConnectAsync(platform.Alpha, platform.Alpha.ExitGate);
        await using var beta = await ConnectAsync(platform.Beta, platform.Beta.ExitGate);
        await SubscribeAsync(beta);
        await BreakAsync(platform.Alpha);
        for (var n = 0; n < 2; n++)
        {
            var id = await WriteAsync(platform.Beta);
            platform.Clock.Advance(Tick);
            Assert.Equal(id, await told.Reader.ReadAsync(Ct).InTimeAsync());
        }
        await Eventually.HoldsAsync(() => web.Logs.Lines.Any(line => line.Contains("In alpha, the upkeep of devices fails")));
    }

    /// <summary>Takes a table away.</summary>
    async Task BreakAsync(TestCity city)
    {
        await using var source = NpgsqlDataSource.Create(platform.ConnectionString(city.Code));
        await using var command = source.CreateCommand(
            "ALTER TABLE device_commands RENAME TO no_commands");
        await command.ExecuteNonQueryAsync(Ct);
    }

    [Fact]
    public async Task A_device_whose_secret_no_longer_holds_is_cut_off()
    {
        OtherCityChanges();
        var actor = platform.Alpha.User(DevicePermissions.Manage);
        await CutOffAsync(city => city.ExitGate, async id => (await web.Get<RetireDevice>().RunAsync(actor, id, Ct)).Ok);
        await CutOffAsync(city => city.ExitCamera, async id => (await web.Get<RenewSecret>().RunAsync(actor, id, Ct)).Ok);

        async Task CutOffAsync(Func<TestCity, Device> which, Func<Guid, Task<bool>> act)
        {
            var device = which(platform.Alpha);
            await using var client = await ConnectAsync(platform.Alpha, device);
            await using var other = await ConnectAsync(platform.Beta, which(platform.Beta));
            Assert.True(await act(device.Id));
            Assert.Equal(MqttReason.AdministrativeAction, await client.Closed.InTimeAsync());
            await Assert.ThrowsAsync<DeviceRefusedException>(() => ConnectAsync(platform.Alpha, device));
            Assert.False(other.Closed.IsCompleted);
        }
    }

    [Fact]
    public async Task A_device_that_speaks_is_online_whatever_another_node_thought()
    {
        await using var sensor = await ConnectAsync(platform.Alpha, platform.Alpha.Sensor1);
        await web.Get<DeviceStates>().ResetAsync("alpha", "main", Ct);
        await sensor.PublishAsync("v1/sensor-1/up/heartbeat",
            JsonSerializer.SerializeToUtf8Bytes(new { id = "h", at = TestPlatform.Start }), ct: Ct);
        await using var s = await platform.Alpha.OpenAsync();
        Assert.True((await s.Db.Set<Device>().SingleAsync(d => d.Id == platform.Alpha.Sensor1.Id, Ct)).Online);
    }
}
