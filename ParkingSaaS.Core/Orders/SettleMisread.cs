using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>A person says of two orders with plates that look alike whether they are one car. If so, the order with the right plate stays
/// and has all that was seen; the other is struck out, owes nothing and stands nowhere.</summary>
public sealed class SettleMisread(CitySessions sessions, OrderChanges changes)
{
    /// <summary>They are one car, and this order has the right plate.</summary>
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> SameCarAsync(Actor actor, Guid rightId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await PairAsync(s, rightId, ct) is not { } pair)
            return new NotFound("order");
        var (right, wrong) = pair;
        if (right.State is OrderState.Void)
            return new WrongState(right.State);
        if (wrong.State is OrderState.Void)
            return new Done();
        if (wrong.Received != Money.Zero)
            return new MoneyReceived(wrong.Received, s.City.Currency);
        if (!OrderTransitions.Allows(wrong.State, OrderState.Void))
            return new WrongState(wrong.State);
        var owed = wrong.Owed;
        wrong.Go(OrderState.Void);
        foreach (var passage in await s.Db.Passages.Where(p => p.OrderId == wrong.Id).ToListAsync(ct))
            (passage.OrderId, passage.Outcome) = (right.Id, PassageOutcome.Repeated);
        right.Anomalies |= OrderAnomaly.Corrected;
        // The first of the two readings is when it came, as long as nothing has been worked out from the other.
        if (right is { State: OrderState.Parked, EnteredAt: { } entered } && wrong.EnteredAt is { } earlier && earlier < entered)
            (right.EnteredAt, right.EntryLaneId) = (earlier, wrong.EntryLaneId);
        Forget(right, wrong);
        List<(Guid, Order?, string)> wanted = [];
        // It was misread twice: what left under the wrong plate has left.
        if (right is { State: OrderState.Parked, ExitedAt: null } && wrong.ExitedAt is { } left && left > right.EnteredAt)
        {
            (right.ExitedAt, right.ExitLaneId) = (left, wrong.ExitLaneId);
            if (!(await changes.SettleAsync(s, right, ct)).Try(out var asked, out var error))
                return error;
            wanted.AddRange(asked);
        }
        StayBook.Log(s, right, "misread-joined", actor.Name, s.Now, right.Owed, wrong.Plate ?? "");
        StayBook.Log(s, wrong, "merged", actor.Name, s.Now, owed, right.Id.ToString());
        return await changes.SaveAsync(s, wanted, ct);
    }

    /// <summary>They are two cars.</summary>
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> TwoCarsAsync(Actor actor, Guid orderId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Orders.FindAsync([orderId], ct) is { MisreadOf: null })
            return new Done();
        if (await PairAsync(s, orderId, ct) is not { } pair)
            return new NotFound("order");
        var (order, other) = pair;
        Forget(order, other);
        StayBook.Log(s, order, "two-cars", actor.Name, s.Now, detail: other.Plate ?? "");
        StayBook.Log(s, other, "two-cars", actor.Name, s.Now, detail: order.Plate ?? "");
        return await changes.SaveAsync(s, commands: [], ct);
    }

    static async Task<(Order, Order)?> PairAsync(CitySession s, Guid id, CancellationToken ct) =>
        await s.Db.Orders.FindAsync([id], ct) is { MisreadOf: { } other } order && await s.Db.Orders.FindAsync([other], ct) is { } found ? (order, found) : null;

    static void Forget(Order order, Order other)
    {
        foreach (var one in new[] { order, other })
            (one.MisreadOf, one.Anomalies) = (null, one.Anomalies & ~OrderAnomaly.Misread);
    }
}
