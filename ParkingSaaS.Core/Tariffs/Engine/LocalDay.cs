using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>
/// One local date as instants (seconds since 1970, UTC). A clock time that is skipped when clocks go forward stands for
/// the moment of the change; one that comes twice when they go back stands for its first occurrence.
/// </summary>
internal readonly struct LocalDay
{
    private const long DaySeconds = 24 * 60 * 60;

    private readonly TimeZoneInfo _zone;
    private readonly bool _regular;

    /// <summary>The date on which this instant falls.</summary>
    public LocalDay(TimeZoneInfo zone, long instant)
    {
        _zone = zone;
        var offset = Offset(zone, instant);
        var number = (int)Math.DivRem(instant + offset, DaySeconds).Quotient;
        Date = DateOnly.FromDayNumber(number + Epoch);
        Start = number * DaySeconds - offset;
        End = Start + DaySeconds;
        // The zone is asked about clock times, which is slow, only on the few days on which clocks change.
        _regular = Offset(zone, Start) == offset && Offset(zone, End) == offset;
        if (_regular)
            return;
        Start = ToUtc(zone, Date.ToDateTime(default));
        var midnight = Date.AddDays(1).ToDateTime(default);
        End = ToUtc(zone, midnight);
        // Clocks that go back over midnight: the date ends a second time.
        if (End <= instant)
            End = ToUtc(zone, midnight, first: false);
    }

    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public DateOnly Date { get; }

    public long Start { get; }

    public long End { get; }

    /// <summary>The instant of a clock time on this date.</summary>
    public long At(ClockTime time) =>
        _regular ? Start + time.Minutes * 60L : ToUtc(_zone, Date.ToDateTime(default).AddMinutes(time.Minutes));

    private static long ToUtc(TimeZoneInfo zone, DateTime local, bool first = true) => CityZone.InstantOf(zone, local, first).ToUnixTimeSeconds();

    private static long Offset(TimeZoneInfo zone, long instant) =>
        zone.GetUtcOffset(DateTime.UnixEpoch.AddSeconds(instant)).Ticks / TimeSpan.TicksPerSecond;
}
