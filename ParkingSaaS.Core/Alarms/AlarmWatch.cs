using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Alarms;

/// <summary>How soon a kind of alarm is looked for. Who looks for the later ones looks for the sooner ones as well.</summary>
public enum AlarmPace
{
    /// <summary>Soon after something happened.</summary>
    AtOnce,

    /// <summary>Each minute.</summary>
    Minute,

    /// <summary>Each quarter of an hour, since it reads the payments of five days.</summary>
    QuarterHour
}

/// <summary>Raises alarms whose cause is there and ends those whose cause is gone; what stands as it did is not written. Running it again changes
/// nothing. Who is told elsewhere, by mail or message, would be told here, after the commit, of what was raised and not of what came back
/// (<see cref="AlarmRule.Tells"/> says who).</summary>
public sealed class AlarmWatch(CitySessions sessions, ClockPolicy clocks, LiveFeed live)
{
    /// <summary>A cause that was gone for no longer is the same one: its alarm is open again.</summary>
    public static readonly TimeSpan Flapping = TimeSpan.FromMinutes(5);

    /// <summary>How long ended alarms are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    static Actor ActorOf(string city) => Actor.Job(city, "alarm-watch", AlarmPermissions.Watch);

    static AlarmPace PaceOf(AlarmKind kind) => kind switch
    {
        AlarmKind.DeviceOffline or AlarmKind.GateFailed or AlarmKind.LotFull => AlarmPace.AtOnce,
        AlarmKind.IncomeUnusual => AlarmPace.QuarterHour,
        _ => AlarmPace.Minute
    };

    /// <returns>How many alarms were raised, are open again, or ended.</returns>
    public async Task<int> RunAsync(string city, AlarmPace pace, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), AlarmPermissions.Watch, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Alarms, ct);
        var rules = (await AlarmRule.AllAsync(s, ct)).Where(r => PaceOf(r.Kind) <= pace).ToDictionary(r => r.Kind);
        AlarmKind[] kinds = [.. rules.Keys];
        var found = new Dictionary<AlarmCause, AlarmFinding>();
        foreach (var rule in rules.Values.Where(r => r.Enabled))
            foreach (var finding in await AlarmCauses.OfAsync(s, rule, clocks, ct))
                found.Add(finding.Cause, finding);

        var open = await s.Db.Set<Alarm>().AsNoTracking().Where(a => a.EndedAt == null && kinds.Contains(a.Kind)).ToListAsync(ct);
        var gone = open.FindAll(a => !found.ContainsKey(AlarmCause.Of(a)));
        open.ForEach(a => found.Remove(AlarmCause.Of(a)));
        var back = await ReopenAsync(s, rules, found, ct);
        List<Alarm> raised = [.. found.Values.Select(f => new Alarm
        {
            Id = Guid.CreateVersion7(),
            Kind = f.Cause.Kind,
            LotId = f.Cause.LotId,
            DeviceId = f.Cause.DeviceId,
            OrderId = f.Cause.OrderId,
            Level = rules[f.Cause.Kind].Level,
            Value = f.Value,
            Norm = f.Norm,
            RaisedAt = s.Now
        })];

        var over = gone.ConvertAll(a => a.Id);
        if (over.Count > 0)
            await s.Db.Set<Alarm>().Where(a => over.Contains(a.Id)).ExecuteUpdateAsync(set => set.SetProperty(a => a.EndedAt, s.Now), ct);
        s.Db.AddRange(raised);
        await s.Db.SaveManyAsync(ct);
        if (pace is AlarmPace.QuarterHour)
            await s.Db.Set<Alarm>().Where(a => a.EndedAt < s.Now - Kept).ExecuteDeleteAsync(ct);
        await transaction.CommitAsync(ct);
        Alarm[] changed = [.. gone, .. back, .. raised];
        live.Publish(city, [.. changed.Select(a => new LiveNotice(LiveKind.Alarm, a.LotId ?? Guid.Empty, a.Id))]);
        return changed.Length;
    }

    /// <summary>Opens the alarms again of causes that were gone for a moment only, and takes those from what was found.</summary>
    static async Task<List<Alarm>> ReopenAsync(CitySession s, Dictionary<AlarmKind, AlarmRule> rules, Dictionary<AlarmCause, AlarmFinding> found,
        CancellationToken ct)
    {
        if (found.Count == 0)
            return [];
        var since = found.Values.Min(f => f.Since) - Flapping;
        var kinds = found.Keys.Select(c => c.Kind).Distinct().ToArray();
        var back = (await s.Db.Set<Alarm>().Where(a => a.EndedAt > since && kinds.Contains(a.Kind)).OrderByDescending(a => a.EndedAt).ToListAsync(ct))
            .FindAll(a => found.TryGetValue(AlarmCause.Of(a), out var f) && a.EndedAt > f.Since - Flapping && found.Remove(f.Cause));
        foreach (var alarm in back)
            (alarm.EndedAt, alarm.Level) = (null, rules[alarm.Kind].Level);
        return back;
    }
}
