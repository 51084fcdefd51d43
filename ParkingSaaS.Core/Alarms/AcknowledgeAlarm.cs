using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Alarms;

/// <summary>Somebody takes care of an alarm, or did of one that has ended. The first who says so stays; saying it again changes nothing.</summary>
public sealed class AcknowledgeAlarm(CitySessions sessions, LiveFeed live)
{
    /// <returns>When it was said, for <see cref="ReleaseAlarm"/>; null where somebody had said so before.</returns>
    /// <param name="note">At most <see cref="Alarm.MaxNote"/> characters; may be empty.</param>
    public async Task<Result<DateTimeOffset?>> RunAsync(Actor actor, Guid id, string? note, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AlarmPermissions.Acknowledge, ct);
        if (Check.Optional("Note", note, Alarm.MaxNote) is { } invalid)
            return invalid;
        if (await Alarm.Seen(s).AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, ct) is not { } alarm)
            return new NotFound("alarm");
        var text = string.IsNullOrWhiteSpace(note) ? null : note.Trim();
        var first = await s.Db.Set<Alarm>().Where(a => a.Id == id && a.AcknowledgedAt == null).ExecuteUpdateAsync(set => set
            .SetProperty(a => a.AcknowledgedAt, s.Now)
            .SetProperty(a => a.AcknowledgedBy, actor.Name)
            .SetProperty(a => a.Note, text), ct) > 0;
        if (!first)
            return (DateTimeOffset?)null;
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Alarm, alarm.LotId ?? Guid.Empty, id)]);
        return (DateTimeOffset?)s.Now;
    }
}

/// <summary>Somebody takes back that they take care of an alarm. What others said, or nobody any more, stays as it is.</summary>
public sealed class ReleaseAlarm(CitySessions sessions, LiveFeed live)
{
    /// <param name="at">When they said so.</param>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, DateTimeOffset at, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AlarmPermissions.Acknowledge, ct);
        if (await Alarm.Seen(s).AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, ct) is not { } alarm)
            return new NotFound("alarm");
        var released = await s.Db.Set<Alarm>().Where(a => a.Id == id && a.AcknowledgedAt == at && a.AcknowledgedBy == actor.Name).ExecuteUpdateAsync(set => set
            .SetProperty(a => a.AcknowledgedAt, (DateTimeOffset?)null)
            .SetProperty(a => a.AcknowledgedBy, (string?)null)
            .SetProperty(a => a.Note, (string?)null), ct) > 0;
        if (released)
            live.Publish(s.City.Code, [new LiveNotice(LiveKind.Alarm, alarm.LotId ?? Guid.Empty, id)]);
        return new Done();
    }
}
