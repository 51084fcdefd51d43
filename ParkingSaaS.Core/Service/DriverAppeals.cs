using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Service;

/// <summary>What drivers see of their appeals on their phones. The caller has made sure that the stay is theirs.</summary>
public sealed class DriverAppeals(CitySessions sessions)
{
    /// <summary>The appeals about a stay, oldest first.</summary>
    public async Task<IReadOnlyList<Appeal>> OfStayAsync(Actor actor, Guid orderId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, ServicePermissions.Appeal, ct);
        return await s.Db.Set<Appeal>().AsNoTracking().Where(a => a.OrderId == orderId).OrderBy(a => a.FiledAt).ToListAsync(ct);
    }
}
