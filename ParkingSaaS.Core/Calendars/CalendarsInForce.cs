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
    readonly ConditionalWeakTable<CitySession, Dictionary<Guid, CalendarInForce>> used = [];

    /// <param name="s">The session. It is short: what it has read once holds for all its orders.</param>
    /// <param name="calendarId">The lot's own; null for the city's default.</param>
    public async ValueTask<CalendarInForce> GetAsync(CitySession s, Guid? calendarId, CancellationToken ct)
    {
        var ofSession = used.GetOrCreateValue(s);
        if (!ofSession.TryGetValue(calendarId ?? Guid.Empty, out var calendar))
            ofSession[calendarId ?? Guid.Empty] = calendar = await ReadAsync(s, calendarId, ct);
        return calendar;
    }

    async Task<CalendarInForce> ReadAsync(CitySession s, Guid? calendarId, CancellationToken ct)
    {
        if (await s.Db.Set<DayCalendar>().FirstOrDefaultAsync(c => calendarId == null ? c.IsDefault : c.Id == calendarId, ct) is not { } row)
            return CalendarInForce.None;
        if (known.TryGetValue(row.Id, out var kept) && kept.Version == row.RowVersion)
            return kept.Calendar;
        var days = await s.Db.Set<CalendarDay>().AsNoTracking().Where(d => d.CalendarId == row.Id).ToListAsync(ct);
        var years = await s.Db.Set<CalendarYear>().Where(y => y.CalendarId == row.Id).Select(y => y.Year).ToListAsync(ct);
        var calendar = new CalendarInForce(
            row.Types([.. days.Select(d => (d.Date, d.Kind))]), row.Name, years.ToHashSet());
        known[row.Id] = (row.RowVersion, calendar);
        return calendar;
    }
}
