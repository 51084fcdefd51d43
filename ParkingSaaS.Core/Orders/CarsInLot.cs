using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Counts by <see cref="Order.IsInLot"/>.</summary>
sealed class CarsInLot : ICarsInLot
{
    /// <inheritdoc/>
    public Task<int> CountAsync(CitySession s, Guid lotId, Guid? berthId, CancellationToken ct) =>
        s.Db.Set<Order>().Where(Order.IsInLot).CountAsync(o => o.LotId == lotId && (berthId == null || o.BerthId == berthId), ct);
}
