using System.Globalization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Core.Calendars;

/// <summary>What a day of a calendar is. Tariffs know three types: both kinds of days off are rest days to them.</summary>
public enum DayKind
{
    /// <summary>Worked, be it a make-up workday at a weekend.</summary>
    Workday,

    /// <summary>Off.</summary>
    RestDay,

    /// <summary>A statutory holiday, or a day off that belongs to one.</summary>
    Holiday,

    /// <summary>Special to the place, under a name, such as a fair. Special wins over rest.</summary>
    Special
}

/// <summary>A calendar of a city: which weekdays are worked, and which dates are something else.</summary>
public sealed class DayCalendar
{
    public required Guid Id { get; init; }

    /// <summary>Its name, unique in the city.</summary>
    public required string Name { get; set; }

    /// <summary>The weekdays that are off where no date says otherwise.</summary>
    public List<DayOfWeek> RestWeekdays { get; set; } = [DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>Used by all lots that name no other; at most one of the city's.</summary>
    public bool IsDefault { get; set; }

    /// <summary>When it or its days last changed.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win, and what is kept in memory is known to be of today.</summary>
    public uint RowVersion { get; init; }

    /// <summary>What a date is that was not said to be anything.</summary>
    public DayKind ByWeekday(DateOnly date) => RestWeekdays.Contains(date.DayOfWeek) ? DayKind.RestDay : DayKind.Workday;

    /// <summary>What its days are to tariffs, with these painted.</summary>
    internal DayTypes Types(IReadOnlyCollection<(DateOnly Date, DayKind Kind)> days)
    {
        return new DayTypes(Of(DayKind.Workday), [.. Of(DayKind.RestDay), .. Of(DayKind.Holiday)], Of(DayKind.Special), RestWeekdays);

        DateOnly[] Of(DayKind kind) => [.. days.Where(d => d.Kind == kind).Select(d => d.Date)];
    }
}

/// <summary>A year that somebody has gone through, though perhaps no day of it differs from its weekday.</summary>
public sealed class CalendarYear
{
    public required Guid CalendarId { get; init; }

    /// <summary>For example 2026.</summary>
    public required int Year { get; init; }
}

/// <summary>A date that was said to be something.</summary>
public sealed class CalendarDay
{
    public required Guid CalendarId { get; init; }

    /// <summary>The local date.</summary>
    public required DateOnly Date { get; init; }

    public required DayKind Kind { get; set; }

    /// <summary>The holiday's name or the special type's; may be empty.</summary>
    public string Name { get; set; } = "";
}

/// <summary>Who changed a calendar, when.</summary>
public sealed class CalendarChange
{
    public required Guid Id { get; init; }

    public required Guid CalendarId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who: an actor's name.</summary>
    public required string By { get; init; }

    /// <summary>The year whose days changed; null where the calendar itself did.</summary>
    public int? Year { get; init; }

    /// <summary>How many days changed.</summary>
    public int Days { get; init; }

    /// <summary>What: the days as they are now, <c>2026-10-10 Workday</c>, and in brackets what they were said to be before; a minus
    /// before a day that follows its weekday again.
    /// Cut to <see cref="CalendarsMapping.MaxDetail"/>.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>A date and what it is said to be, apart from any calendar.</summary>
/// <param name="Date">The local date.</param>
/// <param name="Name">The holiday's or the special type's; at most <see cref="CalendarsMapping.MaxName"/> characters.</param>
public sealed record PaintedDay(DateOnly Date, DayKind Kind, string Name = "");

/// <summary>A calendar as tariffs use it.</summary>
/// <param name="Days">What each date is.</param>
/// <param name="Name">Its name; empty where the city has none, and weekdays alone count.</param>
/// <param name="Years">The years that were gone through.</param>
public sealed record CalendarInForce(DayTypes Days, string Name, IReadOnlySet<int> Years)
{
    /// <summary>Of a city without a calendar: Saturdays and Sundays rest.</summary>
    public static readonly CalendarInForce None = new(DayTypes.Weekends, "", new HashSet<int>());

    /// <summary>A warning for each year of a period that nobody went through yet: its days follow their weekdays.</summary>
    public IReadOnlyList<FeeNote>? Notes(DateOnly from, DateOnly to)
    {
        if (Name.Length == 0 || (from.Year == to.Year && Years.Contains(from.Year)))
            return null;
        FeeNote[] notes = [.. Enumerable.Range(from.Year, Math.Max(to.Year - from.Year + 1, 0)).Where(year => !Years.Contains(year))
            .Select(year => new FeeNote(FeeNoteCode.CalendarYearMissing, year.ToString(CultureInfo.InvariantCulture)))];
        return notes.Length > 0 ? notes : null;
    }
}
