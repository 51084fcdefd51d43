using System.Globalization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>The harness of all fee tests: local clock times in, a quote out;
/// what holds for every quote is checked on the way.</summary>
internal static class Fees
{
    public static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    public static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    /// <summary>A tariff with these parts of its JSON; "day" is calendar unless said.</summary>
    public static Tariff Tariff(string rules, string more = "")
    {
        var reading = TariffJson.Read(
            $$"""{"schema":"parkingsaas-tariff/1","name":"test","rules":[{{rules}}]{{(more == "" ? "" : "," + more)}}}""");
        Assert.Empty(reading.Problems);
        return reading.Tariff!;
    }

    /// <summary>An all-day rule with these stages.</summary>
    public static string Timed(string stages, string more = "") =>
        $$"""{"id":"timed","charge":{"mode":"timed","stages":[{{stages}}]}{{(more == "" ? "" : "," + more)}}}""";

    public static FeeQuote Quote(Tariff tariff, string entry, string exit, TimeZoneInfo? zone = null, DayTypes? days = null,
        VehicleKind vehicle = VehicleKind.Small, PlateColour colour = PlateColour.Blue, bool newEnergy = false)
    {
        zone ??= Shanghai;
        return Quote(tariff, new Stay(Instant(entry, zone), Instant(exit, zone), vehicle, colour, newEnergy), zone, days);
    }

    public static FeeQuote Quote(Tariff tariff, Stay stay, TimeZoneInfo? zone = null, DayTypes? days = null)
    {
        var quote = FeeEngine.Quote(tariff, days ?? DayTypes.Weekends, zone ?? Shanghai, stay);
        Assert.True(quote.Amount >= 0);
        Assert.Equal(quote.Amount, quote.Lines.Sum(l => l.Amount));
        Assert.Equal(quote.Total.Minor, quote.Amount * (decimal)Math.Pow(10, quote.Currency.Digits));
        var begin = Seconds(stay.Earlier is [var first, ..] ? first.Entry : stay.Entry);
        Assert.All(quote.Lines, l => Assert.True(l.From <= l.To && l.From >= begin && l.To <= Seconds(stay.Exit)));
        return quote;
    }

    public static string Fee(Tariff tariff, string entry, string exit, TimeZoneInfo? zone = null) =>
        Quote(tariff, entry, exit, zone).Amount.ToString(CultureInfo.InvariantCulture);

    /// <summary>"2022-01-01 08:00:00" in the zone, or with an offset as it stands.</summary>
    public static DateTimeOffset Instant(string time, TimeZoneInfo zone)
    {
        if (time.Contains('+') || time.EndsWith('Z'))
            return DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        var local = DateTime.Parse(time, CultureInfo.InvariantCulture);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    private static DateTimeOffset Seconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
