namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>
/// One stay on its way to a quote. Walks forward once; every amount depends only on the time up to it, so a longer stay
/// repeats the shorter one's lines and never costs less. Only a unit that the tariff charges at the rate at which it ends, or splits,
/// waits for what comes.
/// </summary>
internal ref struct StayPricing
{
    private const int NoRule = -1;
    private const int WithinFreeMinutes = -2;
    private const int IsAway = -3;
    private const int NotInSpan = -1;

    /// <summary>More than any fee comes to, and little enough to be added up for every day.</summary>
    private const decimal Endless = 1_000_000_000_000_000_000m;
    private const long DaySeconds = 24 * 60 * 60;

    private readonly Tariff _tariff;
    private readonly DayTypes _dayTypes;
    private readonly TimeZoneInfo _zone;
    private readonly Stay _stay;
    private readonly Span<RuleState> _states;
    private readonly long _entry;
    private readonly long _exit;
    private readonly FactorInForce _factor;
    private readonly Before _before;
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
    private decimal _lastPeriodSum;
    private decimal _sum;
    private decimal _dayCaps;
    private long _freeUntil;

    // The stretch that is still growing: same rule, same occurrence of its window, same day.
    private int _rule;
    private int _occurrence;
    private long _from;
    private long _to;

    // A unit of that rule that has run into another: charged whole (Start), or each rule by time (Split).
    private int _heldRule;
    private int _heldOccurrence;
    private long _heldFrom;
    private long _heldUntil;
    private bool _shares;

    /// <summary>What the car's stays before this one leave behind.</summary>
    /// <param name="Date">On which they ended.</param>
    /// <param name="Used">What they cost in that day.</param>
    /// <param name="Began">When the last of them began.</param>
    public readonly record struct Before(DateOnly Date, decimal Used, DateOnly? Began);

    /// <summary>A fee, and what it leaves behind for the car's next stay.</summary>
    public readonly record struct Outcome(FeeQuote Quote, Before Next);

    public StayPricing(Tariff tariff, DayTypes dayTypes, TimeZoneInfo zone, in Stay stay, in Before before, Span<RuleState> states)
    {
        (_tariff, _dayTypes, _zone, _stay, _before) = (tariff, dayTypes, zone, stay, before);
        _states = states;
        (_entry, _exit) = (stay.Entry.ToUnixTimeSeconds(), stay.Exit.ToUnixTimeSeconds());
        if (tariff.Reentry is not null && stay.Earlier is { Count: > 0 } parts)
            _entry = parts[0].Entry.ToUnixTimeSeconds();
        for (var i = 0; i < tariff.Rules.Count; i++)
            if (tariff.Rules[i].AppliesTo?.MatchesVehicle(in stay) ?? true)
                _vehicleRules |= 1UL << i;
        _factor = FactorInForce.Of(tariff, in stay);
        _lines = new FeeLines(_factor, tariff);
    }

    public Outcome Run()
    {
        _day = new LocalDay(_zone, _entry);
        _firstDate = _day.Date;
        if (_entry == _exit)
        {
            _lines.Add(FeeLineCode.NoTime, _entry, _exit);
            return Result(0);
        }
        FindTodaysRules(previous: null);
        BeginPeriod(0, _entry);
        for (var now = _entry; now < _exit;)
            now = Step(now);
        ChargeStretch();
        EndPeriod();
        return Result(Settle());
    }

    private readonly int PeriodAt(long now) => _tariff.Day == DayBasis.Calendar
        ? _day.Date.DayNumber - _firstDate.DayNumber
        : (int)((now - _entry) / DaySeconds);

    /// <summary>Adds the time from now to the next change to the stretch that it belongs to.</summary>
    private long Step(long now)
    {
        if (_shares && now >= _heldUntil)
        {
            // The shared unit is over; the rule's own clock begins with the next.
            ChargeStretch();
            _shares = false;
        }
        var yesterday = _day.Date;
        var midnight = now >= _day.End;
        if (midnight)
        {
            _day = new LocalDay(_zone, now);
            FindTodaysRules(yesterday);
        }
        var limit = Math.Min(_exit, _day.End);
        var (rule, occurrence) = RuleAt(now, ref limit);
        var from = rule == _rule || _rule < 0 || now < _heldUntil ? now : Straddle(rule, now);
        if (now >= _periodEnd)
            BeginPeriod(PeriodAt(now), now);
        limit = Math.Min(limit, _periodEnd);
        if (midnight && rule != IsAway)
            ChargeMidnight(yesterday, now);
        limit = Spans(now, limit);
        if (rule == IsAway)
            _heldUntil = Math.Min(_heldUntil, now);
        if (now < _heldUntil)
            limit = Math.Min(limit, _heldUntil);
        if (now < _heldUntil && !_shares)
            (rule, occurrence) = (_heldRule, _heldOccurrence);
        else if (now < _freeUntil && rule != IsAway)
            (rule, occurrence, limit) = (WithinFreeMinutes, 0, Math.Min(limit, _freeUntil));
        else if (rule >= 0 && _tariff.Rules[rule].Window is null)
            occurrence = _period;
        Extend(rule, occurrence, from, limit);
        return limit;
    }

    /// <summary>The rule in force, the occurrence of its window, and until when at most.</summary>
    private readonly (int Rule, int Occurrence) RuleAt(long now, ref long limit)
    {
        for (var i = 0; i < (_tariff.Reentry is { TimeAway: TimeAway.Free } ? _stay.Earlier?.Count ?? 0 : 0); i++)
        {
            var back = (i + 1 < _stay.Earlier!.Count ? _stay.Earlier[i + 1].Entry : _stay.Entry).ToUnixTimeSeconds();
            var left = _stay.Earlier[i].Exit.ToUnixTimeSeconds();
            if (left <= now && now < back)
            {
                limit = Math.Min(limit, back);
                return (IsAway, 0);
            }
            if (now < left)
            {
                limit = Math.Min(limit, left);
                break;
            }
        }
        for (var i = 0; i < _tariff.Rules.Count; i++)
        {
            var (today, yesterday) = ((_todaysRules >> i & 1) != 0, (_yesterdaysRules >> i & 1) != 0);
            if (!today && !yesterday)
                continue;
            if (_tariff.Rules[i].AfterMinutes is { } after && now < _entry + after * 60L)
            {
                limit = Math.Min(limit, _entry + after * 60L);
                continue;
            }
            if (_tariff.Rules[i].Window is not { } window)
            {
                if (!today)
                    continue;
                return (i, 0);
            }
            var (from, to) = (_day.At(window.From), _day.At(window.To));
            if (window.CrossesMidnight)
            {
                if (yesterday && now < to)
                {
                    limit = Math.Min(limit, to);
                    return (i, _day.Date.DayNumber - 1);
                }
                to = _day.End;
            }
            if (!today || now >= to)
                continue;
            if (now >= from)
            {
                limit = Math.Min(limit, to);
                return (i, _day.Date.DayNumber);
            }
            limit = Math.Min(limit, from);
        }
        return (NoRule, 0);
    }

    /// <summary>Another rule takes over now: does what the tariff says with the unit that is open under the old one.</summary>
    /// <returns>From when on the new rule is in force.</returns>
    private long Straddle(int rule, long now)
    {
        if (rule == IsAway || _to != now || _tariff.Rules[_rule].Charge is not TimedCharge { Straddle: not Tariffs.Straddle.Cut } timed)
            return now;
        ref var state = ref _states[_rule];
        var clock = (IsFresh(state, _tariff.Rules[_rule]) ? 0 : state.Seconds) + _to - _from;
        if (StageMath.UnitAt(timed, clock) is not { Begun: > 0 } unit)
            return now;
        // Not further back than the stretch goes: what lies before is charged.
        var begun = Math.Min(unit.Begun, _to - _from);
        switch (timed.Straddle)
        {
            case Tariffs.Straddle.Start:
                (_heldRule, _heldOccurrence, _heldFrom, _heldUntil) = (_rule, _occurrence, now, now + unit.Left);
                return now;
            case Tariffs.Straddle.End:
                return _to = now - begun;
            default:
                _to = now - begun;
                ChargeStretch();
                _periodSum += Capped(_tariff.Rules[_rule], ref state, _lines.Share(_tariff.Rules[_rule], unit.Stage, _to, now), _to, now);
                (_from, _to) = (now, now);
                (_heldFrom, _heldUntil, _shares) = (now, now + unit.Left, true);
                return now;
        }
    }

    private void ChargeMidnight(DateOnly ended, long now)
    {
        for (var i = 0; i < _tariff.MidnightFees.Count; i++)
        {
            if (!Applies(_tariff.MidnightFees[i].AppliesTo, ended))
                continue;
            ChargeStretch();
            _periodSum += _lines.Midnight(_tariff.MidnightFees[i], now);
            return;
        }
    }

    /// <summary>Where the window or period of a cap begins or ends, what has grown is charged.</summary>
    private long Spans(long now, long limit)
    {
        for (var i = 0; i < _tariff.Caps.Count; i++)
        {
            var cap = _tariff.Caps[i];
            if (cap.Per is not (Per.Window or Per.Period))
                continue;
            var (span, date, until) = cap.Per == Per.Window ? WindowAt(cap.Window!, now) : PeriodOf(cap.PeriodMinutes!.Value * 60L, now);
            if (span != NotInSpan && !Applies(cap.AppliesTo, date))
                span = NotInSpan;
            limit = Math.Min(limit, until);
            ref var state = ref _states[_tariff.Rules.Count + i];
            if (state.CapKey == span)
                continue;
            ChargeStretch();
            (state.CapKey, state.CapFrom, state.CapUsed) = (span, now, 0);
        }
        return limit;
    }

    private readonly (int Span, DateOnly Date, long Until) PeriodOf(long seconds, long now)
    {
        var period = (now - _entry) / seconds;
        return ((int)period, _firstDate, _entry + (period + 1) * seconds);
    }

    private readonly (int Span, DateOnly Date, long Until) WindowAt(DayWindow window, long now)
    {
        var (from, to) = (_day.At(window.From), _day.At(window.To));
        if (window.CrossesMidnight)
        {
            if (now < to)
                return (_day.Date.DayNumber - 1, _day.Date.AddDays(-1), to);
            to = _day.End;
        }
        return now < from ? (NotInSpan, default, from)
            : now < to ? (_day.Date.DayNumber, _day.Date, to)
            : (NotInSpan, default, _day.End);
    }

    /// <summary>Which rules' vehicle and date conditions hold today, and did yesterday for windows across midnight.</summary>
    private void FindTodaysRules(DateOnly? previous)
    {
        _yesterdaysRules = previous == _day.Date.AddDays(-1) ? _todaysRules : RulesOn(_day.Date.AddDays(-1));
        _todaysRules = RulesOn(_day.Date);
    }

    private readonly ulong RulesOn(DateOnly date)
    {
        var found = 0UL;
        DayType? type = null;
        for (var i = 0; i < _tariff.Rules.Count; i++)
        {
            var rule = _tariff.Rules[i];
            if ((_vehicleRules >> i & 1) == 0)
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
            if (!Applies(free.AppliesTo, _day.Date)
                || _before.Began is { } began && _firstDate.DayNumber - began.DayNumber < free.OncePerDays)
                continue;
            var end = free.Per == Per.Stay ? _exit : Math.Min(_exit, _periodEnd);
            if (free.Per == Per.Day || period == 0)
                _freeUntil = free.WhenExceeded == WhenExceeded.Deduct || end - now < free.Minutes * 60L + (free.BoundIncluded ? 1 : 0)
                    ? Math.Min(end, now + free.Minutes * 60L) : now;
            break;
        }
    }

    private void EndPeriod()
    {
        if (CapFor(Per.Day) is { } cap)
        {
            var limit = Math.Max(0, cap.Limit - UsedBefore);
            _dayCaps += limit;
            if (_periodSum > limit)
            {
                DayCap(cap, _periodStart, Math.Min(_exit, _periodEnd), limit - _periodSum);
                _periodSum = limit;
            }
        }
        else
            _dayCaps += Endless;
        _sum += _periodSum;
        (_lastPeriodSum, _periodSum) = (_periodSum, 0);
    }

    private readonly void DayCap(in (decimal Shown, decimal Limit, string? Name) cap, long from, long to, decimal amount) =>
        _lines.Limit(FeeLineCode.DayCap, from, to, cap.Shown, amount, name: cap.Name,
            minutes: _tariff.Day is DayBasis.Rolling24h ? 24 * 60 : null, used: UsedBefore);

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
            _lines.Add(_rule switch { NoRule => FeeLineCode.NoRule, IsAway => FeeLineCode.Away, _ => FeeLineCode.FreeMinutes }, _from, _to);
        else
            Charge(_tariff.Rules[_rule], ref _states[_rule]);
        _from = _to;
    }

    private void Charge(TariffRule rule, ref RuleState state)
    {
        if (_shares && _from >= _heldFrom && rule.Charge is TimedCharge timed
            && StageMath.UnitAt(timed, IsFresh(state, rule) ? 0 : state.Seconds) is { } unit)
        {
            _periodSum += Capped(rule, ref state, _lines.Share(rule, unit.Stage, _from, _to), _from, _to);
            return;
        }
        if (IsFresh(state, rule))
            (state.ClockKey, state.Seconds) = (Key(rule.Per), 0);
        var amount = _lines.Charge(rule, state.Seconds, _from, _to);
        state.Seconds += _to - _from;
        _periodSum += Capped(rule, ref state, amount, _from, _to);
    }

    /// <summary>Whether the rule's clock starts again with the stretch. A held unit is the end of an older one.</summary>
    private readonly bool IsFresh(in RuleState state, TariffRule rule) =>
        state.ClockKey != Key(rule.Per) && !(_from >= _heldFrom && _from < _heldUntil && !_shares);

    /// <summary>An amount under the rule's cap and those of windows and periods.</summary>
    private decimal Capped(TariffRule rule, ref RuleState state, decimal amount, long from, long to)
    {
        if (rule.Cap is { } own)
        {
            var key = Key(own.Per);
            if (state.CapKey != key)
                (state.CapKey, state.CapFrom, state.CapUsed) = (key, from, 0);
            amount = Capped(ref state, Limit(own.Amount), own.Amount, amount, FeeLineCode.RuleCap, rule, rule.Name, null, to);
        }
        for (var i = 0; i < _tariff.Caps.Count; i++)
            if (_tariff.Caps[i] is { Per: Per.Window or Per.Period } cap && _states[_tariff.Rules.Count + i].CapKey is not NotInSpan)
                amount = Capped(ref _states[_tariff.Rules.Count + i], LimitOf(cap).Limit, LimitOf(cap).Shown, amount,
                    cap.Per == Per.Window ? FeeLineCode.WindowCap : FeeLineCode.PeriodCap, null, cap.Name, cap.PeriodMinutes, to);
        return amount;
    }

    private readonly decimal Capped(ref RuleState state, decimal limit, decimal shown, decimal amount, FeeLineCode code, TariffRule? rule,
        string? name, int? minutes, long to)
    {
        if (state.CapUsed + amount > limit)
        {
            var (per, length) = rule is null ? ((Per?)null, minutes) : _lines.Reach(rule, rule.Cap!.Per);
            _lines.Limit(code, state.CapFrom, to, shown, limit - state.CapUsed - amount, rule, name, length, per: per);
            amount = limit - state.CapUsed;
        }
        state.CapUsed += amount;
        return amount;
    }

    private readonly int Key(Per? per) => per switch { null or Per.Window => _occurrence, Per.Day => _period, _ => 0 };

    private readonly (decimal Shown, decimal Limit, string? Name)? CapFor(Per per)
    {
        for (var i = 0; i < _tariff.Caps.Count; i++)
        {
            var cap = _tariff.Caps[i];
            if (cap.Per == per && _period + 1 >= cap.FromDay
                && Applies(cap.AppliesTo, per == Per.Stay ? _firstDate : _periodDate))
                return LimitOf(cap);
        }
        return null;
    }

    private readonly (decimal Shown, decimal Limit, string? Name) LimitOf(TariffCap cap)
    {
        if (cap.Like is null)
            return (cap.Amount!.Value, Limit(cap.Amount.Value), cap.Name);
        var amount = 0m;
        for (var i = 0; i < _tariff.Rules.Count; i++)
            if (_tariff.Rules[i].Id == cap.Like.Rule)
                amount = StageMath.Cost(_tariff.Rules[i].Charge, cap.Like.Minutes * 60L, _factor.OfCharges);
        return (amount, amount, cap.Name);
    }

    /// <summary>What earlier stays have used of the first day's cap.</summary>
    private readonly decimal UsedBefore =>
        _period == 0 && _tariff.Reentry is { ShareDayCap: true } && _before.Date == _firstDate ? _before.Used : 0;

    private readonly decimal Limit(decimal amount) =>
        _factor.LimitsId is null ? amount : decimal.Round(amount * _factor.OfLimits, StageMath.Decimals);

    private decimal Settle()
    {
        var sum = _sum;
        // The caps of the days win over it here, and the stay's below.
        if (_tariff.MinimumCharge is { } minimum && sum > 0 && sum < Math.Min(Limit(minimum), _dayCaps))
        {
            var least = Limit(minimum);
            _lines.Limit(FeeLineCode.Minimum, _entry, _exit, minimum, least - sum);
            sum = least;
            if (sum > _dayCaps)
            {
                DayCap(CapFor(Per.Day)!.Value, _entry, _exit, _dayCaps - sum);
                sum = _dayCaps;
            }
            if (_period == 0)
                _lastPeriodSum = sum;
        }
        if (CapFor(Per.Stay) is { } cap && sum > cap.Limit)
        {
            _lines.Limit(FeeLineCode.StayCap, _entry, _exit, cap.Shown, cap.Limit - sum, name: cap.Name);
            sum = cap.Limit;
        }
        var unit = _tariff.Rounding.Unit ?? _tariff.Currency.SmallestUnit;
        var total = StageMath.Round(sum, _tariff.Rounding.Mode, unit);
        if (total != sum)
            _lines.Rounding(_entry, _exit, _tariff.Rounding.Mode, unit, total - sum);
        return total;
    }

    private readonly Outcome Result(decimal total) => new(
        new FeeQuote { Currency = _tariff.Currency, Amount = FeeLines.Tidy(total, _tariff.Currency), Lines = _lines.List },
        new Before(_day.Date, UsedBefore + Math.Min(_lastPeriodSum, total), _firstDate));
}
