using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>Keeps what the device broker has to find again after a restart.</summary>
public sealed class BrokerStates(CitySessions sessions)
{
    /// <summary>All pieces of a node, in the order in which they came to be.</summary>
    public async Task<IReadOnlyList<BrokerState>> LoadAsync(string city, string node, CancellationToken ct)
    {
        await using var s = await OpenAsync(city, ct);
        return await s.Db.Set<BrokerState>().AsNoTracking().Where(b => b.Node == node).OrderBy(b => b.Sequence).ToListAsync(ct);
    }

    /// <summary>Makes all changes, in their order, in one transaction. Making them again changes nothing.</summary>
    public async Task SaveAsync(string city, string node, IReadOnlyList<BrokerChange> changes, CancellationToken ct)
    {
        HashSet<string> cleared = [];
        // what came last counts; an owner that is cleared may get new pieces afterwards
        Dictionary<(string Owner, string Item), (int Order, byte[]? Data)> pieces = [];
        for (var i = 0; i < changes.Count; i++)
        {
            var (owner, item, data) = changes[i];
            if (item is not null)
            {
                pieces[(owner, item)] = (i, data);
                continue;
            }
            cleared.Add(owner);
            foreach (var key in pieces.Keys.Where(k => k.Owner == owner).ToArray())
                pieces.Remove(key);
        }

        await using var s = await OpenAsync(city, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        if (cleared.Count > 0)
            await s.Db.Set<BrokerState>().Where(b => b.Node == node && cleared.Contains(b.Owner)).ExecuteDeleteAsync(ct);
        await DeleteAsync(s, node, [.. pieces.Where(p => p.Value.Data is null).Select(p => p.Key)], ct);
        await WriteAsync(s, node, [.. pieces.Where(p => p.Value.Data is not null).OrderBy(p => p.Value.Order).Select(p => (p.Key, p.Value.Data!))], ct);
        await transaction.CommitAsync(ct);
    }

    static Task DeleteAsync(CitySession s, string node, (string Owner, string Item)[] keys, CancellationToken ct) =>
        keys.Length == 0 ? Task.CompletedTask : BulkSql.ExecuteAsync(s.Db, """
            DELETE FROM broker_states b USING unnest($2, $3) AS k (owner, item)
            WHERE b.node = $1 AND b.owner = k.owner AND b.item = k.item
            """, ct, node, keys.Select(k => k.Owner).ToArray(), keys.Select(k => k.Item).ToArray());

    static Task WriteAsync(CitySession s, string node, ((string Owner, string Item) Key, byte[] Data)[] pieces, CancellationToken ct) =>
        pieces.Length == 0 ? Task.CompletedTask : BulkSql.ExecuteAsync(s.Db, """
            INSERT INTO broker_states (node, owner, item, data)
            SELECT $1, owner, item, data FROM unnest($2, $3, $4) AS t (owner, item, data)
            ON CONFLICT (node, owner, item) DO UPDATE SET sequence = EXCLUDED.sequence, data = EXCLUDED.data
            """, ct, node, pieces.Select(p => p.Key.Owner).ToArray(), pieces.Select(p => p.Key.Item).ToArray(), pieces.Select(p => p.Data).ToArray());

    Task<CitySession> OpenAsync(string city, CancellationToken ct) =>
        sessions.OpenAsync(DeviceStates.ActorOf(city), DevicePermissions.Connect, ct);
}
