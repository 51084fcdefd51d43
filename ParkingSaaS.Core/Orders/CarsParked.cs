using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Answers <see cref="Lots.CarsIn"/>: a car is in from its entry until it has left, paid or not.</summary>
static class CarsParked
{
    public static Task<int> CountAsync(CitySession s, Guid lotId, Guid? berthId, CancellationToken ct) => s.Db.Orders.CountAsync(
        o => o.LotId == lotId && (berthId == null || o.BerthId == berthId)
            && (o.State == OrderState.Parked || o.State == OrderState.AwaitingPayment), ct);
}
