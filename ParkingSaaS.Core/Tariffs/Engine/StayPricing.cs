namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>
/// One stay on its way to a quote. Walks forward once; every amount depends only on the time up to it, so a longer stay
/// repeats the shorter one's lines and never costs less.
/// </summary>
internal ref struct StayPricing
{
    private const int NoRule = -1;
    private const int WithinFreeMinutes = -2;
    private const long DaySeconds = 24 * 60 * 60;

    private readonly Tariff _tariff;
    private readonly DayTypes _dayTypes;
    private readonly TimeZoneInfo _zone;
    private readonly Stay _stay;
    private readonly Span<RuleState> _states;
    private readonly long _entry;
    private readonly long _exit;
    private readonly TariffFactor? _factor;
    private readonly ulong _vehicleRules;
    private readonly FeeLines _lines;

    private LocalDay _day;
    private ulong _todaysRules;
    private ulong _yesterdaysRules;

    private DateOnly _firstDate;
    private int _period;
    private DateOnly _periodDate;
    private long _periodStart;
    private long _periodEnd;
    private decimal _periodSum;
    private decimal _sum;
    private long _freeUntil;

    // The stretch that is still growing: same rule, same occurrence of its window, same day.
    private int _rule;
    private int _occurrence;
    private long _from;
    private long _to;

    public StayPricing(Tariff tariff, DayTypes dayTypes, TimeZoneInfo zone, in Stay stay, Span<RuleState> states)
    {
        (_tariff, _dayTypes, _zone, _stay) = (tariff, dayTypes, zone, stay);
        _states = states;
        (_entry, _exit) = (stay.Entry.ToUnixTimeSeconds(), stay.Exit.ToUnixTimeSeconds());
        for (var i = 0; i < tariff.Rules.Count; i++)
            if (tariff.Rules[i].AppliesTo?.MatchesVehicle(in stay) ?? true)
                _vehicleRules |= 1UL << i;
        for (var i = 0; i < tariff.Factors.Count && _factor is null; i++)
            if (tariff.Factors[i].AppliesTo?.MatchesVehicle(in stay) ?? true)
                _factor = tariff.Factors[i];
        _lines = new FeeLines(_factor);
    }

    public FeeQuote Run()
    {
        if (_entry == _exit)
        {
            _lines.Add(FeeLineCode.NoTime, _entry, _exit);
            return Result(0);
        }
        _day = new LocalDay(_zone, _entry);
        _firstDate = _day.Date;
        FindTodaysRules(previous: null);
        BeginPeriod(0, _entry);
        for (var now = _entry; now < _exit;)
        {
            if (now >= _day.End)
            {
                var previous = _day.Date;
                _day = new LocalDay(_zone, now);
                FindTodaysRules(previous);
            }
            if (now >= _periodEnd)
                BeginPeriod(PeriodAt(now), now);
            now = Step(now, Math.Min(_exit, Math.Min(_day.End, _periodEnd)));
        }
        ChargeStretch();
        EndPeriod();
        return Result(Settle());
    }

    private readonly int PeriodAt(long now) => _tariff.Day == DayBasis.Calendar
        ? _day.Date.DayNumber - _firstDate.DayNumber
        : (int)((now - _entry) / DaySeconds);

    /// <summary>Adds the time from now to the next change, at most to the limit, to the stretch that it belongs to.</summary>
    private long Step(long now, long limit)
    {
        if (now < _freeUntil)
        {
            limit = Math.Min(limit, _freeUntil);
            Extend(WithinFreeMinutes, 0, now, limit);
            return limit;
        }
        var (rule, occurrence) = (NoRule, 0);
        for (var i = 0; i < _tariff.Rules.Count; i++)
        {
            var (today, yesterday) = ((_todaysRules >> i & 1) != 0, (_yesterdaysRules >> i & 1) != 0);
            if (!today && !yesterday)
                continue;
            if (_tariff.Rules[i].Window is not { } window)
            {
                if (!today)
                    continue;
                (rule, occurrence) = (i, _period);
                break;
            }
            var (from, to) = (_day.At(window.From), _day.At(window.To));
            if (window.CrossesMidnight)
            {
                if (yesterday && now < to)
                {
                    (rule, occurrence, limit) = (i, _day.Date.DayNumber - 1, Math.Min(limit, to));
                    break;
                }
                to = _day.End;
            }
            if (!today || now >= to)
                continue;
            if (now >= from)
            {
                (rule, occurrence, limit) = (i, _day.Date.DayNumber, Math.Min(limit, to));
                break;
            }
            limit = Math.Min(limit, from);
        }
        Extend(rule, occurrence, now, limit);
        return limit;
    }

    /// <summary>Which rules' vehicle and date conditions hold today, and did yesterday for windows across midnight.</summary>
    private void FindTodaysRules(DateOnly? previous)
    {
        _yesterdaysRules = previous == _day.Date.AddDays(-1) ? _todaysRules
            : RulesOn(_day.Date.AddDays(-1), acrossMidnight: true);
        _todaysRules = RulesOn(_day.Date, acrossMidnight: false);
    }

    private readonly ulong RulesOn(DateOnly date, bool acrossMidnight)
    {
        var found = 0UL;
        DayType? type = null;
        for (var i = 0; i < _tariff.Rules.Count; i++)
        {
            var rule = _tariff.Rules[i];
            if ((_vehicleRules >> i & 1) == 0 || acrossMidnight && rule.Window is not { CrossesMidnight: true })
                continue;
            if (rule.AppliesTo is not { HasDates: true } || rule.AppliesTo.MatchesDate(date, type ??= TypeOf(date)))
                found |= 1UL << i;
        }
        return found;
    }

    /// <summary>A special day is a rest day to a tariff that has no rules of its own for special days.</summary>
    private readonly DayType TypeOf(DateOnly date)
    {
        var type = _dayTypes.On(date);
        if (type != DayType.SpecialDay)
            return type;
        for (var i = 0; i < _tariff.Rules.Count; i++)
            if (_tariff.Rules[i].AppliesTo is { NamesSpecialDays: true })
                return type;
        return DayType.RestDay;
    }

    private readonly bool Applies(AppliesTo? appliesTo, DateOnly date) => appliesTo is null
        || appliesTo.MatchesVehicle(in _stay) && (!appliesTo.HasDates || appliesTo.MatchesDate(date, TypeOf(date)));

    private void BeginPeriod(int period, long now)
    {
        if (period > 0)
        {
            if (_rule >= 0)
                ChargeStretch();
            EndPeriod();
        }
        (_period, _periodDate, _periodStart) = (period, _day.Date, now);
        _periodEnd = _tariff.Day == DayBasis.Calendar ? _day.End : _entry + (period + 1) * DaySeconds;
        for (var i = 0; i < _tariff.FreeMinutes.Count; i++)
        {
            var free = _tariff.FreeMinutes[i];
            if (!Applies(free.AppliesTo, _day.Date))
                continue;
            var end = free.Per == Per.Stay ? _exit : Math.Min(_exit, _periodEnd);
            if (free.Per == Per.Day || period == 0)
                _freeUntil = free.WhenExceeded == WhenExceeded.Deduct || end - now <= free.Minutes * 60L
                    ? Math.Min(end, now + free.Minutes * 60L) : now;
            break;
        }
    }

    private void EndPeriod()
    {
        if (CapFor(Per.Day) is { } cap && _periodSum > cap.Limit)
        {
            _lines.Limit(FeeLineCode.DayCap, _periodStart, Math.Min(_exit, _periodEnd), cap.Amount, cap.Limit - _periodSum);
            _periodSum = cap.Limit;
        }
        _sum += _periodSum;
        _periodSum = 0;
    }

    private void Extend(int rule, int occurrence, long from, long to)
    {
        if (_to == from && _rule == rule && _occurrence == occurrence)
        {
            _to = to;
            return;
        }
        ChargeStretch();
        (_rule, _occurrence, _from, _to) = (rule, occurrence, from, to);
    }

    private void ChargeStretch()
    {
        if (_from == _to)
            return;
        if (_rule < 0)
            _lines.Add(_rule == NoRule ? FeeLineCode.NoRule : FeeLineCode.FreeMinutes, _from, _to);
        else
            Charge(_tariff.Rules[_rule], ref _states[_rule]);
        _from = _to;
    }

    private void Charge(TariffRule rule, ref RuleState state)
    {
        var key = Key(rule.Per);
        if (state.ClockKey != key)
            (state.ClockKey, state.Seconds) = (key, 0);
        var amount = _lines.Charge(rule, state.Seconds, _from, _to);
        state.Seconds += _to - _from;
        if (rule.Cap is { } cap)
        {
            key = Key(cap.Per);
            if (state.CapKey != key)
                (state.CapKey, state.CapUsed) = (key, 0);
            var limit = Limit(cap.Amount);
            if (state.CapUsed + amount > limit)
            {
                _lines.Limit(FeeLineCode.RuleCap, _from, _to, cap.Amount, limit - state.CapUsed - amount, rule);
                amount = limit - state.CapUsed;
            }
            state.CapUsed += amount;
        }
        _periodSum += amount;
    }

    private readonly int Key(Per per) => per switch { Per.Window => _occurrence, Per.Day => _period, _ => 0 };

    private readonly (decimal Amount, decimal Limit)? CapFor(Per per)
    {
        for (var i = 0; i < _tariff.Caps.Count; i++)
        {
            var cap = _tariff.Caps[i];
            if (cap.Per == per && _period + 1 >= cap.FromDay
                && Applies(cap.AppliesTo, per == Per.Stay ? _firstDate : _periodDate))
                return (cap.Amount, Limit(cap.Amount));
        }
        return null;
    }

    private readonly decimal Limit(decimal amount) =>
        _factor is { ScaleLimits: true } ? decimal.Round(amount * _factor.Factor, StageMath.Decimals) : amount;

    private readonly decimal Settle()
    {
        var sum = _sum;
        if (CapFor(Per.Stay) is { } cap && sum > cap.Limit)
        {
            _lines.Limit(FeeLineCode.StayCap, _entry, _exit, cap.Amount, cap.Limit - sum);
            sum = cap.Limit;
        }
        if (_tariff.MinimumCharge is { } minimum && sum > 0 && sum < Limit(minimum))
        {
            _lines.Limit(FeeLineCode.Minimum, _entry, _exit, minimum, Limit(minimum) - sum);
            sum = Limit(minimum);
        }
        var unit = _tariff.Rounding.Unit ?? _tariff.Currency.SmallestUnit;
        var total = StageMath.Round(sum, _tariff.Rounding.Mode, unit);
        if (total != sum)
            _lines.Rounding(_entry, _exit, _tariff.Rounding.Mode, unit, total - sum);
        return total;
    }

    private readonly FeeQuote Result(decimal total) => new()
    {
        Currency = _tariff.Currency,
        Amount = FeeLines.Tidy(total),
        Lines = _lines.List,
    };
}
