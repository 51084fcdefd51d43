using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Alarms;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Alarms;

/// <summary>Two nodes of the running program, with devices at their brokers: an alarm is there soon after what happened, once, and pages of both hear
/// of it.</summary>
public sealed class AlarmUpkeepTests(Cluster cluster) : AlarmTest(cluster)
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    WebHost a = null!;
    WebHost b = null!;

    protected override async Task PrepareAsync()
    {
        Assert.True((await SaveAsync(await RuleAsync(AlarmKind.DeviceOffline) with { Threshold = 0 })).Ok);
        a = Own(await WebHost.StartAsync(platform, Ct, null, "--Node=a"));
        b = Own(await WebHost.StartAsync(platform, Ct, null, "--Node=b"));
    }

    Task<DeviceClient> SignInAsync(WebHost at, Func<MqttMessage, ValueTask>? onMessage = null) => DeviceClient.ConnectAsync(
        MqttClients.Options("127.0.0.1", at.MqttPort, "gate", $"{City.Code}/{City.ExitGate.Name}", City.ExitGate.Name + "-secret").Silent(), onMessage, Ct);

    /// <summary>Moves the clock on until it is so.</summary>
    Task UntilAsync(Func<List<Alarm>, bool> so, string words) =>
        Eventually.HoldsAsync(async () => so(await AlarmsAsync()), () => platform.Clock.Advance(Second), words);

    [Fact]
    public async Task A_device_that_goes_and_comes_is_one_alarm_at_all_nodes()
    {
        var heard = 0;
        using var pages = b.Get<LiveFeed>().Subscribe(City.Code, notices => Interlocked.Add(ref heard, notices.Count(n => n.Kind is LiveKind.Alarm)));
        await (await SignInAsync(a)).DisconnectAsync();
        await UntilAsync(alarms => alarms.Count > 0, "an alarm");
        await Eventually.HoldsAsync(() => Volatile.Read(ref heard) > 0, () => platform.Clock.Advance(Second));
        await using var back = await SignInAsync(b);
        await UntilAsync(alarms => alarms is [{ EndedAt: not null }], "it ended");
        Assert.Equal((AlarmKind.DeviceOffline, City.ExitGate.Id), (await AlarmAsync() is var x ? (x.Kind, x.DeviceId!.Value) : default));
    }

    [Fact]
    public async Task A_gate_that_says_no_is_an_alarm_without_a_look_at_the_clock()
    {
        DeviceClient? device = null;
        await using var gate = device = await SignInAsync(a, async message =>
        {
            if (message.Topic.EndsWith("/command", StringComparison.Ordinal))
                await device!.PublishAsync("v1/gate-out/up/reply", JsonSerializer.SerializeToUtf8Bytes(new
                {
                    id = "r",
                    at = platform.Clock.GetUtcNow(),
                    command = JsonDocument.Parse(message.Payload).RootElement.GetProperty("id").GetGuid(),
                    ok = false,
                    code = "motor"
                }), ct: Ct);
        });
        await gate.SubscribeAsync("v1/gate-out/down/#", ct: Ct);
        Assert.True((await b.Get<SendCommand>().RunAsync(City.User(DevicePermissions.Command),
            new ManualCommand(City.ExitGate.Id, DeviceCommand.OpenGate), Ct)).Ok);
        await UntilAsync(alarms => alarms is [{ Kind: AlarmKind.GateFailed, EndedAt: null }], "an alarm");
    }

    [Fact]
    public async Task What_time_alone_brings_comes_with_the_minute()
    {
        await LoseAsync(City.Sensor1);
        await UntilAsync(alarms => alarms.Exists(a => a.DeviceId == City.Sensor1.Id), "an alarm");
        await day.EnterAsync("粤B12345", (platform.Clock.GetUtcNow() - TestPlatform.Start).TotalMinutes);
        await using (var s = await City.OpenAsync()) // a week of a moved clock would be a week of every loop of two nodes
            await s.Db.Set<Order>().ExecuteUpdateAsync(set => set.SetProperty(o => o.EnteredAt, s.Now.AddDays(-8)), Ct);
        await UntilAsync(alarms => alarms.Exists(a => a.Kind is AlarmKind.StayTooLong), "an alarm of a stay");
    }
}
