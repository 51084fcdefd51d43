using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>
/// Which tariffs are valid. The engine gives every valid one a fee for every stay, and a longer stay never a lower fee.
/// </summary>
public static class TariffValidation
{
    public const int MaxRules = 64;
    public const int MaxStages = 64;
    public const int MaxExamples = 200;

    /// <summary>A stay has no more minutes (<see cref="FeeEngine.MaxStay"/>), so neither has anything in a tariff.</summary>
    public const int MaxMinutes = 366 * 24 * 60;

    public const decimal MaxPrice = 1_000_000m;
    public const decimal MaxFactor = 100m;

    /// <summary>Of all factors above 1, where they multiply.</summary>
    public const double MaxProduct = 10_000;

    /// <summary>Every problem; none for a valid tariff.</summary>
    public static IReadOnlyList<TariffProblem> Check(Tariff tariff)
    {
        var problems = new TariffProblems();
        if (tariff.Schema != Tariff.SchemaId)
            problems.Add("/schema", "schema.unknown", $"Must be \"{Tariff.SchemaId}\"");
        problems.Text("/name", tariff.Name);
        CheckCurrency(tariff, problems);

        problems.Count("/rules", tariff.Rules.Count, 1, MaxRules);
        var rules = new HashSet<string>();
        for (var i = 0; i < tariff.Rules.Count; i++)
        {
            problems.Id($"/rules/{i}/id", tariff.Rules[i].Id, rules);
            RuleValidation.Check($"/rules/{i}", tariff.Rules[i], problems);
        }
        for (var i = 0; i < tariff.FreeMinutes.Count; i++)
            CheckFreeMinutes($"/freeMinutes/{i}", tariff.FreeMinutes[i], problems);
        for (var i = 0; i < tariff.Caps.Count; i++)
            CapValidation.Check($"/caps/{i}", tariff.Caps[i], rules, problems);
        CapValidation.CheckMinimum(tariff, problems);
        for (var i = 0; i < tariff.MidnightFees.Count; i++)
        {
            problems.Line($"/midnightFees/{i}/name", tariff.MidnightFees[i].Name);
            problems.Price($"/midnightFees/{i}/price", tariff.MidnightFees[i].Price);
            problems.Conditions($"/midnightFees/{i}/appliesTo", tariff.MidnightFees[i].AppliesTo);
        }
        CheckReentry(tariff, problems);
        CheckFactors(tariff, problems);
        problems.Count("/examples", tariff.Examples.Count, 0, MaxExamples);
        for (var i = 0; i < tariff.Examples.Count; i++)
            CheckExample($"/examples/{i}", tariff.Examples[i], problems);
        if (problems.List.Count == 0)
            CapValidation.CheckMinimumBesideLike(tariff, problems);
        return problems.List;
    }

    private static void CheckCurrency(Tariff tariff, TariffProblems problems)
    {
        var currency = Currency.Find(tariff.Currency.Code);
        if (currency is null)
            problems.Add("/currency/code", "currency.code", "Must be one of " + string.Join(", ", Currency.All.Select(c => c.Code)));
        if (tariff.Currency.Digits is < 0 or > 3)
            problems.Add("/currency/digits", "number.range", "Must be from 0 to 3");
        else if (currency is not null && currency != tariff.Currency)
            problems.Add("/currency/digits", "currency.digits", $"Must be {currency.Digits}, as {currency.Code} has (ISO 4217)");
        else
            CheckRounding(tariff, problems);
    }

    private static void CheckRounding(Tariff tariff, TariffProblems problems)
    {
        if (tariff.Rounding.Unit is not { } unit)
            return;
        var smallest = tariff.Currency.SmallestUnit;
        if (unit < smallest || unit > 1000 || unit % smallest != 0)
            problems.Add("/rounding/unit", "rounding.unit", $"Must be a multiple of {smallest}, at most 1000");
    }

    private static void CheckFreeMinutes(string path, FreeMinutes free, TariffProblems problems)
    {
        problems.Minutes($"{path}/minutes", free.Minutes);
        if (free.Per is not (Per.Day or Per.Stay))
            problems.Add($"{path}/per", "per.window", "Must be day or stay");
        if (free is { BoundIncluded: false, WhenExceeded: WhenExceeded.Deduct })
            problems.Add($"{path}/boundIncluded", "free.bound", "Minutes that stay free in a longer stay have no bound to exclude");
        if (free.OncePerDays is < 1 or > 366)
            problems.Add($"{path}/oncePerDays", "number.range", "Must be from 1 to 366");
        problems.Conditions($"{path}/appliesTo", free.AppliesTo);
    }

    private static void CheckReentry(Tariff tariff, TariffProblems problems)
    {
        if (tariff.Reentry is { WithinMinutes: { } within })
            problems.Minutes("/reentry/withinMinutes", within);
        if (tariff.Reentry is { WithinMinutes: null, TimeAway: TimeAway.Counts })
            problems.Add("/reentry/timeAway", "reentry.timeAway", "Goes with withinMinutes, and only with that");
        if (tariff is { Reentry.ShareDayCap: true, Day: DayBasis.Rolling24h })
            problems.Add("/reentry/shareDayCap", "reentry.rolling", "Stays share a date, not 24 hours from entry");
    }

    private static void CheckFactors(Tariff tariff, TariffProblems problems)
    {
        var ids = new HashSet<string>();
        for (var i = 0; i < tariff.Factors.Count; i++)
        {
            var (factor, path) = (tariff.Factors[i], $"/factors/{i}");
            problems.Id($"{path}/id", factor.Id, ids);
            if (factor.Factor is < 0 or > MaxFactor)
                problems.Add($"{path}/factor", "number.range", $"Must be from 0 to {MaxFactor}");
            problems.Conditions($"{path}/appliesTo", factor.AppliesTo);
            if (factor.AppliesTo is { HasDates: true })
                problems.Add($"{path}/appliesTo", "factor.dates", "A factor depends on the vehicle only; dates belong to rules");
        }
        // Far above what a notice asks for, and far below where numbers end.
        if (tariff.FactorsTogether == FactorsTogether.Multiply
            && tariff.Factors.Where(f => f.Factor is > 1 and <= MaxFactor).Aggregate(1.0, (product, f) => product * (double)f.Factor) > MaxProduct)
            problems.Add("/factorsTogether", "factor.product", $"All factors above 1 together must not come to more than {MaxProduct}");
    }

    private static void CheckExample(string path, TariffExample example, TariffProblems problems)
    {
        problems.Line($"{path}/name", example.Name);
        for (var i = 0; i < example.Groups.Count; i++)
            problems.Line($"{path}/groups/{i}", example.Groups[i]);
        foreach (var (field, at) in new[] { ("entry", example.Entry), ("exit", example.Exit) })
            if (at.Kind != DateTimeKind.Unspecified)
                problems.Add($"{path}/{field}", "example.offset", "Must be a local clock time without an offset");
        var before = DateTime.MinValue;
        for (var i = 0; i < example.Earlier.Count; i++)
        {
            var earlier = example.Earlier[i];
            if (earlier.Entry < before || earlier.Exit < earlier.Entry || earlier.Exit > example.Entry)
                problems.Add($"{path}/earlier/{i}", "example.earlier", "Must end before the next begins, in order");
            before = earlier.Exit;
        }
        if (example.Exit < example.Entry)
            problems.Add($"{path}/exit", "example.exitBeforeEntry", "Must not be before entry");
        if (example.Fee < 0)
            problems.Add($"{path}/fee", "number.range", "Must not be negative");
    }
}
