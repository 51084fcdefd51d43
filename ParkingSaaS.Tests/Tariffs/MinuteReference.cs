using System.Collections.Concurrent;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>The tariff model a second time, as slowly and plainly as it can be said: walks whole minutes, asks for each which rule is in
/// force by the wall clock, gives units that straddle to whom the tariff says, and only then adds what each minute costs. Shares no code
/// with the engine. It knows stays on whole minutes.</summary>
internal sealed class MinuteReference(Tariff tariff, DayTypes calendar, TimeZoneInfo zone, Stay stay)
{
    private static readonly ConcurrentDictionary<(string Zone, DateOnly Date), (List<(DateTime Utc, int Clock)> Minutes, int[] Shown)> Days = new();
    private readonly decimal _factor = Product(Counting(tariff, stay));
    private readonly decimal _scale = Product(Counting(tariff, stay).Where(f => f.ScaleLimits));

    // Of the walk under way.
    private readonly Dictionary<int, (object Key, int Minutes)> _clocks = [];
    private readonly Dictionary<(object, object), decimal> _used = [];
    private List<FreeMinutes> _free = [];
    private DateTime _entry;
    private DateOnly[] _dates = [];
    private object?[]?[] _spans = [];

    /// <summary>What stays before leave behind: what their last day cost, and when the last began.</summary>
    private sealed record Left(DateOnly Date, decimal Spent, DateOnly Began);

    /// <summary>A minute: the rule that it belongs to, with the occurrence and the minute by which days and windows are told.</summary>
    /// <param name="Rule">Null where nothing is charged.</param>
    /// <param name="Occurrence">Of the rule's window.</param>
    /// <param name="By">The minute that decides its day and the windows of caps.</param>
    /// <param name="Held">Part of a unit that keeps its rule.</param>
    /// <param name="Shared">Part of a unit that two rules share.</param>
    private readonly record struct Cell(int? Rule, object? Occurrence, int By, bool Held = false, bool Shared = false);

    public decimal Fee()
    {
        var all = (stay.Earlier ?? []).Select(e => (Entry: e.Entry.UtcDateTime, Exit: e.Exit.UtcDateTime))
            .Append((Entry: stay.Entry.UtcDateTime, Exit: stay.Exit.UtcDateTime)).ToList();
        if (tariff.Reentry is null && tariff.FreeMinutes.All(f => f.OncePerDays is null))
            all = all[^1..];
        // Stays that continue one another.
        var chains = new List<List<(DateTime Entry, DateTime Exit)>>();
        foreach (var one in all)
            if (chains.Count > 0 && tariff.Reentry?.WithinMinutes is { } within && (one.Entry - chains[^1][^1].Exit).TotalMinutes <= within)
                chains[^1].Add(one);
            else
                chains.Add([one]);
        Left? left = null;
        foreach (var chain in chains[..^1])
            left = Walk(chain, left).Left;
        return Walk(chains[^1], left).Total - (chains[^1].Count > 1 ? Walk(chains[^1][..^1], left).Total : 0);
    }

    private (decimal Total, Left Left) Walk(List<(DateTime Entry, DateTime Exit)> parts, Left? before)
    {
        _clocks.Clear();
        _used.Clear();
        _entry = parts[0].Entry;
        var length = (int)(parts[^1].Exit - _entry).TotalMinutes;
        _dates = [.. Enumerable.Range(0, length).Select(m => DateOf(At(m)))];
        _spans = new object?[length][];
        var first = DateOf(_entry);
        _free = [.. tariff.FreeMinutes.Where(f => !(before is { } b && first.DayNumber - b.Began.DayNumber < f.OncePerDays))];
        var dates = new Dictionary<int, (DateOnly Date, int Start)>();
        var days = new SortedDictionary<int, decimal>();
        for (var minute = 0; minute < length; minute++)
        {
            dates.TryAdd(DayOf(minute), (_dates[minute], minute));
            days.TryAdd(DayOf(minute), 0);
            if (!Away(minute) && Midnight(minute) is { } midnight)
                days[DayOf(minute)] += Six(midnight.Price * _factor);
        }
        var cells = Assign(length, dates, first, Away);
        _clocks.Clear();
        var shared = 0;
        for (var minute = 0; minute < length; minute++)
        {
            var cell = cells[minute];
            // What is shared is rounded once for each stretch.
            shared = cell.Shared && minute > 0 && Same(cells, minute - 1, minute) ? shared + 1 : 0;
            if (cell.Rule is { } rule)
                days[DayOf(cell.By)] += Spend(rule, cell, shared, first);
        }
        var spent = tariff.Reentry is { ShareDayCap: true } && before?.Date == first ? before.Spent : 0;
        var (total, raised) = Settle(days, dates, first, spent);
        var last = days.Keys.LastOrDefault();
        var ofLast = days.Count == 0 ? 0 : last == 0 ? raised : Day(last);
        return (total, new Left(length == 0 ? first : _dates[^1], (last == 0 ? spent : 0) + Math.Min(ofLast, total), first));

        bool Away(int minute) => tariff.Reentry is not { TimeAway: TimeAway.Counts }
            && parts.Zip(parts.Skip(1)).Any(p => p.First.Exit <= At(minute) && At(minute) < p.Second.Entry);
        decimal Day(int day) => CapOf(day, dates, day == 0 ? spent : 0) is { } most ? Math.Min(days[day], most) : days[day];
    }

    private DateTime At(int minute) => _entry.AddMinutes(minute);

    private int DayOf(int minute) => tariff.Day == DayBasis.Calendar ? _dates[minute].DayNumber - _dates[0].DayNumber : minute / 1440;

    private MidnightFee? Midnight(int minute) => minute > 0 && _dates[minute - 1] is var yesterday && yesterday != _dates[minute]
        ? tariff.MidnightFees.FirstOrDefault(f => Applies(f.AppliesTo, yesterday)) : null;

    /// <summary>To which rule each minute belongs. A unit that straddles reaches back to where its stretch began at most: the same rule,
    /// window, day, and windows and periods of caps, and no midnight with a price.</summary>
    private Cell[] Assign(int length, Dictionary<int, (DateOnly Date, int Start)> dates, DateOnly first, Func<int, bool> away)
    {
        var cells = new Cell[length];
        var (stretch, heldUntil, sharedUntil, taken) = (0, 0, 0, 0);
        (int Rule, object Occurrence) held = default;
        (int Rule, object Occurrence)? before = null;
        for (var minute = 0; minute < length; minute++)
        {
            var current = away(minute) ? null : RuleAt(At(minute), minute, _dates[minute], DayOf(minute));
            if (away(minute))
            {
                (before, heldUntil, sharedUntil) = (null, 0, 0);
                continue;
            }
            if (before is { } was && current?.Rule != was.Rule && minute >= heldUntil && minute >= sharedUntil
                && tariff.Rules[was.Rule].Charge is TimedCharge { Straddle: not Straddle.Cut } charge
                && _clocks.TryGetValue(was.Rule, out var clock) && Unit(charge, clock.Minutes) is { Begun: > 0 } unit)
            {
                var begun = Math.Min(unit.Begun, minute - stretch);
                switch (charge.Straddle)
                {
                    case Straddle.Start:
                        (held, heldUntil) = (was, minute + unit.Left);
                        break;
                    case Straddle.End:
                        Give(begun, current is { } taker && !IsFree(DayOf(minute), minute, length, _dates[minute], dates, first)
                            ? new Cell(taker.Rule, taker.Occurrence, minute) : new Cell(null, null, minute));
                        break;
                    default:
                        for (var i = minute - begun; i < minute; i++)
                            cells[i] = cells[i] with { Shared = true };
                        _clocks[was.Rule] = _clocks[was.Rule] with { Minutes = _clocks[was.Rule].Minutes - begun };
                        (sharedUntil, taken) = (minute + unit.Left, minute);
                        break;
                }
            }
            if (minute < heldUntil)
                cells[minute] = new Cell(held.Rule, held.Occurrence, minute, Held: true);
            else if (!IsFree(DayOf(minute), minute, length, _dates[minute], dates, first) && current is { } now)
            {
                // What is shared is decided where its stretch begins: a step has no rate to share.
                cells[minute] = new Cell(now.Rule, now.Occurrence, minute, Shared: minute < sharedUntil && minute > 0 && cells[minute - 1].Shared);
                if (minute < sharedUntil && (minute == 0 || !Same(cells, minute - 1, minute) || cells[minute - 1].By < taken))
                    cells[minute] = cells[minute] with { Shared = Unit(tariff.Rules[now.Rule].Charge, Clock(now.Rule, now.Occurrence, minute)) is not null };
            }
            before = cells[minute] is { Rule: { } index, Occurrence: { } occurrence } ? (index, occurrence) : null;
            if (minute == 0 || !Same(cells, minute - 1, minute) || minute == sharedUntil)
                stretch = minute;
            if (cells[minute] is { Shared: false } runs)
                Run(runs);

            void Give(int begun, Cell to)
            {
                _clocks[was.Rule] = _clocks[was.Rule] with { Minutes = _clocks[was.Rule].Minutes - begun };
                for (var i = minute - begun; i < minute; i++)
                {
                    cells[i] = to;
                    Run(to);
                }
                stretch = minute - begun;
            }
        }
        return cells;
    }

    /// <summary>Whether one minute continues the other's stretch.</summary>
    private bool Same(Cell[] cells, int one, int next)
    {
        var (a, b) = (cells[one], cells[next]);
        return a.Rule == b.Rule && Equals(a.Occurrence, b.Occurrence) && a.Shared == b.Shared && DayOf(a.By) == DayOf(b.By)
            && (a.By == b.By || Midnight(b.By) is null)
            && Spans(a.By).SequenceEqual(Spans(b.By));
    }

    /// <summary>The windows and periods of caps that a minute is in.</summary>
    private object?[] Spans(int minute) => _spans[minute] ??= [.. tariff.Caps.Where(c => c.Per is Per.Period or Per.Window).Select(c =>
        c.Per == Per.Period ? Applies(c.AppliesTo, _dates[0]) ? minute / c.PeriodMinutes!.Value : null
        : Began(c.Window!, At(minute), _dates[minute]) is { } began && Applies(c.AppliesTo, began) ? began : (object?)null)];

    private int Clock(int rule, object? occurrence, int by) =>
        _clocks.TryGetValue(rule, out var clock) && clock.Key.Equals(Key(tariff.Rules[rule].Per, occurrence, by)) ? clock.Minutes : 0;

    private object Key(Per? per, object? occurrence, int by) => (per ?? Per.Window) switch { Per.Window => occurrence!, Per.Day => DayOf(by), _ => "stay" };

    private void Run(Cell cell)
    {
        if (cell.Rule is not { } rule)
            return;
        if (cell.Held)
            _clocks[rule] = _clocks[rule] with { Minutes = _clocks[rule].Minutes + 1 };
        else
            _clocks[rule] = (Key(tariff.Rules[rule].Per, cell.Occurrence, cell.By), Clock(rule, cell.Occurrence, cell.By) + 1);
    }

    private decimal? CapOf(int day, Dictionary<int, (DateOnly Date, int Start)> dates, decimal spent) =>
        tariff.Caps.FirstOrDefault(c => c.Per == Per.Day && day + 1 >= c.FromDay && Applies(c.AppliesTo, dates[day].Date)) is { } cap
            ? Math.Max(0, Limit(cap) - spent) : null;

    private (decimal Total, decimal Raised) Settle(
        SortedDictionary<int, decimal> days, Dictionary<int, (DateOnly Date, int Start)> dates, DateOnly first, decimal spent)
    {
        var limits = days.Keys.Select(d => CapOf(d, dates, d == 0 ? spent : 0)).ToList();
        var sum = days.Values.Zip(limits, (day, most) => most is { } m ? Math.Min(day, m) : day).Sum();
        if (tariff.MinimumCharge is { } least && sum > 0)
            sum = Math.Max(sum, limits.Contains(null) ? Scaled(least) : Math.Min(Scaled(least), limits.Sum()!.Value));
        var raised = sum;
        var reached = days.Keys.LastOrDefault() + 1;
        if (tariff.Caps.FirstOrDefault(c => c.Per == Per.Stay && reached >= c.FromDay && Applies(c.AppliesTo, first)) is { } all)
            sum = Math.Min(sum, Limit(all));
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
        return ((whole + (up ? 1 : 0)) * unit, raised);
    }

    /// <summary>What one minute under a rule adds, under its cap and those of windows and periods.</summary>
    private decimal Spend(int index, Cell cell, int shared, DateOnly first)
    {
        var rule = tariff.Rules[index];
        decimal amount;
        if (cell.Shared && Unit(rule.Charge, Clock(index, cell.Occurrence, cell.By)) is { } unit)
        {
            var (price, minutes) = (unit.Stage.Price!.Value * _factor, (decimal)unit.Stage.PerMinutes!.Value);
            amount = Six((shared + 1) / minutes * price) - Six(shared / minutes * price);
        }
        else
        {
            var ran = cell.Held ? _clocks[index].Minutes : Clock(index, cell.Occurrence, cell.By);
            amount = Cost(rule.Charge, ran + 1) - Cost(rule.Charge, ran);
            Run(cell);
        }
        if (rule.Cap is { } cap)
            amount = Under((rule, Key(cap.Per, cell.Occurrence, cell.By)), Scaled(cap.Amount), amount);
        var (now, date) = (At(cell.By), _dates[cell.By]);
        foreach (var over in tariff.Caps)
            if (over.Per == Per.Period && Applies(over.AppliesTo, first))
                amount = Under((over, cell.By / over.PeriodMinutes!.Value), Limit(over), amount);
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
        if (_free.FirstOrDefault(f => Applies(f.AppliesTo, began)) is { } todays && (todays.Per == Per.Day || day == 0)
            && Within(todays, start, todays.Per == Per.Day))
            return true;
        // Minutes of the stay may outlast its first day, unless the next day has its own.
        return day > 0 && _free.FirstOrDefault(f => Applies(f.AppliesTo, first)) is { Per: Per.Stay } stays && Within(stays, 0, false)
            && !(_free.FirstOrDefault(f => Applies(f.AppliesTo, began)) is { Per: Per.Day });

        bool Within(FreeMinutes free, int from, bool perDay)
        {
            var end = perDay ? Math.Min(length, DayEnd(from)) : length;
            var fits = free.BoundIncluded ? end - from <= free.Minutes : end - from < free.Minutes;
            return minute - from < free.Minutes && (free.WhenExceeded == WhenExceeded.Deduct || fits) && minute < end;
        }

        int DayEnd(int from) => tariff.Day == DayBasis.Rolling24h ? from + 1440
            : minute + (int)(Day(date).Minutes[^1].Utc - At(minute)).TotalMinutes + 1;
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
        if (from >= to && now < Shows(date, to) && on?.Invoke(date.AddDays(-1)) != false)
            return date.AddDays(-1);
        return now >= Shows(date, from) && (from >= to || now < Shows(date, to)) && on?.Invoke(date) != false ? date : null;
    }

    /// <summary>The first minute of a date at which its clock shows a time or a later one.</summary>
    private DateTime Shows(DateOnly date, int clock)
    {
        var day = Day(date);
        return day.Shown[clock] < day.Minutes.Count ? day.Minutes[day.Shown[clock]].Utc : day.Minutes[^1].Utc.AddMinutes(1);
    }

    /// <summary>The minutes of a date, and for each time of the clock the first that shows it or a later one.</summary>
    private (List<(DateTime Utc, int Clock)> Minutes, int[] Shown) Day(DateOnly date) => Days.GetOrAdd((zone.Id, date), _ =>
    {
        List<(DateTime Utc, int Clock)> minutes = [];
        var noon = date.ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc);
        for (var utc = noon.AddHours(-30); utc < noon.AddHours(30); utc = utc.AddMinutes(1))
            if (TimeZoneInfo.ConvertTimeFromUtc(utc, zone) is var local && DateOnly.FromDateTime(local) == date)
                minutes.Add((utc, local.Hour * 60 + local.Minute));
        return (minutes, [.. Enumerable.Range(0, 1441).Select(clock => minutes.FindIndex(m => m.Clock >= clock) is >= 0 and var at ? at : minutes.Count)]);
    });

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

    /// <summary>The rate that a clock is in, and how much of its unit has run and is left; null where it is in none.</summary>
    private static (Stage Stage, int Begun, int Left)? Unit(Charge charge, int minutes)
    {
        var start = 0;
        foreach (var stage in (charge as TimedCharge)?.Stages ?? [])
        {
            if (minutes < (stage.UntilMinutes ?? int.MaxValue))
                return stage.PerMinutes is { } unit ? (stage, (minutes - start) % unit,
                    Math.Min(unit - (minutes - start) % unit, (stage.UntilMinutes ?? int.MaxValue) - minutes)) : null;
            start = stage.UntilMinutes!.Value;
        }
        return null;
    }

    private decimal Limit(TariffCap cap) => cap.Like is { } like
        ? Cost(tariff.Rules.Single(r => r.Id == like.Rule).Charge, like.Minutes) : Scaled(cap.Amount!.Value);

    private decimal Scaled(decimal amount) => Six(amount * _scale);

    private bool Applies(AppliesTo? appliesTo, DateOnly date) => Vehicle(appliesTo, stay) && Dates(appliesTo, date);

    private static bool Vehicle(AppliesTo? to, Stay stay) => to is null
        || (to.Vehicles.Count == 0 || to.Vehicles.Contains(stay.Vehicle)) && (to.Colours.Count == 0 || to.Colours.Contains(stay.Colour))
            && (to.NewEnergy ?? stay.NewEnergy) == stay.NewEnergy && (to.ByHand ?? stay.ByHand) == stay.ByHand
            && (to.Groups.Count == 0 || to.Groups.Any(g => stay.Groups?.Contains(g) == true))
            && to.AllGroups.All(g => stay.Groups?.Contains(g) == true);

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

    /// <summary>The factors that count for the vehicle.</summary>
    private static List<TariffFactor> Counting(Tariff tariff, Stay stay)
    {
        var all = tariff.Factors.Where(f => Vehicle(f.AppliesTo, stay)).ToList();
        return tariff.FactorsTogether switch
        {
            FactorsTogether.Multiply => all,
            FactorsTogether.Largest => [.. all.OrderByDescending(f => f.Factor).Take(1)],
            _ => [.. all.Take(1)],
        };
    }

    private static decimal Product(IEnumerable<TariffFactor> factors) => factors.Aggregate(1m, (product, f) => product * f.Factor);

    private static decimal Six(decimal amount) => decimal.Round(amount, 6);
}
