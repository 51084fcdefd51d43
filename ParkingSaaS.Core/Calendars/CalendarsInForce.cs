using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Calendars;

/// <summary>Finds the calendar that a lot's stays are priced by: its own, else the city's default, else weekdays alone. Days are kept
/// in memory until the calendar's row version changes.</summary>
public sealed class CalendarsInForce
{
    readonly ConcurrentDictionary<Guid, (uint Version, CalendarInForce Calendar)> known = new();
    readonly ConditionalWeakTable<CitySession, object> withoutDefault = [];

    /// <param name="s">The session.</param>
    /// <param name="calendarId">The lot's own; null for the city's default.</param>
    /// <param name="ct">Gives up.</param>
    public async ValueTask<CalendarInForce> GetAsync(CitySession s, Guid? calendarId, CancellationToken ct)
    {
        // A session is short: what it has read once, or not found, holds for all its orders.
        if (calendarId is null && withoutDefault.TryGetValue(s, out _))
            return CalendarInForce.None;
        var row = s.Db.Calendars.Local.FirstOrDefault(c => calendarId is null ? c.IsDefault : c.Id == calendarId)
            ?? await s.Db.Calendars.FirstOrDefaultAsync(c => calendarId == null ? c.IsDefault : c.Id == calendarId, ct);
        if (row is null)
        {
            if (calendarId is null)
                withoutDefault.TryAdd(s, this);
            return CalendarInForce.None;
        }
        if (known.TryGetValue(row.Id, out var kept) && kept.Version == row.RowVersion)
            return kept.Calendar;
        var days = await s.Db.CalendarDays.AsNoTracking().Where(d => d.CalendarId == row.Id).ToListAsync(ct);
        var years = await s.Db.CalendarYears.Where(y => y.CalendarId == row.Id).Select(y => y.Year).ToListAsync(ct);
        var calendar = new CalendarInForce(
            row.Types([.. days.Select(d => (d.Date, d.Kind))]), row.Name, years.ToHashSet());
        known[row.Id] = (row.RowVersion, calendar);
        return calendar;
    }
}
