using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Alarms;

/// <summary>What a bell shows: open alarms that nobody takes care of yet.</summary>
/// <param name="Newest">The newest of them, at most <see cref="AlarmSummary.Shown"/>.</param>
public sealed record AlarmBell(int Critical, int Warning, int Information, IReadOnlyList<AlarmRow> Newest)
{
    public int Count => Critical + Warning + Information;
}

/// <summary>What somebody is told of now: within reach, by their role, and not in the rule's quiet hours.</summary>
public sealed class AlarmSummary(CitySessions sessions)
{
    /// <summary>How many alarms a bell names.</summary>
    public const int Shown = 5;

    /// <param name="role">The code of the person's role.</param>
    /// <exception cref="AccessDeniedException">The actor may not see alarms.</exception>
    public async Task<AlarmBell> RunAsync(Actor actor, string role, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AlarmPermissions.View, ct);
        var at = TimeOnly.FromDateTime(s.City.Zone.Local(s.Now));
        var rules = await AlarmRule.AllAsync(s, ct);
        var critical = rules.Where(r => r.Tells(role, AlarmLevel.Critical, at)).Select(r => r.Kind).ToArray();
        var others = rules.Where(r => r.Tells(role, AlarmLevel.Warning, at)).Select(r => r.Kind).ToArray();
        var told = AlarmRow.All(s).Where(a => a.EndedAt == null && a.AcknowledgedAt == null
            && (a.Level == AlarmLevel.Critical ? critical.Contains(a.Kind) : others.Contains(a.Kind)));
        var counts = await told.GroupBy(a => a.Level).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return new AlarmBell(counts.GetValueOrDefault(AlarmLevel.Critical), counts.GetValueOrDefault(AlarmLevel.Warning),
            counts.GetValueOrDefault(AlarmLevel.Information),
            counts.Count == 0 ? [] : await told.OrderByDescending(a => a.RaisedAt).ThenByDescending(a => a.Id).Take(Shown).ToListAsync(ct));
    }
}
