using System.Globalization;
using System.Text;
using System.Text.Json;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>What stays of the demo cost, by the engine. Where a tariff asks neither the clock nor the calendar, stays of one length and one kind of
/// car cost the same for the same reasons: the engine is asked once, and its explanation is told again with other times.</summary>
sealed class DemoPrices(City city)
{
    /// <summary>A fee with its explanation, in pieces between which instants stand, so long after the entry.</summary>
    sealed record Explained(Money Fee, string[] Text, TimeSpan[] Instants);

    readonly Dictionary<(Guid Version, VehicleKind Vehicle, PlateColour Colour, TimeSpan Length), Explained> known = [];
    readonly Dictionary<Guid, bool> asking = [];

    /// <summary>The fee and its lines as an order keeps them.</summary>
    /// <param name="car">Who parks; groups and earlier stays do not matter to the demo's tariffs.</param>
    public (Money Fee, string Lines) Of(DemoPlace place, DemoCar car, DateTimeOffset entry, DateTimeOffset until)
    {
        if (place.Calendar.Notes(city.Zone.Date(entry), city.Zone.Date(until)) is { } notes)
            return Write(Quote(place, car, entry, until) with { Notes = notes });
        if (!asking.TryGetValue(place.VersionId, out var asks))
            asking[place.VersionId] = asks = AsksTheClock(place.Tariff);
        if (asks)
            return Write(Quote(place, car, entry, until));
        var key = (place.VersionId, car.Vehicle, car.Colour, until - entry);
        if (!known.TryGetValue(key, out var explained))
            known[key] = explained = Explain(Quote(place, car, entry, until), entry);
        var lines = new StringBuilder(explained.Text[0]);
        for (var i = 0; i < explained.Instants.Length; i++)
            lines.Append(Json(entry + explained.Instants[i])).Append(explained.Text[i + 1]);
        return (explained.Fee, lines.ToString());
    }

    /// <summary>A fee as an order keeps it.</summary>
    public static (Money Fee, string Lines) Write(FeeQuote quote) => (quote.Total, JsonSerializer.Serialize(quote, TariffJson.Options));

    FeeQuote Quote(DemoPlace place, DemoCar car, DateTimeOffset entry, DateTimeOffset until) => FeeEngine.Quote(place.Tariff, place.Calendar.Days,
        city.Zone.Rules, new Stay(entry, until, car.Vehicle, car.Colour, car.Colour.IsNewEnergy()));

    static bool AsksTheClock(Tariff tariff) => tariff.Day is not DayBasis.Rolling24h || tariff.MidnightFees.Count > 0
        || tariff.Rules.Any(r => r.Window is not null) || tariff.Caps.Any(c => c.Window is not null)
        || tariff.Rules.Select(r => r.AppliesTo).Concat(tariff.FreeMinutes.Select(f => f.AppliesTo))
            .Concat(tariff.Caps.Select(c => c.AppliesTo)).Concat(tariff.Factors.Select(f => f.AppliesTo))
            .Any(a => a is not null && a.DayTypes.Count + a.Weekdays.Count + a.Dates.Count + a.Seasons.Count > 0);

    static Explained Explain(FeeQuote quote, DateTimeOffset entry)
    {
        var (fee, text) = Write(quote);
        var instants = quote.Lines.SelectMany(l => new[] { l.From, l.To }).Distinct().ToDictionary(Json, at => at - entry);
        var (pieces, found) = (new List<string>(), new List<TimeSpan>());
        var from = 0;
        for (var at = text.IndexOf('"'); at >= 0; at = text.IndexOf('"', at + 1))
            if (text.Length - at >= JsonLength && instants.TryGetValue(text.Substring(at, JsonLength), out var instant))
            {
                pieces.Add(text[from..at]);
                found.Add(instant);
                from = at + JsonLength;
            }
        return new Explained(fee, [.. pieces, text[from..]], [.. found]);
    }

    /// <summary>How many characters <see cref="Json"/> has.</summary>
    const int JsonLength = 27;

    /// <summary>An instant as JSON has it, to the second.</summary>
    static string Json(DateTimeOffset at) => at.ToString("'\"'yyyy-MM-dd'T'HH:mm:sszzz'\"'", CultureInfo.InvariantCulture);
}
