using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>A person says of two orders with plates that look alike whether they are one car. If so, the order with the right plate stays
/// and has all that was seen; the other is struck out, owes nothing and stands nowhere.</summary>
public sealed class SettleMisread(CitySessions sessions, OrderChanges changes)
{
    /// <summary>They are one car, and the first has the right plate.</summary>
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> SameCarAsync(Actor actor, Guid rightId, Guid wrongId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<Order>().FindAsync([rightId], ct) is not { } right || await s.Db.Set<Order>().FindAsync([wrongId], ct) is not { } wrong)
            return new NotFound("order");
        var into = right.Id.ToString();
        if (wrong.State is OrderState.Void && await s.Db.Set<OrderOperation>()
                .AnyAsync(o => o.OrderId == wrong.Id && o.Kind == OrderOperationKind.Merged && o.Detail == into, ct))
            return new Done();
        if (!AreLinked(right, wrong))
            return new NotFound("order");
        if (right.State is OrderState.Void)
            return new WrongState(right.State);
        if (wrong.Received != Money.Zero)
            return new MoneyReceived(wrong.Received, s.City.Currency);
        if (!OrderTransitions.Allows(wrong.State, OrderState.Void))
            return new WrongState(wrong.State);
        // What is right has no entry, and what is wrong has one: of another car, which would be lost.
        if (right.EnteredAt is null && wrong.EnteredAt is not null)
            return new NoMatch();
        var owed = wrong.Owed;
        wrong.Go(OrderState.Void);
        foreach (var passage in await s.Db.Set<Passage>().Where(p => p.OrderId == wrong.Id).ToListAsync(ct))
            (passage.OrderId, passage.Outcome) = (right.Id, PassageOutcome.Repeated);
        right.Plate ??= wrong.Plate;
        right.Anomalies = (right.Anomalies & ~(right.Plate is null ? OrderAnomaly.None : OrderAnomaly.NoPlate)) | OrderAnomaly.Corrected;
        // The first of the two readings is when it came, as long as nothing has been worked out from the other.
        if (right is { State: OrderState.Parked, EnteredAt: { } entered } && wrong.EnteredAt is { } earlier && earlier < entered)
            (right.EnteredAt, right.EntryLaneId) = (earlier, wrong.EntryLaneId);
        await MisreadPairs.PutInPlaceAsync(s, wrong, right, ct);
        List<(Guid, Order?, string)> wanted = [];
        // It was misread twice: what left under the wrong plate has left.
        if (right is { State: OrderState.Parked, ExitedAt: null } && wrong.ExitedAt is { } left && left > right.EnteredAt)
        {
            (right.ExitedAt, right.ExitLaneId) = (left, wrong.ExitLaneId);
            if (!(await changes.SettleAsync(s, right, ct)).Try(out var asked, out var error))
                return error;
            wanted.AddRange(asked);
        }
        OrderOperation.Log(s, right, OrderOperationKind.MisreadJoined, actor.Name, s.Now, right.Owed, $"{wrong.Plate ?? "–"}: {reason!.Trim()}");
        OrderOperation.Log(s, wrong, OrderOperationKind.Merged, actor.Name, s.Now, owed, into);
        return await changes.SaveAsync(s, wanted, ct);
    }

    /// <summary>They are two cars.</summary>
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> TwoCarsAsync(Actor actor, Guid orderId, Guid otherId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<Order>().FindAsync([orderId], ct) is not { } order || await s.Db.Set<Order>().FindAsync([otherId], ct) is not { } other)
            return new NotFound("order");
        if (!AreLinked(order, other))
            return new Done();
        await MisreadPairs.ForgetAsync(s, order, other, ct);
        OrderOperation.Log(s, order, OrderOperationKind.TwoCars, actor.Name, s.Now, detail: $"{other.Plate ?? "–"}: {reason!.Trim()}");
        OrderOperation.Log(s, other, OrderOperationKind.TwoCars, actor.Name, s.Now, detail: $"{order.Plate ?? "–"}: {reason!.Trim()}");
        return await changes.SaveAsync(s, commands: [], ct);
    }

    static bool AreLinked(Order a, Order b) => a.MisreadOf == b.Id || b.MisreadOf == a.Id;
}
