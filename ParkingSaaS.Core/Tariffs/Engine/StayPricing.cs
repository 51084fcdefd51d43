namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>
/// One stay on its way to a quote. Walks forward once, from one change of rule, window or day to the next; every amount depends only on
/// the time up to it, so a longer stay repeats the shorter one's lines and never costs less. Only a unit that the tariff charges at the
/// rate at which it ends, or splits, waits for what comes.
/// </summary>
internal ref struct StayPricing
{
    private readonly Tariff _tariff;
    private readonly StaysBefore _before;
    private readonly StayConditions _conditions;
    private readonly FeeLines _lines;
    private readonly long _entry;
    private readonly long _exit;
    private readonly DateOnly _firstDate;

    private RulesInForce _rules;
    private StretchCharging _charging;
    private StayTotal _total;
    private StayDay _day;
    private long _freeUntil;

    /// <param name="clocks">Fresh ones, for each rule.</param>
    /// <param name="caps">Fresh ones, for each rule and then for each cap of the tariff.</param>
    public StayPricing(Tariff tariff, DayTypes dayTypes, TimeZoneInfo zone, in Stay stay, in StaysBefore before, Span<RuleClock> clocks,
        Span<CapUse> caps)
    {
        (_tariff, _before) = (tariff, before);
        (_entry, _exit) = (stay.Entry.ToUnixTimeSeconds(), stay.Exit.ToUnixTimeSeconds());
        if (tariff.Reentry is not null && stay.Earlier is { Count: > 0 } parts)
            _entry = parts[0].Entry.ToUnixTimeSeconds();
        _conditions = new StayConditions(tariff, dayTypes, in stay);
        _rules = new RulesInForce(tariff, in _conditions, zone, in stay, _entry);
        _firstDate = _rules.Today.Date;
        var factor = FactorInForce.Of(tariff, in stay);
        _lines = new FeeLines(factor, tariff);
        _charging = new StretchCharging(tariff, in _lines,
            new ChargeCaps(tariff, in _conditions, in factor, in _lines, _entry, _firstDate, caps), clocks);
        _total = new StayTotal(tariff, in _conditions, in factor, in _lines, in before, _firstDate, _entry, _exit);
    }

    public StayOutcome Run()
    {
        if (_entry == _exit)
        {
            _lines.Add(FeeLineCode.NoTime, _entry, _exit);
            return Result(0);
        }
        BeginDay(_entry);
        for (var now = _entry; now < _exit;)
            now = Step(now);
        _charging.Charge();
        _total.EndDay(in _day, _charging.EndDay());
        return Result(_total.Settle());
    }

    /// <summary>Adds the time from now to the next change to the stretch that it belongs to.</summary>
    private long Step(long now)
    {
        var yesterday = _rules.Today.Date;
        var midnight = now >= _rules.Today.End;
        if (midnight)
            _rules.BeginDate(now);
        var limit = Math.Min(_exit, _rules.Today.End);
        var (rule, occurrence) = _rules.At(now, ref limit);
        var from = _charging.TakeOver(rule, now);
        if (now >= _day.Until)
            BeginDay(now);
        limit = Math.Min(limit, _day.Until);
        var away = rule == RulesInForce.Away;
        if (midnight && !away)
            ChargeMidnight(yesterday, now);
        _charging.EnterCaps(in _rules.Today, now, ref limit);
        if (_charging.HeldAt(now, away, ref limit) is { } held)
            (rule, occurrence) = held;
        else if (now < _freeUntil && !away)
            (rule, occurrence, limit) = (RulesInForce.FreeMinutes, 0, Math.Min(limit, _freeUntil));
        else if (rule >= 0 && _tariff.Rules[rule].Window is null)
            occurrence = _day.Number;
        _charging.Extend(rule, occurrence, from, limit);
        return limit;
    }

    private void BeginDay(long now)
    {
        var day = StayDay.At(now, _tariff.Day, in _rules.Today, _firstDate, _entry);
        if (day.Number > 0)
            _total.EndDay(in _day, _charging.EndDay());
        _day = day;
        _charging.BeginDay(in day);
        _freeUntil = FreeMinutesInForce.Until(_tariff, in _conditions, in day, _firstDate, _before.Began, _exit) ?? _freeUntil;
    }

    private void ChargeMidnight(DateOnly ended, long now)
    {
        for (var i = 0; i < _tariff.MidnightFees.Count; i++)
        {
            if (!_conditions.Hold(_tariff.MidnightFees[i].AppliesTo, ended))
                continue;
            _charging.ChargeMidnight(_tariff.MidnightFees[i], now);
            return;
        }
    }

    private readonly StayOutcome Result(decimal total) => new(
        new FeeQuote { Currency = _tariff.Currency, Amount = FeeLines.Tidy(total, _tariff.Currency), Lines = _lines.List },
        new StaysBefore(_rules.Today.Date, _total.UsedOfDay(total), _firstDate));
}
