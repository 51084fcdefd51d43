using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Finds the tariff version that prices a stay. Parsed versions are kept in memory for good: a published version never
/// changes.</summary>
public sealed class TariffsInForce
{
    readonly ConcurrentDictionary<Guid, Tariff> parsed = new();

    /// <summary>Reads, for these lots, which version was in force when.</summary>
    public async Task<LotTariffTable> ForLotsAsync(CitySession s, IReadOnlyCollection<Guid> lotIds, CancellationToken ct)
    {
        var rows = await (
            from assignment in s.Db.Set<LotTariff>()
            join version in s.Db.Set<TariffVersion>() on assignment.TariffId equals version.TariffId
            where lotIds.Contains(assignment.LotId) && version.EffectiveFrom != null
            select new LotTariffTable.Row(assignment.LotId, assignment.UsedFrom, assignment.UsedUntil, version.Id, version.Number,
                version.EffectiveFrom!.Value)).ToListAsync(ct);
        return new LotTariffTable(rows);
    }

    /// <summary>The rules of a version.</summary>
    public async ValueTask<Tariff> RulesAsync(CitySession s, Guid versionId, CancellationToken ct)
    {
        if (parsed.TryGetValue(versionId, out var tariff))
            return tariff;
        var definition = await s.Db.Set<TariffVersion>().Where(v => v.Id == versionId).Select(v => v.Definition).SingleAsync(ct);
        return parsed.GetOrAdd(versionId, TariffJson.ReadPublished(definition));
    }
}

/// <summary>Which version was in force in which lot from when on.</summary>
public sealed class LotTariffTable(IReadOnlyList<LotTariffTable.Row> rows)
{
    /// <summary>A version, from when on it prices entries, and from when until when the lot uses its tariff.</summary>
    public readonly record struct Row(Guid LotId, DateTimeOffset UsedFrom, DateTimeOffset? UsedUntil, Guid VersionId, int Number,
        DateTimeOffset From);

    /// <summary>The version that prices an entry at that instant; null where the lot had none yet. Of two that begin together, the
    /// newer one replaces the older.</summary>
    public Guid? VersionAt(Guid lotId, DateTimeOffset entry)
    {
        Row? best = null;
        foreach (var row in rows)
            if (row.LotId == lotId && row.UsedFrom <= entry && !(row.UsedUntil <= entry) && row.From <= entry
                && (best is not { } b || (row.From, row.Number).CompareTo((b.From, b.Number)) > 0))
                best = row;
        return best?.VersionId;
    }
}
