using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Alarms;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Tests.Passes;
using ParkingSaaS.Web.Alarms;

namespace ParkingSaaS.Tests.Alarms;

/// <summary>SYS-10: one alarm for a cause, from when it is there until it is gone.</summary>
public sealed class AlarmTests(Cluster cluster) : AlarmTest(cluster)
{
    const string Car = "粤B12345";

    [Fact]
    public async Task A_city_in_which_all_is_well_has_none()
    {
        await day.EnterAsync(Car, 0);
        await ConnectAsync(City.ExitGate, true);
        Assert.Equal(0, await WatchAsync());
        Assert.Empty(await AlarmsAsync());
    }

    [Fact]
    public async Task A_device_that_stays_away_is_told_once_and_ends_it_by_coming_back()
    {
        await LoseAsync(City.Sensor1);
        day.Until(4.9);
        Assert.Equal(0, await WatchAsync());
        day.Until(5);
        Assert.Equal(1, await WatchAsync(AlarmPace.AtOnce));
        Assert.Equal(0, await WatchAsync());
        var alarm = await AlarmAsync();
        Assert.Equal((AlarmKind.DeviceOffline, AlarmLevel.Warning, City.Sensor1.Id, City.South.Id, Day.Minute(5)),
            (alarm.Kind, alarm.Level, alarm.DeviceId, alarm.LotId, alarm.RaisedAt));
        Assert.Equal((null, 5), (alarm.Value, alarm.Norm));
        Assert.Null(alarm.EndedAt);
        day.Until(7);
        await ConnectAsync(City.Sensor1, true);
        Assert.Equal(1, await WatchAsync(AlarmPace.AtOnce));
        Assert.Equal(Day.Minute(7), (await AlarmAsync()).EndedAt);
    }

    /// <summary>It is being installed, or only speaks when it is asked to: nobody knows that it is away.</summary>
    [Fact]
    public async Task A_device_that_was_never_here_is_not_away()
    {
        day.Until(600);
        Assert.Equal(0, await WatchAsync());
    }

    [Theory]
    [InlineData("node")]
    [InlineData("silent")]
    public async Task However_a_device_goes_it_is_away_from_then_on_until_it_speaks(string way)
    {
        await ConnectAsync(City.EntryCamera, true);
        day.Until(60);
        if (way == "node")
            await platform.Get<DeviceStates>().ResetAsync(City.Code, "tests", Ct);
        else
            await platform.Get<DeviceStates>().SilentAsync(City.Code, TimeSpan.FromMinutes(30), Ct);
        Assert.Equal(0, await WatchAsync());
        day.Until(65);
        Assert.Equal(1, await WatchAsync());
        await SayAsync(City.EntryCamera, new HeartbeatReport(null, null, null, null));
        Assert.Equal(1, await WatchAsync());
        Assert.NotNull((await AlarmAsync()).EndedAt);
    }

    [Fact]
    public async Task What_comes_back_within_minutes_is_the_same_alarm_and_later_a_new_one()
    {
        await LoseAsync(City.Sensor1);
        day.Until(5);
        await WatchAsync();
        Assert.True((await platform.Get<AcknowledgeAlarm>().RunAsync(City.User(AlarmPermissions.Acknowledge), (await AlarmAsync()).Id, null, Ct)).Ok);
        Assert.True((await SaveAsync(await RuleAsync(AlarmKind.DeviceOffline) with { Level = AlarmLevel.Information })).Ok);
        await ConnectAsync(City.Sensor1, true);
        Assert.Equal(1, await WatchAsync());
        Assert.True((await SaveAsync(await RuleAsync(AlarmKind.DeviceOffline) with { Level = AlarmLevel.Critical })).Ok);
        // It has been here for five minutes less a second; that it is away again is known only five minutes later.
        day.Until(10 - 1 / 60.0);
        await ConnectAsync(City.Sensor1, false);
        day.Until(15);
        Assert.Equal(1, await WatchAsync());
        var alarm = await AlarmAsync();
        Assert.Equal((Day.Minute(5), null, AlarmLevel.Critical), (alarm.RaisedAt, alarm.EndedAt, alarm.Level));
        Assert.NotNull(alarm.AcknowledgedAt);

        await ConnectAsync(City.Sensor1, true);
        Assert.Equal(1, await WatchAsync());
        day.Until(20);
        await ConnectAsync(City.Sensor1, false);
        day.Until(25);
        Assert.Equal(1, await WatchAsync());
        var alarms = await AlarmsAsync();
        Assert.Equal([Day.Minute(5), Day.Minute(25)], alarms.Select(a => a.RaisedAt));
        Assert.Equal([true, false], alarms.Select(a => a.EndedAt is not null));
        Assert.Null(alarms[1].AcknowledgedAt);
    }

    [Fact]
    public async Task Many_who_look_at_one_time_raise_one()
    {
        await LoseAsync(City.Sensor1);
        await LoseAsync(City.ExitGate);
        day.Until(5);
        var changed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => WatchAsync()));
        Assert.Equal(2, changed.Sum());
        Assert.Equal(2, (await AlarmsAsync()).Count);
    }

    async Task<DeviceCommand> OpenAsync()
    {
        var id = (await platform.Get<SendCommand>().RunAsync(City.User(DevicePermissions.Command),
            new ManualCommand(City.ExitGate.Id, DeviceCommand.OpenGate), Ct)).Value;
        platform.Clock.Advance(TimeSpan.FromSeconds(1));
        return platform.Link.Take().Single(c => c.Id == id);
    }

    [Fact]
    public async Task A_gate_that_did_not_obey_is_told_until_it_does()
    {
        var refused = await OpenAsync();
        await SayAsync(City.ExitGate, new ReplyReport(refused.Id, false, "motor"));
        Assert.Equal(1, await WatchAsync(AlarmPace.AtOnce));
        var alarm = await AlarmAsync();
        Assert.Equal((AlarmKind.GateFailed, AlarmLevel.Critical, City.ExitGate.Id), (alarm.Kind, alarm.Level, alarm.DeviceId));

        // What is under way says nothing yet, and what it did not take in time is as bad.
        await OpenAsync();
        Assert.Equal(0, await WatchAsync());
        platform.Clock.Advance(DeviceCommand.Validity);
        await platform.Get<CommandProgress>().ExpireAsync(City.Code, Ct);
        Assert.Equal(0, await WatchAsync());

        // A text on a display is no move.
        await using (var s = await City.OpenAsync())
        {
            var text = DeviceCommand.For(s, City.ExitGate, DeviceCommand.ShowText, "x", null);
            text.State = CommandState.Executed;
            s.Db.Add(text);
            Assert.True((await s.SaveAsync(Ct)).Ok);
        }
        Assert.Equal(0, await WatchAsync());

        platform.Clock.Advance(TimeSpan.FromSeconds(1));
        await SayAsync(City.ExitGate, new ReplyReport((await OpenAsync()).Id, true, "done"));
        Assert.Equal(1, await WatchAsync(AlarmPace.AtOnce));
        Assert.NotNull((await AlarmAsync()).EndedAt);
    }

    [Fact]
    public async Task A_command_that_expired_is_one_that_was_not_obeyed()
    {
        await OpenAsync();
        platform.Clock.Advance(DeviceCommand.Validity);
        Assert.Equal(0, await WatchAsync());
        await platform.Get<CommandProgress>().ExpireAsync(City.Code, Ct);
        Assert.Equal(1, await WatchAsync());
    }

    [Fact]
    public async Task A_clock_that_is_off_is_told_with_how_far_either_way()
    {
        day.Until(60);
        await day.PassAsync(City.EntryCamera, Car, 63);
        await day.PassAsync(City.ExitCamera, "粤B54321", 57);
        Assert.Equal(0, await WatchAsync(AlarmPace.AtOnce));
        Assert.Equal(2, await WatchAsync(AlarmPace.Minute));
        Assert.Equal([(City.EntryCamera.Id, 180L, 120L), (City.ExitCamera.Id, -180, 120)],
            (await AlarmsAsync()).OrderByDescending(a => a.Value).Select(a => (a.DeviceId!.Value, a.Value!.Value, a.Norm!.Value)));
        await day.PassAsync(City.EntryCamera, "粤B00001", 61);
        await day.PassAsync(City.ExitCamera, "粤B00001", 59);
        Assert.Equal(2, await WatchAsync());
        Assert.All(await AlarmsAsync(), a => Assert.NotNull(a.EndedAt));
    }

    [Fact]
    public async Task A_battery_is_told_below_the_per_cent()
    {
        await SayAsync(City.Sensor1, new HeartbeatReport(20, null, null, null));
        Assert.Equal(0, await WatchAsync());
        await SayAsync(City.Sensor1, new HeartbeatReport(19, null, null, null));
        Assert.Equal(1, await WatchAsync(AlarmPace.Minute));
        await SayAsync(City.Sensor1, new HeartbeatReport(12, null, null, null));
        Assert.Equal(0, await WatchAsync());
        var alarm = await AlarmAsync();
        Assert.Equal((AlarmKind.BatteryLow, AlarmLevel.Warning, 19, 20), (alarm.Kind, alarm.Level, alarm.Value, alarm.Norm));
        await SayAsync(City.Sensor1, new HeartbeatReport(100, null, null, null));
        Assert.Equal(1, await WatchAsync());
    }

    [Fact]
    public async Task A_lot_is_full_when_it_holds_as_many_cars_as_it_has_places()
    {
        await ChangeAsync<Lot>(City.North.Id, l => l.Capacity = 2);
        await day.EnterAsync(Car, 0);
        Assert.Equal(0, await WatchAsync());
        await day.EnterAsync("粤B54321", 1);
        Assert.Equal(1, await WatchAsync(AlarmPace.AtOnce));
        var alarm = await AlarmAsync();
        Assert.Equal((AlarmKind.LotFull, AlarmLevel.Information, City.North.Id, 2, 2), (alarm.Kind, alarm.Level, alarm.LotId, alarm.Value, alarm.Norm));
        // The one that waits at the exit is still in.
        await day.LeaveAsync(Car, 61);
        Assert.Equal(0, await WatchAsync());
        Assert.True((await day.CashAsync((await day.OrdersAsync())[0], 700)).Ok);
        Assert.Equal(1, await WatchAsync(AlarmPace.AtOnce));
        Assert.NotNull((await AlarmAsync()).EndedAt);

        Assert.True((await SaveAsync(await RuleAsync(AlarmKind.LotFull) with { Threshold = 50 })).Ok);
        Assert.Equal(1, await WatchAsync());
        await ChangeAsync<Lot>(City.North.Id, l => l.Capacity = 0);
        Assert.Equal(1, await WatchAsync());
    }

    [Fact]
    public async Task A_stay_is_too_long_after_its_days_until_it_ends()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync("粤B54321", 10);
        day.Until(7 * 24 * 60 - 1);
        Assert.Equal(0, await WatchAsync());
        day.Until(7 * 24 * 60);
        Assert.Equal(1, await WatchAsync(AlarmPace.Minute));
        var order = (await day.OrdersAsync())[0];
        var alarm = await AlarmAsync();
        Assert.Equal((AlarmKind.StayTooLong, order.Id, City.North.Id, 7), (alarm.Kind, alarm.OrderId, alarm.LotId, alarm.Norm));
        Assert.True((await platform.Get<VoidOrder>().RunAsync(City.User(OrderPermissions.Void), order.Id, "gone", Ct)).Ok);
        Assert.Equal(1, await WatchAsync());
        Assert.NotNull((await AlarmAsync()).EndedAt);
    }

    [Fact]
    public async Task A_shift_that_nobody_hands_in_is_one_alarm_of_its_lot_until_it_is()
    {
        var collectors = new[] { City.User(PaymentPermissions.Cash, PaymentPermissions.Shift), City.User(PaymentPermissions.Cash, PaymentPermissions.Shift) };
        var shifts = new List<(Actor Who, Guid Id)>();
        foreach (var who in collectors)
        {
            shifts.Add((who, Guid.CreateVersion7()));
            Assert.True((await platform.Get<OpenShift>().RunAsync(who, shifts[^1].Id, City.North.Id, Money.Zero, Ct)).Ok);
        }
        day.Until(24 * 60);
        Assert.Equal(0, await WatchAsync());
        day.Until(24 * 60 + 1);
        Assert.Equal(1, await WatchAsync(AlarmPace.Minute));
        var alarm = await AlarmAsync();
        Assert.Equal((AlarmKind.ShiftOpen, City.North.Id, 2), (alarm.Kind, alarm.LotId, alarm.Value));
        foreach (var (who, id) in shifts)
        {
            Assert.Null((await AlarmAsync()).EndedAt);
            Assert.True((await platform.Get<HandInShift>().RunAsync(who, new HandIn(id, Money.Zero, Money.Zero, null), Ct)).Ok);
            await WatchAsync();
        }
        Assert.NotNull((await AlarmAsync()).EndedAt);
    }

    /// <summary>A resident's car stands at home for weeks.</summary>
    [Fact]
    public async Task No_stay_is_too_long_while_a_pass_holds_in_the_lot()
    {
        var desk = new Desk(day);
        foreach (var (plate, product) in new[]
        {
            (Car, desk.Details()), ("粤B00002", desk.Details("city") with { Scope = PassScope.City, LotIds = [] }),
            ("粤B00003", desk.Details("elsewhere") with { LotIds = [City.South.Id] })
        })
        {
            await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(product), plate));
            await day.EnterAsync(plate, 0);
        }
        await day.EnterAsync("粤B00004", 0);
        day.Until(8 * 24 * 60);
        Assert.Equal(["粤B00003", "粤B00004"], await TooLongAsync());
        // The passes end after 20 December.
        day.Until(31 * 24 * 60);
        Assert.Equal(["粤B00002", "粤B00003", "粤B00004", Car], await TooLongAsync());

        // The drawer that the passes were paid into is another matter.
        async Task<IEnumerable<string?>> TooLongAsync()
        {
            await WatchAsync();
            var orders = (await day.OrdersAsync()).ToDictionary(o => o.Id, o => o.Plate);
            return (await AlarmsAsync()).Where(a => a.Kind is AlarmKind.StayTooLong).Select(a => orders[a.OrderId!.Value]).Order(StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task An_alarm_about_a_car_says_in_which_lot_it_stands()
    {
        await day.EnterAsync(Car, 0);
        day.Until(7 * 24 * 60);
        Assert.Equal(1, await WatchAsync());
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var card = context.Render<AlarmCard>();
        Assert.Contains("North · over 7 days", (await card.WaitForElementAsync("li")).TextContent);
        var bell = context.Render<AlarmBellButton>();
        Assert.Contains("North · over 7 days", (await bell.WaitForElementAsync(".alarm-line")).TextContent);
    }

    [Fact]
    public async Task What_is_retired_has_no_alarms()
    {
        await LoseAsync(City.Sensor1);
        await LoseAsync(City.ExitGate);
        await SayAsync(City.ExitGate, new ReplyReport((await OpenAsync()).Id, false, "motor"));
        await ConnectAsync(City.ExitGate, false);
        await SayAsync(City.ExitCamera, new HeartbeatReport(1, null, null, null));
        day.Until(10);
        Assert.Equal(4, await WatchAsync());
        Assert.True((await platform.Get<RetireDevice>().RunAsync(City.User(DevicePermissions.Manage), City.Sensor1.Id, Ct)).Ok);
        Assert.Equal(1, await WatchAsync());
        Assert.True((await platform.Get<RetireLot>().RunAsync(City.User(LotPermissions.Manage), City.North.Id, Ct)).Ok);
        Assert.Equal(3, await WatchAsync());
        Assert.All(await AlarmsAsync(), a => Assert.NotNull(a.EndedAt));
    }

    [Fact]
    public async Task Pages_hear_of_what_changed_and_of_nothing_else()
    {
        var heard = new List<LiveNotice>();
        await LoseAsync(City.Sensor1);
        day.Until(5);
        using var subscription = platform.Get<LiveFeed>().Subscribe(City.Code, heard.AddRange);
        await WatchAsync();
        var notice = new LiveNotice(LiveKind.Alarm, City.South.Id, (await AlarmAsync()).Id);
        await WatchAsync();
        Assert.Equal([notice], heard);
        var acknowledge = platform.Get<AcknowledgeAlarm>();
        for (var n = 0; n < 2; n++)
            Assert.True((await acknowledge.RunAsync(City.User(AlarmPermissions.Acknowledge), notice.Id, null, Ct)).Ok);
        Assert.Equal([notice, notice], heard);
    }

    [Fact]
    public async Task Who_takes_care_of_an_alarm_takes_that_back_and_nobody_else_does()
    {
        await LoseAsync(City.Sensor1);
        day.Until(5);
        await WatchAsync();
        var (me, other) = (City.User(AlarmPermissions.Acknowledge), City.RestrictedTo(City.South, AlarmPermissions.Acknowledge));
        var id = (await AlarmAsync()).Id;
        Task<Result<DateTimeOffset?>> AcknowledgeAsync(string note) => platform.Get<AcknowledgeAlarm>().RunAsync(me, id, note, Ct);
        var at = (await AcknowledgeAsync("I look")).Value!.Value;
        Task<Result<Done>> ReleaseAsync(Actor actor) => platform.Get<ReleaseAlarm>().RunAsync(actor, id, at, Ct);
        // Somebody of the same name who comes second has said nothing that could be taken back.
        Assert.Null((await AcknowledgeAsync("me too")).Value);
        Assert.True((await platform.Get<ReleaseAlarm>().RunAsync(me, id, at.AddSeconds(1), Ct)).Ok);
        Assert.True((await ReleaseAsync(other)).Ok);
        Assert.Equal((me.Name, "I look"), ((await AlarmAsync()).AcknowledgedBy, (await AlarmAsync()).Note));
        for (var times = 0; times < 2; times++)
            Assert.True((await ReleaseAsync(me)).Ok);
        Assert.Equal((null, null, null), ((await AlarmAsync()).AcknowledgedAt, (await AlarmAsync()).AcknowledgedBy, (await AlarmAsync()).Note));
        Assert.Equal(new NotFound("alarm"), (await ReleaseAsync(City.RestrictedTo(City.North, AlarmPermissions.Acknowledge))).Error);
    }

    [Fact]
    public async Task Ended_alarms_are_kept_for_a_year_and_open_ones_as_long_as_they_stand()
    {
        await LoseAsync(City.Sensor1);
        await LoseAsync(City.ExitGate);
        day.Until(5);
        await WatchAsync();
        await ConnectAsync(City.Sensor1, true);
        await WatchAsync();
        platform.Clock.Advance(AlarmWatch.Kept);
        await WatchAsync();
        Assert.Equal(2, (await AlarmsAsync()).Count);
        platform.Clock.Advance(TimeSpan.FromSeconds(1));
        await WatchAsync(AlarmPace.Minute);
        Assert.Equal(2, (await AlarmsAsync()).Count);
        await WatchAsync();
        Assert.Equal(City.ExitGate.Id, (await AlarmAsync()).DeviceId);
    }
}
