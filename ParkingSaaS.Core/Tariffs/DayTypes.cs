using System.Text.Json.Serialization;

namespace ParkingSaaS.Core.Tariffs;

public enum DayType
{
    /// <summary>Neither a rest day nor a special day.</summary>
    Workday,

    /// <summary>Saturday, Sunday or a statutory holiday.</summary>
    RestDay,

    /// <summary>A day off of one region. Where a tariff has no rules for special days, it is a rest day.</summary>
    SpecialDay,
}

/// <summary>
/// A calendar as a value: some weekdays rest, except as listed. A date in several lists is special rather than
/// rest, and rest rather than workday. Dates beyond the lists follow the weekday, so no year is ever missing.
/// </summary>
public sealed class DayTypes
{
    public static readonly DayTypes Weekends = new();

    private readonly Dictionary<DateOnly, DayType> _listed = [];

    [JsonConstructor]
    public DayTypes(
        IReadOnlyList<DateOnly>? workdays = null,
        IReadOnlyList<DateOnly>? restDays = null,
        IReadOnlyList<DateOnly>? specialDays = null,
        IReadOnlyList<DayOfWeek>? restWeekdays = null)
    {
        (Workdays, RestDays, SpecialDays) = (workdays ?? [], restDays ?? [], specialDays ?? []);
        RestWeekdays = restWeekdays ?? [DayOfWeek.Saturday, DayOfWeek.Sunday];
        foreach (var date in Workdays)
            _listed[date] = DayType.Workday;
        foreach (var date in RestDays)
            _listed[date] = DayType.RestDay;
        foreach (var date in SpecialDays)
            _listed[date] = DayType.SpecialDay;
    }

    /// <summary>Make-up workdays: weekend dates that are worked.</summary>
    public IReadOnlyList<DateOnly> Workdays { get; }

    public IReadOnlyList<DateOnly> RestDays { get; }

    public IReadOnlyList<DateOnly> SpecialDays { get; }

    /// <summary>The weekdays that are off where no list says otherwise; Saturday and Sunday unless given.</summary>
    public IReadOnlyList<DayOfWeek> RestWeekdays { get; }

    public DayType On(DateOnly date) =>
        _listed.TryGetValue(date, out var type) ? type
        : RestWeekdays.Contains(date.DayOfWeek) ? DayType.RestDay
        : DayType.Workday;
}
