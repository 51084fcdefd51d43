using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Calendars;

/// <summary>All that a year's days are said to be.</summary>
/// <param name="Year">2000–2100.</param>
/// <param name="Version">The calendar's row version when the days were read: nobody's work is written over.</param>
/// <param name="Days">Of that year, each date once; all others follow their weekdays.</param>
public sealed record YearOfDays(Guid CalendarId, int Year, uint Version, IReadOnlyList<PaintedDay> Days);

/// <summary>Replaces a year of a calendar. Fees that were worked out before keep their amounts; cars that are in are priced by the new days
/// when they leave.</summary>
public sealed class SaveYear(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, YearOfDays request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, CalendarPermissions.Manage, ct);
        if (await s.Db.Set<DayCalendar>().FirstOrDefaultAsync(c => c.Id == request.CalendarId, ct) is not { } calendar)
            return new NotFound("calendar");
        var invalid = Check.Range(nameof(request.Year), request.Year, Check.FirstYear, Check.LastYear)
            ?? Check.That(request.Days.All(d => d.Date.Year == request.Year && Enum.IsDefined(d.Kind))
                && request.Days.DistinctBy(d => d.Date).Count() == request.Days.Count, nameof(request.Days), "invalid")
            ?? request.Days.Select(d => Check.Optional(nameof(d.Name), d.Name, CalendarsMapping.MaxName)).FirstOrDefault(e => e is not null);
        if (invalid is not null)
            return invalid;
        if (calendar.RowVersion != request.Version)
            return new ChangedMeanwhile();
        var (from, to) = (new DateOnly(request.Year, 1, 1), new DateOnly(request.Year, 12, 31));
        var old = await s.Db.Set<CalendarDay>().Where(d => d.CalendarId == calendar.Id && d.Date >= from && d.Date <= to)
            .ToDictionaryAsync(d => d.Date, ct);
        var changes = new List<(DateOnly Date, string Text)>();
        foreach (var day in request.Days)
        {
            var name = day.Name.Trim();
            var now = Text(day.Date, day.Kind, name);
            if (!old.Remove(day.Date, out var row))
                s.Db.Add(new CalendarDay { CalendarId = calendar.Id, Date = day.Date, Kind = day.Kind, Name = name });
            else if (row.Kind == day.Kind && row.Name == name)
                continue;
            else
            {
                now += Was(row);
                (row.Kind, row.Name) = (day.Kind, name);
            }
            changes.Add((day.Date, now));
        }
        s.Db.RemoveRange(old.Values);
        changes.AddRange(old.Values.Select(row => (row.Date, $"-{Text(row.Date)}{Was(row)}")));
        if (!await s.Db.Set<CalendarYear>().AnyAsync(y => y.CalendarId == calendar.Id && y.Year == request.Year, ct))
            s.Db.Add(new CalendarYear { CalendarId = calendar.Id, Year = request.Year });
        calendar.ChangedAt = s.Now;
        var detail = string.Join("; ", changes.OrderBy(c => c.Date).Select(c => c.Text));
        s.Db.Add(new CalendarChange
        {
            Id = Guid.CreateVersion7(),
            CalendarId = calendar.Id,
            At = s.Now,
            By = actor.Name,
            Year = request.Year,
            Days = changes.Count,
            Detail = detail[..Math.Min(detail.Length, CalendarsMapping.MaxDetail)]
        });
        return await s.SaveAsync(ct);
    }

    static string Was(CalendarDay day) => $" ({$"{day.Kind} {day.Name}".TrimEnd()})";

    static string Text(DateOnly date, DayKind kind, string name) => $"{Text(date)} {kind} {name}".TrimEnd();

    static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
