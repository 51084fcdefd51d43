using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Alarms;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Alarms;

namespace ParkingSaaS.Tests.Alarms;

/// <summary>Who sees an alarm, who is told, who takes care of it, and who says when there is one.</summary>
public sealed class AlarmRuleTests(Cluster cluster) : AlarmTest(cluster)
{
    Actor viewer => field ??= City.User(AlarmPermissions.View, AlarmPermissions.Acknowledge, PaymentPermissions.View);

    Task<OpenAlarms> BellAsync(Actor? actor = null, string role = Roles.City, Guid? lot = null) =>
        platform.Get<AlarmSummary>().RunAsync(actor ?? viewer, role, lot, Ct);

    async Task<List<AlarmRow>> RowsAsync(Actor actor)
    {
        await using var s = await platform.Get<CitySessions>().OpenAsync(actor, AlarmPermissions.View, Ct);
        return await AlarmRow.All(s).OrderBy(a => a.Kind).ToListAsync(Ct);
    }

    /// <summary>An open alarm.</summary>
    async Task<Guid> AddAsync(AlarmKind kind, AlarmLevel level, Guid? lot, Guid? device = null)
    {
        await using var s = await City.OpenAsync();
        var alarm = new Alarm { Id = Guid.CreateVersion7(), Kind = kind, LotId = lot, DeviceId = device, Level = level, RaisedAt = s.Now };
        s.Db.Add(alarm);
        Assert.True((await s.SaveAsync(Ct)).Ok);
        platform.Clock.Advance(TimeSpan.FromSeconds(1));
        return alarm.Id;
    }

    [Fact]
    public async Task Each_sees_the_alarms_within_reach_and_the_citys_who_sees_all_of_it()
    {
        await AddAsync(AlarmKind.LotFull, AlarmLevel.Information, City.North.Id);
        var foreign = await AddAsync(AlarmKind.DeviceOffline, AlarmLevel.Warning, City.South.Id, City.Sensor1.Id);
        var ofCity = await AddAsync(AlarmKind.IncomeUnusual, AlarmLevel.Warning, null);
        Assert.Equal([("DeviceOffline", "South", "sensor-1"), ("IncomeUnusual", null, null), ("LotFull", "North", null)],
            (await RowsAsync(viewer)).Select(a => ($"{a.Kind}", a.Lot, a.Device)));
        var north = City.RestrictedTo(City.North, AlarmPermissions.View, AlarmPermissions.Acknowledge, PaymentPermissions.View);
        Assert.Equal("North", Assert.Single(await RowsAsync(north)).Lot);
        Assert.Equal(1, (await BellAsync(north)).Open);
        Assert.Equal(3, (await BellAsync()).Open);
        foreach (var id in new[] { foreign, ofCity, Guid.NewGuid() })
            Assert.Equal(new NotFound("alarm"), (await platform.Get<AcknowledgeAlarm>().RunAsync(north, id, null, Ct)).Error);
        Assert.All(await AlarmsAsync(), a => Assert.Null(a.AcknowledgedAt));
    }

    [Fact]
    public async Task What_comes_in_is_for_those_who_may_see_payments()
    {
        var id = await AddAsync(AlarmKind.IncomeUnusual, AlarmLevel.Warning, City.North.Id);
        var attendant = City.User(AlarmPermissions.View, AlarmPermissions.Acknowledge);
        Assert.Empty(await RowsAsync(attendant));
        Assert.Equal(0, (await BellAsync(attendant)).Open);
        Assert.Equal(new NotFound("alarm"), (await platform.Get<AcknowledgeAlarm>().RunAsync(attendant, id, null, Ct)).Error);
        Assert.Single(await RowsAsync(viewer));
    }

    [Fact]
    public async Task A_row_of_a_lot_out_of_reach_is_not_written()
    {
        foreach (var lot in new Guid?[] { City.South.Id, null })
        {
            await using var s = await platform.Get<CitySessions>().OpenAsync(City.RestrictedTo(City.North, "any"), "any", Ct);
            s.Db.Add(new Alarm { Id = Guid.CreateVersion7(), Kind = AlarmKind.LotFull, LotId = lot, Level = AlarmLevel.Warning, RaisedAt = s.Now });
            await Assert.ThrowsAsync<Core.Storage.OutOfScopeException>(() => s.SaveAsync(Ct));
        }
    }

    [Fact]
    public async Task The_first_who_takes_care_stays_with_the_note()
    {
        await LoseAsync(City.Sensor1);
        day.Until(5);
        await WatchAsync();
        var id = (await AlarmAsync()).Id;
        var acknowledge = platform.Get<AcknowledgeAlarm>();
        Assert.Equal(new InvalidField("Note", "too-long"), (await acknowledge.RunAsync(viewer, id, new string('x', Alarm.MaxNote + 1), Ct)).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => acknowledge.RunAsync(City.User(AlarmPermissions.View), id, null, Ct));
        Assert.Equal(1, (await BellAsync()).Yours);
        Assert.True((await acknowledge.RunAsync(viewer, id, " cable cut ", Ct)).Ok);
        day.Until(6);
        Assert.True((await acknowledge.RunAsync(City.RestrictedTo(City.South, AlarmPermissions.Acknowledge), id, "mine", Ct)).Ok);
        var alarm = await AlarmAsync();
        Assert.Equal((TestPlatform.Start.AddMinutes(5), "user", "cable cut", null),
            (alarm.AcknowledgedAt, alarm.AcknowledgedBy, alarm.Note, alarm.EndedAt));
        Assert.Equal(0, (await BellAsync()).Yours);
        Assert.Equal("cable cut", Assert.Single(await RowsAsync(viewer)).Note);
    }

    [Fact]
    public async Task An_alarm_that_ended_is_acknowledged_all_the_same_and_no_longer_told()
    {
        var id = await AddAsync(AlarmKind.LotFull, AlarmLevel.Information, City.North.Id);
        await WatchAsync();
        Assert.Equal(0, (await BellAsync()).Yours);
        Assert.True((await platform.Get<AcknowledgeAlarm>().RunAsync(viewer, id, "", Ct)).Ok);
        Assert.Equal(("user", null), (await AlarmAsync() is var a ? (a.AcknowledgedBy, a.Note) : default));
    }

    [Fact]
    public async Task What_is_open_and_what_is_the_persons_is_counted_and_the_persons_come_first()
    {
        await AddAsync(AlarmKind.GateFailed, AlarmLevel.Critical, City.North.Id, City.ExitGate.Id);
        foreach (var device in new[] { City.EntryCamera, City.ExitCamera, City.ExitGate, City.Sensor1 })
            await AddAsync(AlarmKind.DeviceOffline, AlarmLevel.Warning, device.LotId, device.Id);
        var handled = await AddAsync(AlarmKind.GateFailed, AlarmLevel.Critical, City.North.Id, City.EntryCamera.Id);
        Assert.True((await platform.Get<AcknowledgeAlarm>().RunAsync(viewer, handled, null, Ct)).Ok);
        var bell = await BellAsync();
        Assert.Equal((6, 5, 1), (bell.Open, bell.Yours, bell.Critical));
        Assert.Equal([(AlarmKind.GateFailed, true), (AlarmKind.DeviceOffline, true)], bell.First.Take(2).Select(a => (a.Alarm.Kind, a.Yours)));
        Assert.Equal((AlarmSummary.Shown, "sensor-1"), (bell.First.Count, bell.First[1].Alarm.Device));
        // Nobody is told: the same alarms are open, the worst first.
        bell = await BellAsync(role: Roles.Platform);
        Assert.Equal((6, 0, 0), (bell.Open, bell.Yours, bell.Critical));
        Assert.Equal((handled, false), (bell.First[0].Alarm.Id, bell.First[0].Yours));
        bell = await BellAsync(lot: City.South.Id);
        Assert.Equal((1, 1), (bell.Open, bell.Yours));
        await Assert.ThrowsAsync<AccessDeniedException>(() => BellAsync(City.User("something.else")));
    }

    /// <summary>An attendant is told of full lots and gates, and sees the rest all the same.</summary>
    [Theory]
    [InlineData(Roles.City, 3, 2)]
    [InlineData(Roles.Attendant, 2, 1)]
    public async Task The_bell_the_home_page_and_a_lots_page_count_alike_and_mark_what_is_the_persons(string role, int yours, int yoursInNorth)
    {
        await AddAsync(AlarmKind.StayTooLong, AlarmLevel.Information, City.North.Id);
        await AddAsync(AlarmKind.GateFailed, AlarmLevel.Critical, City.North.Id, City.ExitGate.Id);
        await AddAsync(AlarmKind.LotFull, AlarmLevel.Information, City.South.Id);
        await using var context = new PageContext(platform, await City.SignInAsync(role));
        var bell = context.Render<AlarmBellButton>();
        await bell.WaitForAssertionAsync(() => Says(bell, ".alarm-line", 3, yours));
        Assert.Equal($"{yours}", bell.Find(".bell span").TextContent);
        var home = context.Render<AlarmCard>();
        await home.WaitForAssertionAsync(() => Says(home, "li", 3, yours));
        var lot = context.Render<AlarmCard>(card => card.Add(c => c.Lot, City.North));
        await lot.WaitForAssertionAsync(() => Says(lot, "li", 2, yoursInNorth));

        static void Says<T>(IRenderedComponent<T> part, string line, int open, int yours) where T : IComponent
        {
            Assert.Equal($"Open: {open}, for you: {yours}", part.Find("h2 small, [popover] > p").TextContent);
            var lines = part.FindAll(line).Select(l => l.QuerySelectorAll(".badge").Any(b => b.TextContent.Trim() == "For you")).ToList();
            Assert.Equal(Enumerable.Repeat(true, yours).Concat(Enumerable.Repeat(false, open - yours)), lines);
        }
    }

    [Fact]
    public async Task A_role_is_told_of_what_the_rule_says()
    {
        await AddAsync(AlarmKind.BatteryLow, AlarmLevel.Warning, City.South.Id, City.Sensor1.Id);
        Assert.Equal(0, (await BellAsync(role: Roles.Attendant)).Yours);
        Assert.Equal(1, (await BellAsync(role: Roles.Staff)).Yours);
        Assert.True((await SaveAsync(await RuleAsync(AlarmKind.BatteryLow) with { Roles = [Roles.Attendant] })).Ok);
        Assert.Equal(1, (await BellAsync(role: Roles.Attendant)).Yours);
        Assert.Equal(0, (await BellAsync(role: Roles.Staff)).Yours);
    }

    /// <summary>From 22 to 7, by the clock of Shanghai, over midnight.</summary>
    [Theory]
    [InlineData(21, 59, true)]
    [InlineData(22, 0, false)]
    [InlineData(0, 0, false)]
    [InlineData(6, 59, false)]
    [InlineData(7, 0, true)]
    public async Task In_quiet_hours_only_what_is_critical_is_told(int hour, int minute, bool told)
    {
        Assert.True((await SaveAsync(await RuleAsync(AlarmKind.DeviceOffline) with { QuietFrom = new(22, 0), QuietUntil = new(7, 0) })).Ok);
        await AddAsync(AlarmKind.DeviceOffline, AlarmLevel.Warning, City.South.Id, City.Sensor1.Id);
        await AddAsync(AlarmKind.DeviceOffline, AlarmLevel.Critical, City.North.Id, City.ExitGate.Id);
        await using (var s = await City.OpenAsync())
            platform.Clock.Advance(s.City.Zone.Instant(new DateTime(2026, 11, 22, hour, minute, 0, DateTimeKind.Unspecified)) - platform.Clock.GetUtcNow());
        var bell = await BellAsync();
        Assert.Equal((2, told ? 2 : 1, 1), (bell.Open, bell.Yours, bell.Critical));
        Assert.Equal(2, (await RowsAsync(viewer)).Count);
    }

    [Fact]
    public async Task Quiet_hours_within_a_day_end_on_it()
    {
        Assert.True((await SaveAsync(await RuleAsync(AlarmKind.ClockWrong) with { QuietFrom = new(12, 0), QuietUntil = new(13, 0) })).Ok);
        await using var s = await City.OpenAsync();
        var rule = (await AlarmRule.AllAsync(s, Ct)).Single(r => r.Kind == AlarmKind.ClockWrong);
        Assert.Equal([true, false, true], new[] { 11, 12, 13 }.Select(h => rule.Tells(Roles.City, AlarmLevel.Warning, new(h, 30 * (h % 2)))));
    }

    [Fact]
    public async Task Without_a_word_of_the_city_there_is_a_sensible_rule_for_each_kind()
    {
        foreach (var kind in Enum.GetValues<AlarmKind>())
        {
            var rule = await RuleAsync(kind);
            Assert.True(rule.Enabled);
            Assert.Contains(Roles.City, rule.Roles);
            Assert.True((await SaveAsync(rule)).Ok);
            Assert.Equal(rule, await RuleAsync(kind) with { Roles = rule.Roles });
        }
        await using var s = await City.OpenAsync();
        Assert.All(await s.Db.Set<AlarmRule>().ToListAsync(Ct), r => Assert.Equal(("user", s.Now), (r.ChangedBy, r.ChangedAt)));
    }

    [Fact]
    public async Task A_rule_that_makes_no_sense_is_refused()
    {
        var offline = await RuleAsync(AlarmKind.DeviceOffline);
        (AlarmRuleDetails Rule, string Field, string Why)[] wrong =
        [
            (offline with { Level = (AlarmLevel)9 }, "Level", "invalid"),
            (offline with { Threshold = null }, "Threshold", "required"),
            (offline with { Threshold = -1 }, "Threshold", "out-of-range"),
            (offline with { Threshold = 10081 }, "Threshold", "out-of-range"),
            (await RuleAsync(AlarmKind.GateFailed) with { Threshold = 1 }, "Threshold", "invalid"),
            (offline with { Roles = [Roles.Platform] }, "Roles", "invalid"),
            (offline with { QuietFrom = new(1, 0) }, "QuietUntil", "required"),
            (offline with { QuietFrom = new(1, 0), QuietUntil = new(1, 0) }, "QuietUntil", "invalid")
        ];
        foreach (var (rule, field, why) in wrong)
            Assert.Equal(new InvalidField(field, why), (await SaveAsync(rule)).Error);
        Assert.Equal(new NotFound("alarm-rule"), (await SaveAsync(offline with { Kind = (AlarmKind)99 })).Error);
        Assert.Equal(new NotFound("alarm-rule"), (await SaveAsync(offline, City.RestrictedTo(City.North, AlarmPermissions.Manage))).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => SaveAsync(offline, viewer));
        await using var s = await City.OpenAsync();
        Assert.Empty(await s.Db.Set<AlarmRule>().ToListAsync(Ct));
    }

    [Fact]
    public async Task Two_who_change_a_rule_do_not_write_over_each_other()
    {
        var seen = await RuleAsync(AlarmKind.DeviceOffline);
        Assert.True((await SaveAsync(seen with { Threshold = 10, Seen = seen })).Ok);
        var changed = Assert.IsType<ChangedMeanwhile>((await SaveAsync(seen with { Threshold = 20, Seen = seen })).Error);
        Assert.Equal(("user", new FieldChange("Threshold", 5, 10)), (changed.By, Assert.Single(changed.Fields)));
        Assert.Equal(10, (await RuleAsync(AlarmKind.DeviceOffline)).Threshold);
        Assert.True((await SaveAsync(seen with { Threshold = 10, Seen = seen })).Ok);
    }

    [Fact]
    public async Task An_open_alarm_takes_the_level_of_its_rule_and_ends_when_that_is_switched_off()
    {
        await LoseAsync(City.Sensor1);
        day.Until(5);
        await WatchAsync();
        var rule = await RuleAsync(AlarmKind.DeviceOffline);
        Assert.True((await SaveAsync(rule with { Level = AlarmLevel.Critical })).Ok);
        Assert.Equal(AlarmLevel.Critical, (await AlarmAsync()).Level);
        Assert.Equal(0, await WatchAsync());
        Assert.True((await SaveAsync(rule with { Threshold = 60 })).Ok);
        Assert.Equal(1, await WatchAsync());
        Assert.True((await SaveAsync(rule with { Level = AlarmLevel.Information })).Ok);
        Assert.Equal(1, await WatchAsync());
        Assert.Equal((AlarmLevel.Information, null), (await AlarmAsync() is var a ? (a.Level, a.EndedAt) : default));
        Assert.True((await SaveAsync(rule with { Enabled = false })).Ok);
        Assert.Equal(1, await WatchAsync());
        Assert.Equal(0, await WatchAsync());
        Assert.NotNull((await AlarmAsync()).EndedAt);
    }

    [Fact]
    public void All_who_work_in_a_city_see_alarms_and_its_administrator_says_when_there_is_one()
    {
        var roles = platform.Get<RoleCatalogue>();
        Assert.All(Roles.InCity, role => Assert.Superset(new HashSet<string> { AlarmPermissions.View, AlarmPermissions.Acknowledge },
            roles.PermissionsOf(role).ToHashSet()));
        Assert.Equal([Roles.City], Roles.InCity.Where(role => roles.PermissionsOf(role).Contains(AlarmPermissions.Manage)));
        Assert.DoesNotContain(Roles.InCity, role => roles.PermissionsOf(role).Contains(AlarmPermissions.Watch));
    }
}
