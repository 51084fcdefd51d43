using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Publishes a tariff's draft: from then on nobody changes it, and it prices entries from the given instant on.</summary>
public sealed class PublishVersion(CitySessions sessions)
{
    /// <param name="draft">The version to be published, as it was looked at.</param>
    /// <param name="effectiveFrom">From when on it prices entries, not before now; null is now. A version that begins at the same instant
    /// as an older one takes its place.</param>
    public async Task<Result<Done>> RunAsync(Actor actor, TariffVersion draft, DateTimeOffset? effectiveFrom, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, TariffPermissions.Manage, ct);
        if (!actor.Scope.IsWholeCity)
            return new TariffsAreTheCitys();
        if (await s.Db.Set<TariffVersion>().FirstOrDefaultAsync(v => v.Id == draft.Id, ct) is not { } version
            || !await s.Db.Set<TariffPlan>().AnyAsync(t => t.Id == version.TariffId && t.RetiredAt == null, ct))
            return new NotFound("tariff");
        if (version.PublishedAt is not null)
            return new NoDraft();
        if (version.RowVersion != draft.RowVersion)
            return DraftChanged.To(version);
        // The rules of validity may have become stricter since it was saved.
        var (tariff, problems) = TariffJson.Read(version.Definition);
        if (tariff is null)
            return new TariffInvalid(problems);
        if (TariffChecks.Open(tariff) is { Count: > 0 } open)
            return new TariffInvalid(open);
        if (TariffChecks.Run(tariff, s.City.Zone.Rules).Where(c => !c.Passed).ToList() is { Count: > 0 } failed)
            return new ExamplesFail(failed);
        var from = Instant.Cut(effectiveFrom ?? s.Now);
        if (from < s.Now)
            return new EffectiveInThePast();
        (version.EffectiveFrom, version.PublishedAt, version.PublishedBy) = (from, s.Now, actor.Name);
        return await s.SaveAsync(ct);
    }
}
