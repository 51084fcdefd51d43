using System.Net;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Reports;

/// <summary>What the income report says, and its files as a browser gets them.</summary>
public sealed class IncomeTests(Cluster cluster) : DayTest(cluster)
{
    static readonly DateOnly Today = new(2026, 11, 21);

    protected override async Task PrepareAsync()
    {
        ForgeBooks(); // nobody owed it
        await StayAsync("A1", 0);
        await StayAsync("B2", 100);
        // Past midnight in Shanghai, still the same day in UTC.
        await StayAsync("C3", 15 * 60);
        // A pending payment is no income.
        await day.EnterAsync("D4", 1000);
        await day.LeaveAsync("D4", 1100);
        await using var s = await day.City.OpenAsync();
        s.Db.Set<Payment>().Add(new Payment
        {
            Id = Guid.CreateVersion7(),
            LotId = day.City.South.Id,
            PayableId = Guid.NewGuid(),
            Method = "demo",
            Amount = new Money(300),
            State = PaymentState.Succeeded,
            PaidAt = Day.Minute(60),
            BusinessDate = Today,
            CreatedAt = s.Now,
            QuotedAt = s.Now
        });
        s.Db.Set<Payment>().Add(new Payment
        {
            Id = Guid.CreateVersion7(),
            LotId = day.City.South.Id,
            PayableId = Guid.NewGuid(),
            Method = "demo",
            Amount = new Money(99900),
            BusinessDate = Today,
            CreatedAt = s.Now,
            QuotedAt = s.Now
        });
        await s.Db.SaveChangesAsync(Ct);
    }

    async Task StayAsync(string plate, double minute)
    {
        await day.EnterAsync(plate, minute);
        await day.LeaveAsync(plate, minute + 61);
        var order = (await day.OrdersAsync()).Single(o => o.Plate == plate);
        Assert.True((await day.CashAsync(order, 700)).Ok);
    }

    Task<Result<IReadOnlyList<IncomeRow>>> AskAsync(Actor actor, DateOnly from, DateOnly to, Guid? lot = null) =>
        day.Platform.Get<DailyIncome>().RunAsync(actor, from, to, lot, Ct);

    [Fact]
    public async Task Income_stands_by_business_date_lot_and_method()
    {
        var rows = (await AskAsync(day.City.User(ReportPermissions.Income), Today, Today.AddDays(1))).Value;
        Assert.Equal([(Today, "North", "cash", 2, 1400), (Today, "South", "demo", 1, 300), (Today.AddDays(1), "North", "cash", 1, 700L)],
            rows.Select(r => (r.Date, r.Lot, r.Method, r.Count, r.Amount.Minor)));
    }

    [Fact]
    public async Task Each_sees_the_income_within_reach()
    {
        var south = (await AskAsync(day.City.RestrictedTo(day.City.South, ReportPermissions.Income), Today, Today.AddDays(1))).Value;
        Assert.Equal(300, Assert.Single(south).Amount.Minor);
        Assert.Empty((await AskAsync(day.City.RestrictedTo(day.City.South, ReportPermissions.Income), Today, Today, day.City.North.Id)).Value);
        Assert.Empty((await AskAsync(day.Platform.Beta.User(ReportPermissions.Income), Today, Today)).Value);
        await Assert.ThrowsAsync<AccessDeniedException>(() => AskAsync(day.City.User(), Today, Today));
        foreach (var last in new[] { Today.AddDays(-1), Today.AddDays(366) })
        {
            var refused = (await AskAsync(day.City.User(ReportPermissions.Income), Today, last)).Error;
            Assert.Equal("Period.out-of-range", Assert.IsType<InvalidField>(refused).Wanted);
        }
    }

    [Fact]
    public async Task Todays_figures_count_what_is_in_now()
    {
        var city = await TodayAsync(day.City.User(ReportPermissions.Home));
        // 1,100 minutes after nine it is past three in the morning: only the payment of C3 is of today.
        Assert.Equal((Today.AddDays(1), new Money(700), 1), (city.Date, city.Income, city.Payments));
        Assert.Equal([("North", 100, 1), ("South", 2, 0)], city.Lots.Select(l => (l.Name, l.Places.Capacity, l.Places.Parked)));
        Assert.Equal((1, 102), (city.Places.Parked, city.Places.Capacity));
        Assert.Equal(8, city.Passages.Count);
        Assert.Equal(("D4", false), (city.Passages[0].Plate, city.Passages[0].Entering));

        var south = await TodayAsync(day.City.RestrictedTo(day.City.South, ReportPermissions.Home));
        Assert.Equal((Money.Zero, 0, 0, 0), (south.Income, south.Orders, south.Places.Parked, south.Passages.Count));
    }

    Task<Today> TodayAsync(Actor actor) => day.Platform.Get<TodayFigures>().RunAsync(actor, Ct);

    [Fact]
    public async Task The_files_are_what_the_report_says_and_only_for_those_who_may_see_it()
    {
        await using var web = await WebHost.StartAsync(day.Platform, Ct);
        await web.AddUserAsync(day.City, "boss", Roles.City, Ct);
        await web.AddUserAsync(day.City, "booth", Roles.Attendant, Ct, u => u.LotIds = [day.City.North.Id]);
        using var browser = web.Browser();
        await WebHost.SignInAsync(browser, "alpha", "boss", WebHost.Password, Ct);

        var rows = SheetFile.Rows(await browser.GetByteArrayAsync("/alpha/reports/income.xlsx?from=2026-11-21&to=2026-11-22", Ct));
        Assert.Equal([14.0, 3.0, 7.0], rows.Select(r => r[^1].Value));

        var orders = await browser.GetAsync("/alpha/orders/export.xlsx?Plate=a&State=Completed", Ct);
        Assert.Equal(HttpStatusCode.OK, orders.StatusCode);
        Assert.Equal("A1", Assert.Single(SheetFile.Rows(await orders.Content.ReadAsByteArrayAsync(Ct)))[0].Value);

        var pdf = await browser.GetAsync("/alpha/reports/income.pdf?from=2026-11-21&to=2026-11-22", Ct);
        Assert.True(pdf.IsSuccessStatusCode, await pdf.Content.ReadAsStringAsync(Ct));
        Assert.Equal("%PDF-"u8.ToArray(), (await pdf.Content.ReadAsByteArrayAsync(Ct))[..5]);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/alpha/reports/income.pdf?from=2026-11-21&to=2026-11-01", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/alpha/reports/income.xlsx?from=soon&to=2026-11-01", Ct)).StatusCode);

        using var booth = web.Browser();
        await WebHost.SignInAsync(booth, "alpha", "booth", WebHost.Password, Ct);
        Assert.Equal(HttpStatusCode.Redirect, (await booth.GetAsync("/alpha/reports/income.xlsx?from=2026-11-21&to=2026-11-22", Ct)).StatusCode);
    }
}
