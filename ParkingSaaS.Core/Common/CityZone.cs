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

    /// <summary>The instant of a wall-clock time. A time that a clock change skips is moved past the gap; one that
    /// happens twice is taken the first time. At the ends of the calendar, which an offset would lead over, it is the end.</summary>
    public DateTimeOffset Instant(DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        while (Rules.IsInvalidTime(local))
            local = local.AddMinutes(15);
        var offset = Rules.IsAmbiguousTime(local) ? Rules.GetAmbiguousTimeOffsets(local).Max() : Rules.GetUtcOffset(local);
        var ticks = Math.Clamp(local.Ticks - offset.Ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks);
        return new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    /// <summary>The instant at which a calendar day begins in the city.</summary>
    public DateTimeOffset StartOf(DateOnly date) => Instant(date.ToDateTime(TimeOnly.MinValue));
}
