using System.Numerics;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Which rules of a tariff ever set a price, and when none does: every kind of vehicle that the rules tell apart, on every kind of
/// two dates in a row, at every time at which a window begins or ends.</summary>
internal sealed class RuleReach
{
    /// <summary>Each rule's windows and conditions as bits: a tariff has at most 64 rules.</summary>
    private readonly Tariff _tariff;
    private readonly Dictionary<VehicleKind, bool[]> _gaps = [];
    private readonly int[] _times;
    private ulong _reached;

    /// <param name="tariff">A valid tariff.</param>
    public RuleReach(Tariff tariff)
    {
        _tariff = tariff;
        var rules = tariff.Rules;
        _times = [.. rules.Select(r => r.Window).OfType<DayWindow>().SelectMany(w => new[] { w.From.Minutes, w.To.Minutes })
            .Where(m => m < 24 * 60).Append(0).Distinct().Order()];
        var today = _times.Select(m => Bits(r => r.Window is not { } w || (w.From.Minutes <= m && (w.CrossesMidnight || m < w.To.Minutes)))).ToArray();
        var yesterday = _times.Select(m => Bits(r => r.Window is { CrossesMidnight: true } w && m < w.To.Minutes)).ToArray();
        var atOnce = Bits(r => r.AfterMinutes is null);
        // Before a rule come those that are in force as soon as it is.
        var before = rules.Select((r, i) => Bits(o => (o.AfterMinutes ?? 0) <= (r.AfterMinutes ?? 0)) & ((1UL << i) - 1)).ToArray();
        var dates = Dates().ToHashSet();
        foreach (var (kind, vehicle) in Vehicles().ToHashSet())
            foreach (var (last, date) in dates)
                for (var t = 0; t < _times.Length; t++)
                {
                    var applies = vehicle & (date & today[t] | last & yesterday[t]);
                    for (var left = applies & ~_reached; left != 0; left &= left - 1)
                        if ((applies & before[BitOperations.TrailingZeroCount(left)]) == 0)
                            _reached |= left & ~(left - 1);
                    if ((applies & atOnce) == 0)
                        (_gaps.TryGetValue(kind, out var times) ? times : _gaps[kind] = new bool[_times.Length])[t] = true;
                }
    }

    /// <summary>Whether the rule ever sets a price.</summary>
    public bool Reaches(int rule) => (_reached >> rule & 1) != 0;

    /// <summary>The times that no rule prices for some vehicle of a kind on some day, such as <c>00:00–07:00, 22:00–24:00</c>.</summary>
    public IEnumerable<(VehicleKind Vehicle, string Times)> Gaps => _gaps.OrderBy(g => g.Key).Select(g => (g.Key, Times(g.Value)));

    private string Times(bool[] open)
    {
        var found = new List<string>();
        for (var t = 0; t < open.Length; t++)
        {
            if (!open[t])
                continue;
            var from = t;
            while (t + 1 < open.Length && open[t + 1])
                t++;
            found.Add($"{new ClockTime(_times[from])}–{new ClockTime(t + 1 < open.Length ? _times[t + 1] : 24 * 60)}");
        }
        return string.Join(", ", found);
    }

    private ulong Bits(Func<TariffRule, bool> holds)
    {
        var bits = 0UL;
        for (var i = 0; i < _tariff.Rules.Count; i++)
            if (holds(_tariff.Rules[i]))
                bits |= 1UL << i;
        return bits;
    }

    /// <summary>Vehicles of every kind that the rules tell apart, each with the rules that may price it.</summary>
    private IEnumerable<(VehicleKind Kind, ulong Rules)> Vehicles()
    {
        AppliesTo[] conditions = [.. _tariff.Rules.Select(r => r.AppliesTo).OfType<AppliesTo>()];
        PlateColour[] named = [.. conditions.SelectMany(c => c.Colours).Distinct()];
        PlateColour[] colours = [.. named, .. Enum.GetValues<PlateColour>().Except(named).Take(1)];
        string[] groups = [.. conditions.SelectMany(c => c.GroupsNamed).Distinct()];
        string[][] memberships = [[], groups, .. groups.Select(g => new[] { g }), .. conditions.Select(c => c.AllGroups.ToArray())];
        return from kind in Enum.GetValues<VehicleKind>()
               from colour in colours
               from newEnergy in new[] { false, true }
               from byHand in new[] { false, true }
               from member in memberships
               select (kind, Of(new Stay(default, default, kind, colour, newEnergy, member, byHand)));

        ulong Of(Stay stay) => Bits(r => r.AppliesTo?.MatchesVehicle(in stay) ?? true);
    }

    /// <summary>The rules that may apply on a date and on the one before it.</summary>
    private IEnumerable<(ulong Last, ulong Date)> Dates()
    {
        AppliesTo[] conditions = [.. _tariff.Rules.Select(r => r.AppliesTo).OfType<AppliesTo>()];
        DayType[] types = conditions.Any(c => c.NamesSpecialDays) ? Enum.GetValues<DayType>() : [DayType.Workday, DayType.RestDay];
        return from date in Walked(conditions)
               let last = types.Select(type => On(date.AddDays(-1), type)).Distinct().ToArray()
               from now in types.Select(type => On(date, type)).Distinct()
               from before in last
               select (before, now);

        ulong On(DateOnly date, DayType type) => Bits(r => r.AppliesTo is not { HasDates: true } a || a.MatchesDate(date, type));
    }

    /// <summary>As many dates as it takes: a weekday falls on each day of the year once in 28 years.</summary>
    private static IEnumerable<DateOnly> Walked(AppliesTo[] conditions)
    {
        const int longest = 400;
        var days = !conditions.Any(c => c.Seasons.Count > 0) ? 14 : conditions.Any(c => c.Weekdays.Count > 0) ? 28 * 366 : 2 * 366;
        var named = conditions.SelectMany(c => c.Dates).SelectMany(d =>
            Enumerable.Range(-1, Math.Min(d.To.DayNumber - d.From.DayNumber, longest) + 3).Select(n => d.From.DayNumber + n));
        return Enumerable.Range(new DateOnly(2000, 1, 1).DayNumber, days).Concat(named)
            .Where(n => n > 0 && n <= DateOnly.MaxValue.DayNumber).Distinct().Select(DateOnly.FromDayNumber);
    }
}
