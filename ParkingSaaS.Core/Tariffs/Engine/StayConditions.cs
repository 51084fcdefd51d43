namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>Whether what the tariff asks of vehicle and date holds for a stay.</summary>
internal readonly struct StayConditions
{
    private readonly Tariff _tariff;
    private readonly DayTypes _dayTypes;
    private readonly Stay _stay;

    // A vehicle stays what it is: of each rule its conditions are looked at once.
    private readonly ulong _vehicleRules;

    public StayConditions(Tariff tariff, DayTypes dayTypes, in Stay stay)
    {
        (_tariff, _dayTypes, _stay) = (tariff, dayTypes, stay);
        for (var i = 0; i < tariff.Rules.Count; i++)
            if (tariff.Rules[i].AppliesTo?.MatchesVehicle(in stay) ?? true)
                _vehicleRules |= 1UL << i;
    }

    public bool Hold(AppliesTo? appliesTo, DateOnly date) => appliesTo is null
        || appliesTo.MatchesVehicle(in _stay) && (!appliesTo.HasDates || appliesTo.MatchesDate(date, TypeOf(date)));

    /// <summary>The rules that apply on a date, a bit for each.</summary>
    public ulong RulesOn(DateOnly date)
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
    private DayType TypeOf(DateOnly date)
    {
        var type = _dayTypes.On(date);
        if (type != DayType.SpecialDay)
            return type;
        for (var i = 0; i < _tariff.Rules.Count; i++)
            if (_tariff.Rules[i].AppliesTo is { NamesSpecialDays: true })
                return type;
        return DayType.RestDay;
    }
}
