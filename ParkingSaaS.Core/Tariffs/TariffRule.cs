namespace ParkingSaaS.Core.Tariffs;

/// <summary>Who and when, and what it costs then.</summary>
public sealed record TariffRule
{
    /// <summary>Unique in the tariff; fee lines name it.</summary>
    public required string Id { get; init; }

    /// <summary>For people: shown beside the lines.</summary>
    public string? Name { get; init; }

    public AppliesTo? AppliesTo { get; init; }

    /// <summary>Null: all day.</summary>
    public DayWindow? Window { get; init; }

    /// <summary>In force only once the stay has lasted so many minutes: a maximum stay and what lies beyond it.</summary>
    public int? AfterMinutes { get; init; }

    public required Charge Charge { get; init; }

    /// <summary>When the charge starts afresh: its stages count from nought again, an entry is charged again. Null is with each
    /// occurrence of the window; of a rule without one, with each day.</summary>
    public Per? Per { get; init; }

    public RuleCap? Cap { get; init; }

    /// <summary>Without a window, or with one that is the whole day.</summary>
    internal bool IsAllDay => Window is null or { From.Minutes: 0, To.Minutes: 24 * 60 };
}

/// <summary>A ceiling for what one rule charges.</summary>
public sealed record RuleCap
{
    public required decimal Amount { get; init; }

    /// <inheritdoc cref="TariffRule.Per"/>
    public Per? Per { get; init; }
}

/// <summary>
/// Local clock times [From, To). A To that is not after From lies on the next day; such a window belongs, with all its
/// date conditions, to the date on which it begins.
/// </summary>
public sealed record DayWindow
{
    public required ClockTime From { get; init; }

    public required ClockTime To { get; init; }

    internal bool CrossesMidnight => To.Minutes <= From.Minutes;

    /// <summary>Whether that minute of the clock lies in it, on whichever date it began.</summary>
    internal bool Holds(int minute) => CrossesMidnight ? minute >= From.Minutes || minute < To.Minutes : From.Minutes <= minute && minute < To.Minutes;

    public override string ToString() => $"{From}–{To}";
}

/// <summary>Conditions, all of which must hold; an empty one always does.</summary>
public sealed record AppliesTo
{
    public IReadOnlyList<VehicleKind> Vehicles { get; init; } = [];

    public IReadOnlyList<PlateColour> Colours { get; init; } = [];

    public bool? NewEnergy { get; init; }

    /// <summary>Names of vehicle groups: the car is in one of them.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Names of vehicle groups: the car is in every one of them.</summary>
    public IReadOnlyList<string> AllGroups { get; init; } = [];

    /// <summary>Whether somebody marked the stay by hand, as for a double charge.</summary>
    public bool? ByHand { get; init; }

    /// <summary>Empty: the calendar day, that is every date.</summary>
    public IReadOnlyList<DayType> DayTypes { get; init; } = [];

    public IReadOnlyList<DayOfWeek> Weekdays { get; init; } = [];

    /// <summary>Named dates, both ends included: an event, a year's holiday.</summary>
    public IReadOnlyList<DateRange> Dates { get; init; } = [];

    /// <summary>Parts of every year, both ends included.</summary>
    public IReadOnlyList<Season> Seasons { get; init; } = [];

    /// <summary>Every vehicle group that is named.</summary>
    internal IEnumerable<string> GroupsNamed => Groups.Concat(AllGroups);

    internal bool NamesGroups => Groups.Count + AllGroups.Count > 0;

    internal bool NamesSpecialDays => DayTypes.Count > 0 && Has(DayTypes, DayType.SpecialDay);

    internal bool HasDates => DayTypes.Count + Weekdays.Count + Dates.Count + Seasons.Count > 0;

    internal bool MatchesVehicle(in Stay stay) =>
        Has(Vehicles, stay.Vehicle) && Has(Colours, stay.Colour) && (NewEnergy is not { } wanted || wanted == stay.NewEnergy)
        && (ByHand is not { } marked || marked == stay.ByHand) && (Groups.Count == 0 || InGroups(stay.Groups))
        && (AllGroups.Count == 0 || InAllGroups(stay.Groups));

    /// <param name="date">A local date.</param>
    /// <param name="type">The date's type as the tariff sees it: special only if the tariff names special days.</param>
    internal bool MatchesDate(DateOnly date, DayType type)
    {
        if (!Has(DayTypes, type) || !Has(Weekdays, date.DayOfWeek))
            return false;
        return (Dates.Count == 0 || InDates(date)) && (Seasons.Count == 0 || InSeasons(new MonthDay(date.Month, date.Day)));
    }

    private bool InGroups(IReadOnlyList<string>? groups)
    {
        for (var i = 0; i < groups?.Count; i++)
            for (var j = 0; j < Groups.Count; j++)
                if (Groups[j] == groups[i])
                    return true;
        return false;
    }

    private bool InAllGroups(IReadOnlyList<string>? groups)
    {
        for (var i = 0; i < AllGroups.Count; i++)
            if (groups?.Contains(AllGroups[i]) is not true)
                return false;
        return true;
    }

    private bool InDates(DateOnly date)
    {
        for (var i = 0; i < Dates.Count; i++)
            if (Dates[i].From <= date && date <= Dates[i].To)
                return true;
        return false;
    }

    private bool InSeasons(MonthDay day)
    {
        for (var i = 0; i < Seasons.Count; i++)
            if (Seasons[i].Contains(day))
                return true;
        return false;
    }

    private static bool Has<T>(IReadOnlyList<T> wanted, T value) where T : struct, Enum
    {
        if (wanted.Count == 0)
            return true;
        for (var i = 0; i < wanted.Count; i++)
            if (EqualityComparer<T>.Default.Equals(wanted[i], value))
                return true;
        return false;
    }
}

/// <summary>Both ends included.</summary>
public sealed record DateRange
{
    public required DateOnly From { get; init; }

    public required DateOnly To { get; init; }
}

/// <summary>From a day of the year to another, both included; it may run over the turn of the year.</summary>
public sealed record Season
{
    public required MonthDay From { get; init; }

    public required MonthDay To { get; init; }

    internal bool Contains(MonthDay day) => From.Order <= To.Order
        ? From.Order <= day.Order && day.Order <= To.Order
        : From.Order <= day.Order || day.Order <= To.Order;
}
