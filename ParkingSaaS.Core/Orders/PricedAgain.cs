using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Stays that are over and priced, and cost something else because something has changed that their fee hangs on. What is paid stays as
/// it is, and is marked for a person.</summary>
static class PricedAgain
{
    /// <summary>A tariff may look at what the car had before in the lot, on whichever berth: free minutes once a day, a day's cap. The stays
    /// after this one that are priced already are held against it. With a window those of the same berth or lane are left out, whose history is
    /// being read.</summary>
    /// <returns>Those that changed.</returns>
    public static async Task<List<Order>> LaterAsync(CitySession s, Pricing pricing, Lot lot, Order order, string by, CancellationToken ct,
        StayWindow? window = null)
    {
        var changed = new List<Order>();
        if (order is not { Plate: { } plate, EnteredAt: { } entered } || !await pricing.DependsOnEarlierAsync(s, order, ct))
            return changed;
        var found = await s.Db.Set<Order>()
            .Where(o => o.LotId == order.LotId && o.Plate == plate && o.EnteredAt > entered && o.ExitedAt != null).ToListAsync(ct);
        var later = found.Union(StayWindow.OfPlate(s, window, order.LotId, plate).Where(o => o.EnteredAt > entered))
            .Where(o => o is { State: OrderState.Completed or OrderState.AwaitingPayment or OrderState.Arrears, ExitedAt: not null }
                && (window is null || o.BerthId != order.BerthId))
            .OrderBy(o => o.EnteredAt).ToList();
        foreach (var stay in later)
        {
            if (stay.Received > Money.Zero ? await ContradictAsync(stay) : await PriceAgainAsync(stay))
                changed.Add(stay);
        }
        return changed;

        async Task<bool> ContradictAsync(Order stay) => await pricing.CostsOtherwiseAsync(s, lot, stay, ct, window) && Contradict(s, stay, by);

        async Task<bool> PriceAgainAsync(Order stay)
        {
            // A person let its fee go.
            if (stay.State is OrderState.Completed && stay.Anomalies.HasFlag(OrderAnomaly.Corrected))
                return false;
            var owed = stay.Owed;
            if (!await ExitSettlement.SettleAsync(s, pricing, lot, stay, stay.State is OrderState.AwaitingPayment, ct, window) || stay.Owed == owed)
                return false;
            OrderOperation.Log(s, stay, OrderOperationKind.PricedAgain, by, s.Now, stay.Owed);
            return true;
        }
    }

    /// <summary>Marks a stay that something was seen of which cannot be so, or that would cost something else.</summary>
    /// <returns>False where it was marked already.</returns>
    public static bool Contradict(CitySession s, Order order, string by)
    {
        if (order.Anomalies.HasFlag(OrderAnomaly.Contradicted))
            return false;
        order.Anomalies |= OrderAnomaly.Contradicted;
        OrderOperation.Log(s, order, OrderOperationKind.Contradicted, by, s.Now);
        return true;
    }
}
