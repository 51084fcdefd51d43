using System.Diagnostics;

namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>
/// Charges the stay in stretches. One grows while the rule, the occurrence of its window and the day stay the same; then it is charged by
/// how far its rule's clock has run. A unit that straddles two rules moves the seam between them, as the tariff says.
/// </summary>
internal ref struct StretchCharging
{
    private readonly Tariff _tariff;
    private readonly FeeLines _lines;
    private readonly ChargeCaps _caps;
    private readonly Span<RuleClock> _clocks;

    private int _day;
    private decimal _charged;

    // The stretch that is still growing.
    private int _rule;
    private int _occurrence;
    private long _from;
    private long _to;

    private HeldUnit _held;

    public StretchCharging(Tariff tariff, scoped in FeeLines lines, scoped in ChargeCaps caps, Span<RuleClock> clocks)
    {
        (_tariff, _lines) = (tariff, lines);
        _caps = caps;
        _clocks = clocks;
    }

    public void BeginDay(in StayDay day) => _day = day.Number;

    /// <summary>What the day comes to. Time that no rule charges goes on into the next as the same stretch.</summary>
    public decimal EndDay()
    {
        if (_rule >= 0)
            Charge();
        var charged = _charged;
        _charged = 0;
        return charged;
    }

    /// <summary>Adds time to the stretch that it belongs to.</summary>
    /// <param name="rule">Index of the rule in force, or one of <see cref="RulesInForce"/> in its place.</param>
    /// <param name="occurrence">Of its window.</param>
    /// <param name="from">When the time begins.</param>
    /// <param name="to">When it ends.</param>
    public void Extend(int rule, int occurrence, long from, long to)
    {
        if (_to == from && _rule == rule && _occurrence == occurrence)
        {
            _to = to;
            return;
        }
        Charge();
        (_rule, _occurrence, _from, _to) = (rule, occurrence, from, to);
    }

    /// <summary>Charges the stretch as far as it has grown.</summary>
    public void Charge()
    {
        if (_from == _to)
            return;
        if (_rule < 0)
            _lines.Add(_rule switch
            {
                RulesInForce.NoRule => FeeLineCode.NoRule,
                RulesInForce.FreeMinutes => FeeLineCode.FreeMinutes,
                RulesInForce.Away => FeeLineCode.Away,
                _ => throw new UnreachableException($"Time {_rule} that no rule charges"),
            }, _from, _to);
        else
            Charge(_tariff.Rules[_rule], ref _clocks[_rule]);
        _from = _to;
    }

    private void Charge(TariffRule rule, ref RuleClock clock)
    {
        if (_held.IsShared && _from >= _held.From && rule.Charge is TimedCharge timed
            && StageMath.UnitAt(timed, IsFresh(clock, rule) ? 0 : clock.Seconds) is { } unit)
        {
            AddCapped(rule, _lines.Share(rule, unit.Stage, _from, _to), _from, _to);
            return;
        }
        if (IsFresh(clock, rule))
            clock = new RuleClock { Key = Key(rule.Per) };
        var amount = _lines.Charge(rule, clock.Seconds, _from, _to);
        clock.Seconds += _to - _from;
        AddCapped(rule, amount, _from, _to);
    }

    public void ChargeMidnight(MidnightFee fee, long at)
    {
        Charge();
        _charged += _lines.Midnight(fee, at);
    }

    /// <summary>Where the window or period of a cap begins or ends, what has grown is charged.</summary>
    public void EnterCaps(in LocalDay today, long now, ref long limit)
    {
        if (!_caps.SpansChange(in today, now, ref limit))
            return;
        Charge();
        _caps.BeginSpans(in today, now);
    }

    /// <summary>A rule is in force now, another than before maybe: does what the tariff says with the unit that is open under the old
    /// one.</summary>
    /// <returns>From when on the rule is in force.</returns>
    public long TakeOver(int rule, long now)
    {
        if (_held.IsShared && now >= _held.Until)
        {
            // The shared unit is over; the rule's own clock begins with the next.
            Charge();
            _held.IsShared = false;
        }
        if (rule == _rule || _rule < 0 || now < _held.Until || rule == RulesInForce.Away || _to != now
            || _tariff.Rules[_rule].Charge is not TimedCharge { Straddle: not Straddle.Cut } timed)
            return now;
        ref var clock = ref _clocks[_rule];
        var ran = (IsFresh(clock, _tariff.Rules[_rule]) ? 0 : clock.Seconds) + _to - _from;
        if (StageMath.UnitAt(timed, ran) is not { Begun: > 0 } unit)
            return now;
        // Not further back than the stretch goes: what lies before is charged.
        var begun = Math.Min(unit.Begun, _to - _from);
        switch (timed.Straddle)
        {
            case Straddle.Start:
                _held = new HeldUnit { Rule = _rule, Occurrence = _occurrence, From = now, Until = now + unit.Left };
                return now;
            case Straddle.End:
                return _to = now - begun;
            case Straddle.Split:
                _to = now - begun;
                Charge();
                AddCapped(_tariff.Rules[_rule], _lines.Share(_tariff.Rules[_rule], unit.Stage, _to, now), _to, now);
                (_from, _to) = (now, now);
                _held = new HeldUnit { From = now, Until = now + unit.Left, IsShared = true };
                return now;
            default:
                throw new UnreachableException($"Straddle {timed.Straddle}");
        }
    }

    /// <summary>The rule that a held unit keeps in force; null where there is none. The unit ends with the car's leaving.</summary>
    public (int Rule, int Occurrence)? HeldAt(long now, bool away, ref long limit)
    {
        if (away)
            _held.Until = Math.Min(_held.Until, now);
        if (now >= _held.Until)
            return null;
        limit = Math.Min(limit, _held.Until);
        return _held.IsShared ? null : (_held.Rule, _held.Occurrence);
    }

    private void AddCapped(TariffRule rule, decimal amount, long from, long to) =>
        _charged += _caps.Capped(_rule, rule.Cap is null ? 0 : Key(rule.Cap.Per), amount, from, to);

    /// <summary>Whether the rule's clock starts again with the stretch. A held unit is the end of an older one.</summary>
    private readonly bool IsFresh(in RuleClock clock, TariffRule rule) => clock.Key != Key(rule.Per) && !_held.Continues(_from);

    private readonly int Key(Per? per) => per switch
    {
        null or Per.Window => _occurrence,
        Per.Day => _day,
        Per.Stay => 0,
        _ => throw new UnreachableException($"Rule per {per}"),
    };
}
