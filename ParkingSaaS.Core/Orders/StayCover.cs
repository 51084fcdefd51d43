using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>The time of a stay that passes make free, as docs/exit-decision.md says.</summary>
static class StayCover
{
    /// <summary>In order of time. Where several passes cover the same time, the one with the smallest number does.</summary>
    internal static async Task<IReadOnlyList<PassCover>> OfAsync(CitySession s, StayWindow? window, PlateLists cars, Lot lot, Order order, DateTimeOffset entry,
        DateTimeOffset until, CancellationToken ct)
    {
        if (!await cars.HaveHadPassAsync(order.Plate, order.BerthId, ct))
            return [];
        var stay = new PassStay(order.Id, order.Plate, entry, until);
        var covers = new List<PassCover>();
        foreach (var pass in await PassInForce.OfAsync(s, lot.Id, order.Plate, order.BerthId, entry, until, ct))
        {
            var plates = pass.ByBerth ? [] : pass.AllPlates.Where(p => p != order.Plate).ToArray();
            var others = plates.Length >= pass.Places ? await OthersAsync(s, window, cars, pass, plates, entry, until, ct) : [];
            covers.AddRange(pass.Covered(stay, others).Without([.. covers.Select(c => c.Time)]).Select(time => new PassCover(time, pass.Number)));
        }
        return [.. covers.OrderBy(c => c.Time.From)];
    }

    /// <summary>Stays of the pass's other cars in that time. A car that a list decides about takes no place; one whose exit was missed is
    /// gone when it comes in again, wherever that is.</summary>
    static async Task<IReadOnlyList<PassStay>> OthersAsync(CitySession s, StayWindow? window, PlateLists cars, PassInForce pass, string[] plates,
        DateTimeOffset entry, DateTimeOffset until, CancellationToken ct)
    {
        var orders = s.Db.Set<Order>().IgnoreQueryFilters([CityDb.ScopeFilter]);
        // Tracked, as some of them may have been changed in this unit of work; those opened in it are known only here.
        var found = await orders
            .Where(o => plates.Contains(o.Plate) && o.EnteredAt < until && (o.ExitedAt > entry || (o.ExitedAt == null && o.State == OrderState.Parked
                && !orders.Any(x => x.Plate == o.Plate && x.EnteredAt > o.EnteredAt && x.EnteredAt <= entry && x.State != OrderState.Void))))
            .ToListAsync(ct);
        var byPlate = found.Union(StayWindow.Known(s, window).Where(o => plates.Contains(o.Plate)))
            .Where(o => o.State is not OrderState.Void && o.EnteredAt < until && (o.ExitedAt is not null || o.State is OrderState.Parked))
            .ToLookup(o => o.Plate!);
        var stays = new List<PassStay>();
        foreach (var order in byPlate.SelectMany(car => car).Where(o => pass.Lots?.Contains(o.LotId) ?? true))
        {
            var again = byPlate[order.Plate!].Where(o => o.EnteredAt > order.EnteredAt).Min(o => o.EnteredAt);
            var exit = new[] { order.ExitedAt, again, until }.Min()!.Value;
            if (exit > entry && (await cars.DecideAsync(order.LotId, order.Plate, exit, ct)).Rule is null)
                stays.Add(new PassStay(order.Id, order.Plate, order.EnteredAt!.Value, exit));
        }
        return stays;
    }
}
