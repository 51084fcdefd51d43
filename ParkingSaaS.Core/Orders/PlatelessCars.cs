using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Cars at a lane whose plate nobody could read: nothing but place and time says that two readings are of one car.</summary>
sealed class PlatelessCars(CitySession s, StayChanges changes)
{
    // Of this unit of work, not saved yet.
    readonly List<Passage> added = [];

    /// <summary>A car without a plate that stands at a lane is read again and again. What the same camera sees within the repeat window of such
    /// a reading is the same car, in whatever order the readings are told.</summary>
    /// <returns>Its order; null where it is the first reading.</returns>
    public async Task<Order?> JoinStandingAsync(PassageEvent seen, Passage passage, CancellationToken ct)
    {
        if (seen is not { Key: null, LaneId: { } lane, DeviceId: { } camera })
            return null;
        var (from, to) = (seen.At - Timeline.RepeatWindow, seen.At + Timeline.RepeatWindow);
        var kept = await s.Db.Set<Passage>().Where(p => p.LaneId == lane && p.DeviceId == camera && p.Entering == seen.Entering && p.At >= from && p.At <= to)
            .ToListAsync(ct);
        var near = kept.Union(added.Where(p => p.LaneId == lane && p.DeviceId == camera && p.Entering == seen.Entering && p.At >= from && p.At <= to))
            .Where(p => p is { Plate: null, OrderId: not null }).OrderBy(p => p.At).ToList();
        added.Add(passage);
        var (before, after) = (near.LastOrDefault(p => p.At <= seen.At), near.Find(p => p.At > seen.At));
        if ((before ?? after) is not { } neighbour)
            return null;
        var order = (await s.Db.Set<Order>().FindAsync([neighbour.OrderId!.Value], ct))!;
        (passage.Outcome, passage.OrderId) = (PassageOutcome.Repeated, order.Id);
        if (before is null && order.State is OrderState.Parked && order.EnteredAt == after!.At)
            changes.SetEntry(order, passage);
        else if (before is null && order is { State: OrderState.Unresolved, EnteredAt: null } && order.ExitedAt == after!.At)
            order.ExitedAt = seen.At;
        if (before is not null && after is not null && after.OrderId != order.Id)
            await MergeStandingAsync(order, after.OrderId!.Value, seen, ct);
        return order;
    }

    /// <summary>A reading between two others says that they are of one car.</summary>
    async Task MergeStandingAsync(Order order, Guid laterId, PassageEvent seen, CancellationToken ct)
    {
        var later = (await s.Db.Set<Order>().FindAsync([laterId], ct))!;
        if (later.Received > Money.Zero || later.Plate is not null || later.Anomalies.HasFlag(OrderAnomaly.Corrected)
            || later.State is not (OrderState.Parked or OrderState.Unresolved))
            return;
        var readings = await s.Db.Set<Passage>().Where(p => p.OrderId == later.Id).ToListAsync(ct);
        foreach (var reading in readings.Union(added.Where(p => p.OrderId == later.Id)))
            (reading.Outcome, reading.OrderId) = (PassageOutcome.Repeated, order.Id);
        later.Go(OrderState.Void);
        OrderOperation.Log(s, later, OrderOperationKind.Merged, seen.By, seen.At, detail: $"{order.Id:N}");
        changes.Touched.Add(later);
    }
}
