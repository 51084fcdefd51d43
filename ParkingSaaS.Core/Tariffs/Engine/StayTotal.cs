namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>From what the days were charged to the payable fee: caps per day, minimum charge, cap per stay, rounding.</summary>
internal struct StayTotal
{
    /// <summary>More than any fee comes to, and little enough to be added up for every day.</summary>
    private const decimal Endless = 1_000_000_000_000_000_000m;

    private readonly Tariff _tariff;
    private readonly StayConditions _conditions;
    private readonly FactorInForce _factor;
    private readonly FeeLines _lines;
    private readonly StaysBefore _before;
    private readonly DateOnly _firstDate;
    private readonly long _entry;
    private readonly long _exit;

    // The last that has ended.
    private StayDay _day;
    private decimal _daySum;

    private decimal _sum;
    private decimal _dayCaps;

    public StayTotal(Tariff tariff, in StayConditions conditions, in FactorInForce factor, in FeeLines lines, in StaysBefore before,
        DateOnly firstDate, long entry, long exit)
    {
        (_tariff, _conditions, _factor, _lines, _before) = (tariff, conditions, factor, lines, before);
        (_firstDate, _entry, _exit) = (firstDate, entry, exit);
    }

    public void EndDay(in StayDay day, decimal charged)
    {
        _day = day;
        if (CapFor(Per.Day) is { } cap)
        {
            var limit = Math.Max(0, cap.Limit - UsedBefore);
            _dayCaps += limit;
            if (charged > limit)
            {
                DayCap(cap, day.From, Math.Min(_exit, day.Until), limit - charged);
                charged = limit;
            }
        }
        else
            _dayCaps += Endless;
        _sum += charged;
        _daySum = charged;
    }

    /// <summary>The fee, once all days have ended.</summary>
    public decimal Settle()
    {
        var sum = _sum;
        // The caps of the days win over it here, and the stay's below.
        if (_tariff.MinimumCharge is { } minimum && sum > 0 && sum < Math.Min(_factor.Limit(minimum), _dayCaps))
        {
            var least = _factor.Limit(minimum);
            _lines.Limit(FeeLineCode.Minimum, _entry, _exit, minimum, least - sum);
            sum = least;
            if (sum > _dayCaps)
            {
                DayCap(CapFor(Per.Day)!.Value, _entry, _exit, _dayCaps - sum);
                sum = _dayCaps;
            }
            if (_day.Number == 0)
                _daySum = sum;
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

    /// <summary>What this stay and those before it have used of the last day's cap.</summary>
    public readonly decimal UsedOfDay(decimal total) => UsedBefore + Math.Min(_daySum, total);

    /// <summary>What earlier stays have used of the first day's cap.</summary>
    private readonly decimal UsedBefore =>
        _day.Number == 0 && _tariff.Reentry is { ShareDayCap: true } && _before.Date == _firstDate ? _before.Used : 0;

    private readonly CapLimit? CapFor(Per per)
    {
        for (var i = 0; i < _tariff.Caps.Count; i++)
        {
            var cap = _tariff.Caps[i];
            if (cap.Per == per && _day.Number + 1 >= cap.FromDay && _conditions.Hold(cap.AppliesTo, per == Per.Stay ? _firstDate : _day.Date))
                return CapLimit.Of(cap, _tariff, in _factor);
        }
        return null;
    }

    private readonly void DayCap(in CapLimit cap, long from, long to, decimal amount) =>
        _lines.Limit(FeeLineCode.DayCap, from, to, cap.Shown, amount, name: cap.Name,
            minutes: _tariff.Day is DayBasis.Rolling24h ? 24 * 60 : null, used: UsedBefore);
}
