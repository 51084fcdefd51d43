using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>When a car left whose exit nobody saw.</summary>
/// <param name="OrderId">The order, which has an entry and no exit.</param>
/// <param name="ExitedAt">When it left, as a picture or the driver says.</param>
/// <param name="LaneId">By which lane; null where that is unknown, and on a street.</param>
/// <param name="Waived">Nothing is charged for the stay. It takes the right to strike out.</param>
/// <param name="Reason">How that is known, and why nothing is charged.</param>
public sealed record ExitTimeRequest(Guid OrderId, DateTimeOffset ExitedAt, Guid? LaneId, bool Waived, string? Reason);

/// <summary>Ends by hand a stay that has lost its exit, and prices it or lets it go.</summary>
public sealed class SetExitTime(CitySessions sessions, OrderChanges changes)
{
    /// <exception cref="AccessDeniedException">The actor works no booth, or may not let a fee go.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, ExitTimeRequest request, CancellationToken ct)
    {
        if (Check.Required("Reason", request.Reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, request.Waived ? OrderPermissions.Void : OrderPermissions.Booth, ct);
        if (await s.Db.Set<Order>().FindAsync([request.OrderId], ct) is not { } order)
            return new NotFound("order");
        var exit = Instant.Cut(request.ExitedAt);
        if (order.ExitedAt == exit)
            return new Done();
        if (order is not { State: OrderState.Parked or OrderState.Unresolved, EnteredAt: { } entry, ExitedAt: null })
            return new WrongState(order.State);
        if (entry > exit)
            return new EntryAfterExit();
        if (exit > s.Now)
            return new InvalidField("ExitedAt", "out-of-range");
        if (request.LaneId is { } id)
        {
            if (await s.Db.Set<Lane>().FirstOrDefaultAsync(l => l.Id == id && l.LotId == order.LotId, ct) is not { } lane)
                return new NotFound("lane");
            if (lane.Direction is LaneDirection.Entry)
                return new WrongLane(lane.Name);
        }
        if (await StayWindow.OverlapAsync(s, order, entry, exit, besides: order.Id, ct))
            return new StaysOverlap();
        (order.ExitedAt, order.ExitLaneId, order.SeenUntil) = (exit, request.LaneId, exit);
        order.Anomalies = (order.Anomalies & ~(OrderAnomaly.NoExit | OrderAnomaly.Frozen)) | OrderAnomaly.Corrected;
        var reason = request.Reason!.Trim();
        List<(Guid, Order?, string)>? wanted = [];
        if (request.Waived)
        {
            order.BusinessDate = s.City.Zone.Date(exit);
            Pricing.Waive(s, order, reason);
            order.Go(OrderState.Completed);
        }
        else if (!(await changes.SettleAsync(s, order, ct)).Try(out wanted, out var error))
            return error;
        OrderOperation.Log(s, order, request.Waived ? OrderOperationKind.ExitSetWaived : OrderOperationKind.ExitSet, actor.Name, s.Now, order.Owed, reason);
        return await changes.SaveAsync(s, wanted, ct);
    }
}
