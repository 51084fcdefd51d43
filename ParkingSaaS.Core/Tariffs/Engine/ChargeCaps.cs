using System.Diagnostics;

namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>The caps that hold for each charge as it comes: a rule's own, and those of windows and periods over all rules. The caps of
/// days and of the stay hold for sums (<see cref="StayTotal"/>).</summary>
internal readonly ref struct ChargeCaps
{
    private const int NotInSpan = -1;

    private readonly Tariff _tariff;
    private readonly StayConditions _conditions;
    private readonly FactorInForce _factor;
    private readonly FeeLines _lines;
    private readonly long _entry;
    private readonly DateOnly _firstDate;

    // Those of the rules, then those of the tariff's caps.
    private readonly Span<CapUse> _uses;

    public ChargeCaps(Tariff tariff, scoped in StayConditions conditions, scoped in FactorInForce factor, scoped in FeeLines lines, long entry,
        DateOnly firstDate, Span<CapUse> uses)
    {
        (_tariff, _conditions, _factor, _lines, _entry, _firstDate) = (tariff, conditions, factor, lines, entry, firstDate);
        _uses = uses;
    }

    /// <summary>What the caps leave of a charge.</summary>
    /// <param name="rule">Index of the rule that charges.</param>
    /// <param name="key">The window, day or stay that the rule's own cap is in.</param>
    /// <param name="from">Beginning of what is charged.</param>
    /// <param name="to">Its end.</param>
    public decimal Capped(int rule, int key, decimal amount, long from, long to)
    {
        if (_tariff.Rules[rule].Cap is { } own)
            amount = CappedByRule(_tariff.Rules[rule], own, ref _uses[rule], key, amount, from, to);
        for (var i = 0; i < _tariff.Caps.Count; i++)
        {
            var cap = _tariff.Caps[i];
            ref var use = ref _uses[_tariff.Rules.Count + i];
            if (!HasSpans(cap) || use.Key == NotInSpan)
                continue;
            var limit = CapLimit.Of(cap, _tariff, in _factor);
            var left = use.Take(amount, limit.Limit);
            if (left < amount)
                _lines.Limit(cap.Per == Per.Window ? FeeLineCode.WindowCap : FeeLineCode.PeriodCap, use.From, to, limit.Shown, left - amount,
                    name: cap.Name, minutes: cap.PeriodMinutes);
            amount = left;
        }
        return amount;
    }

    private decimal CappedByRule(TariffRule rule, RuleCap cap, ref CapUse use, int key, decimal amount, long from, long to)
    {
        if (use.Key != key)
            use = new CapUse { Key = key, From = from };
        var left = use.Take(amount, _factor.Limit(cap.Amount));
        if (left < amount)
        {
            var (per, minutes) = _lines.Reach(rule, cap.Per);
            _lines.Limit(FeeLineCode.RuleCap, use.From, to, cap.Amount, left - amount, rule, rule.Name, minutes, per: per);
        }
        return left;
    }

    /// <summary>Whether the window or period of a cap begins or ends now: what has grown is to be charged before
    /// <see cref="BeginSpans"/>.</summary>
    /// <param name="now">On that date.</param>
    /// <param name="limit">Is lowered to when the next begins or ends.</param>
    public bool SpansChange(in LocalDay today, long now, ref long limit)
    {
        var change = false;
        for (var i = 0; i < _tariff.Caps.Count; i++)
        {
            if (!HasSpans(_tariff.Caps[i]))
                continue;
            var (span, until) = SpanAt(_tariff.Caps[i], in today, now);
            limit = Math.Min(limit, until);
            change |= _uses[_tariff.Rules.Count + i].Key != span;
        }
        return change;
    }

    public void BeginSpans(in LocalDay today, long now)
    {
        for (var i = 0; i < _tariff.Caps.Count; i++)
        {
            if (!HasSpans(_tariff.Caps[i]))
                continue;
            var (span, _) = SpanAt(_tariff.Caps[i], in today, now);
            ref var use = ref _uses[_tariff.Rules.Count + i];
            if (use.Key != span)
                use = new CapUse { Key = span, From = now };
        }
    }

    private static bool HasSpans(TariffCap cap) => cap.Per switch
    {
        Per.Window or Per.Period => true,
        Per.Day or Per.Stay => false,
        _ => throw new UnreachableException($"Cap per {cap.Per}"),
    };

    /// <summary>The occurrence of a cap's window, or its period, and until when that is so.</summary>
    private (int Span, long Until) SpanAt(TariffCap cap, in LocalDay today, long now)
    {
        var (span, date, until) = cap.Per == Per.Window ? WindowAt(cap.Window!, in today, now) : PeriodAt(cap.PeriodMinutes!.Value * 60L, now);
        return (span != NotInSpan && _conditions.Hold(cap.AppliesTo, date) ? span : NotInSpan, until);
    }

    private (int Span, DateOnly Date, long Until) PeriodAt(long seconds, long now)
    {
        var period = (now - _entry) / seconds;
        return ((int)period, _firstDate, _entry + (period + 1) * seconds);
    }

    private static (int Span, DateOnly Date, long Until) WindowAt(DayWindow window, in LocalDay today, long now)
    {
        var (from, to) = (today.At(window.From), today.At(window.To));
        if (window.CrossesMidnight)
        {
            if (now < to)
                return (today.Date.DayNumber - 1, today.Date.AddDays(-1), to);
            to = today.End;
        }
        return now < from ? (NotInSpan, default, from)
            : now < to ? (today.Date.DayNumber, today.Date, to)
            : (NotInSpan, default, today.End);
    }
}
