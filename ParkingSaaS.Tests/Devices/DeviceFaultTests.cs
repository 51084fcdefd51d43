using System.Text;
using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Devices;

namespace ParkingSaaS.Tests.Devices;

/// <summary>What devices do wrong is kept, counted for each device and day, and costs no car its way.</summary>
public sealed class DeviceFaultTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345", Other = "粤B54321";
    int messages;

    /// <summary>A message as the device sends it, which we hear now.</summary>
    Task<EventResult> SendAsync(Device device, string kind, string fields, DateTimeOffset at, string? id = null) =>
        SendTextAsync(device, kind, $$"""{"id":"{{id ?? $"f{++messages}"}}","at":"{{at:O}}"{{fields}}}""");

    Task<EventResult> SendTextAsync(Device device, string kind, string payload)
    {
        var topic = $"v1/{device.Name}/up/{kind}";
        var reading = platform.Get<IMessageReader>().Read(device.Dialect, device.Name, topic, Encoding.UTF8.GetBytes(payload));
        return day.RecordAsync(new DeviceEvent(device.Id, device.LotId, reading.MessageId, topic, payload, reading.Report, reading.ErrorCode));
    }

    Task<EventResult> PassAsync(Device camera, string plate, double minute, string? id = null, bool replay = false) =>
        SendAsync(camera, "passage", $$""","plate":"{{plate}}","replay":{{(replay ? "true" : "false")}}""", Day.Minute(minute), id);

    async Task<List<(string Device, DeviceFaultKind Kind, int Count, string Detail)>> FaultsAsync()
    {
        await using var s = await City.OpenAsync();
        var found = await s.Db.Set<DeviceFault>().OrderBy(f => f.Day).ThenBy(f => f.Kind)
            .Select(f => new { Device = s.Db.Set<Device>().First(d => d.Id == f.DeviceId).Name, f.Kind, f.Count, f.Detail }).ToListAsync(Ct);
        return [.. found.Select(f => (f.Device, f.Kind, f.Count, f.Detail))];
    }

    [Fact]
    public async Task A_clock_without_its_zone_marks_the_order_and_is_counted()
    {
        day.Until(600);
        Assert.Equal(EventOutcome.Recorded, (await PassAsync(City.EntryCamera, Car, 600 - 8.5 * 60)).Outcome);
        await PassAsync(City.ExitCamera, Car, 600);
        var order = await day.OrderAsync();
        Assert.Equal((OrderAnomaly.ClockWrong, OrderState.AwaitingPayment), (order.Anomalies, order.State));
        Assert.Equal([("cam-in", DeviceFaultKind.Clock, 1, "-30600")], await FaultsAsync());
        await using var s = await City.OpenAsync();
        // In the city's list of what somebody should look after, and counted on the home page.
        Assert.Contains("cam-in", await DeviceFault.InTrouble(s).Where(d => d.Online).Select(d => d.Name).ToListAsync(Ct));
        Assert.DoesNotContain("cam-out", await DeviceFault.InTrouble(s).Where(d => d.Online).Select(d => d.Name).ToListAsync(Ct));
        Assert.Equal(await DeviceFault.InTrouble(s).CountAsync(Ct),
            (await platform.Get<Core.Reports.TodayFigures>().RunAsync(City.User(Core.Reports.ReportPermissions.Home), Ct)).InTrouble);
        Assert.Equal((-30600, 0), (await s.Db.Set<Device>().Where(d => d.Id == City.EntryCamera.Id).Select(d => d.ClockOffset).SingleAsync(Ct),
            await s.Db.Set<Device>().Where(d => d.Id == City.ExitCamera.Id).Select(d => d.ClockOffset).SingleAsync(Ct)));
    }

    [Fact]
    public async Task What_was_kept_while_the_device_was_cut_off_says_nothing_of_its_clock()
    {
        day.Until(600);
        await PassAsync(City.EntryCamera, Car, 0, replay: true);
        Assert.Equal(OrderAnomaly.None, (await day.OrderAsync()).Anomalies);
        Assert.Empty(await FaultsAsync());
    }

    [Theory]
    [InlineData(-120, false)]
    [InlineData(-121, true)]
    [InlineData(120, false)]
    [InlineData(121, true)]
    public async Task Two_minutes_either_way_are_no_fault(int seconds, bool wrong)
    {
        await SendAsync(City.EntryCamera, "passage", $$""","plate":"{{Car}}" """, TestPlatform.Start.AddSeconds(seconds));
        Assert.Equal(wrong, (await day.OrderAsync()).Anomalies.HasFlag(OrderAnomaly.ClockWrong));
        Assert.Equal(wrong ? 1 : 0, (await FaultsAsync()).Count);
    }

    [Fact]
    public async Task A_heartbeat_of_another_age_is_refused_and_tells_the_clock()
    {
        Assert.Equal(new EventResult(EventOutcome.Refused, EventErrors.TimeOutOfRange),
            await SendAsync(City.Sensor1, "heartbeat", "", DateTimeOffset.UnixEpoch));
        Assert.Equal([("sensor-1", DeviceFaultKind.Clock, 1, "-1795222800"), ("sensor-1", DeviceFaultKind.Refused, 1, EventErrors.TimeOutOfRange)],
            await FaultsAsync());
        Assert.Equal(EventOutcome.Recorded, (await SendAsync(City.Sensor1, "heartbeat", "", TestPlatform.Start)).Outcome);
        await using var s = await City.OpenAsync();
        Assert.Equal(0, await s.Db.Set<Device>().Where(d => d.Id == City.Sensor1.Id).Select(d => d.ClockOffset).SingleAsync(Ct));
    }

    [Fact]
    public async Task An_id_that_was_used_before_leaves_no_car_standing()
    {
        await PassAsync(City.EntryCamera, Car, 0, "x");
        day.Commands();
        day.Until(5);
        Assert.Equal(new EventResult(EventOutcome.Recorded, EventErrors.IdReused), await PassAsync(City.EntryCamera, Other, 5, "x"));
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        Assert.Equal([Car, Other], (await day.OrdersAsync()).Select(o => o.Plate!));
        // Sent again, each is one of these two.
        Assert.Equal(EventOutcome.Duplicate, (await PassAsync(City.EntryCamera, Other, 5, "x")).Outcome);
        Assert.Equal(EventOutcome.Duplicate, (await PassAsync(City.EntryCamera, Car, 0, "x")).Outcome);
        Assert.Equal(2, (await day.OrdersAsync()).Count);
        await using var s = await City.OpenAsync();
        var kept = await s.Db.Set<DeviceMessage>().OrderBy(m => m.Id).ToListAsync(Ct);
        Assert.Equal(2, kept.Count);
        Assert.Equal("x", kept[0].MessageId);
        Assert.StartsWith("x#", kept[1].MessageId, StringComparison.Ordinal);
        Assert.Equal([null, EventErrors.IdReused], kept.Select(m => m.ErrorCode));
        Assert.Equal([("cam-in", DeviceFaultKind.IdReused, 1, "x")], await FaultsAsync());
        // It was acted upon; there is nothing to process again.
        Assert.True((await platform.Get<ReplayMessages>().RunAsync(City.User(DevicePermissions.Replay), kept[1].Id, null, Ct)).Ok);
        Assert.Equal(2, (await day.PassagesAsync()).Count);
    }

    /// <summary>Ids are cut, and half of a character that takes two cannot be kept.</summary>
    [Fact]
    public async Task An_id_that_was_used_before_may_be_any_text()
    {
        var id = new string('a', 47) + "😀b";
        await PassAsync(City.EntryCamera, Car, 0, id);
        day.Until(5);
        Assert.Equal(new EventResult(EventOutcome.Recorded, EventErrors.IdReused), await PassAsync(City.EntryCamera, Other, 5, id));
        Assert.Equal([Car, Other], (await day.OrdersAsync()).Select(o => o.Plate!));
    }

    /// <summary>A refusal is no success, whatever had the id before.</summary>
    [Fact]
    public async Task An_id_that_was_used_before_does_not_hide_that_a_message_is_refused()
    {
        await PassAsync(City.EntryCamera, Car, 0, "x");
        Assert.Equal(new EventResult(EventOutcome.Refused, EventErrors.TimeOutOfRange), await PassAsync(City.EntryCamera, Other, 500, "x"));
        Assert.Equal(EventOutcome.Duplicate, (await PassAsync(City.EntryCamera, Other, 500, "x")).Outcome);
        await using var s = await City.OpenAsync();
        Assert.Equal([null, EventErrors.TimeOutOfRange], await s.Db.Set<DeviceMessage>().OrderBy(m => m.Id).Select(m => m.ErrorCode).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_message_that_is_sent_again_as_a_replay_or_written_otherwise_is_the_same()
    {
        await PassAsync(City.EntryCamera, Car, 0, "x");
        Assert.Equal(EventOutcome.Duplicate, (await PassAsync(City.EntryCamera, Car, 0, "x", replay: true)).Outcome);
        Assert.Equal(EventOutcome.Duplicate, (await SendTextAsync(City.EntryCamera, "passage",
            $$"""{"at":"{{Day.Minute(0):O}}", "plate":"{{Car}}", "id":"x"}""")).Outcome);
        Assert.Empty(await FaultsAsync());
    }

    [Fact]
    public async Task What_cannot_be_used_is_counted_once_however_often_it_comes()
    {
        for (var i = 0; i < 3; i++)
            await PassAsync(City.EntryCamera, new string('1', 70), 0, "long");
        await SendTextAsync(City.EntryCamera, "passage", "{");
        Assert.Equal([("cam-in", DeviceFaultKind.Refused, 2, EventErrors.Malformed)], await FaultsAsync());
    }

    [Fact]
    public async Task A_device_that_connects_all_the_time_does_not_fill_its_history()
    {
        var states = platform.Get<DeviceStates>();
        var camera = City.EntryCamera;
        var device = new SignedInDevice(City.Code, camera.Id, camera.LotId, camera.Name, camera.Dialect, camera.CredentialsVersion);
        for (var i = 0; i < 20; i++)
        {
            await states.SetAsync(device, online: true, "connected", Ct);
            await states.SetAsync(device, online: false, "ConnectionLost", Ct);
        }
        await states.SetAsync(device, online: true, "connected", Ct);
        // Another one with its client id takes the connection: it is still on line.
        await states.SetAsync(device, online: true, "connected", Ct);
        await using var s = await City.OpenAsync();
        Assert.Equal(6, await s.Db.Set<DeviceStateChange>().CountAsync(Ct));
        Assert.Equal([("cam-in", DeviceFaultKind.Reconnects, 19, "connected")], await FaultsAsync());
        platform.Clock.Advance(TimeSpan.FromMinutes(11));
        await states.SetAsync(device, online: false, "ConnectionLost", Ct);
        Assert.Equal(7, await s.Db.Set<DeviceStateChange>().CountAsync(Ct));
    }

    [Fact]
    public async Task The_page_of_a_device_names_the_faults_that_the_list_names()
    {
        await SendAsync(City.ExitCamera, "heartbeat", ""","faults":["lens"]""", Day.Minute(0));
        await PassAsync(City.ExitCamera, Car, 0, id: "same");
        await PassAsync(City.ExitCamera, Other, 0, id: "same");
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<DevicePage>(p => p.Add(x => x.Id, City.ExitCamera.Id));
        Assert.Equal("lens, Id used twice", (await page.WaitForElementAsync(".facts .fault")).TextContent);
        var list = context.Render<DevicesPage>();
        Assert.Equal("lens, Id used twice", (await list.WaitForElementAsync("td .fault")).TextContent);

        // What it did wrong yesterday is in the page's history alone.
        day.Until(24 * 60);
        await using var next = new PageContext(platform, await City.SignInAsync(Roles.City));
        page = next.Render<DevicePage>(p => p.Add(x => x.Id, City.ExitCamera.Id));
        Assert.Equal("lens", (await page.WaitForElementAsync(".facts .fault")).TextContent);
        Assert.Contains("Id used twice", page.Markup);
    }

    [Fact]
    public async Task A_gate_that_was_never_connected_needs_attention_once_it_was_told_to_move()
    {
        var gate = City.ExitGate;
        Assert.DoesNotContain(gate.Name, await InTroubleAsync());
        Assert.True((await platform.Get<SendCommand>().RunAsync(City.User(DevicePermissions.Command),
            new ManualCommand(gate.Id, DeviceCommand.OpenGate), Ct)).Ok);
        Assert.DoesNotContain(gate.Name, await InTroubleAsync());
        platform.Clock.Advance(DeviceCommand.Validity + TimeSpan.FromSeconds(1));
        await platform.Get<CommandProgress>().ExpireAsync(City.Code, Ct);
        Assert.Contains(gate.Name, await InTroubleAsync());
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<DevicePage>(p => p.Add(x => x.Id, gate.Id));
        Assert.Contains("Gate did not obey", (await page.WaitForElementAsync(".fault")).TextContent);

        async Task<List<string>> InTroubleAsync()
        {
            await using var s = await City.OpenAsync();
            return await DeviceFault.InTrouble(s).Select(d => d.Name).ToListAsync(Ct);
        }
    }
}
