using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Finds the tariff version that prices a stay. Parsed versions are kept in memory, those that were asked for last: a
/// published version never changes.</summary>
public sealed class TariffsInForce : IDisposable
{
    /// <summary>Of all cities; a version takes some kilobytes.</summary>
    const int MostKept = 5_000;

    readonly MemoryCache parsed = new(new MemoryCacheOptions { SizeLimit = MostKept });

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
        if (parsed.TryGetValue(versionId, out Tariff? tariff))
            return tariff!;
        var definition = await s.Db.Set<TariffVersion>().Where(v => v.Id == versionId).Select(v => v.Definition).SingleAsync(ct);
        return parsed.Set(versionId, TariffJson.ReadPublished(definition), new MemoryCacheEntryOptions { Size = 1 });
    }

    /// <inheritdoc/>
    public void Dispose() => parsed.Dispose();
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
