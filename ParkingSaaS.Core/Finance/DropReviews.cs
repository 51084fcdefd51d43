using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance;

/// <summary>Ends what somebody asked for of an order that is struck out: there is no money of it to pay back or to give up any more. Of what it became a
/// part of, it is asked for again where it is still wanted.</summary>
public sealed class DropReviews : IStruckOut
{
    /// <inheritdoc/>
    public async Task EndAsync(CitySession s, IReadOnlyCollection<Order> orders, CancellationToken ct)
    {
        var gone = orders.ToDictionary(o => o.Id);
        foreach (var review in await s.Db.Set<Review>().Where(r => gone.Keys.Contains(r.OrderId) && r.State == ReviewState.Open).ToListAsync(ct))
            DecideReview.End(s, review, gone[review.OrderId], ReviewState.Dropped, "");
    }
}
