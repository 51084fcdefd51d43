using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Calendars;

/// <summary>A calendar as entered.</summary>
/// <param name="Id">The calendar to change; null adds one.</param>
/// <param name="Name">1–64 characters, unique in the city.</param>
/// <param name="RestWeekdays">The weekdays that are off.</param>
/// <param name="IsDefault">Lots that name no calendar use it. The city's first one always is; another takes its place.</param>
/// <param name="CopyOf">For a new one: the calendar whose days it begins with; null begins with none.</param>
public sealed record CalendarDetails(Guid? Id, string Name, IReadOnlyList<DayOfWeek> RestWeekdays, bool IsDefault, Guid? CopyOf = null)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public CalendarDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static CalendarDetails Of(DayCalendar calendar) => new(calendar.Id, calendar.Name, calendar.RestWeekdays, calendar.IsDefault);
}

/// <summary>Adds, copies or changes a calendar.</summary>
public sealed class SaveCalendar(CitySessions sessions)
{
    /// <summary>Saves and answers the calendar's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, CalendarDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, CalendarPermissions.Manage, ct);
        var all = await s.Db.Set<DayCalendar>().ToListAsync(ct);
        var calendar = all.Find(c => c.Id == request.Id);
        var model = all.Find(c => c.Id == request.CopyOf);
        if ((calendar is null && request.Id is not null) || (model is null && request.CopyOf is not null))
            return new NotFound("calendar");
        if (calendar is not null && Edits.Since(request.Seen, CalendarDetails.Of(calendar), request) is { } changed)
            return changed with
            {
                By = await s.Db.Set<CalendarChange>().Where(c => c.CalendarId == calendar.Id)
                    .OrderByDescending(c => c.At).Select(c => c.By).FirstOrDefaultAsync(ct)
            };
        var name = request.Name?.Trim();
        var invalid = Check.All(
            Check.Required(nameof(request.Name), name, CalendarsMapping.MaxName),
            Check.That(request.RestWeekdays.All(d => Enum.IsDefined(d)), nameof(request.RestWeekdays), "invalid"),
            Check.That(!all.Exists(c => c.Name == name && c.Id != request.Id), nameof(request.Name), "taken"));
        if (invalid is not null)
            return invalid;
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        var other = all.Find(c => c.IsDefault && c.Id != request.Id);
        if (other is not null && request.IsDefault)
        {
            other.IsDefault = false; // first, since there is at most one at any time
            if ((await s.SaveAsync(ct)).Error is { } lost)
                return lost;
        }
        if (calendar is null)
        {
            s.Db.Add(calendar = new DayCalendar { Id = Guid.CreateVersion7(), Name = name!, ChangedAt = s.Now });
            if (model is not null)
                await CopyAsync(s, model.Id, calendar.Id, ct);
        }
        calendar.Name = name!;
        calendar.RestWeekdays = [.. request.RestWeekdays.Distinct().Order()];
        calendar.IsDefault = request.IsDefault || other is null;
        calendar.ChangedAt = s.Now;
        s.Db.Add(new CalendarChange
        {
            Id = Guid.CreateVersion7(),
            CalendarId = calendar.Id,
            At = s.Now,
            By = actor.Name,
            Detail = $"{calendar.Name}: {string.Join(' ', calendar.RestWeekdays)}{(calendar.IsDefault ? ", default" : "")}"
        });
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(ct);
        return calendar.Id;
    }

    static async Task CopyAsync(CitySession s, Guid from, Guid to, CancellationToken ct)
    {
        foreach (var year in await s.Db.Set<CalendarYear>().AsNoTracking().Where(y => y.CalendarId == from).ToListAsync(ct))
            s.Db.Add(new CalendarYear { CalendarId = to, Year = year.Year });
        foreach (var day in await s.Db.Set<CalendarDay>().AsNoTracking().Where(d => d.CalendarId == from).ToListAsync(ct))
            s.Db.Add(new CalendarDay { CalendarId = to, Date = day.Date, Kind = day.Kind, Name = day.Name });
    }
}

/// <summary>Removes a calendar that no lot names, and that is not the default of others.</summary>
public sealed class RemoveCalendar(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, CalendarPermissions.Manage, ct);
        if (await s.Db.Set<DayCalendar>().FirstOrDefaultAsync(c => c.Id == id, ct) is not { } calendar)
            return new NotFound("calendar");
        if (await s.Db.Set<Lot>().AnyAsync(l => l.CalendarId == id, ct)
            || (calendar.IsDefault && await s.Db.Set<DayCalendar>().AnyAsync(c => c.Id != id, ct)))
            return new CalendarInUse(calendar.Name);
        s.Db.Remove(calendar);
        return await s.SaveAsync(ct);
    }
}

/// <summary>Says which calendar a lot uses.</summary>
public sealed class UseCalendar(CitySessions sessions)
{
    /// <param name="calendarId">The calendar; null for the city's default.</param>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid lotId, Guid? calendarId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, CalendarPermissions.Manage, ct);
        if (await s.Db.Set<Lot>().FirstOrDefaultAsync(l => l.Id == lotId && l.RetiredAt == null, ct) is not { } lot)
            return new NotFound("lot");
        if (calendarId is { } id && !await s.Db.Set<DayCalendar>().AnyAsync(c => c.Id == id, ct))
            return new NotFound("calendar");
        lot.CalendarId = calendarId;
        return await s.SaveAsync(ct);
    }
}
