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
        var problems = new Problems();
        if (tariff.Schema != Tariff.SchemaId)
            problems.Add("/schema", "schema.unknown", $"Must be \"{Tariff.SchemaId}\"");
        problems.Text("/name", tariff.Name);
        var currency = Currency.Find(tariff.Currency.Code);
        if (currency is null)
            problems.Add("/currency/code", "currency.code", "Must be one of " + string.Join(", ", Currency.All.Select(c => c.Code)));
        if (tariff.Currency.Digits is < 0 or > 3)
            problems.Add("/currency/digits", "number.range", "Must be from 0 to 3");
        else if (currency is not null && currency != tariff.Currency)
            problems.Add("/currency/digits", "currency.digits", $"Must be {currency.Digits}, as {currency.Code} has (ISO 4217)");
        else
            CheckRounding(tariff, problems);

        problems.Count("/rules", tariff.Rules.Count, 1, MaxRules);
        var ids = new HashSet<string>();
        for (var i = 0; i < tariff.Rules.Count; i++)
        {
            problems.Id($"/rules/{i}/id", tariff.Rules[i].Id, ids);
            problems.Line($"/rules/{i}/name", tariff.Rules[i].Name);
            CheckRule($"/rules/{i}", tariff.Rules[i], problems);
        }

        for (var i = 0; i < tariff.FreeMinutes.Count; i++)
        {
            var (free, path) = (tariff.FreeMinutes[i], $"/freeMinutes/{i}");
            problems.Minutes($"{path}/minutes", free.Minutes);
            problems.DayOrStay($"{path}/per", free.Per);
            if (free is { BoundIncluded: false, WhenExceeded: WhenExceeded.Deduct })
                problems.Add($"{path}/boundIncluded", "free.bound", "Minutes that stay free in a longer stay have no bound to exclude");
            if (free.OncePerDays is < 1 or > 366)
                problems.Add($"{path}/oncePerDays", "number.range", "Must be from 1 to 366");
            CheckAppliesTo($"{path}/appliesTo", free.AppliesTo, problems);
        }
        for (var i = 0; i < tariff.Caps.Count; i++)
        {
            var (cap, path) = (tariff.Caps[i], $"/caps/{i}");
            problems.Line($"{path}/name", cap.Name);
            CheckCap(path, cap, ids, problems);
            if (cap.FromDay is < 1 or > 367)
                problems.Add($"{path}/fromDay", "number.range", "Must be from 1 to 367");
            else if (cap.FromDay > 1 && cap.Per != Per.Day)
                problems.Add($"{path}/fromDay", "cap.fromDay", "Only a cap per day begins on a later day");
            CheckAppliesTo($"{path}/appliesTo", cap.AppliesTo, problems);
        }
        if (tariff.MinimumCharge is { } minimum)
        {
            problems.Price("/minimumCharge", minimum);
            if (tariff.Caps.Any(c => c.Per is Per.Stay or Per.Day && c.Amount < minimum))
                problems.Add("/minimumCharge", "minimum.aboveCap", "Must not exceed a cap per stay or day");
        }
        for (var i = 0; i < tariff.MidnightFees.Count; i++)
        {
            problems.Line($"/midnightFees/{i}/name", tariff.MidnightFees[i].Name);
            problems.Price($"/midnightFees/{i}/price", tariff.MidnightFees[i].Price);
            CheckAppliesTo($"/midnightFees/{i}/appliesTo", tariff.MidnightFees[i].AppliesTo, problems);
        }
        if (tariff.Reentry is { WithinMinutes: { } within })
            problems.Minutes("/reentry/withinMinutes", within);
        if (tariff.Reentry is { WithinMinutes: null, TimeAway: TimeAway.Counts })
            problems.Add("/reentry/timeAway", "reentry.timeAway", "Goes with withinMinutes, and only with that");
        if (tariff is { Reentry.ShareDayCap: true, Day: DayBasis.Rolling24h })
            problems.Add("/reentry/shareDayCap", "reentry.rolling", "Stays share a date, not 24 hours from entry");
        ids.Clear();
        for (var i = 0; i < tariff.Factors.Count; i++)
        {
            var (factor, path) = (tariff.Factors[i], $"/factors/{i}");
            problems.Id($"{path}/id", factor.Id, ids);
            if (factor.Factor is < 0 or > MaxFactor)
                problems.Add($"{path}/factor", "number.range", $"Must be from 0 to {MaxFactor}");
            CheckAppliesTo($"{path}/appliesTo", factor.AppliesTo, problems);
            if (factor.AppliesTo is { HasDates: true })
                problems.Add($"{path}/appliesTo", "factor.dates", "A factor depends on the vehicle only; dates belong to rules");
        }
        // Far above what a notice asks for, and far below where numbers end.
        if (tariff.FactorsTogether == FactorsTogether.Multiply
            && tariff.Factors.Where(f => f.Factor is > 1 and <= MaxFactor).Aggregate(1.0, (product, f) => product * (double)f.Factor) > MaxProduct)
            problems.Add("/factorsTogether", "factor.product", $"All factors above 1 together must not come to more than {MaxProduct}");
        problems.Count("/examples", tariff.Examples.Count, 0, MaxExamples);
        for (var i = 0; i < tariff.Examples.Count; i++)
        {
            var (example, path) = (tariff.Examples[i], $"/examples/{i}");
            problems.Line($"{path}/name", example.Name);
            for (var j = 0; j < example.Groups.Count; j++)
                problems.Line($"{path}/groups/{j}", example.Groups[j]);
            foreach (var (field, at) in new[] { ("entry", example.Entry), ("exit", example.Exit) })
                if (at.Kind != DateTimeKind.Unspecified)
                    problems.Add($"{path}/{field}", "example.offset", "Must be a local clock time without an offset");
            var before = DateTime.MinValue;
            for (var j = 0; j < example.Earlier.Count; j++)
            {
                var earlier = example.Earlier[j];
                if (earlier.Entry < before || earlier.Exit < earlier.Entry || earlier.Exit > example.Entry)
                    problems.Add($"{path}/earlier/{j}", "example.earlier", "Must end before the next begins, in order");
                before = earlier.Exit;
            }
            if (example.Exit < example.Entry)
                problems.Add($"{path}/exit", "example.exitBeforeEntry", "Must not be before entry");
            if (example.Fee < 0)
                problems.Add($"{path}/fee", "number.range", "Must not be negative");
        }
        // Only what is right otherwise has a price.
        if (problems.List.Count == 0 && tariff.MinimumCharge is { } least && IsAboveLike(tariff, least))
            problems.Add("/minimumCharge", "minimum.aboveCap", "Must not exceed a cap per stay or day, nor what the time costs that it is like");
        return problems.List;
    }

    /// <summary>Whether a cap that is the price of some time is lower, for a vehicle like any. Another factor is known with the vehicle only:
    /// then the engine lets the cap win.</summary>
    private static bool IsAboveLike(Tariff tariff, decimal minimum)
    {
        var factor = FactorInForce.Of(tariff, new Stay());
        return tariff.Caps.Any(c => c is { Per: Per.Stay or Per.Day, Like: { } like }
            && StageMath.Cost(tariff.Rules.First(r => r.Id == like.Rule).Charge, like.Minutes * 60L, factor.OfCharges) < minimum * factor.OfLimits);
    }

    private static void CheckRounding(Tariff tariff, Problems problems)
    {
        if (tariff.Rounding.Unit is not { } unit)
            return;
        var smallest = tariff.Currency.SmallestUnit;
        if (unit < smallest || unit > 1000 || unit % smallest != 0)
            problems.Add("/rounding/unit", "rounding.unit", $"Must be a multiple of {smallest}, at most 1000");
    }

    private static void CheckRule(string path, TariffRule rule, Problems problems)
    {
        CheckAppliesTo($"{path}/appliesTo", rule.AppliesTo, problems);
        CheckWindow($"{path}/window", rule.Window, problems);
        problems.NotPeriod($"{path}/per", rule.Per);
        if (rule.AfterMinutes is { } after)
            problems.Minutes($"{path}/afterMinutes", after);
        if (rule.Cap is { } cap)
        {
            problems.Price($"{path}/cap/amount", cap.Amount);
            problems.NotPeriod($"{path}/cap/per", cap.Per);
        }
        if (rule.Charge is EntryCharge entry)
            problems.Price($"{path}/charge/price", entry.Price);
        else if (rule.Charge is TimedCharge timed)
            CheckStages($"{path}/charge/stages", timed.Stages, problems);
    }

    private static void CheckWindow(string path, DayWindow? window, Problems problems)
    {
        if (window is null)
            return;
        if (window.From.Minutes is < 0 or > 24 * 60 - 1)
            problems.Add($"{path}/from", "window.time", "Must be from 00:00 to 23:59");
        if (window.To.Minutes is < 0 or > 24 * 60)
            problems.Add($"{path}/to", "window.time", "Must be from 00:00 to 24:00");
        if (window.From == window.To)
            problems.Add($"{path}/to", "window.empty", "Must differ from \"from\"; all day is no window at all");
    }

    private static void CheckCap(string path, TariffCap cap, HashSet<string> rules, Problems problems)
    {
        if (cap.Amount is null == cap.Like is null)
            problems.Add($"{path}/amount", "cap.amount", "A cap has either amount or like");
        else if (cap.Amount is { } amount)
            problems.Price($"{path}/amount", amount);
        else
        {
            problems.Minutes($"{path}/like/minutes", cap.Like!.Minutes);
            if (rules.Count > 0 && !rules.Contains(cap.Like.Rule))
                problems.Add($"{path}/like/rule", "rule.unknown", "Must be the id of a rule");
        }
        if (cap.Per == Per.Window != cap.Window is not null)
            problems.Add($"{path}/window", "cap.window", "Goes with a cap per window, and only with that");
        CheckWindow($"{path}/window", cap.Window, problems);
        if (cap.Per == Per.Period != cap.PeriodMinutes is not null)
            problems.Add($"{path}/periodMinutes", "cap.period", "Goes with a cap per period, and only with that");
        else if (cap.PeriodMinutes is { } minutes)
            problems.Minutes($"{path}/periodMinutes", minutes, least: 60);
    }

    private static void CheckStages(string path, IReadOnlyList<Stage> stages, Problems problems)
    {
        var before = problems.List.Count;
        problems.Count(path, stages.Count, 1, MaxStages);
        var from = 0;
        for (var i = 0; i < stages.Count; i++)
        {
            var (stage, at) = (stages[i], $"{path}/{i}");
            if (stage.UntilMinutes is { } until)
            {
                problems.Minutes($"{at}/untilMinutes", until);
                if (until > 0 && until <= from)
                    problems.Add($"{at}/untilMinutes", "stage.order", "Must be later than the stage before");
                from = until;
            }
            else if (i < stages.Count - 1)
                problems.Add($"{at}/untilMinutes", "stage.endless", "Only the last stage has no end");
            CheckStage(at, stage, problems);
        }
        if (problems.List.Count > before)
            return;

        // A step names a total: it must not take back what the stages before it have charged.
        var sum = 0m;
        for (var (i, start) = (0, 0); i < stages.Count; start = stages[i].UntilMinutes ?? start, i++)
        {
            if (stages[i].Total < sum)
                problems.Add($"{path}/{i}/total", "stage.falls", $"Must not be below the {sum:0.######} of the stages before");
            sum = stages[i].Total ?? sum + StageMath.Rate(stages[i], ((stages[i].UntilMinutes ?? start) - start) * 60L, 1);
        }
    }

    private static void CheckStage(string path, Stage stage, Problems problems)
    {
        if (stage.Total is { } total)
        {
            problems.Price($"{path}/total", total);
            if (stage.Round is not UnitRounding.Up)
                problems.Add($"{path}/round", "stage.round", "A step has no units that could be rounded");
            if (stage.Price is not null || stage.PerMinutes is not null || stage.FreeBelowMinutes is not null)
                problems.Add($"{path}/total", "stage.kind", "A stage has either total, or price and perMinutes");
            return;
        }
        if (stage.Price is not { } price || stage.PerMinutes is not { } unit)
        {
            problems.Add(path, "stage.kind", "A stage has either total, or price and perMinutes");
            return;
        }
        problems.Price($"{path}/price", price);
        problems.Minutes($"{path}/perMinutes", unit);
        if (stage.FreeBelowMinutes is not { } free)
            return;
        if (stage.Round != UnitRounding.Up)
            problems.Add($"{path}/freeBelowMinutes", "stage.freeBelow", "Goes with rounding up only");
        else if (free < 1 || unit > 0 && free > unit)
            problems.Add($"{path}/freeBelowMinutes", "number.range", "Must be from 1 to perMinutes");
    }

    private static void CheckAppliesTo(string path, AppliesTo? appliesTo, Problems problems)
    {
        for (var i = 0; i < appliesTo?.Groups.Count; i++)
            problems.Text($"{path}/groups/{i}", appliesTo.Groups[i]);
        for (var i = 0; i < appliesTo?.AllGroups.Count; i++)
            problems.Text($"{path}/allGroups/{i}", appliesTo.AllGroups[i]);
        for (var i = 0; i < appliesTo?.Dates.Count; i++)
            if (appliesTo.Dates[i].To < appliesTo.Dates[i].From)
                problems.Add($"{path}/dates/{i}/to", "dates.order", "Must not be before \"from\"");
    }

    private sealed class Problems
    {
        public List<TariffProblem> List { get; } = [];

        public void Add(string path, string code, string message) => List.Add(new(path, code, message));

        public void Text(string path, string text)
        {
            if (string.IsNullOrWhiteSpace(text) || text.Length > 200)
                Add(path, "text.length", "Must have 1 to 200 characters");
            else
                Line(path, text);
        }

        /// <summary>Of control characters only line breaks and tabs come here, and a name has none of them either.</summary>
        public void Line(string path, string? text)
        {
            if (text?.Any(char.IsControl) == true)
                Add(path, "text.control", "Must be one line, without control characters");
        }

        public void Id(string path, string id, HashSet<string> seen)
        {
            Text(path, id);
            if (!seen.Add(id))
                Add(path, "id.repeated", "Must be unique");
        }

        public void Count(string path, int count, int min, int max)
        {
            if (count < min || count > max)
                Add(path, "list.length", $"Must have {min} to {max} entries");
        }

        public void Minutes(string path, int minutes, int least = 1)
        {
            if (minutes < least || minutes > MaxMinutes)
                Add(path, "number.range", $"Must be from {least} to {MaxMinutes} minutes");
        }

        public void Price(string path, decimal price)
        {
            if (price is < 0 or > MaxPrice)
                Add(path, "price.range", $"Must be from 0 to {MaxPrice}");
            else if (decimal.Round(price, StageMath.Decimals) != price)
                Add(path, "price.decimals", $"Must have at most {StageMath.Decimals} decimals");
        }

        public void DayOrStay(string path, Per per)
        {
            if (per is Per.Window or Per.Period)
                Add(path, "per.window", "Must be day or stay");
        }

        public void NotPeriod(string path, Per? per)
        {
            if (per == Per.Period)
                Add(path, "per.period", "Must be window, day or stay: periods are for caps over all rules");
        }
    }
}
