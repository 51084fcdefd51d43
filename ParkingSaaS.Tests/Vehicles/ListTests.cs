using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>What the lists decide at entry and exit, in their order, and who may put plates on them.</summary>
public sealed class ListTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    static readonly DateOnly Today = new(2026, 11, 21);
    Actor admin => field ??= day.City.User(VehiclePermissions.ManageLists);

    Task<Result<int>> ListAsync(PlateListKind kind, string plate, Actor? actor = null, Guid[]? lots = null, DateOnly? from = null, DateOnly? until = null,
        string reason = "why") =>
        day.Platform.Get<SavePlateRules>().RunAsync(actor ?? admin, new(null, kind, [plate], lots, from, until, reason), Ct);

    async Task<Order> StayAsync()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        return await day.OrderAsync();
    }

    [Theory]
    [InlineData(PlateListKind.White, Car, "whiteList")]
    [InlineData(PlateListKind.White, "粤b·12345", "whiteList")]
    [InlineData(PlateListKind.Special, "粤B*5", "specialPlate")]
    public async Task A_listed_car_leaves_free_and_its_order_says_why(PlateListKind kind, string plate, string note)
    {
        Assert.Equal(1, (await ListAsync(kind, plate)).Value);
        var order = await StayAsync();
        Assert.Equal((OrderState.Completed, Money.Zero), (order.State, order.Receivable));
        Assert.Contains(note, order.FeeLines);
        Assert.Contains("why", order.FeeLines);
        Assert.Equal([DeviceCommand.OpenGate, DeviceCommand.OpenGate], day.Commands());
    }

    [Fact]
    public async Task The_tariff_decides_of_all_others()
    {
        Assert.True((await ListAsync(PlateListKind.White, "粤B54321")).Ok);
        Assert.True((await ListAsync(PlateListKind.White, Car, lots: [day.City.South.Id])).Ok);
        Assert.True((await ListAsync(PlateListKind.White, Car, until: Today.AddDays(-1))).Ok);
        Assert.True((await ListAsync(PlateListKind.Special, "*警")).Ok);
        Assert.Equal(new Money(700), (await StayAsync()).Owed);
    }

    [Fact]
    public async Task The_black_list_keeps_the_gate_closed()
    {
        Assert.True((await ListAsync(PlateListKind.Black, Car, reason: "owes")).Ok);
        await day.EnterAsync(Car, 0);
        Assert.Empty(await day.OrdersAsync());
        Assert.Equal(PassageOutcome.Refused, Assert.Single(await day.PassagesAsync()).Outcome);
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task The_black_list_is_asked_before_the_white_one()
    {
        await day.EnterAsync(Car, 0);
        Assert.True((await ListAsync(PlateListKind.White, Car)).Ok);
        Assert.True((await ListAsync(PlateListKind.Special, "粤B*")).Ok);
        Assert.True((await ListAsync(PlateListKind.Black, Car, reason: "owes")).Ok);
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        Assert.Equal(new Money(700), order.Owed);
        Assert.Contains("blackList", order.FeeLines);
        Assert.Contains("owes", order.FeeLines);
    }

    [Fact]
    public async Task A_person_lets_a_black_listed_car_in_and_the_order_is_marked()
    {
        Assert.True((await ListAsync(PlateListKind.Black, Car)).Ok);
        Assert.True((await day.Platform.Get<PassByHand>().RunAsync(day.City.User(OrderPermissions.Booth),
            new(Guid.CreateVersion7(), day.City.Entry.Id, true, Car), Ct)).Ok);
        Assert.True((await day.OrderAsync()).Anomalies.HasFlag(OrderAnomaly.Blacklisted));
    }

    [Fact]
    public async Task A_form_frees_the_plates_that_have_it_and_no_others()
    {
        foreach (var (form, reason) in new[] { (PlateKind.Police, "GA 36 police"), (PlateKind.Army, "GA 36 army") })
            Assert.Equal(1, (await day.Platform.Get<SavePlateRules>().RunAsync(admin,
                new(null, PlateListKind.Special, [], null, null, null, reason, null, form), Ct)).Value);
        (string Plate, string? Free)[] cars =
            [("粤B1234警", "GA 36 police"), ("粤B1Z34警", "GA 36 police"), ("KA12345", "GA 36 army"), ("KA1234B", null), (Car, null)];
        foreach (var (plate, _) in cars)
            await day.EnterAsync(plate, 0);
        foreach (var (plate, _) in cars)
            await day.LeaveAsync(plate, 61);
        var orders = await day.OrdersAsync();
        Assert.All(cars, car =>
        {
            var order = Assert.Single(orders, o => o.Plate == car.Plate);
            Assert.Equal(car.Free is null ? new Money(700) : Money.Zero, order.Receivable);
            Assert.Equal(car.Free is not null, order.FeeLines!.Contains(car.Free ?? "GA 36"));
        });
    }

    [Fact]
    public async Task Forms_are_entries_of_their_own_and_change_one_at_a_time()
    {
        var save = day.Platform.Get<SavePlateRules>();
        PlateKind[] forms = [PlateKind.Police, PlateKind.Army, PlateKind.Police];
        Assert.Equal(3, (await save.RunAsync(admin, new(null, PlateListKind.Special, [Car], null, null, null, "", null, forms), Ct)).Value);
        Assert.Equal(new InvalidField("Forms", "invalid"),
            (await save.RunAsync(admin, new(null, PlateListKind.Special, [], null, null, null, "", null, (PlateKind)99), Ct)).Error);
        await using var s = await day.City.OpenAsync();
        var police = await s.Db.Set<PlateRule>().AsNoTracking().SingleAsync(r => r.Form == PlateKind.Police, Ct);
        Assert.Equal((null, "GA 36—2018", true), (police.Pattern, police.Reason, police.Wild));
        Assert.Equal(new InvalidField("Plates", "too-long"),
            (await save.RunAsync(admin, new(police.Id, PlateListKind.Special, [], null, null, null, "", null, forms), Ct)).Error);
        Assert.Equal(1,
            (await save.RunAsync(admin, new(police.Id, PlateListKind.Special, [], null, null, Today, "on duty", null, PlateKind.Police), Ct)).Value);
        police = await s.Db.Set<PlateRule>().AsNoTracking().SingleAsync(r => r.Form == PlateKind.Police, Ct);
        Assert.Equal((Today, "on duty", true), (police.Until, police.Reason, police.Wild));
    }

    async Task<List<PlateRuleChange>> HistoryAsync(Actor? actor = null)
    {
        await using var s = await day.Platform.Get<CitySessions>().OpenAsync(actor ?? admin, VehiclePermissions.ManageLists, Ct);
        return await s.Db.Set<PlateRuleChange>().AsNoTracking().OrderBy(c => c.Id).ToListAsync(Ct);
    }

    async Task<PlateRule> RuleAsync()
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<PlateRule>().AsNoTracking().SingleAsync(Ct);
    }

    [Fact]
    public async Task The_history_says_who_changed_an_entry_from_what_to_what_and_outlives_it()
    {
        Assert.True((await ListAsync(PlateListKind.White, Car, until: Today, reason: "staff")).Ok);
        var rule = await RuleAsync();
        var save = day.Platform.Get<SavePlateRules>();
        var same = new PlateRuleDetails(rule.Id, PlateListKind.White, [Car], null, null, Today, "staff");
        Assert.True((await save.RunAsync(admin, same, Ct)).Ok);
        Assert.True((await save.RunAsync(admin, same with { Kind = PlateListKind.Black, LotIds = [day.City.North.Id], Until = null, Reason = "owes" }, Ct)).Ok);
        Assert.True((await day.Platform.Get<RemovePlateRule>().RunAsync(admin, rule.Id, Ct)).Ok);

        var history = await HistoryAsync();
        Assert.All(history, c => Assert.Equal((rule.Id, "user", false, Car), (c.RuleId, c.By, c.FromFile, c.Pattern)));
        Assert.Equal(
        [
            (null, "White staff 2026-11-21 0"),
            ("White staff 2026-11-21 0", "Black owes  1"),
            ("Black owes  1", null)
        ], history.Select(c => (Words(c.Before), Words(c.After))));

        static string? Words(PlateRuleValues? v) => v is null ? null : $"{v.Kind} {v.Reason} {v.Until:yyyy-MM-dd} {v.LotIds.Count}";
    }

    [Fact]
    public async Task Who_sees_one_lot_sees_its_history_only_and_writes_it()
    {
        var north = day.City.RestrictedTo(day.City.North, VehiclePermissions.ManageLists);
        Assert.True((await ListAsync(PlateListKind.White, Car, north, [day.City.North.Id])).Ok);
        Assert.True((await ListAsync(PlateListKind.White, "粤B11111")).Ok);
        Assert.True((await ListAsync(PlateListKind.White, "粤B22222", lots: [day.City.South.Id])).Ok);
        Assert.Equal([Car, "粤B11111"], (await HistoryAsync(north)).Select(c => c.Pattern));
        Assert.Equal(3, (await HistoryAsync()).Count);
    }

    [Fact]
    public async Task Whoever_read_an_entry_before_another_changed_it_does_not_write_over_that()
    {
        Assert.True((await ListAsync(PlateListKind.White, Car)).Ok);
        var rule = await RuleAsync();
        var save = day.Platform.Get<SavePlateRules>();
        var details = new PlateRuleDetails(rule.Id, PlateListKind.White, [Car], null, null, Today, "first") { Seen = PlateRuleDetails.Of(rule) };
        Assert.True((await save.RunAsync(admin, details, Ct)).Ok);
        var changed = Assert.IsType<ChangedMeanwhile>((await save.RunAsync(admin, details with { Reason = "second" }, Ct)).Error);
        Assert.Equal("Reason", Assert.Single(changed.Fields).Field);
        Assert.Equal("first", (await RuleAsync()).Reason);
    }

    [Fact]
    public async Task A_plate_of_no_known_form_is_listed_once_somebody_says_that_it_is_foreign()
    {
        var save = day.Platform.Get<SavePlateRules>();
        var details = new PlateRuleDetails(null, PlateListKind.White, [Car, "B-MW 4711", "*警"], null, null, null);
        Assert.Equal(new ForeignPlate("BMW4711"), (await save.RunAsync(admin, details, Ct)).Error);
        Assert.Equal(3, (await save.RunAsync(admin, details with { Foreign = true }, Ct)).Value);
        await using var s = await day.City.OpenAsync();
        var rule = await s.Db.Set<PlateRule>().AsNoTracking().SingleAsync(r => r.Pattern == "BMW4711", Ct);
        // What was on the list already is not asked about again.
        Assert.True((await save.RunAsync(admin, PlateRuleDetails.Of(rule) with { Reason = "guest" }, Ct)).Ok);
    }

    [Fact]
    public async Task Whoever_stands_at_the_gate_learns_why_the_car_is_black_listed()
    {
        Assert.True((await ListAsync(PlateListKind.Black, Car, reason: "owes 90 yuan")).Ok);
        await day.EnterAsync(Car, 0);
        await using var s = await day.City.OpenAsync();
        Assert.Equal("owes 90 yuan", Assert.Single(await RecentPassage.ReadAsync(s, day.City.North.Id, 5, Ct)).RefusedFor);
    }

    [Fact]
    public async Task On_a_street_the_order_says_why_the_car_is_black_listed()
    {
        Assert.True((await ListAsync(PlateListKind.Black, Car, reason: "owes 90 yuan")).Ok);
        await day.BerthAsync(true, 0, Car);
        Assert.True((await day.OrderAsync()).Anomalies.HasFlag(OrderAnomaly.Blacklisted));
        await using var s = await day.City.OpenAsync();
        Assert.Equal("owes 90 yuan", (await s.Db.Set<OrderOperation>().SingleAsync(o => o.Kind == OrderOperationKind.Blacklisted, Ct)).Detail);
    }

    [Fact]
    public async Task An_exit_without_an_entry_says_so_too()
    {
        Assert.True((await ListAsync(PlateListKind.Black, Car, reason: "owes 90 yuan")).Ok);
        await day.LeaveAsync(Car, 0);
        Assert.Equal(OrderAnomaly.NoEntry | OrderAnomaly.Blacklisted, (await day.OrderAsync()).Anomalies);
        await using var s = await day.City.OpenAsync();
        Assert.Equal("owes 90 yuan", (await s.Db.Set<OrderOperation>().SingleAsync(o => o.Kind == OrderOperationKind.Blacklisted, Ct)).Detail);
    }

    [Fact]
    public async Task In_one_batch_each_car_is_judged_by_itself()
    {
        Assert.True((await ListAsync(PlateListKind.Black, Car, reason: "owes")).Ok);
        Assert.True((await ListAsync(PlateListKind.White, "粤B54321")).Ok);
        string[] plates = [Car, "粤B54321", "粤B11111"];
        var cameras = new[] { (day.City.EntryCamera, 0), (day.City.ExitCamera, 61) };
        day.Until(61);
        await day.RecordAsync([.. cameras.SelectMany(c => plates.Select(p => new DeviceEvent(c.Item1.Id, c.Item1.LotId, $"{c.Item2}{p}", "t", "{}",
            new PassageReport(Day.Minute(c.Item2), false, p, "blue", "small", 1, null, []))))]);
        Assert.Equal([("粤B11111", 700, false), (Car, 700, true), ("粤B54321", 0, false)], (await day.OrdersAsync())
            .OrderBy(o => o.Plate, StringComparer.Ordinal).Select(o => (o.Plate, o.Receivable.Minor, o.Anomalies.HasFlag(OrderAnomaly.Blacklisted))));
    }

    [Fact]
    public async Task A_batch_asks_lists_and_passes_once_however_many_cars_it_has()
    {
        const int Cars = 20;
        string database;
        await using (var s = await day.City.OpenAsync())
            database = s.City.Database;
        using var lists = new CommandCount(database, "plate_rules");
        using var passes = new CommandCount(database, "pass_plates");
        await BatchAsync(day.City.EntryCamera, 0);
        Assert.Equal((Cars, 1, 1), ((await day.OrdersAsync()).Count, lists.Take(), passes.Take()));
        await BatchAsync(day.City.ExitCamera, 61);
        Assert.Equal((1, 1), (lists.Take(), passes.Take()));
        Assert.All(await day.OrdersAsync(), o => Assert.Equal(new Money(700), o.Owed));

        Task<EventResult[]> BatchAsync(Device camera, int minute)
        {
            day.Until(minute);
            return day.RecordAsync([.. Enumerable.Range(0, Cars).Select(i => new DeviceEvent(camera.Id, camera.LotId, $"{minute}/{i}", "t", "{}",
                new PassageReport(Day.Minute(minute), false, $"粤B1{i:0000}", "blue", "small", 1, null, [])))]);
        }
    }

    /// <summary>Counts the commands to a database that name a table.</summary>
    sealed class CommandCount : IDisposable
    {
        readonly ActivityListener listener;
        int count;

        public CommandCount(string database, string table)
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "Npgsql",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = a =>
                {
                    var tags = a.TagObjects.Select(t => t.Value as string ?? "").ToList();
                    if (tags.Contains(database) && tags.Exists(t => t.Contains(table, StringComparison.Ordinal)))
                        Interlocked.Increment(ref count);
                }
            };
            ActivitySource.AddActivityListener(listener);
        }

        /// <summary>How many since the last call.</summary>
        public int Take() => Interlocked.Exchange(ref count, 0);

        public void Dispose() => listener.Dispose();
    }

    [Fact]
    public async Task Who_sees_one_lot_lists_for_that_lot_only()
    {
        var north = day.City.RestrictedTo(day.City.North, VehiclePermissions.ManageLists);
        Assert.Equal(new InvalidField("LotIds", "required"), (await ListAsync(PlateListKind.White, Car, north)).Error);
        Assert.Equal(new InvalidField("LotIds", "required"), (await ListAsync(PlateListKind.White, Car, lots: [])).Error);
        Assert.Equal(new NotFound("lot"), (await ListAsync(PlateListKind.White, Car, north, [day.City.South.Id])).Error);
        Assert.True((await ListAsync(PlateListKind.White, Car, north, [day.City.North.Id])).Ok);
        Assert.True((await ListAsync(PlateListKind.White, "粤B11111")).Ok);
        Assert.True((await ListAsync(PlateListKind.White, "粤B22222", lots: [day.City.South.Id])).Ok);
        await using (var s = await day.Platform.Get<CitySessions>().OpenAsync(north, VehiclePermissions.ManageLists, Ct))
        {
            var seen = await s.Db.Set<PlateRule>().OrderBy(r => r.Pattern).ToListAsync(Ct);
            Assert.Equal(["粤B11111", Car], seen.Select(r => r.Pattern));
            Assert.Equal(new NotFound("entry"), (await day.Platform.Get<RemovePlateRule>().RunAsync(north, seen[0].Id, Ct)).Error);
            Assert.True((await day.Platform.Get<RemovePlateRule>().RunAsync(north, seen[1].Id, Ct)).Ok);
        }
        Assert.Equal(new Money(700), (await StayAsync()).Owed);
    }

    [Fact]
    public async Task Bad_entries_are_named()
    {
        Assert.Equal(new InvalidField("Plates", "required"), (await ListAsync(PlateListKind.White, " ")).Error);
        Assert.Equal(new InvalidField("Plates", "invalid"), (await ListAsync(PlateListKind.White, "***")).Error);
        foreach (var words in new[] { "nonsense!!", "车牌", "NULL" })
        {
            Assert.Equal(new InvalidField("Plates", "no-plate"), (await ListAsync(PlateListKind.White, words)).Error);
            Assert.Equal(new InvalidField("Plates", "no-plate"), (await day.Platform.Get<SavePlateRules>().RunAsync(admin,
                new(null, PlateListKind.White, [Car, words], null, null, null, "why"), Ct)).Error);
        }
        Assert.Equal(new InvalidField("Until", "out-of-range"), (await ListAsync(PlateListKind.White, Car, from: Today, until: Today.AddDays(-1))).Error);
        Assert.Equal(new InvalidField("Reason", "required"), (await ListAsync(PlateListKind.Black, Car, reason: "")).Error);
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("1999-12-31")]
    [InlineData("2101-01-01")]
    [InlineData("9999-12-31")]
    public async Task A_day_that_nobody_means_is_refused_on_lists(string text)
    {
        var (save, admin, on) = (day.Platform.Get<SavePlateRules>(), day.City.User(VehiclePermissions.ManageLists), DateOnly.Parse(text, null));
        foreach (var (from, until, field) in new (DateOnly?, DateOnly?, string)[] { (on, null, "From"), (null, on, "Until") })
        {
            var refused = Assert.IsType<InvalidField>((await save.RunAsync(admin, new(null, PlateListKind.White, ["粤B00001"], null, from, until), Ct)).Error);
            Assert.Equal((field, "out-of-range", "day"), (refused.Field, refused.Rule, refused.Wanted));
        }
    }
}
