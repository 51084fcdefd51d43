using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>The tariff model a second time, as slowly and plainly as it can be said: walks whole minutes, asks for each which rule is in
/// force by the wall clock, and adds what that minute costs. Shares no code with the engine. It knows stays on whole minutes, and
/// units that are cut at a rule's end or keep the rate at which they begin.</summary>
/// <param name="parts">The stays that are priced as one, in order: a car that comes back soon continues.</param>
/// <param name="before">The car's stay before these; null where there was none that matters.</param>
internal sealed class MinuteReference(Tariff tariff, DayTypes calendar, TimeZoneInfo zone, Stay stay, IReadOnlyList<EarlierStay> parts,
    MinuteReference.Past? before)
{
    /// <summary>What a stay leaves behind.</summary>
    /// <param name="Entry">The date on which it began.</param>
    /// <param name="Exit">The date on which it ended.</param>
    /// <param name="Used">What that date has cost so far.</param>
    internal sealed record Past(DateOnly Entry, DateOnly Exit, decimal Used);

    private readonly Dictionary<DateOnly, List<(DateTime Utc, int Clock)>> _days = [];
    private readonly Dictionary<int, (object Key, int Minutes)> _clocks = [];
    private readonly Dictionary<(object, object), decimal> _used = [];
    private readonly decimal _factor = tariff.Factors.FirstOrDefault(f => Vehicle(f.AppliesTo, stay))?.Factor ?? 1;
    private readonly bool _scale = tariff.Factors.FirstOrDefault(f => Vehicle(f.AppliesTo, stay)) is { ScaleLimits: true };

    /// <summary>The fee of a stay by a car that was there before.</summary>
    public static decimal Fee(Tariff tariff, DayTypes calendar, TimeZoneInfo zone, Stay stay)
    {
        Past? past = null;
        List<EarlierStay> parts = [];
        var (fee, paid) = (0m, 0m);
        foreach (var next in (EarlierStay[])[.. stay.Earlier ?? [], new(stay.Entry, stay.Exit)])
        {
            var reference = (MinuteReference?)null;
            if (parts.Count > 0)
                reference = new(tariff, calendar, zone, stay, [.. parts], past);
            var continues = parts.Count > 0 && tariff.Reentry?.WithinMinutes is { } within && (next.Entry - parts[^1].Exit).TotalMinutes <= within;
            if (reference is not null && !continues)
            {
                (_, past) = reference.Walk();
                parts.Clear();
            }
            paid = continues ? reference!.Walk().Fee : 0;
            parts.Add(next);
        }
        (fee, _) = new MinuteReference(tariff, calendar, zone, stay, parts, past).Walk();
        return fee - paid;
    }

    private (decimal Fee, Past Past) Walk()
    {
        var (entry, exit) = (parts[0].Entry.UtcDateTime, parts[^1].Exit.UtcDateTime);
        var length = (int)(exit - entry).TotalMinutes;
        var first = DateOf(entry);
        var days = new SortedDictionary<int, decimal>();
        var dates = new Dictionary<int, (DateOnly Date, int Start)>();
        (int Rule, object Occurrence)? held = null, was = null;
        for (var minute = 0; minute < length; minute++)
        {
            var now = entry.AddMinutes(minute);
            var date = DateOf(now);
            var day = tariff.Day == DayBasis.Calendar ? date.DayNumber - first.DayNumber : minute / 1440;
            dates.TryAdd(day, (date, minute));
            days.TryAdd(day, 0);
            if (parts.All(p => now < p.Entry.UtcDateTime || now >= p.Exit.UtcDateTime))
            {
                (held, was) = (null, null);
                continue;
            }
            if (minute > 0 && DateOf(now.AddMinutes(-1)) is var yesterday && yesterday != date
                && tariff.MidnightFees.FirstOrDefault(f => Applies(f.AppliesTo, yesterday)) is { } midnight)
                days[day] += Six(midnight.Price * _factor);

            var current = RuleAt(now, minute, date, day);
            if (held is null && was is { } old && current?.Rule != old.Rule
                && tariff.Rules[old.Rule].Charge is TimedCharge { Straddle: Straddle.Start } charge && InUnit(charge, _clocks[old.Rule].Minutes))
                held = old;
            else if (held is { } kept && !InUnit((TimedCharge)tariff.Rules[kept.Rule].Charge, _clocks[kept.Rule].Minutes))
                held = null;
            if (held is null && IsFree(day, minute, length, date, dates, first))
            {
                was = null;
                continue;
            }
            was = held is null ? current : null;
            if ((held ?? current) is { } inForce)
                days[day] += Spend(inForce.Rule, inForce.Occurrence, day, held is not null, now, minute, date, first);
        }
        return Settle(days, dates, first);
    }

    private (decimal Fee, Past Past) Settle(SortedDictionary<int, decimal> days, Dictionary<int, (DateOnly Date, int Start)> dates, DateOnly first)
    {
        // What the car's stays of that date cost before.
        decimal Used(int day) => tariff.Reentry is { ShareDayCap: true } && day == 0 && before?.Exit == first ? before.Used : 0;
        decimal Of(int day) => tariff.Caps.FirstOrDefault(c => c.Per == Per.Day && day + 1 >= c.FromDay && Applies(c.AppliesTo, dates[day].Date)) is { } cap
            ? Math.Min(days[day], Math.Max(0, Limit(cap) - Used(day))) : days[day];
        var sum = days.Keys.Sum(Of);
        if (tariff.Caps.FirstOrDefault(c => c.Per == Per.Stay && Applies(c.AppliesTo, first)) is { } most)
            sum = Math.Min(sum, Limit(most));
        if (tariff.MinimumCharge is { } least && sum > 0)
            sum = Math.Max(sum, Scaled(least));
        var unit = tariff.Rounding.Unit ?? 0.01m;
        var whole = Math.Floor(sum / unit);
        var rest = sum - whole * unit;
        var up = tariff.Rounding.Mode switch
        {
            RoundingMode.Up => rest > 0,
            RoundingMode.Down => false,
            RoundingMode.HalfEven => rest * 2 > unit || rest * 2 == unit && whole % 2 == 1,
            _ => rest * 2 >= unit,
        };
        var fee = (whole + (up ? 1 : 0)) * unit;
        var last = days.Keys.Max();
        return (fee, new Past(first, dates[last].Date, Used(last) + Math.Min(Of(last), fee)));
    }

    /// <summary>What one minute under a rule adds, under its cap and those of windows and periods.</summary>
    private decimal Spend(int index, object occurrence, int day, bool held, DateTime now, int minute, DateOnly date, DateOnly first)
    {
        var rule = tariff.Rules[index];
        object Key(Per per) => per switch { Per.Window => occurrence, Per.Day => day, _ => "stay" };
        if (!_clocks.TryGetValue(index, out var clock) || !held && !clock.Key.Equals(Key(rule.Per)))
            clock = (Key(rule.Per), 0);
        var amount = Cost(rule.Charge, clock.Minutes + 1) - Cost(rule.Charge, clock.Minutes);
        _clocks[index] = (clock.Key, clock.Minutes + 1);
        if (rule.Cap is { } cap)
            amount = Under((rule, Key(cap.Per)), Scaled(cap.Amount), amount);
        foreach (var over in tariff.Caps)
            if (over.Per == Per.Period && Applies(over.AppliesTo, first))
                amount = Under((over, minute / over.PeriodMinutes!.Value), Limit(over), amount);
            else if (over.Per == Per.Window && Began(over.Window!, now, date) is { } began && Applies(over.AppliesTo, began))
                amount = Under((over, began), Limit(over), amount);
        return amount;
    }

    private decimal Under((object, object) key, decimal limit, decimal amount)
    {
        var used = _used.GetValueOrDefault(key);
        amount = Math.Min(amount, limit - used);
        _used[key] = used + amount;
        return amount;
    }

    private bool IsFree(int day, int minute, int length, DateOnly date, Dictionary<int, (DateOnly Date, int Start)> dates, DateOnly first)
    {
        // The first day asks for both kinds; a later one only for minutes per day.
        var (began, start) = dates[day];
        if (FreeOn(began) is { } todays && (todays.Per == Per.Day || day == 0)
            && Within(todays, start, todays.Per == Per.Day))
            return true;
        // Minutes of the stay may outlast its first day, unless the next day has its own.
        return day > 0 && FreeOn(first) is { Per: Per.Stay } stays && Within(stays, 0, false)
            && !(FreeOn(began) is { Per: Per.Day });

        FreeMinutes? FreeOn(DateOnly on) => tariff.FreeMinutes.FirstOrDefault(f => Applies(f.AppliesTo, on)
            && !(f.OncePerDays is { } days && before is not null && before.Entry.AddDays(days) > first));

        bool Within(FreeMinutes free, int from, bool perDay)
        {
            var end = perDay ? Math.Min(length, DayEnd(from)) : length;
            return minute - from < free.Minutes && (free.WhenExceeded == WhenExceeded.Deduct || end - from <= free.Minutes) && minute < end;
        }

        int DayEnd(int from) => tariff.Day == DayBasis.Rolling24h ? from + 1440
            : minute + (int)(Day(date)[^1].Utc - parts[0].Entry.UtcDateTime.AddMinutes(minute)).TotalMinutes + 1;
    }

    private (int Rule, object Occurrence)? RuleAt(DateTime now, int minute, DateOnly date, int day)
    {
        for (var i = 0; i < tariff.Rules.Count; i++)
        {
            var rule = tariff.Rules[i];
            if (!Vehicle(rule.AppliesTo, stay) || minute < (rule.AfterMinutes ?? 0))
                continue;
            if (rule.Window is null ? Dates(rule.AppliesTo, date) : Began(rule.Window, now, date, d => Dates(rule.AppliesTo, d)) is not null)
                return (i, rule.Window is null ? day : Began(rule.Window, now, date, d => Dates(rule.AppliesTo, d))!.Value);
        }
        return null;
    }

    /// <summary>The date on which the occurrence of a window began that this minute is in.</summary>
    private DateOnly? Began(DayWindow window, DateTime now, DateOnly date, Func<DateOnly, bool>? on = null)
    {
        var (from, to) = (window.From.Minutes, window.To.Minutes);
        if (from >= to && now < At(date, to) && on?.Invoke(date.AddDays(-1)) != false)
            return date.AddDays(-1);
        return now >= At(date, from) && (from >= to || now < At(date, to)) && on?.Invoke(date) != false ? date : null;
    }

    /// <summary>The first minute of a date at which its clock shows a time or a later one.</summary>
    private DateTime At(DateOnly date, int clock)
    {
        foreach (var (utc, shown) in Day(date))
            if (shown >= clock)
                return utc;
        return Day(date)[^1].Utc.AddMinutes(1);
    }

    private List<(DateTime Utc, int Clock)> Day(DateOnly date)
    {
        if (_days.TryGetValue(date, out var minutes))
            return minutes;
        minutes = [];
        var noon = date.ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc);
        for (var utc = noon.AddHours(-30); utc < noon.AddHours(30); utc = utc.AddMinutes(1))
            if (TimeZoneInfo.ConvertTimeFromUtc(utc, zone) is var local && DateOnly.FromDateTime(local) == date)
                minutes.Add((utc, local.Hour * 60 + local.Minute));
        return _days[date] = minutes;
    }

    private DateOnly DateOf(DateTime utc) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone));

    private decimal Cost(Charge charge, int minutes)
    {
        if (charge is EntryCharge entry)
            return minutes > 0 ? Six(entry.Price * _factor) : 0;
        var (sum, start) = (0m, 0);
        foreach (var stage in (charge as TimedCharge)?.Stages ?? [])
        {
            if (minutes <= start)
                break;
            var ran = Math.Min(minutes, stage.UntilMinutes ?? int.MaxValue) - start;
            if (stage.Total is { } total)
                sum = Math.Max(sum, Six(total * _factor));
            else
            {
                // Unit by unit.
                var units = 0m;
                for (var (left, unit) = (ran, stage.PerMinutes!.Value); left > 0; left -= unit)
                    units += left >= unit ? 1 : stage.Round switch
                    {
                        UnitRounding.Up => left >= (stage.FreeBelowMinutes ?? 0) ? 1 : 0,
                        UnitRounding.Nearest => left * 2 >= unit ? 1 : 0,
                        UnitRounding.ProRata => left / (decimal)unit,
                        _ => 0,
                    };
                sum += Six(units * stage.Price!.Value * _factor);
            }
            start = stage.UntilMinutes ?? int.MaxValue;
        }
        return sum;
    }

    /// <summary>Whether a unit has begun and is not complete.</summary>
    private static bool InUnit(TimedCharge charge, int minutes)
    {
        var start = 0;
        foreach (var stage in charge.Stages)
        {
            if (minutes < (stage.UntilMinutes ?? int.MaxValue))
                return stage.PerMinutes is { } unit && (minutes - start) % unit != 0;
            start = stage.UntilMinutes!.Value;
        }
        return false;
    }

    private decimal Limit(TariffCap cap) => cap.Like is { } like
        ? Cost(tariff.Rules.Single(r => r.Id == like.Rule).Charge, like.Minutes) : Scaled(cap.Amount!.Value);

    private decimal Scaled(decimal amount) => _scale ? Six(amount * _factor) : amount;

    private bool Applies(AppliesTo? appliesTo, DateOnly date) => Vehicle(appliesTo, stay) && Dates(appliesTo, date);

    private static bool Vehicle(AppliesTo? to, Stay stay) => to is null
        || (to.Vehicles.Count == 0 || to.Vehicles.Contains(stay.Vehicle)) && (to.Colours.Count == 0 || to.Colours.Contains(stay.Colour))
            && (to.NewEnergy ?? stay.NewEnergy) == stay.NewEnergy && (to.ByHand ?? stay.ByHand) == stay.ByHand
            && (to.Groups.Count == 0 || to.Groups.Any(g => stay.Groups?.Contains(g) == true));

    private bool Dates(AppliesTo? to, DateOnly date)
    {
        if (to is null)
            return true;
        var type = calendar.On(date);
        if (type == DayType.SpecialDay && !tariff.Rules.Any(r => r.AppliesTo?.DayTypes.Contains(DayType.SpecialDay) == true))
            type = DayType.RestDay;
        return (to.DayTypes.Count == 0 || to.DayTypes.Contains(type)) && (to.Weekdays.Count == 0 || to.Weekdays.Contains(date.DayOfWeek))
            && (to.Seasons.Count == 0 || to.Seasons.Any(s =>
            {
                var (from, until, day) = (s.From.Month * 40 + s.From.Day, s.To.Month * 40 + s.To.Day, date.Month * 40 + date.Day);
                return from <= until ? from <= day && day <= until : day >= from || day <= until;
            }));
    }

    private static decimal Six(decimal amount) => decimal.Round(amount, 6);
}
