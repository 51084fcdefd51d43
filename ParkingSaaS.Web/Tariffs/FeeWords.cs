using System.Globalization;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Tariffs;

/// <summary>Says in the language of the screen why a fee is what it is: for pages, receipts and exports alike.</summary>
public static class FeeWords
{
    /// <summary>What the line is for, for example <c>8 × 30 min at ¥1.00 each, a begun unit counts</c>; and what of it was before.</summary>
    /// <param name="names">What factors are called in the language of the screen.</param>
    public static string Of(this IStringLocalizer<Texts> texts, FeeLine line, Currency currency, PageNames names)
    {
        var reason = Reason(texts, line, currency);
        string words = (line.Factor, line.FactorId) switch
        {
            ({ } factor, { } name) => texts["{0} (× {1}, {2})", reason, Number(factor), FactorNames(texts, name, names)],
            ({ } factor, null) => texts["{0} (× {1})", reason, Number(factor)], // as kept with older orders
            _ => reason
        };
        return line switch
        {
            { Code: FeeLineCode.Step, Used: not null, Amount: 0 } => texts["{0}, already charged", words],
            { Code: FeeLineCode.Step, Used: { } charged } => texts["{0}, of which {1} was charged before", words, currency.Text(charged)],
            { Used: { } used } => texts["{0}, of which {1} was used before", words, currency.Text(used)],
            { PaidSeconds: { } paid } => texts["{0}; the first {1} belong to a unit already charged", words, Seconds(texts, paid)],
            { RanSeconds: { } ran } => texts["{0}; {1} from before count too", words, Seconds(texts, ran)],
            _ => words
        };
    }

    /// <summary>Why there is no fee.</summary>
    public static string Of(this IStringLocalizer<Texts> texts, QuoteProblem problem) => problem switch
    {
        QuoteProblem.ExitBeforeEntry => texts["The exit is before the entry, so no fee can be worked out; a person must decide."],
        QuoteProblem.StayTooLong => texts["The stay is longer than 366 days, so no fee can be worked out; a person must decide."],
        QuoteProblem.EarlierStays => texts["The car's earlier stays overlap, so no fee can be worked out; a person must decide."],
        _ => texts["The time cannot be right, so no fee can be worked out; a person must decide."],
    };

    /// <summary>Why a stay costs nothing: what its lines say, else what decided it instead of a tariff.</summary>
    public static string WhyFree(this IStringLocalizer<Texts> texts, FeeQuote quote, PageNames names) =>
        quote.Lines.Count > 0 ? texts["Nothing to pay: {0}", string.Join(" · ", quote.Lines.Select(l => texts.Of(l, quote.Currency, names)).Distinct())]
        : quote.Notes is [var note, ..] ? texts[$"FeeNoteCode.{note.Code}", note.Subject]
        : texts["Nothing to pay."];

    /// <summary>What is wrong with a field of a tariff.</summary>
    public static string Of(this IStringLocalizer<Texts> texts, TariffProblem problem) =>
        texts["tariff." + problem.Code, problem.Message] is { ResourceNotFound: false } known ? known : problem.Message;

    /// <summary>When, on the city's wall clock: <c>11-21 08:10 – 12:00</c>. Seconds only where there are any.</summary>
    public static string Period(FeeLine line, CityZone zone)
    {
        var (from, to) = (zone.Local(line.From), zone.Local(line.To));
        return $"{Day(from)} {Clock(from)} – {(from.Date == to.Date ? "" : Day(to) + " ")}{Clock(to)}";

        static string Day(DateTime at) => at.ToString("MM-dd", CultureInfo.InvariantCulture);
        static string Clock(DateTime at) => at.ToString(at.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
    }

    static string Reason(IStringLocalizer<Texts> texts, FeeLine line, Currency currency)
    {
        var price = line.Price is { } p ? currency.Text(p) : "";
        return line.Code switch
        {
            FeeLineCode.Entry => line.Per switch
            {
                Per.Day when line.UnitMinutes is { } length => texts["{0} per {1}", price, Minutes(texts, length)],
                Per.Day => texts["{0} per day", price],
                Per.Window => texts["{0} for these hours", price],
                _ => texts["{0} per entry", price]
            },
            FeeLineCode.Rate when line.FreeBelowMinutes is { } least => texts["{0} × {1} at {2} each, a started unit counts from {3} on",
                Number(line.Units ?? 0), Minutes(texts, line.UnitMinutes ?? 0), price, Minutes(texts, least)],
            FeeLineCode.Rate => texts["{0} × {1} at {2} each, {3}", Number(line.Units ?? 0), Minutes(texts, line.UnitMinutes ?? 0), price,
                texts["fee.units." + line.UnitRounding].Value],
            FeeLineCode.UnitBegun => texts["Unit started earlier, already charged"],
            FeeLineCode.ShortUnit => texts["Shorter than {0}: free", Minutes(texts, line.FreeBelowMinutes ?? 0)],
            FeeLineCode.Step when line.UntilMinutes is { } until => texts["Up to {0}: {1} in all", Minutes(texts, until), price],
            FeeLineCode.Step => texts["However long: {0} in all", price],
            FeeLineCode.PastStages => texts["Nothing more is charged"],
            FeeLineCode.Free => texts["Free of charge"],
            FeeLineCode.NoRule => texts["No charge at this time"],
            FeeLineCode.FreeMinutes => texts["Free minutes"],
            FeeLineCode.Away => texts["Away between two stays"],
            FeeLineCode.Midnight => texts["{0} per midnight", price],
            FeeLineCode.NoTime => texts["No time passed"],
            FeeLineCode.RuleCap => line.Per switch
            {
                Per.Stay => texts["At most {0} per stay at this rate", price],
                Per.Day when line.UnitMinutes is { } length => texts["At most {0} per {1} at this rate", price, Minutes(texts, length)],
                Per.Day => texts["At most {0} per day at this rate", price],
                Per.Window => texts["At most {0} in these hours at this rate", price],
                _ => texts["At most {0} at this rate", price] // as kept with older orders
            },
            FeeLineCode.WindowCap => texts["At most {0} in these hours", price],
            FeeLineCode.PeriodCap or FeeLineCode.DayCap when line.UnitMinutes is { } length => texts["At most {0} per {1}", price, Minutes(texts, length)],
            FeeLineCode.PeriodCap => texts["At most {0} per period", price],
            FeeLineCode.DayCap => texts["At most {0} per day", price],
            FeeLineCode.StayCap => texts["At most {0} per stay", price],
            FeeLineCode.Minimum => texts["At least {0}", price],
            FeeLineCode.Rounding => texts["Rounded to {0}, {1}", price, texts["fee.rounding." + line.TotalRounding].Value],
            FeeLineCode.EarlierStays => texts["Already charged for the part before"],
            FeeLineCode.Pass => texts["Covered by pass {0}", line.Name ?? ""],
            _ => throw new ArgumentOutOfRangeException(nameof(line), line.Code, "A line without words"),
        };
    }

    /// What the tariff calls the factors; where it names only a kind of vehicle or plate, as new ones do, that in words.
    static string FactorNames(IStringLocalizer<Texts> texts, string ids, PageNames names)
    {
        return string.Join(FeeLine.Times, ids.Split(FeeLine.Times).Select(id =>
            names[id] is var name && name != id ? name
            : Kind<VehicleKind>(id) is { } vehicles ? texts[$"vehicles.{vehicles}"]
            : Kind<PlateColour>(id) is { } colour ? texts[$"plates.{colour}"]
            : id));

        static string? Kind<TEnum>(string id) where TEnum : struct, Enum =>
            Enum.GetNames<TEnum>().FirstOrDefault(name => name.Equals(id, StringComparison.OrdinalIgnoreCase));
    }

    static string Minutes(IStringLocalizer<Texts> texts, int minutes) =>
        minutes % 60 == 0 ? texts["{0} h", minutes / 60] : texts["{0} min", minutes];

    static string Seconds(IStringLocalizer<Texts> texts, int seconds) => seconds % 60 == 0 ? Minutes(texts, seconds / 60)
        : seconds < 60 ? texts["{0} s", seconds] : texts["{0} min {1} s", seconds / 60, seconds % 60];

    static string Number(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
