using System.Diagnostics;

namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>Which rule is in force at a moment of the stay, and until when at most. Goes forward from date to date.</summary>
internal struct RulesInForce
{
    // In place of a rule's index, for time that no rule charges.
    public const int NoRule = -1;
    public const int FreeMinutes = -2;
    public const int Away = -3;

    private readonly Tariff _tariff;
    private readonly StayConditions _conditions;
    private readonly TimeZoneInfo _zone;
    private readonly Stay _stay;
    private readonly long _entry;

    /// <summary>A field, for a property copies it with every use.</summary>
    public LocalDay Today;
    private ulong _todaysRules;

    // For windows that have begun yesterday and cross midnight.
    private ulong _yesterdaysRules;

    public RulesInForce(Tariff tariff, in StayConditions conditions, TimeZoneInfo zone, in Stay stay, long entry)
    {
        (_tariff, _conditions, _zone, _stay, _entry) = (tariff, conditions, zone, stay, entry);
        Today = new LocalDay(zone, entry);
        _yesterdaysRules = conditions.RulesOn(Today.Date.AddDays(-1));
        _todaysRules = conditions.RulesOn(Today.Date);
    }

    public void BeginDate(long now)
    {
        var previous = Today.Date;
        Today = new LocalDay(_zone, now);
        // Clocks that go back over midnight repeat a date.
        _yesterdaysRules = previous == Today.Date.AddDays(-1) ? _todaysRules : _conditions.RulesOn(Today.Date.AddDays(-1));
        _todaysRules = _conditions.RulesOn(Today.Date);
    }

    /// <summary>The rule in force and the occurrence of its window.</summary>
    /// <param name="now">On the date that has begun.</param>
    /// <param name="limit">Is lowered to when it may change.</param>
    public readonly (int Rule, int Occurrence) At(long now, ref long limit)
    {
        if (IsAway(now, ref limit))
            return (Away, 0);
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
            var (from, to) = (Today.At(window.From), Today.At(window.To));
            if (window.CrossesMidnight)
            {
                if (yesterday && now < to)
                {
                    limit = Math.Min(limit, to);
                    return (i, Today.Date.DayNumber - 1);
                }
                to = Today.End;
            }
            if (!today || now >= to)
                continue;
            if (now >= from)
            {
                limit = Math.Min(limit, to);
                return (i, Today.Date.DayNumber);
            }
            limit = Math.Min(limit, from);
        }
        return (NoRule, 0);
    }

    /// <summary>Whether the car is between two stays that are one, in a tariff that lets that time be free.</summary>
    private readonly bool IsAway(long now, ref long limit)
    {
        var parts = _tariff.Reentry?.TimeAway switch
        {
            null or TimeAway.Counts => 0,
            TimeAway.Free => _stay.Earlier?.Count ?? 0,
            var other => throw new UnreachableException($"Time away {other}"),
        };
        for (var i = 0; i < parts; i++)
        {
            var back = (i + 1 < parts ? _stay.Earlier![i + 1].Entry : _stay.Entry).ToUnixTimeSeconds();
            var left = _stay.Earlier![i].Exit.ToUnixTimeSeconds();
            if (left <= now && now < back)
            {
                limit = Math.Min(limit, back);
                return true;
            }
            if (now < left)
            {
                limit = Math.Min(limit, left);
                break;
            }
        }
        return false;
    }
}
