using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Tests.Passes;
using ParkingSaaS.Web.Reports;

namespace ParkingSaaS.Tests.Reports;

/// <summary>Past orders under another tariff: off-street, 7 yuan were charged for 61 minutes, 5 for up to an hour.</summary>
public sealed class WhatIfTests(Cluster cluster) : DayTest(cluster)
{
    static readonly DateOnly Today = new(2026, 11, 21);

    Actor Planner => day.City.User(ReportPermissions.WhatIf);

    async Task<Order> StayAsync(string plate, double minute, double minutes)
    {
        await day.EnterAsync(plate, minute);
        await day.LeaveAsync(plate, minute + minutes);
        return (await day.OrdersAsync()).Last(o => o.Plate == plate);
    }

    /// <summary>A draft of a tariff of its own.</summary>
    async Task<Guid> DraftAsync(string rules, string more = "")
    {
        await using var s = await day.City.OpenAsync();
        var plan = new TariffPlan { Id = Guid.CreateVersion7(), Name = $"Draft {Guid.NewGuid()}" };
        var version = new TariffVersion
        {
            Id = Guid.CreateVersion7(),
            TariffId = plan.Id,
            Number = 1,
            Definition = $$"""{ "schema": "parkingsaas-tariff/1", "name": "Draft", "rules": [{{rules}}] {{more}} }"""
        };
        s.Db.AddRange(plan, version);
        await s.Db.SaveChangesAsync(Ct);
        return version.Id;
    }

    /// <summary>The lot has used the draft since yesterday.</summary>
    async Task<Guid> InForceAsync(Guid version)
    {
        await using var s = await day.City.OpenAsync();
        var draft = await s.Db.Set<TariffVersion>().SingleAsync(v => v.Id == version, Ct);
        (draft.EffectiveFrom, draft.PublishedAt) = (s.Now.AddDays(-1), s.Now.AddDays(-1));
        (await s.Db.Set<LotTariff>().SingleAsync(a => a.LotId == day.City.North.Id, Ct)).UsedUntil = s.Now.AddDays(-1);
        s.Db.Set<LotTariff>().Add(
            new LotTariff { Id = Guid.CreateVersion7(), LotId = day.City.North.Id, TariffId = draft.TariffId, UsedFrom = s.Now.AddDays(-1) });
        await s.Db.SaveChangesAsync(Ct);
        return version;
    }

    async Task PayInAdvanceAsync(Order order)
    {
        Money owed;
        await using (var s = await day.City.OpenAsync())
            owed = (await day.Platform.Get<OrderPayments>().OwedAsync(s, order.Id, Ct)).Try(out var owing, out _) ? owing.Amount : Money.Zero;
        if (owed > Money.Zero)
            Assert.True((await day.CashAsync(order, owed.Minor)).Ok);
    }

    Task<Guid> PerEntryAsync(decimal price) => DraftAsync($$"""{ "id": "all", "charge": { "mode": "perEntry", "price": {{price}} } }""");

    Task<Result<WhatIfResult>> AskAsync(Guid version, Actor? actor = null, DateOnly? from = null, DateOnly? to = null, params Guid[] lots) =>
        day.Platform.Get<WhatIf>().RunAsync(actor ?? Planner, new WhatIfQuestion(version, from ?? Today, to ?? Today.AddDays(1), lots), null, Ct);

    /// <summary>Minutes after nine, lasting so long, in the order in which they come.</summary>
    async Task StaysAsync(params (string Plate, double Minute, double Minutes)[] stays)
    {
        foreach (var (plate, minute, minutes) in stays)
            await StayAsync(plate, minute, minutes);
    }

    [Fact]
    public async Task A_draft_is_set_beside_what_was_charged_by_lot_vehicle_and_hour()
    {
        await StaysAsync(("A1", 0, 61), ("B2", 65, 50), ("C3", 120, 61), ("D4", 200, 10));
        var result = (await AskAsync(await PerEntryAsync(6))).Value;
        Assert.Equal(new WhatIfSum(4, new Money(1900), new Money(2400), 2, 2), result.Total);
        Assert.Equal((0, new Money(500)), (result.Total.Unchanged, result.Total.Difference));
        Assert.Equal(("North", result.Total), Assert.Single(result.Lots.Select(l => (l.Name, l.Sum))));
        Assert.Equal((VehicleKind.Small, result.Total), Assert.Single(result.Vehicles));
        Assert.Equal([(9, 1, 700, 600L), (10, 1, 500, 600), (11, 1, 700, 600), (12, 1, 0, 600)], result.Hours
            .Select((h, hour) => (hour, h.Orders, h.Then.Minor, h.Now.Minor)).Where(h => h.Orders > 0));
        Assert.Equal([("D4", 600), ("B2", 100L)], result.Dearer.Select(o => (o.Plate, (o.Now - o.Then).Minor)));
        Assert.Equal([("A1", -100), ("C3", -100L)], result.Cheaper.Select(o => (o.Plate, (o.Now - o.Then).Minor)));
        Assert.Equal((await day.OrdersAsync()).Single(o => o.Plate == "D4").Id, result.Dearer[0].Id);
    }

    /// <summary>Each kind of order that has no two fees to compare.</summary>
    [Fact]
    public async Task What_is_in_unresolved_or_struck_out_is_left_out_and_counted()
    {
        await StaysAsync(("A1", 0, 61), ("B2", 65, 61));
        await day.EnterAsync("C3", 130); // in, then once more without an exit between: unresolved
        await day.EnterAsync("C3", 190);
        var order = (await day.OrdersAsync()).Single(o => o.Plate == "B2");
        Assert.True((await day.Platform.Get<VoidOrder>().RunAsync(day.City.User(OrderPermissions.Void), order.Id, "wrong", Ct)).Ok);
        var result = (await AskAsync(await PerEntryAsync(6))).Value;
        Assert.Equal((1, 1, 1, 1, 0), (result.Total.Orders, result.Voided, result.Unresolved, result.Parked, result.NoFee));
    }

    [Fact]
    public async Task Who_is_free_by_a_list_stays_free()
    {
        await using (var s = await day.City.OpenAsync())
        {
            foreach (var (pattern, kind) in new[] { ("A1", PlateListKind.White), ("*9", PlateListKind.Special) })
                s.Db.Set<PlateRule>().Add(new PlateRule
                {
                    Id = Guid.CreateVersion7(),
                    Kind = kind,
                    Pattern = pattern,
                    Wild = pattern.Contains('*'),
                    ChangedBy = "test",
                    ChangedAt = s.Now
                });
            await s.Db.SaveChangesAsync(Ct);
        }
        await StaysAsync(("A1", 0, 61), ("B9", 65, 61), ("C3", 130, 61));
        var result = (await AskAsync(await PerEntryAsync(6))).Value;
        Assert.Equal((3, 2, 2, 600), (result.Total.Orders, result.Free, result.Total.Unchanged, result.Total.Now.Minor));
    }

    /// <summary>The same prices give the same fees: also to those who came back, to those who paid in advance and left in time, and to
    /// those who paid at the exit.</summary>
    [Fact]
    public async Task The_version_that_priced_them_changes_nothing()
    {
        const string Rules = """{ "id": "all", "charge": { "mode": "timed", "stages": [{ "price": 1, "perMinutes": 30 }] } }""";
        const string More = """
            , "freeMinutes": [{ "minutes": 15, "oncePerDays": 1 }], "caps": [{ "per": "day", "amount": 9 }],
            "reentry": { "withinMinutes": 30, "shareDayCap": true }
            """;
        var version = await InForceAsync(await DraftAsync(Rules, More));
        await StaysAsync(("A1", 0, 14), ("A1", 20, 100), ("B2", 121, 40), ("A1", 162, 200), ("A1", 500, 16));
        // Free on this date already, and back within half an hour of it on the next.
        await StaysAsync(("A1", 15 * 60 - 20, 10), ("A1", 15 * 60 + 10, 14), ("A1", 15 * 60 + 100, 14));
        await day.EnterAsync("P1", 1100);
        day.Until(1165.5);
        var early = (await day.OrdersAsync()).Single(o => o.Plate == "P1");
        Assert.True((await day.CashAsync(early, 300)).Ok);
        await day.LeaveAsync("P1", 1175); // one unit later, but within the minutes to leave

        var result = (await AskAsync(version)).Value;
        Assert.Equal((9, 9), (result.Total.Orders, result.Total.Unchanged));
        Assert.True(result.Total.Then.Minor > 1000);
        // It is the earlier stays that make it so.
        var alone = (await AskAsync(await DraftAsync(Rules, """, "freeMinutes": [{ "minutes": 15 }], "caps": [{ "per": "day", "amount": 9 }]"""))).Value;
        Assert.True(alone.Total.Unchanged < 8);
        // Those before the period count too.
        var second = (await AskAsync(version, from: Today.AddDays(1))).Value;
        Assert.True(second.Total.Orders is > 0 and < 9);
        Assert.Equal(second.Total.Orders, second.Total.Unchanged);
    }

    /// <summary>Whatever a few days bring: cars that come back, cards that end while the car is in, payments in advance, marks, and fees that
    /// a person lets go.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Replayed_under_the_version_that_priced_it_every_order_costs_what_it_did(int seed)
    {
        var version = await InForceAsync(await DraftAsync("""
            { "id": "night", "window": { "from": "20:00", "to": "07:00" }, "charge": { "mode": "perEntry", "price": 3 } },
            { "id": "day", "window": { "from": "07:00", "to": "20:00" },
              "charge": { "mode": "timed", "stages": [{ "untilMinutes": 60, "price": 2, "perMinutes": 30 }, { "price": 0.5, "perMinutes": 15 }] } }
            """, """
            , "freeMinutes": [{ "minutes": 15, "oncePerDays": 1 }], "caps": [{ "per": "day", "amount": 20 }],
            "reentry": { "withinMinutes": 30, "shareDayCap": true },
            "factors": [{ "id": "double", "appliesTo": { "byHand": true }, "factor": 2 }]
            """));
        var random = new Random(seed);
        var desk = new Desk(day);
        var card = await desk.ProductAsync(desk.Details() with { Term = PassTerm.Day, Price = new Money(1000), MaxTerms = 60 });
        string[] cars = [Desk.Car, "粤B20000", "粤B30000"];
        await desk.ActiveAsync(Desk.Sale(card, cars[0]));
        var (cards, sold) = (1, Today);
        var attendant = day.City.User(OrderPermissions.Booth, OrderPermissions.Void, OrderPermissions.Mark);
        for (var minute = 0; minute < 3 * 24 * 60;)
        {
            day.Until(minute);
            var today = Today.AddDays((minute + 9 * 60) / (24 * 60)); // the first day begins at nine
            if (today > sold && cards < cars.Length)
            {
                await desk.ActiveAsync(Desk.SaleFrom(card, today, 1, cars[cards++]));
                sold = today;
            }
            // The first is in until an hour after midnight, when its card has ended.
            var (car, minutes) = minute == 0 ? (cars[0], 16 * 60) : (cars[random.Next(3)], (int)Math.Pow(10, 0.5 + random.NextDouble() * 2.6));
            await day.EnterAsync(car, minute);
            var order = (await day.OrdersAsync()).Last(o => o.Plate == car);
            switch (minute == 0 ? 6 : random.Next(6))
            {
                case 0:
                    day.Until(minute + minutes);
                    Assert.True((await day.Platform.Get<SetExitTime>().RunAsync(attendant,
                        new(order.Id, Day.Minute(minute + minutes), null, Waived: true, "breakdown"), Ct)).Ok);
                    break;
                case 1:
                    day.Until(minute + minutes);
                    await PayInAdvanceAsync(order);
                    await day.LeaveAsync(car, minute + minutes + random.Next(1, 12)); // within the minutes to leave
                    break;
                case 2:
                    await day.LeaveAsync(car, minute + minutes);
                    await day.Platform.Get<MarkOrder>().RunAsync(attendant, order.Id, true, "across two berths", Ct); // refused where all is paid
                    break;
                default:
                    await day.LeaveAsync(car, minute + minutes);
                    break;
            }
            minute += minutes + 12 + random.Next(90);
        }
        var orders = await day.OrdersAsync();
        Assert.Contains(orders, o => o.FeeLines!.Contains("\"pass\"", StringComparison.Ordinal) && o.Receivable > Money.Zero);
        var result = (await AskAsync(version, to: Today.AddDays(5))).Value;
        Assert.Empty(result.Cheaper.Concat(result.Dearer));
        Assert.Equal(orders.Count(o => o.State is not OrderState.Void), result.Total.Unchanged);
        Assert.True(result.Total.Then.Minor > 0);
    }

    [Fact]
    public async Task Only_orders_within_reach_period_and_lots_are_replayed()
    {
        await StaysAsync(("A1", 0, 61), ("B2", 15 * 60, 61)); // the second after midnight
        var version = await PerEntryAsync(6);
        Assert.Equal(1, (await AskAsync(version, to: Today)).Value.Total.Orders);
        Assert.Equal(0, (await AskAsync(version, lots: day.City.South.Id)).Value.Total.Orders);
        Assert.Equal(2, (await AskAsync(version, lots: [day.City.South.Id, day.City.North.Id])).Value.Total.Orders);
        Assert.Equal(0, (await AskAsync(version, day.City.RestrictedTo(day.City.South, ReportPermissions.WhatIf))).Value.Total.Orders);
        Assert.Equivalent(new NotFound("tariff"), (await AskAsync(version, day.Platform.Beta.User(ReportPermissions.WhatIf))).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => AskAsync(version, day.City.User(ReportPermissions.Income)));
        Assert.Equal(new InvalidField("Period", "out-of-range"), (await AskAsync(version, to: Today.AddDays(-1))).Error);
        Assert.Equal(new InvalidField("Period", "out-of-range"), (await AskAsync(version, to: Today.AddDays(366))).Error);
    }

    [Fact]
    public async Task The_biggest_differences_are_listed_and_no_more()
    {
        await using (var s = await day.City.OpenAsync())
        {
            for (var i = 1; i <= 50; i++)
                s.Db.Set<Order>().Add(new Order
                {
                    Id = Guid.CreateVersion7(),
                    LotId = day.City.North.Id,
                    Plate = $"P{i:00}",
                    State = OrderState.Completed,
                    EnteredAt = s.Now,
                    ExitedAt = s.Now.AddMinutes(1),
                    Receivable = new Money(i * 100),
                    BusinessDate = Today,
                    CreatedAt = s.Now
                });
            await s.Db.SaveChangesAsync(Ct);
        }
        var result = (await AskAsync(await PerEntryAsync(25))).Value;
        Assert.Equal((24, 1, 25), (result.Total.Dearer, result.Total.Unchanged, result.Total.Cheaper));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"P{i:00}"), result.Dearer.Select(o => o.Plate));
        Assert.Equal(Enumerable.Range(31, 20).Reverse().Select(i => $"P{i:00}"), result.Cheaper.Select(o => o.Plate));
    }

    /// <summary>A card until midnight, and half an hour after it; a mark by hand; a car of the fleet.</summary>
    [Fact]
    public async Task Passes_marks_and_groups_count_as_they_do_at_the_gate()
    {
        const int Midnight = 15 * 60;
        var desk = new Desk(day);
        var card = await desk.ProductAsync(desk.Details() with { Term = PassTerm.Day, Price = new Money(1000), MaxTerms = 60 });
        await desk.ActiveAsync(Desk.Sale(card, Desk.Car));
        Assert.True((await day.Platform.Get<SavePlateGroup>().RunAsync(day.City.User(VehiclePermissions.ManageGroups),
            new(null, "Fleet", "", ["F1"]) { Foreign = true }, Ct)).Ok);
        await day.TariffAsync(t => t with
        {
            Factors =
            [
                new TariffFactor { Id = "fleet", AppliesTo = new AppliesTo { Groups = ["Fleet"] }, Factor = 0.5m },
                new TariffFactor { Id = "double", AppliesTo = new AppliesTo { ByHand = true }, Factor = 2 }
            ]
        });
        await StayAsync("F1", 0, 61);
        var marked = await StayAsync("M1", 70, 61);
        Assert.True((await day.Platform.Get<MarkOrder>().RunAsync(day.City.User(OrderPermissions.Mark), marked.Id, true, "across two berths", Ct)).Ok);
        await StayAsync(Desk.Car, Midnight - 600, 661);
        Assert.Equal([350, 1400, 700L], (await day.OrdersAsync()).Select(o => o.Receivable.Minor));
        Guid version;
        await using (var s = await day.City.OpenAsync())
            version = await s.Db.Set<TariffVersion>().Where(v => v.Number == 2).Select(v => v.Id).SingleAsync(Ct);
        var result = (await AskAsync(version)).Value;
        Assert.Equal((3, 3, 2450), (result.Total.Orders, result.Total.Unchanged, result.Total.Now.Minor));
        // By entry, only the part that no pass covers is charged.
        Assert.Equal(1800, (await AskAsync(await PerEntryAsync(6))).Value.Total.Now.Minor);
    }

    /// <summary>A second replay in the city is told to wait, one in another city is not, and a cancelled one is out of the way.</summary>
    [Fact]
    public async Task One_replay_at_a_time_and_it_can_be_cancelled()
    {
        await StaysAsync(("A1", 0, 61));
        var version = await PerEntryAsync(6);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asked = new TaskCompletionSource<Error?>();
        var first = day.Platform.Get<WhatIf>().RunAsync(Planner, new WhatIfQuestion(version, Today, Today), new Halt(() =>
        {
            asked.TrySetResult(AskAsync(version).GetAwaiter().GetResult().Error);
            stop.Cancel();
        }), stop.Token);
        Assert.Equal(new WhatIfBusy(), await asked.Task.InTimeAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(1, (await AskAsync(version)).Value.Total.Orders);
    }

    sealed class Halt(Action then) : IProgress<WhatIfProgress>
    {
        public void Report(WhatIfProgress value) => then();
    }

    [Fact]
    public async Task A_run_is_kept_for_the_session_that_started_it_and_so_are_its_files()
    {
        await StaysAsync(("A1", 0, 61), ("D4", 200, 10));
        var version = await PerEntryAsync(6);
        await using var web = await WebHost.StartAsync(day.Platform, Ct);
        var boss = await web.AddUserAsync(day.City, "boss", Roles.City, Ct);
        await web.AddUserAsync(day.City, "other", Roles.City, Ct);
        var actor = Actor.User(day.City.Code, boss.Id, "boss", new HashSet<string> { ReportPermissions.WhatIf }, Scope.WholeCity);
        using var browser = web.Browser();
        await WebHost.SignInAsync(browser, "alpha", "boss", WebHost.Password, Ct);
        SessionKey session;
        await using (var s = await day.City.OpenAsync())
            session = new(day.City.Code, s.Db.Set<SignInSession>().Single(row => row.UserId == boss.Id).Id);
        var run = web.Get<WhatIfRuns>().Start(actor, session, Guid.NewGuid(), new WhatIfQuestion(version, Today, Today));
        await run.Ended.InTimeAsync();
        Assert.Equal((false, null, 2), (run.Running, run.Error, run.Result?.Total.Orders));
        Assert.Equal(new WhatIfProgress(2, 2), run.Progress);
        Assert.Same(run, web.Get<WhatIfRuns>().Of(session));

        var rows = SheetFile.Rows(await browser.GetByteArrayAsync($"/alpha/reports/what-if/{run.Id}/sums.xlsx", Ct));
        Assert.Equal(["2", "7", "12", "5", "1", "1", "0"], rows[0][2..].Select(c => c.ToString()));
        Assert.Equal(1 + 1 + 1 + 24, rows.Count);
        var orders = SheetFile.Rows(await browser.GetByteArrayAsync($"/alpha/reports/what-if/{run.Id}/orders.xlsx", Ct));
        Assert.Equal(["D4", "A1"], orders.Select(r => r[0].Value));

        using var other = web.Browser();
        await WebHost.SignInAsync(other, "alpha", "other", WebHost.Password, Ct);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await other.GetAsync($"/alpha/reports/what-if/{run.Id}/sums.xlsx", Ct)).StatusCode);
        // By the next sign-in they may see less.
        using var again = web.Browser();
        await WebHost.SignInAsync(again, "alpha", "boss", WebHost.Password, Ct);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await again.GetAsync($"/alpha/reports/what-if/{run.Id}/sums.xlsx", Ct)).StatusCode);
    }
}
