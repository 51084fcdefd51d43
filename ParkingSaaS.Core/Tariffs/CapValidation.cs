using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Which caps over all rules are valid, and which minimum charge beside them.</summary>
internal static class CapValidation
{
    public static void Check(string path, TariffCap cap, HashSet<string> rules, TariffProblems problems)
    {
        problems.Line($"{path}/name", cap.Name);
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
        problems.Window($"{path}/window", cap.Window);
        if (cap.Per == Per.Period != cap.PeriodMinutes is not null)
            problems.Add($"{path}/periodMinutes", "cap.period", "Goes with a cap per period, and only with that");
        else if (cap.PeriodMinutes is { } minutes)
            problems.Minutes($"{path}/periodMinutes", minutes, least: 60);
        if (cap.FromDay is < 1 or > 367)
            problems.Add($"{path}/fromDay", "number.range", "Must be from 1 to 367");
        else if (cap.FromDay > 1 && cap.Per != Per.Day)
            problems.Add($"{path}/fromDay", "cap.fromDay", "Only a cap per day begins on a later day");
        problems.Conditions($"{path}/appliesTo", cap.AppliesTo);
    }

    public static void CheckMinimum(Tariff tariff, TariffProblems problems)
    {
        if (tariff.MinimumCharge is not { } minimum)
            return;
        problems.Price("/minimumCharge", minimum);
        if (tariff.Caps.Any(c => c.Per is Per.Stay or Per.Day && c.Amount < minimum))
            problems.Add("/minimumCharge", "minimum.aboveCap", "Must not exceed a cap per stay or day");
    }

    /// <summary>The minimum charge beside caps that are the price of some time. Of a tariff without other problems: only what is right
    /// otherwise has a price. It is that of a vehicle like any. Another factor is known with the vehicle only: then the engine lets the cap
    /// win.</summary>
    public static void CheckMinimumBesideLike(Tariff tariff, TariffProblems problems)
    {
        if (tariff.MinimumCharge is not { } minimum)
            return;
        var factor = FactorInForce.Of(tariff, new Stay());
        if (tariff.Caps.Any(c => c is { Per: Per.Stay or Per.Day, Like: { } like }
            && StageMath.Cost(tariff.Rules.First(r => r.Id == like.Rule).Charge, like.Minutes * 60L, factor.OfCharges) < minimum * factor.OfLimits))
            problems.Add("/minimumCharge", "minimum.aboveCap", "Must not exceed a cap per stay or day, nor what the time costs that it is like");
    }
}
