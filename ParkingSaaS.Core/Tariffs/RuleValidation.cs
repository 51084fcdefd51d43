using System.Diagnostics;
using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Which rules, charges and stages are valid.</summary>
internal static class RuleValidation
{
    public static void Check(string path, TariffRule rule, TariffProblems problems)
    {
        problems.Line($"{path}/name", rule.Name);
        problems.Conditions($"{path}/appliesTo", rule.AppliesTo);
        problems.Window($"{path}/window", rule.Window);
        CheckPer($"{path}/per", rule.Per, problems);
        if (rule.AfterMinutes is { } after)
            problems.Minutes($"{path}/afterMinutes", after);
        if (rule.Cap is { } cap)
        {
            problems.Price($"{path}/cap/amount", cap.Amount);
            CheckPer($"{path}/cap/per", cap.Per, problems);
        }
        switch (rule.Charge)
        {
            case FreeCharge:
                break;
            case EntryCharge entry:
                problems.Price($"{path}/charge/price", entry.Price);
                break;
            case TimedCharge timed:
                CheckStages($"{path}/charge/stages", timed.Stages, problems);
                break;
            default:
                throw new UnreachableException($"Nothing says which {rule.Charge} is valid");
        }
    }

    private static void CheckPer(string path, Per? per, TariffProblems problems)
    {
        if (per is not (null or Per.Window or Per.Day or Per.Stay))
            problems.Add(path, "per.period", "Must be window, day or stay: periods are for caps over all rules");
    }

    private static void CheckStages(string path, IReadOnlyList<Stage> stages, TariffProblems problems)
    {
        var before = problems.List.Count;
        problems.Count(path, stages.Count, 1, TariffValidation.MaxStages);
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

    private static void CheckStage(string path, Stage stage, TariffProblems problems)
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
}
