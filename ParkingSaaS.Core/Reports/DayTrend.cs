using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Reports;

/// <summary>An hour of the day, beside the same hour a week before.</summary>
/// <param name="Hour">Hours since midnight.</param>
/// <param name="Income">What was paid in it; null for hours that have not begun.</param>
/// <param name="IncomeBefore">What was paid in it a week before.</param>
/// <param name="Entries">Cars that came in it; null for hours that have not begun.</param>
/// <param name="EntriesBefore">Cars that came in it a week before.</param>
/// <param name="Parked">Cars in at its end, or now; null for hours that have not begun.</param>
public sealed record TrendHour(int Hour, Money? Income, Money IncomeBefore, int? Entries, int EntriesBefore, int? Parked);

/// <summary>What a lot took today.</summary>
public sealed record LotIncome(Guid LotId, string Name, Money Income);

/// <summary>How the day goes, beside the same weekday a week before.</summary>
/// <param name="Before">The day it is compared with.</param>
/// <param name="IncomeBefore">What was paid on it until the time of day that it is now.</param>
/// <param name="EntriesBefore">Cars that came on it until then.</param>
/// <param name="Entries">Cars that came today.</param>
/// <param name="Arrears">What is owed for stays that are over, whenever they were.</param>
/// <param name="ArrearsOrders">For how many.</param>
/// <param name="Hours">The day's hours, 24 where no clock was changed.</param>
/// <param name="TopLots">The lots that took most today, at most <see cref="DayTrendFigures.TopLots"/>.</param>
public sealed record DayTrend(DateOnly Before, Money IncomeBefore, int EntriesBefore, int Entries, Money Arrears, int ArrearsOrders,
    IReadOnlyList<TrendHour> Hours, IReadOnlyList<LotIncome> TopLots)
{
    /// <summary>The hour of today in which most cars have come, the first of several; null where none did.</summary>
    public int? PeakHour => Hours.MaxBy(h => h.Entries ?? 0) is { Entries: > 0 } peak ? peak.Hour : null;
}

/// <summary>How the day goes within the actor's reach. It reads all of two days, so whoever shows it to many asks seldom.</summary>
public sealed class DayTrendFigures(CitySessions sessions)
{
    /// <summary>The most lots that are named.</summary>
    public const int TopLots = 8;

    /// <exception cref="AccessDeniedException">The actor may not see it.</exception>
    public async Task<DayTrend> RunAsync(Actor actor, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, ReportPermissions.Home, ct);
        var date = s.City.Zone.Date(s.Now);
        var before = date.AddDays(-7);
        var (midnight, tomorrow) = (s.City.Zone.StartOf(date), s.City.Zone.StartOf(date.AddDays(1)));
        var (start, end) = (s.City.Zone.StartOf(before), s.City.Zone.StartOf(before.AddDays(1)));
        var sameTime = s.City.Zone.Instant(s.City.Zone.Local(s.Now).AddDays(-7));

        var (income, incomeThen) = (await IncomeAsync(s, date, midnight, ct), await IncomeAsync(s, before, start, ct));
        var (passed, passedThen) = (await PassedAsync(s, midnight, tomorrow, ct), await PassedAsync(s, start, end, ct));
        var parked = await s.Db.Set<Order>().CountAsync(Order.IsInLot, ct);
        var now = (int)(s.Now - midnight).TotalHours;
        var hours = new List<TrendHour>();
        for (var hour = 0; hour < (int)Math.Ceiling((tomorrow - midnight).TotalHours); hour++)
        {
            // Of those that are in now, without who came since and with who left since.
            var since = passed.Where(p => p.Hour > hour).Sum(p => p.Entering ? p.Count : -p.Count);
            hours.Add(new TrendHour(hour, hour > now ? null : new Money(income.GetValueOrDefault(hour)), new Money(incomeThen.GetValueOrDefault(hour)),
                hour > now ? null : Entries(passed, hour), Entries(passedThen, hour), hour > now ? null : Math.Max(0, parked - since)));
        }

        var arrears = await s.Db.Set<Order>().Where(o => o.State == OrderState.Arrears).GroupBy(o => 1)
            .Select(g => new { Count = g.Count(), Minor = g.AsQueryable().Sum(Order.Arrears) }).FirstOrDefaultAsync(ct);
        var paidThen = await s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded && p.BusinessDate == before && p.PaidAt <= sameTime)
            .SumAsync(p => p.Amount.Minor, ct);
        var cameThen = await s.Db.Set<Passage>().CountAsync(p => p.Entering && p.At >= start && p.At <= sameTime && p.OrderId != null, ct);
        var best = await s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded && p.BusinessDate == date).GroupBy(p => p.LotId)
            .Select(g => new { g.Key, Minor = g.Sum(p => p.Amount.Minor) }).OrderByDescending(g => g.Minor).ThenBy(g => g.Key).Take(TopLots).ToListAsync(ct);
        var ids = best.ConvertAll(b => b.Key);
        var names = await s.Db.Set<Lot>().Where(l => ids.Contains(l.Id)).ToDictionaryAsync(l => l.Id, l => l.Name, ct);
        return new DayTrend(before, new Money(paidThen), cameThen, passed.Where(p => p.Entering).Sum(p => p.Count), new Money(arrears?.Minor ?? 0),
            arrears?.Count ?? 0, hours, best.ConvertAll(b => new LotIncome(b.Key, names[b.Key], new Money(b.Minor))));

        static int Entries(List<HourPassages> passed, int hour) => passed.Where(p => p.Entering && p.Hour == hour).Sum(p => p.Count);
    }

    static async Task<Dictionary<int, long>> IncomeAsync(CitySession s, DateOnly date, DateTimeOffset midnight, CancellationToken ct)
    {
        var hours = await s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded && p.BusinessDate == date)
            .GroupBy(p => Math.Floor((p.PaidAt!.Value - midnight).TotalHours)).Select(g => new { g.Key, Minor = g.Sum(p => p.Amount.Minor) }).ToListAsync(ct);
        return hours.ToDictionary(h => (int)h.Key, h => h.Minor);
    }

    /// <summary>Cars that came and went by the hour; readings that belong to no order say nothing of that.</summary>
    static Task<List<HourPassages>> PassedAsync(CitySession s, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        s.Db.Set<Passage>().Where(p => p.At >= from && p.At < to && p.OrderId != null)
            .GroupBy(p => new { p.Entering, Hour = Math.Floor((p.At - from).TotalHours) })
            .Select(g => new HourPassages(g.Key.Entering, (int)g.Key.Hour, g.Count())).ToListAsync(ct);

    sealed record HourPassages(bool Entering, int Hour, int Count);
}
