using System.Diagnostics;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>Writes a quote's lines, and prices stages on the way, for lines and amounts must not part.</summary>
internal readonly struct FeeLines(FactorInForce factor, Tariff tariff)
{
    public List<FeeLine> List { get; } = new(4);

    /// <summary>A line that only says why time costs nothing.</summary>
    public void Add(FeeLineCode code, long from, long to, TariffRule? rule = null) => List.Add(new FeeLine
    {
        Code = code,
        Rule = rule?.Id,
        Name = rule?.Name,
        From = Instant(from),
        To = Instant(to),
        Amount = Tidy(0),
    });

    /// <summary>Cap or minimum charge.</summary>
    public void Limit(FeeLineCode code, long from, long to, decimal limit, decimal amount, TariffRule? rule = null, string? name = null,
        int? minutes = null, decimal used = 0, Per? per = null) =>
        List.Add(new FeeLine
        {
            Code = code,
            Rule = rule?.Id,
            Name = name,
            From = Instant(from),
            To = Instant(to),
            UnitMinutes = minutes,
            Price = Tidy(limit),
            Used = used > 0 ? Tidy(used) : null,
            Per = per,
            Factor = factor.LimitsId is null ? null : factor.OfLimits,
            FactorId = factor.LimitsId,
            Amount = Tidy(amount),
        });

    public void Rounding(long from, long to, RoundingMode mode, decimal unit, decimal amount) => List.Add(new FeeLine
    {
        Code = FeeLineCode.Rounding,
        From = Instant(from),
        To = Instant(to),
        Price = Tidy(unit),
        TotalRounding = mode,
        Amount = Tidy(amount),
    });

    public decimal Midnight(MidnightFee fee, long at)
    {
        var amount = decimal.Round(fee.Price * factor.OfCharges, StageMath.Decimals);
        List.Add(new FeeLine
        {
            Code = FeeLineCode.Midnight,
            Name = fee.Name,
            From = Instant(at),
            To = Instant(at),
            Price = Tidy(fee.Price),
            Factor = factor.ChargesId is null ? null : factor.OfCharges,
            FactorId = factor.ChargesId,
            Amount = Tidy(amount),
        });
        return amount;
    }

    /// <summary>A part of a unit by time: the share of the rule that it runs into, or with its own rule's that it runs out of.</summary>
    public decimal Share(TariffRule rule, Stage stage, long from, long to)
    {
        var units = (to - from) / (stage.PerMinutes!.Value * 60m);
        var amount = decimal.Round(units * stage.Price!.Value * factor.OfCharges, StageMath.Decimals);
        AddCharge(FeeLineCode.Rate, rule, from, to, stage.Price.Value, amount, stage, units, UnitRounding.ProRata);
        return amount;
    }

    /// <summary>What a stretch under a rule costs.</summary>
    /// <param name="rule">The rule in force.</param>
    /// <param name="clock">Seconds that have run under the rule before the stretch.</param>
    /// <param name="from">The stretch's beginning.</param>
    /// <param name="to">The stretch's end.</param>
    public decimal Charge(TariffRule rule, long clock, long from, long to)
    {
        switch (rule.Charge)
        {
            case EntryCharge when clock > 0:
                Add(FeeLineCode.PastStages, from, to, rule);
                return 0;
            case EntryCharge entry:
                var price = decimal.Round(entry.Price * factor.OfCharges, StageMath.Decimals);
                var (per, minutes) = Reach(rule, rule.Per);
                AddCharge(FeeLineCode.Entry, rule, from, to, entry.Price, price, per: per, minutes: minutes);
                return price;
            case TimedCharge timed:
                return ChargeStages(rule, timed.Stages, clock, from, to);
            case FreeCharge:
                Add(FeeLineCode.Free, from, to, rule);
                return 0;
            default:
                throw new UnreachableException($"{rule.Charge} has no line");
        }
    }

    private decimal ChargeStages(TariffRule rule, IReadOnlyList<Stage> stages, long clock, long from, long to)
    {
        var end = clock + to - from;
        var atStart = from - clock; // the instant at which the clock would have begun, had it never stood still
        var (sum, reached, start, before) = (0m, 0m, 0L, 0m);
        (Stage Stage, long From, decimal Before)? steps = null;
        for (var i = 0; i < stages.Count && start < end; i++)
        {
            var stage = stages[i];
            var until = stage.UntilMinutes * 60L ?? long.MaxValue;
            if (stage.Total is { } total)
            {
                // Never below what came before: with a factor, rounding could part the two.
                var amount = Math.Max(before, decimal.Round(total * factor.OfCharges, StageMath.Decimals));
                // A table is read once, at the last step reached, however many were passed.
                if (until > clock)
                    steps = (stage, steps?.From ?? Math.Max(start, clock), steps?.Before ?? (start < clock ? amount : before));
                before = amount;
            }
            else
            {
                if (steps is { } passed)
                    sum += Step(rule, passed, before, atStart, start);
                steps = null;
                if (until > clock)
                    sum += Rate(rule, stage, start, Math.Max(start, clock), Math.Min(until, end), atStart);
                before += until == long.MaxValue ? 0 : StageMath.Rate(stage, until - start, factor.OfCharges);
            }
            start = until;
        }
        if (steps is { } last)
            sum += Step(rule, last, before, atStart, Math.Min(start, end));
        if (start < end)
            Add(FeeLineCode.PastStages, atStart + Math.Max(start, clock), to, rule);
        return sum;
    }

    private decimal Step(TariffRule rule, (Stage Stage, long From, decimal Before) step, decimal total, long atStart, long end)
    {
        var amount = total - step.Before;
        AddCharge(FeeLineCode.Step, rule, atStart + step.From, atStart + end, step.Stage.Total!.Value, amount, step.Stage, used: step.Before);
        return amount;
    }

    private decimal Rate(TariffRule rule, Stage stage, long start, long from, long to, long atStart)
    {
        var ran = from - start;
        var before = StageMath.Units(stage, ran);
        var units = StageMath.Units(stage, to - start) - before;
        var amount = StageMath.Rate(stage, to - start, factor.OfCharges) - StageMath.Rate(stage, ran, factor.OfCharges);
        var open = stage.Round is UnitRounding.ProRata ? 0 : (int)(before * stage.PerMinutes!.Value * 60 - ran);
        if (units == 0 && open > 0)
            Add(FeeLineCode.UnitBegun, atStart + from, atStart + to, rule);
        else
            AddCharge(units == 0 && stage.FreeBelowMinutes is not null ? FeeLineCode.ShortUnit : FeeLineCode.Rate, rule, atStart + from, atStart + to,
                stage.Price!.Value, amount, stage, units, paid: open > 0 ? open : null, ran: open < 0 ? -open : null);
        return amount;
    }

    private void AddCharge(FeeLineCode code, TariffRule rule, long from, long to, decimal price, decimal amount,
        Stage? stage = null, decimal? units = null, UnitRounding? round = null, decimal used = 0, Per? per = null, int? minutes = null,
        int? paid = null, int? ran = null) =>
        List.Add(new FeeLine
        {
            Code = code,
            Rule = rule.Id,
            Name = rule.Name,
            From = Instant(from),
            To = Instant(to),
            Units = units is { } u ? decimal.Round(u, StageMath.Decimals) : null,
            UnitMinutes = minutes ?? stage?.PerMinutes,
            FreeBelowMinutes = stage?.FreeBelowMinutes,
            UntilMinutes = stage?.UntilMinutes,
            Price = Tidy(price),
            Used = used > 0 ? Tidy(used) : null,
            Per = per,
            PaidSeconds = paid,
            RanSeconds = ran,
            UnitRounding = units is null ? null : round ?? stage?.Round,
            Factor = factor.ChargesId is null ? null : factor.OfCharges,
            FactorId = factor.ChargesId,
            Amount = Tidy(amount),
        });

    /// <summary>How far a rule's charge or cap reaches, as people say it, and the minutes of a day that is not one of the calendar: the
    /// window of a rule for the whole day is a day.</summary>
    public (Per Per, int? DayMinutes) Reach(TariffRule rule, Per? per)
    {
        var reach = per switch
        {
            null or Per.Window => rule.IsAllDay ? Per.Day : Per.Window,
            Per.Day or Per.Stay => per.Value,
            _ => throw new UnreachableException($"Rule per {per}"),
        };
        var follows = reach is Per.Day && (per is Per.Day || rule.Window is null);
        return (reach, follows && tariff.Day is DayBasis.Rolling24h ? 24 * 60 : null);
    }

    private decimal Tidy(decimal amount) => Tidy(amount, tariff.Currency);

    /// <summary>All decimals of the currency, and more only where they are needed: of yuan 5 becomes 5.00 and 0.3330 becomes 0.333.</summary>
    internal static decimal Tidy(decimal amount, Currency currency)
    {
        var posted = decimal.Round(amount, currency.Digits);
        return posted == amount ? posted + new decimal(0, 0, 0, false, (byte)currency.Digits) : amount / 1.0000000000000000000000000000m;
    }

    private static DateTimeOffset Instant(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
