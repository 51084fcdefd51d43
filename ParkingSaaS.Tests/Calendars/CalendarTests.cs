using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Calendars;

/// <summary>Calendars decide prices: who may change them, what a day is, and what a change leaves alone.</summary>
public sealed class CalendarTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    static readonly DateOnly Today = new(2026, 11, 21);
    TestCity city => City;
    Actor admin => field ??= city.User(CalendarPermissions.View, CalendarPermissions.Manage);

    Task<Result<Guid>> AddAsync(string name, bool isDefault = false, Guid? copyOf = null, params DayOfWeek[] rest) =>
        day.Platform.Get<SaveCalendar>().RunAsync(admin, new(null, name, rest, isDefault, copyOf), Ct);

    async Task<Result<Done>> PaintAsync(Guid calendar, int year, params PaintedDay[] days)
    {
        uint version;
        await using (var s = await city.OpenAsync())
            version = (await s.Db.Set<DayCalendar>().AsNoTracking().SingleAsync(c => c.Id == calendar, Ct)).RowVersion;
        return await day.Platform.Get<SaveYear>().RunAsync(admin, new(calendar, year, version, days), Ct);
    }

    async Task<CalendarInForce> InForceAsync(Guid? calendar)
    {
        await using var s = await city.OpenAsync();
        return await day.Platform.Get<CalendarsInForce>().GetAsync(s, calendar, Ct);
    }

    /// <summary>Both lots cost 10 yuan an entry on rest days, 3 on special days, and 1 on workdays.</summary>
    async Task PriceByDayAsync()
    {
        var tariff = TariffJson.Read("""
            { "schema": "parkingsaas-tariff/1", "name": "days", "rules": [
              { "id": "special", "appliesTo": { "dayTypes": ["specialDay"] }, "charge": { "mode": "perEntry", "price": 3 } },
              { "id": "rest", "appliesTo": { "dayTypes": ["restDay"] }, "charge": { "mode": "perEntry", "price": 10 } },
              { "id": "work", "charge": { "mode": "perEntry", "price": 1 } }] }
            """);
        Assert.Empty(tariff.Problems);
        await using var s = await city.OpenAsync();
        await s.Db.Set<TariffVersion>().ExecuteUpdateAsync(v => v.SetProperty(x => x.Definition, TariffJson.Write(tariff.Tariff!)), Ct);
    }

    async Task<Order> StayAsync(double minute)
    {
        await day.EnterAsync(Car, minute);
        await day.LeaveAsync(Car, minute + 30);
        return (await day.OrdersAsync())[^1];
    }

    [Fact]
    public async Task The_published_arrangement_has_holidays_and_make_up_workdays()
    {
        (DateOnly Date, DayType Type)[] days =
        [
            (new(2025, 1, 26), DayType.Workday),
            (new(2025, 1, 28), DayType.RestDay),
            (new(2025, 2, 5), DayType.Workday),
            (new(2025, 10, 8), DayType.RestDay),
            (new(2026, 1, 4), DayType.Workday),
            (new(2026, 2, 23), DayType.RestDay),
            (new(2026, 2, 28), DayType.Workday),
            (new(2026, 9, 20), DayType.Workday),
            (new(2026, 9, 25), DayType.RestDay),
            (new(2026, 10, 10), DayType.Workday),
            (new(2026, 11, 21), DayType.RestDay)
        ];
        var id = (await AddAsync("Main", rest: [DayOfWeek.Saturday, DayOfWeek.Sunday])).Value;
        foreach (var template in HolidayTemplate.All)
            Assert.True((await PaintAsync(id, template.Year, [.. template.Days])).Ok);
        var calendar = await InForceAsync(null);
        Assert.All(days, day => Assert.Equal(day.Type, calendar.Days.On(day.Date)));
    }

    [Fact]
    public async Task The_calendar_of_the_lot_decides_else_the_default()
    {
        await PriceByDayAsync();
        Assert.Equal(new Money(1000), (await StayAsync(0)).Receivable); // a Saturday
        var main = (await AddAsync("Main", true, null, DayOfWeek.Saturday)).Value;
        Assert.True((await PaintAsync(main, 2026, new PaintedDay(Today, DayKind.Workday))).Ok);
        Assert.Equal(new Money(100), (await StayAsync(60)).Receivable);
        var fair = (await AddAsync("Fair")).Value;
        Assert.True((await PaintAsync(fair, 2026, new PaintedDay(Today, DayKind.Special, "Fair"))).Ok);
        Assert.True((await day.Platform.Get<UseCalendar>().RunAsync(admin, city.North.Id, fair, Ct)).Ok);
        Assert.Equal(new Money(300), (await StayAsync(120)).Receivable);
        Assert.Equal(new CalendarInUse("Fair"), (await day.Platform.Get<RemoveCalendar>().RunAsync(admin, fair, Ct)).Error);
    }

    [Fact]
    public async Task What_was_worked_out_keeps_its_price_when_the_calendar_changes_before_it_is_paid()
    {
        await PriceByDayAsync();
        var main = (await AddAsync("Main", true, null, DayOfWeek.Saturday)).Value;
        Assert.True((await PaintAsync(main, 2026)).Ok);
        var order = await StayAsync(0);
        Assert.Equal((OrderState.AwaitingPayment, new Money(1000)), (order.State, order.Owed));
        Assert.True((await PaintAsync(main, 2026, new PaintedDay(Today, DayKind.Workday))).Ok);
        Assert.True((await day.CashAsync(order, 1000)).Ok);
        var paid = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, new Money(1000), order.FeeLines), (paid.State, paid.Receivable, paid.FeeLines));
        Assert.Equal(new Money(100), (await StayAsync(60)).Receivable);
    }

    [Fact]
    public async Task A_repainted_day_keeps_in_the_history_what_it_was()
    {
        var main = (await AddAsync("Main")).Value;
        Assert.True((await PaintAsync(main, 2026, new PaintedDay(Today, DayKind.Special, "Fair"))).Ok);
        Assert.True((await PaintAsync(main, 2026, new PaintedDay(Today, DayKind.Workday))).Ok);
        await using var s = await city.OpenAsync();
        Assert.Equal("2026-11-21 Workday (Special Fair)", (await s.Db.Set<CalendarChange>().OrderBy(c => c.Id).LastAsync(Ct)).Detail);
    }

    [Fact]
    public async Task Repainting_today_touches_the_cars_that_are_in_and_no_stay_that_is_over()
    {
        await PriceByDayAsync();
        var main = (await AddAsync("Main", true, null, DayOfWeek.Saturday)).Value;
        var fair = (await AddAsync("Fair")).Value;
        Assert.True((await PaintAsync(main, 2026)).Ok);
        var owing = await StayAsync(0);
        var gone = await StayAsync(40);
        Assert.True((await day.CashAsync(gone, 1000)).Ok);
        await day.EnterAsync("粤B11111", 100);
        await day.BerthAsync(true, 110, "粤B22222");
        PaintedDay[] worked = [new(Today, DayKind.Workday)];

        var touched = (await TouchedAsync(main, worked)).Value;
        Assert.Equal([Today], touched.Days);
        Assert.Equal((2, 0), (touched.Parked, touched.WithoutExit));
        // A lot with a calendar of its own is not touched.
        Assert.True((await day.Platform.Get<UseCalendar>().RunAsync(admin, city.South.Id, fair, Ct)).Ok);
        Assert.Equal(1, (await TouchedAsync(main, worked)).Value.Parked);
        // Nor does anything change where tariffs see the same day, or the day is yet to come or before they came.
        Assert.Empty((await TouchedAsync(main, [new(Today, DayKind.Holiday, "Feast"), new(Today.AddDays(2), DayKind.RestDay)])).Value.Days);
        touched = (await TouchedAsync(main, [new(Today.AddDays(-1), DayKind.RestDay)])).Value;
        Assert.Equal([Today.AddDays(-1)], touched.Days);
        Assert.Equal(0, touched.Parked);

        Assert.True((await PaintAsync(main, 2026, worked)).Ok);
        await day.LeaveAsync("粤B11111", 130);
        var orders = await day.OrdersAsync();
        Assert.Equal(new Money(100), orders.Single(o => o.Plate == "粤B11111").Receivable);
        foreach (var over in new[] { owing, gone })
            Assert.Equal((new Money(1000), over.FeeLines), orders.Where(o => o.Id == over.Id).Select(o => (o.Receivable, o.FeeLines)).Single());

        Task<Result<RepaintedStays>> TouchedAsync(Guid calendar, PaintedDay[] days) =>
            day.Platform.Get<CountRepainted>().RunAsync(admin, new(calendar, 2026, 0, days), Ct);
    }

    [Fact]
    public async Task Who_may_not_change_calendars_does_not_learn_whom_that_would_touch()
    {
        var main = (await AddAsync("Main")).Value;
        var count = day.Platform.Get<CountRepainted>();
        await Assert.ThrowsAsync<AccessDeniedException>(() => count.RunAsync(city.User(CalendarPermissions.View), new(main, 2026, 0, []), Ct));
        Assert.Equal(new NotFound("calendar"), (await count.RunAsync(admin, new(Guid.CreateVersion7(), 2026, 0, []), Ct)).Error);
        Assert.Equal(new InvalidField("Year", "out-of-range"), (await count.RunAsync(admin, new(main, 0, 0, []), Ct)).Error);
    }

    [Fact]
    public async Task A_year_that_nobody_painted_follows_its_weekdays_and_the_fee_says_so()
    {
        await PriceByDayAsync();
        var main = (await AddAsync("Main", true, null, DayOfWeek.Saturday)).Value;
        var order = await StayAsync(0);
        Assert.Equal(new Money(1000), order.Receivable);
        Assert.Contains("calendarYearMissing", order.FeeLines);
        Assert.Contains("2026", order.FeeLines);
        Assert.True((await PaintAsync(main, 2026)).Ok);
        Assert.DoesNotContain("calendarYearMissing", (await StayAsync(60)).FeeLines);
    }

    [Fact]
    public async Task Copies_are_independent_and_history_says_who()
    {
        var main = (await AddAsync("Main")).Value;
        Assert.True((await PaintAsync(main, 2026, new PaintedDay(Today, DayKind.Special, "Fair"))).Ok);
        var copy = (await AddAsync("Copy", copyOf: main)).Value;
        Assert.True((await PaintAsync(main, 2026)).Ok);
        Assert.Equal(DayType.Workday, (await InForceAsync(main)).Days.On(Today));
        Assert.Equal(DayType.SpecialDay, (await InForceAsync(copy)).Days.On(Today));
        await using var s = await city.OpenAsync();
        var changes = await s.Db.Set<CalendarChange>().Where(c => c.CalendarId == main && c.Year == 2026).OrderBy(c => c.Id).ToListAsync(Ct);
        Assert.Equal([("user", 1, "2026-11-21 Special Fair"), ("user", 1, "-2026-11-21 (Special Fair)")], changes.Select(c => (c.By, c.Days, c.Detail)));
    }

    [Fact]
    public async Task Only_the_citys_own_people_change_calendars()
    {
        var main = (await AddAsync("Main")).Value;
        var district = city.RestrictedTo(city.North, CalendarPermissions.View, CalendarPermissions.Manage);
        await Assert.ThrowsAsync<AccessDeniedException>(() => day.Platform.Get<SaveCalendar>().RunAsync(
            city.User(CalendarPermissions.View), new(main, "Mine", [], true), Ct));
        await Assert.ThrowsAsync<OutOfScopeException>(() => day.Platform.Get<SaveCalendar>().RunAsync(district, new(main, "Mine", [], true), Ct));
        Assert.Equal(new NotFound("lot"), (await day.Platform.Get<UseCalendar>().RunAsync(district, city.South.Id, main, Ct)).Error);
    }

    [Fact]
    public async Task Bad_input_is_named_and_nobodys_work_is_written_over()
    {
        var main = (await AddAsync("Main")).Value;
        Assert.Equal(new InvalidField("Name", "taken"), (await AddAsync("Main")).Error);
        Assert.Equal(new InvalidField("Year", "out-of-range"), (await PaintAsync(main, 1999)).Error);
        Assert.Equal(new InvalidField("Days", "invalid"), (await PaintAsync(main, 2025, new PaintedDay(Today, DayKind.Special))).Error);
        Assert.Equal(new ChangedMeanwhile(), (await day.Platform.Get<SaveYear>().RunAsync(admin, new(main, 2026, 1, []), Ct)).Error);
        Assert.Equal(new BadCalendarLine(3, "date", "2026-13-01"), CalendarFile.Read("date,type,name\n2026-10-01,holiday,a\n2026-13-01,holiday").Error);
        Assert.Equal(new BadCalendarLine(1, "type", "3"), CalendarFile.Read("2026-10-01,3").Error);
    }

    [Fact]
    public async Task Another_default_takes_the_place_of_the_first()
    {
        var main = (await AddAsync("Main")).Value;
        var other = (await AddAsync("Other", isDefault: true)).Value;
        await using var s = await city.OpenAsync();
        Assert.Equal([other], await s.Db.Set<DayCalendar>().Where(c => c.IsDefault).Select(c => c.Id).ToListAsync(Ct));
        Assert.True((await day.Platform.Get<RemoveCalendar>().RunAsync(admin, main, Ct)).Ok);
    }
}
