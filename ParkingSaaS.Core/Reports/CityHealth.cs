using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Reports;

/// <summary>How a city does, in counts: nobody's data.</summary>
/// <param name="Bytes">Size of its database.</param>
/// <param name="Schema">The newest migration that its tables have.</param>
/// <param name="Lots">Lots in use.</param>
/// <param name="Parked">Cars in now.</param>
/// <param name="Devices">Devices in use that were here at least once.</param>
/// <param name="Online">Of them, those that are connected.</param>
/// <param name="LastEventAt">When a device last told something; null where none ever did.</param>
public sealed record CityHealth(long Bytes, string Schema, int Lots, int Parked, int Devices, int Online, DateTimeOffset? LastEventAt);

/// <summary>How all active cities do, for the administrator of the platform. A city whose database does not answer in time is missing.</summary>
public sealed class CityHealthFigures(PlatformSessions platform, CitySessions sessions, CityDirectory directory)
{
    /// <summary>How long a city is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Count what a city has.</summary>
    const string Permission = "cities.health";

    static Actor ActorOf(string city) => Actor.Job(city, "health", Permission);

    /// <returns>By the city's code.</returns>
    /// <exception cref="AccessDeniedException">The actor may not manage cities.</exception>
    public async Task<IReadOnlyDictionary<string, CityHealth>> RunAsync(Actor actor, CancellationToken ct)
    {
        await using (platform.Open(actor, TenancyPermissions.ManageCities))
        {
            // Only asked whether the actor may.
        }
        var found = new ConcurrentDictionary<string, CityHealth>();
        await Parallel.ForEachAsync(directory.Active, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (city, stop) =>
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            try
            {
                found[city.Code] = await ReadAsync(city.Code, patience.Token);
            }
            catch (Exception e) when (!ct.IsCancellationRequested && e is DbException or InvalidOperationException or KeyNotFoundException
                or OperationCanceledException)
            {
                // Missing says it; why, the log of its database's probe does.
            }
        });
        return found;
    }

    async Task<CityHealth> ReadAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), Permission, ct);
        var bytes = await BulkSql.QueryAsync(s.Db, "SELECT pg_database_size(current_database())", row => row.GetInt64(0), ct);
        var devices = s.Db.Set<Device>().Where(d => d.RetiredAt == null && d.LastSeenAt != null);
        var lots = s.Db.Set<Lot>().Where(l => l.RetiredAt == null);
        return new CityHealth(bytes[0], (await s.Db.Database.GetAppliedMigrationsAsync(ct)).Last(), await lots.CountAsync(ct),
            await s.Db.Set<Order>().CountAsync(Order.IsInLot, ct), await devices.CountAsync(ct), await devices.CountAsync(d => d.Online, ct),
            // The newest of each lot is the first in the index; of all at once it would have to be looked for.
            await lots.Select(l => s.Db.Set<DeviceMessage>().Where(m => m.LotId == l.Id).OrderByDescending(m => m.ReceivedAt)
                .Select(m => (DateTimeOffset?)m.ReceivedAt).FirstOrDefault()).MaxAsync(ct));
    }
}
