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

    private static Stay StayOf(TariffExample example, TimeZoneInfo zone) => new(
        Instant(example.Entry, zone), Instant(example.Exit, zone), example.Vehicle, example.Colour, example.NewEnergy,
        example.Groups, example.ByHand, [.. example.Earlier.Select(e => new EarlierStay(Instant(e.Entry, zone), Instant(e.Exit, zone)))]);

    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone) =>
        DateTimeOffset.FromUnixTimeSeconds(LocalDay.ToUtc(zone, local));
}
