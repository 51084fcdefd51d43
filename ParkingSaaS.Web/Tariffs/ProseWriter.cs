using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Tariffs;

/// <summary>Writes a tariff's sentences, in the language of the screen.</summary>
sealed class ProseWriter(IStringLocalizer<Texts> texts, Tariff tariff, PageNames names)
{
    public TariffProse Write() => new([.. tariff.Rules.Select(Rule)],
        tariff.Rules is [{ AppliesTo: null, AfterMinutes: null, Window: null }] ? ""
            : texts["At every moment of a stay the first rule that applies sets the price. Time to which none applies is free."],
        [.. Several(tariff.FreeMinutes.Count), .. tariff.FreeMinutes.Select(Free)],
        [.. Several(tariff.Caps.Where(c => c.Per is Per.Day or Per.Stay).GroupBy(c => c.Per).Select(g => g.Count()).DefaultIfEmpty().Max()),
            .. tariff.Caps.Select(Cap), .. Minimum()],
        [.. Several(tariff.MidnightFees.Count), .. tariff.MidnightFees.Select(Midnight), .. Reentry(), .. Factors()],
        [tariff.Day is DayBasis.Calendar ? texts["A day runs from midnight to midnight."] : texts["A day is every 24 hours from entry."],
            .. Holidays(), Rounding()]);

    IEnumerable<string> Several(int count) => count > 1 ? [texts["Of those that apply the first counts."]] : [];

    RuleProse Rule(TariffRule rule)
    {
        var when = texts.When(rule.AppliesTo, rule.Window, rule.AfterMinutes);
        if (rule.Window is null)
            when = texts.List([when, texts["all day"]]);
        var (who, price) = (Who(rule.AppliesTo), Clauses([Price(rule), Afresh(rule), Straddling(rule)]));
        // What is free has nothing to limit.
        var limit = rule is { Cap: { } cap, Charge: not FreeCharge } ? Limit(Money(cap.Amount), Reach(rule, cap.Per)) : null;
        return new(rule, First(when), who, price, limit, Short(rule.Charge), Sentence(texts.List([when, who]), Clauses([price, Lower(limit ?? "")])));
    }

    string Price(TariffRule rule) => rule.Charge switch
    {
        FreeCharge => Lower(texts["Free of charge"]),
        EntryCharge entry => Reach(rule, rule.Per) switch
        {
            Per.Window => texts["{0} for these hours", Money(entry.Price)],
            Per.Stay => texts["{0} per entry", Money(entry.Price)],
            _ => PerDay("{0} per day", "{0} per {1}", Money(entry.Price))
        },
        TimedCharge timed => string.Join(texts["list.stages"], Stages(timed.Stages)),
        _ => throw new UnreachableException($"Nothing says what {rule.Charge} costs")
    };

    string Short(Charge charge) => charge switch
    {
        EntryCharge entry => Money(entry.Price),
        TimedCharge { Stages: [.., { Price: { } price, PerMinutes: { } minutes }] } => $"{Money(price)}/{texts.Minutes(minutes)}",
        TimedCharge { Stages: [.., { Total: { } total }] } => Money(total),
        _ => texts["no charge"]
    };

    IEnumerable<string> Stages(IReadOnlyList<Stage> stages)
    {
        for (var i = 0; i < stages.Count; i++)
        {
            var (stage, until) = (stages[i], stages[i].UntilMinutes is { } minutes ? i == 0 ? Unit(minutes) : texts.Minutes(minutes) : null);
            yield return (stage.Total, until) switch
            {
                ({ } total, { } end) when i == 0 => total == 0 ? texts["first {0} free", end] : texts["first {0} {1}", end, Money(total)],
                ({ } total, { } end) => texts["up to {0} {1} in all", end, Money(total)],
                ({ } total, null) => i == 0 ? texts["{0} however long", Money(total)] : texts["longer {0} in all", Money(total)],
                (null, { } end) => i == 0 ? texts["first {0}: {1}", end, Rate(stage)] : texts["then up to {0}: {1}", end, Rate(stage)],
                (null, null) => i == 0 ? Rate(stage) : texts["then {0}", Rate(stage)]
            };
        }
        if (stages[^1].UntilMinutes is { } last)
            yield return texts["nothing more after {0}", texts.Minutes(last)];
    }

    string Rate(Stage stage)
    {
        var (price, unit) = (Money(stage.Price ?? 0), Unit(stage.PerMinutes ?? 1));
        string words = stage.Round switch
        {
            UnitRounding.Up => texts["{0} for each started {1}", price, unit],
            UnitRounding.Down => texts["{0} for each full {1}", price, unit],
            UnitRounding.Nearest => texts["{0} for each {1}, of which half or more counts as a full one", price, unit],
            UnitRounding.ProRata => texts["{0} for each {1}, charged by the minute", price, unit],
            _ => throw new UnreachableException($"Nothing says what {stage.Round} is")
        };
        return stage.FreeBelowMinutes is { } least ? texts["{0} (less than {1} of it is free)", words, texts.Minutes(least)] : words;
    }

    /// Each of its hours anew is what people expect of a rule with hours; all else is said. What an entry costs says it itself.
    string Afresh(TariffRule rule) => rule.Charge is TimedCharge ? Reach(rule, rule.Per) switch
    {
        Per.Window => "",
        Per.Stay => texts["counted on through the whole stay"],
        _ => tariff.Day is DayBasis.Calendar ? texts["counted anew each day"] : texts["counted anew every 24 hours from entry"]
    } : "";

    string Straddling(TariffRule rule) => rule.Charge is TimedCharge { Straddle: var straddle } ? straddle switch
    {
        Straddle.Cut => "",
        Straddle.Start => texts["a unit that has started is charged at this price to its end"],
        Straddle.End => texts["a unit that runs into another price is charged at that one"],
        Straddle.Split => texts["a unit that runs into another price is shared between both"],
        _ => throw new UnreachableException($"Nothing says what {straddle} is")
    } : "";

    /// How far a rule's count or limit reaches; without a window of its own that is a day.
    static Per Reach(TariffRule rule, Per? per) =>
        per is Per.Day or Per.Stay ? per.Value : rule.Window is null ? Per.Day : Per.Window;

    string Limit(string amount, Per per) => per switch
    {
        Per.Window => texts["At most {0} in these hours", amount],
        Per.Stay => texts["At most {0} per stay", amount],
        Per.Day => PerDay("At most {0} per day", "At most {0} per {1}", amount),
        _ => throw new UnreachableException($"Nothing says what a limit per {per} is")
    };

    string PerDay(string date, string hours, string amount) =>
        tariff.Day is DayBasis.Calendar ? texts[date, amount] : texts[hours, amount, texts.Minutes(24 * 60)];

    string Free(FreeMinutes free)
    {
        var length = texts.Minutes(free.Minutes);
        string words = (free.WhenExceeded, free.Per, free.BoundIncluded) switch
        {
            (WhenExceeded.Deduct, Per.Day, _) => texts["the first {0} of each day are free, of a longer one too", length],
            (WhenExceeded.Deduct, _, _) => texts["the first {0} are free, in a longer stay too", length],
            (_, Per.Day, true) => texts["up to {0} in a day is free, more is charged from its beginning", length],
            (_, Per.Day, false) => texts["less than {0} in a day is free, more is charged from its beginning", length],
            (_, _, true) => texts["up to {0} is free, a longer stay is charged from its beginning", length],
            (_, _, false) => texts["less than {0} is free, a longer stay is charged from its beginning", length]
        };
        string once = free.OncePerDays switch
        {
            null => "",
            1 => texts["only for the car's first stay of a date"],
            { } days => texts["only for the car's first stay in {0} dates", days]
        };
        return Sentence(Conditions(free.AppliesTo), Clauses([words, once]));
    }

    string Cap(TariffCap cap)
    {
        var amount = cap.Like is { } like
            ? texts["what {0} cost by price {1}", texts.Minutes(like.Minutes), tariff.Rules.TakeWhile(r => r.Id != like.Rule).Count() + 1]
            : Money(cap.Amount ?? 0);
        var words = cap.Per is Per.Period
            ? texts["At most {0} in every {1} from entry", amount, texts.Minutes(cap.PeriodMinutes ?? 0)]
            : Limit(amount, cap.Per);
        var from = cap.FromDay > 1 ? texts["from day {0} of the stay on", cap.FromDay] : "";
        return Named(cap.Name, Sentence(texts.List([texts.When(cap.AppliesTo, cap.Window), Who(cap.AppliesTo)]), Clauses([Lower(words), from])));
    }

    IEnumerable<string> Minimum() => tariff.MinimumCharge is { } least ? [texts["Any charge is at least {0}.", Money(least)]] : [];

    string Midnight(MidnightFee fee) =>
        Named(fee.Name, Sentence(Conditions(fee.AppliesTo), texts["{0} more for each midnight", Money(fee.Price)]));

    IEnumerable<string> Reentry()
    {
        if (tariff.Reentry?.WithinMinutes is { } within)
            yield return tariff.Reentry.TimeAway is TimeAway.Free
                ? texts["A car that is back within {0} goes on with its stay; the time away is free.", texts.Minutes(within)]
                : texts["A car that is back within {0} goes on with its stay; the time away is charged too.", texts.Minutes(within)];
        if (tariff.Reentry is { ShareDayCap: true })
            yield return texts["All stays of a car on a date together cost at most the limit of the day."];
    }

    IEnumerable<string> Factors()
    {
        foreach (var factor in tariff.Factors)
        {
            var times = factor.Factor.ToString("0.######", CultureInfo.InvariantCulture);
            yield return Sentence(Who(factor.AppliesTo), factor.ScaleLimits
                ? texts["all prices, limits and the minimum × {0}", times] : texts["all prices × {0}", times]);
        }
        if (tariff.Factors.Count > 1)
            yield return Sentence(texts["Where several apply"], Lower(texts["together." + tariff.FactorsTogether.ToString().ToLowerInvariant()]));
    }

    IEnumerable<string> Holidays() => tariff.KindsOfDays().Count > 0
        ? [texts["Statutory holidays are rest days; a weekend day that is worked instead is a workday."]] : [];

    string Rounding() => texts["The fee is rounded to {0}, {1}.",
        Money(tariff.Rounding.Unit ?? tariff.Currency.Amount(new(1))), texts["fee.rounding." + tariff.Rounding.Mode].Value];

    string Conditions(AppliesTo? condition) => texts.List([texts.When(condition), Who(condition)]);

    string Who(AppliesTo? condition) => texts.Who(condition, names);

    string Named(string? name, string sentence) => string.IsNullOrWhiteSpace(name) ? sentence : texts["{0}: {1}", names[name], sentence];

    string Sentence(string conditions, string words) =>
        texts["{0}.", First(conditions.Length == 0 ? words : texts["{0}: {1}", conditions, words])];

    string Clauses(IEnumerable<string> parts) => string.Join(texts["list.clauses"], parts.Where(p => p.Length > 0));

    string Money(decimal amount) => tariff.Currency.Text(amount);

    /// <summary>A unit or a length as it is said of prices: <c>half hour</c>, <c>hour</c>, <c>2 h</c>.</summary>
    string Unit(int minutes) => minutes is 1 or 30 or 60 ? texts[$"unit.{minutes}"] : texts.Minutes(minutes);

    static string First(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    static string Lower(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];
}
