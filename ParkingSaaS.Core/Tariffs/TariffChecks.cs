using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>A worked example beside what the engine makes of it.</summary>
public sealed record TariffCheck(TariffExample Example, FeeQuote Quote)
{
    public bool Passed => Quote.Problem is null && Quote.Amount == Example.Fee;
}

/// <summary>Runs a tariff's own examples. A tariff of which one fails must not be published.</summary>
public static class TariffChecks
{
    /// <param name="tariff">A valid tariff.</param>
    /// <param name="zone">
    /// Where the examples' clock times are read; without one, a place whose clocks never change. It matters only for
    /// examples on the days when clocks do.
    /// </param>
    public static IReadOnlyList<TariffCheck> Run(Tariff tariff, TimeZoneInfo? zone = null)
    {
        zone ??= TimeZoneInfo.Utc;
        return [.. tariff.Examples.Select(example => new TariffCheck(example, FeeEngine.Quote(
            tariff, example.Calendar ?? DayTypes.Weekends, zone, StayOf(example, zone))))];
    }

    /// <summary>Where the tariff is silent on what surprises people: a rule for the whole day that starts afresh at midnight, so that
    /// 23:45 to 00:10 are two units. A tariff that leaves it open must not be published; versions that are go on as they are.</summary>
    public static IReadOnlyList<TariffProblem> Open(Tariff tariff)
    {
        var open = new List<TariffProblem>();
        for (var i = 0; i < tariff.Rules.Count; i++)
        {
            var rule = tariff.Rules[i];
            if (rule is { IsAllDay: true, Charge: not FreeCharge, Per: null or Per.Window })
                open.Add(new($"/rules/{i}/per", "rule.afresh", "Say whether it starts afresh each \"day\" or runs through the \"stay\""));
            if (rule is { IsAllDay: true, Cap.Per: null or Per.Window })
                open.Add(new($"/rules/{i}/cap/per", "cap.afresh", "Say whether the limit is for each \"day\" or for the \"stay\""));
        }
        return open;
    }

    private static Stay StayOf(TariffExample example, TimeZoneInfo zone) => new(
        CityZone.InstantOf(zone, example.Entry), CityZone.InstantOf(zone, example.Exit), example.Vehicle, example.Colour, example.NewEnergy,
        example.Groups, example.ByHand, [.. example.Earlier.Select(e => new EarlierStay(CityZone.InstantOf(zone, e.Entry), CityZone.InstantOf(zone, e.Exit)))]);
}
