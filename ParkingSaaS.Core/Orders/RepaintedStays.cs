using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Whose price changes when a year of a calendar is saved.</summary>
/// <param name="Days">The days until today that become another type of day for tariffs, in their order; where there are none, nobody's does.</param>
/// <param name="Parked">Cars that are in lots with that calendar, and were on one of those days: they are priced by the new days when they leave.</param>
/// <param name="WithoutExit">Stays on those days that have lost their exit: they are priced by the new days when a person settles them.</param>
public sealed record RepaintedStays(IReadOnlyList<DateOnly> Days, int Parked, int WithoutExit);

/// <summary>Says, before a year of a calendar is saved, whose price that changes. Stays that are over are not among them, since a fee that
/// was worked out stays as it is.</summary>
public sealed class CountRepainted(CitySessions sessions)
{
    /// <exception cref="AccessDeniedException">The actor may not change calendars.</exception>
    public async Task<Result<RepaintedStays>> RunAsync(Actor actor, YearOfDays request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, CalendarPermissions.Manage, ct);
        if (Check.Range(nameof(request.Year), request.Year, Check.FirstYear, Check.LastYear) is { } invalid)
            return invalid;
        if (await s.Db.Set<DayCalendar>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == request.CalendarId, ct) is not { } calendar)
            return new NotFound("calendar");
        var (first, last, today) = (new DateOnly(request.Year, 1, 1), new DateOnly(request.Year, 12, 31), s.City.Zone.Date(s.Now));
        var kept = await s.Db.Set<CalendarDay>().AsNoTracking().Where(d => d.CalendarId == calendar.Id && d.Date >= first && d.Date <= last).ToListAsync(ct);
        var before = calendar.Types([.. kept.Select(d => (d.Date, d.Kind))]);
        var after = calendar.Types([.. request.Days.DistinctBy(d => d.Date).Select(d => (d.Date, d.Kind))]);
        var days = new List<DateOnly>();
        for (var date = first; date <= last && date <= today; date = date.AddDays(1))
            if (before.On(date) != after.On(date))
                days.Add(date);
        if (days.Count == 0)
            return new RepaintedStays(days, 0, 0);
        // They have not ended, so whoever came before the last of those days is over was there on it.
        var end = s.City.Zone.StartOf(days[^1].AddDays(1));
        var open = await s.Db.Set<Order>().Where(o => (o.State == OrderState.Parked || (o.State == OrderState.Unresolved && o.ExitedAt == null))
                && o.EnteredAt < end
                && s.Db.Set<Lot>().Any(l => l.Id == o.LotId && (l.CalendarId == calendar.Id || (calendar.IsDefault && l.CalendarId == null))))
            .GroupBy(o => o.State).Select(g => new { State = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.State, g => g.Count, ct);
        return new RepaintedStays(days, open.GetValueOrDefault(OrderState.Parked), open.GetValueOrDefault(OrderState.Unresolved));
    }
}
