namespace ParkingSaaS.Core.Common;

/// <summary>The one time zone of a city: turns instants into the wall clock that its drivers and accountants read.</summary>
public sealed class CityZone(string id)
{
    /// <summary>The IANA name, for example <c>Asia/Shanghai</c>.</summary>
    public string Id => id;

    /// <summary>The zone's rules.</summary>
    public TimeZoneInfo Rules { get; } = TimeZoneInfo.FindSystemTimeZoneById(id);

    /// <summary>The instant, written with the offset that the zone has then.</summary>
    public DateTimeOffset WithOffset(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Rules);

    /// <summary>The wall clock at an instant.</summary>
    public DateTime Local(DateTimeOffset at) => WithOffset(at).DateTime;

    /// <summary>The business date of an instant: the calendar day in the city.</summary>
    public DateOnly Date(DateTimeOffset at) => DateOnly.FromDateTime(Local(at));

    /// <inheritdoc cref="InstantOf"/>
    public DateTimeOffset Instant(DateTime local) => InstantOf(Rules, local);

    /// <summary>The instant of a wall-clock time. A time that is skipped when clocks go forward stands for the moment of the change; one that
    /// comes twice when they go back for its first occurrence, or the last. At the ends of the calendar, which an offset would lead over,
    /// it is the end.</summary>
    public static DateTimeOffset InstantOf(TimeZoneInfo zone, DateTime local, bool first = true)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local))
            local = new DateTime(local.Ticks - local.Ticks % TimeSpan.TicksPerMinute).AddMinutes(1);
        var offset = !zone.IsAmbiguousTime(local) ? zone.GetUtcOffset(local)
            : first ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.GetAmbiguousTimeOffsets(local).Min();
        return new DateTimeOffset(Math.Clamp(local.Ticks - offset.Ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>The instant at which a calendar day begins in the city.</summary>
    public DateTimeOffset StartOf(DateOnly date) => Instant(date.ToDateTime(TimeOnly.MinValue));
}
