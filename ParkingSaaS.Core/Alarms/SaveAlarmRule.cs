using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Alarms;

/// <summary>A rule as entered.</summary>
/// <param name="Threshold">Within <see cref="AlarmRule.Bounds"/>; null for kinds that have none.</param>
/// <param name="Enabled">Whether such alarms are raised at all.</param>
/// <param name="Roles">Who is told: of <see cref="Accounts.Roles.InCity"/>; empty tells nobody.</param>
/// <param name="QuietFrom">The beginning of quiet hours on the city's wall clock; null with <paramref name="QuietUntil"/> for none.</param>
/// <param name="QuietUntil">Their end, which is not the beginning.</param>
public sealed record AlarmRuleDetails(AlarmKind Kind, AlarmLevel Level, int? Threshold, bool Enabled, IReadOnlyList<string> Roles,
    TimeOnly? QuietFrom, TimeOnly? QuietUntil)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public AlarmRuleDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static AlarmRuleDetails Of(AlarmRule rule) =>
        new(rule.Kind, rule.Level, rule.Threshold, rule.Enabled, rule.Roles, rule.QuietFrom, rule.QuietUntil);
}

/// <summary>Changes a rule of the city. Open alarms take its level at once; what else follows is seen when their causes are looked for the next
/// time.</summary>
public sealed class SaveAlarmRule(CitySessions sessions, LiveFeed live)
{
    public async Task<Result<Done>> RunAsync(Actor actor, AlarmRuleDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AlarmPermissions.Manage, ct);
        if (!actor.Scope.IsWholeCity || !Enum.IsDefined(request.Kind))
            return new NotFound("alarm-rule");
        var bounds = AlarmRule.Bounds(request.Kind);
        var invalid = Check.All(
            Check.That(Enum.IsDefined(request.Level), nameof(request.Level), "invalid"),
            Check.That(bounds is null || request.Threshold is not null, nameof(request.Threshold), "required"),
            bounds is { } b ? Check.Range(nameof(request.Threshold), request.Threshold, b.Min, b.Max)
                : Check.That(request.Threshold is null, nameof(request.Threshold), "invalid"),
            Check.That(request.Roles.All(Roles.InCity.Contains), nameof(request.Roles), "invalid"),
            Check.That(request.QuietFrom is null == request.QuietUntil is null, nameof(request.QuietUntil), "required"),
            Check.That(request.QuietFrom is null || request.QuietFrom != request.QuietUntil, nameof(request.QuietUntil), "invalid"));
        if (invalid is not null)
            return invalid;

        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Alarms, ct); // or an alarm that is just being raised would keep the level from before
        var rule = await s.Db.Set<AlarmRule>().FirstOrDefaultAsync(r => r.Kind == request.Kind, ct);
        if (rule is null)
            s.Db.Add(rule = AlarmRule.Default(request.Kind));
        if (Edits.Since(request.Seen, AlarmRuleDetails.Of(rule), request, rule.ChangedBy) is { } changed)
            return changed;
        (rule.Level, rule.Threshold, rule.Enabled, rule.Roles) = (request.Level, request.Threshold, request.Enabled, [.. request.Roles.Distinct()]);
        (rule.QuietFrom, rule.QuietUntil, rule.ChangedBy, rule.ChangedAt) = (request.QuietFrom, request.QuietUntil, actor.Name, s.Now);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await s.Db.Set<Alarm>().Where(a => a.Kind == rule.Kind && a.Level != rule.Level && a.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Level, rule.Level), ct);
        await transaction.CommitAsync(ct);
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Alarm, Guid.Empty, Guid.Empty)]);
        return new Done();
    }
}
