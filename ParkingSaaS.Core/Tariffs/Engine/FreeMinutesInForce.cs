using System.Diagnostics;

namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>How long the free minutes last that begin with a day of the stay.</summary>
internal static class FreeMinutesInForce
{
    /// <summary>Their end, which is the day's beginning where a stay is too long for them; null where none begin with the day.</summary>
    public static long? Until(
        Tariff tariff, in StayConditions conditions, in StayDay day, DateOnly firstDate, DateOnly? lastBegan, long exit)
    {
        for (var i = 0; i < tariff.FreeMinutes.Count; i++)
        {
            var free = tariff.FreeMinutes[i];
            if (!conditions.Hold(free.AppliesTo, day.Date)
                || lastBegan is { } began && firstDate.DayNumber - began.DayNumber < free.OncePerDays)
                continue;
            var (begins, end) = free.Per switch
            {
                Per.Stay => (day.Number == 0, exit),
                Per.Day => (true, Math.Min(exit, day.Until)),
                _ => throw new UnreachableException($"Free minutes per {free.Per}"),
            };
            if (!begins)
                return null;
            var seconds = free.Minutes * 60L;
            var stays = free.WhenExceeded switch
            {
                WhenExceeded.Charge => end - day.From < seconds + (free.BoundIncluded ? 1 : 0),
                WhenExceeded.Deduct => true,
                _ => throw new UnreachableException($"Free minutes when exceeded: {free.WhenExceeded}"),
            };
            return stays ? Math.Min(end, day.From + seconds) : day.From;
        }
        return null;
    }
}
