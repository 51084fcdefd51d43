using System.Diagnostics;

namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>
/// What a clock's reading costs. A stretch costs the difference of two readings, so it never matters into how many
/// stretches time is cut: a unit belongs to the stretch in which its rounding says that it is due.
/// </summary>
internal static class StageMath
{
    /// <summary>Amounts inside a quote are exact to so many decimals; finer ones (pro rata thirds) are rounded here.</summary>
    public const int Decimals = 6;

    /// <param name="seconds">How long the stage has run.</param>
    /// <param name="factor">The vehicle's.</param>
    public static decimal Rate(Stage stage, long seconds, decimal factor) =>
        decimal.Round(Units(stage, seconds) * stage.Price!.Value * factor, Decimals);

    public static decimal Units(Stage stage, long seconds)
    {
        var unit = stage.PerMinutes!.Value * 60L;
        if (stage.Round == UnitRounding.ProRata)
            return (seconds + 59) / 60 / (decimal)stage.PerMinutes.Value;
        var (whole, rest) = Math.DivRem(seconds, unit);
        var charged = stage.Round switch
        {
            UnitRounding.Up => rest > 0 && rest >= (stage.FreeBelowMinutes ?? 0) * 60L,
            UnitRounding.Down => false,
            UnitRounding.Nearest => rest * 2 >= unit,
            _ => throw new UnreachableException($"Unit rounding {stage.Round}"),
        };
        return charged ? whole + 1 : whole;
    }

    /// <summary>What the first seconds under a rule cost.</summary>
    public static decimal Cost(Charge charge, long seconds, decimal factor) => charge switch
    {
        FreeCharge => 0,
        EntryCharge entry => decimal.Round(entry.Price * factor, Decimals),
        TimedCharge timed => CostOfStages(timed.Stages, seconds, factor),
        _ => throw new UnreachableException($"{charge} has no price"),
    };

    private static decimal CostOfStages(IReadOnlyList<Stage> stages, long seconds, decimal factor)
    {
        var (sum, start) = (0m, 0L);
        for (var i = 0; i < stages.Count && start < seconds; i++)
        {
            var stage = stages[i];
            var until = stage.UntilMinutes * 60L ?? long.MaxValue;
            sum = stage.Total is { } total ? Math.Max(sum, decimal.Round(total * factor, Decimals))
                : sum + Rate(stage, Math.Min(until, seconds) - start, factor);
            start = until;
        }
        return sum;
    }

    /// <summary>The rate that a clock is in and how many seconds of its unit have run; null within steps and past the stages.</summary>
    public static (Stage Stage, long Begun, long Left)? UnitAt(TimedCharge charge, long seconds)
    {
        var start = 0L;
        for (var i = 0; i < charge.Stages.Count; i++)
        {
            var stage = charge.Stages[i];
            var until = stage.UntilMinutes * 60L ?? long.MaxValue;
            if (seconds < until)
            {
                if (stage.PerMinutes is not { } minutes)
                    return null;
                var begun = (seconds - start) % (minutes * 60L);
                return (stage, begun, Math.Min(until - seconds, minutes * 60L - begun));
            }
            start = until;
        }
        return null;
    }

    public static decimal Round(decimal amount, RoundingMode mode, decimal unit)
    {
        var units = amount / unit;
        return unit * mode switch
        {
            RoundingMode.Up => decimal.Ceiling(units),
            RoundingMode.Down => decimal.Floor(units),
            RoundingMode.HalfEven => decimal.Round(units, MidpointRounding.ToEven),
            RoundingMode.HalfUp => decimal.Round(units, MidpointRounding.AwayFromZero),
            _ => throw new UnreachableException($"Rounding mode {mode}"),
        };
    }
}
