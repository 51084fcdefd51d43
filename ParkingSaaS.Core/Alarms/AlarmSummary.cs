using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Alarms;

/// <summary>What the bell, the home page and a lot's page say of alarms, in the same two numbers.</summary>
/// <param name="Open">What has not ended and the person may see.</param>
/// <param name="Yours">Those of them that wait for the person: their role is told of them now, and nobody handles them yet.</param>
/// <param name="Critical">How many of <paramref name="Yours"/> are critical.</param>
/// <param name="First">Open ones, at most <see cref="AlarmSummary.Shown"/>: the person's before the others, then the worst and the newest.</param>
public sealed record OpenAlarms(int Open, int Yours, int Critical, IReadOnlyList<OpenAlarm> First);

/// <summary>An alarm that has not ended.</summary>
/// <param name="Yours">It waits for the person who asked.</param>
public sealed record OpenAlarm(AlarmRow Alarm, bool Yours);

/// <summary>The alarms that are open within reach, and which of them wait for somebody: by their role, and not in the rule's quiet hours.</summary>
public sealed class AlarmSummary(CitySessions sessions)
{
    /// <summary>How many alarms are named.</summary>
    public const int Shown = 5;

    /// <param name="role">The code of the person's role.</param>
    /// <param name="lotId">The lot that is asked about; null for all that the person sees.</param>
    /// <exception cref="AccessDeniedException">The actor may not see alarms.</exception>
    public async Task<OpenAlarms> RunAsync(Actor actor, string role, Guid? lotId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AlarmPermissions.View, ct);
        var at = TimeOnly.FromDateTime(s.City.Zone.Local(s.Now));
        var rules = await AlarmRule.AllAsync(s, ct);
        var critical = rules.Where(r => r.Tells(role, AlarmLevel.Critical, at)).Select(r => r.Kind).ToArray();
        var others = rules.Where(r => r.Tells(role, AlarmLevel.Warning, at)).Select(r => r.Kind).ToArray();
        var open = AlarmRow.All(s).Where(a => a.EndedAt == null && (lotId == null || a.LotId == lotId)).Select(a => new
        {
            Alarm = a,
            Yours = a.AcknowledgedAt == null && (a.Level == AlarmLevel.Critical ? critical.Contains(a.Kind) : others.Contains(a.Kind))
        });
        var counts = await open.GroupBy(a => new { a.Alarm.Level, a.Yours }).Select(g => new { g.Key.Level, g.Key.Yours, Count = g.Count() }).ToListAsync(ct);
        var yours = counts.Where(c => c.Yours).ToList();
        var first = counts.Count == 0 ? [] : await open.OrderByDescending(a => a.Yours).ThenByDescending(a => a.Alarm.Level)
            .ThenByDescending(a => a.Alarm.RaisedAt).ThenByDescending(a => a.Alarm.Id).Take(Shown).ToListAsync(ct);
        return new OpenAlarms(counts.Sum(c => c.Count), yours.Sum(c => c.Count), yours.Where(c => c.Level is AlarmLevel.Critical).Sum(c => c.Count),
            [.. first.Select(a => new OpenAlarm(a.Alarm, a.Yours))]);
    }
}
