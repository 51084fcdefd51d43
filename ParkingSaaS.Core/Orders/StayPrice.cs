using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Core.Orders;

/// <summary>Some time of a stay, and what it costs.</summary>
readonly record struct StayPart(Stretch Time, FeeQuote Quote);

/// <summary>What a stay costs, from what is in memory: the one place for it, at the gate as in a replay. What passes leave of it is priced in
/// parts, each as a stay of its own that comes after those before.</summary>
static class StayPrice
{
    /// <summary>As many of a car's stays before are looked at.</summary>
    public const int MaxEarlier = 100;

    /// <summary>The parts that are priced, in order of time.</summary>
    /// <param name="stay">From entry to exit, or to now, with the car's stays in the lot before, in order of entry, from as far back as any
    /// tariff looks.</param>
    /// <param name="covered">The time that passes cover, in order.</param>
    /// <param name="tariffAt">What prices a part that begins at an instant; null where it is free.</param>
    /// <param name="days">The lot's calendar.</param>
    /// <param name="zone">The city's.</param>
    /// <returns>Null where no fee can be worked out.</returns>
    public static List<StayPart>? Parts(Stay stay, IReadOnlyList<Stretch> covered, Func<DateTimeOffset, Tariff?> tariffAt, DayTypes days,
        CityZone zone)
    {
        IReadOnlyList<Stretch> whole = [new Stretch(stay.Entry, stay.Exit)];
        var parts = new List<StayPart>(1);
        foreach (var time in covered.Count == 0 ? whole : whole.Without(covered))
        {
            if (tariffAt(time.From) is not { } tariff)
                continue;
            var before = tariff.DaysBack == 0 ? null : (List<EarlierStay>)
                [.. Earlier(stay.Earlier ?? [], stay.Entry, tariff.DaysBack), .. parts.Select(p => new EarlierStay(p.Time.From, p.Time.To))];
            var quote = FeeEngine.Quote(tariff, days, zone.Rules, stay with { Entry = time.From, Exit = time.To, Earlier = before });
            if (quote.Problem is not null)
                return null;
            parts.Add(new StayPart(time, quote));
        }
        return parts;
    }

    /// <summary>Of a car's stays in order of entry those that matter to its next: over by then, and begun so few days before.</summary>
    public static IReadOnlyList<EarlierStay> Earlier(IReadOnlyList<EarlierStay> before, DateTimeOffset entry, int days)
    {
        var since = entry.AddDays(-days);
        var from = before.Count;
        for (var found = 0; from > 0 && before[from - 1].Entry >= since && found < MaxEarlier; from--)
            found += before[from - 1].Exit <= entry ? 1 : 0;
        // Of two that overlap, which nobody can have made, the earlier counts.
        var stays = new List<EarlierStay>();
        for (; from < before.Count; from++)
            if (before[from].Exit <= entry && (stays.Count == 0 || before[from].Entry >= stays[^1].Exit))
                stays.Add(before[from]);
        return stays;
    }
}
