using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Takes back what ended a stay. One that was struck out stands again, and is priced where both its ends are known. One that is over loses its
/// exit: the car is still in or, where it has come in again since, nobody knows when it left. What was paid stays with it.</summary>
public sealed class ReopenOrder(CitySessions sessions, OrderChanges changes)
{
    /// <param name="reason">Why; 1–200 characters.</param>
    /// <exception cref="AccessDeniedException">The actor may not reopen.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid orderId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Reopen, ct);
        if (await s.Db.Set<Order>().FindAsync([orderId], ct) is not { } order)
            return new NotFound("order");
        if (order.State is OrderState.Parked or OrderState.Unresolved)
            return new Done();
        if (order.State is OrderState.Void)
        {
            if (await IsPartOfAnotherAsync(s, order, ct))
                return new PartOfAnother();
        }
        else if (order.WrittenOff > Money.Zero || order.EnteredAt is null)
        {
            return new WrongState(order.State);
        }
        else
        {
            foreach (var reading in await s.Db.Set<Passage>().Where(p => p.OrderId == order.Id && !p.Entering).ToListAsync(ct))
                reading.Outcome = PassageOutcome.TurnedBack;
            (order.ExitedAt, order.ExitLaneId, order.SeenUntil) = (null, null, null);
        }
        order.Anomalies |= OrderAnomaly.Corrected;
        order.Become(OrderState.Unresolved);
        List<(Guid, Order?, string)>? wanted = [];
        if (order is { EnteredAt: { } entry, ExitedAt: { } exit })
        {
            if (await StayWindow.OverlapAsync(s, order, entry, exit, besides: order.Id, ct))
                return new StaysOverlap();
            if (!(await changes.SettleAsync(s, order, ct)).Try(out wanted, out var error))
                return error;
        }
        else if (order.EnteredAt is not null)
        {
            if (await OpenAsync(s, order, ct) is { } refused)
                return refused;
            wanted = await changes.LaterAsync(s, order, ct);
        }
        OrderOperation.Log(s, order, OrderOperationKind.Reopened, actor.Name, s.Now, order.Owed, reason!.Trim());
        return await changes.SaveAsync(s, wanted, ct);
    }

    /// <summary>What was seen of it is another order's now.</summary>
    static async Task<bool> IsPartOfAnotherAsync(CitySession s, Order order, CancellationToken ct) =>
        (await s.Db.Set<OrderOperation>().Where(o => o.OrderId == order.Id && (o.Kind == OrderOperationKind.Voided
                || o.Kind == OrderOperationKind.Merged || o.Kind == OrderOperationKind.MatchedToEntry))
            .OrderByDescending(o => o.Id).Select(o => (OrderOperationKind?)o.Kind).FirstOrDefaultAsync(ct)) is not OrderOperationKind.Voided;

    /// <summary>The car is in; where it has come in again since, its exit is missing.</summary>
    static async Task<Error?> OpenAsync(CitySession s, Order order, CancellationToken ct)
    {
        order.Charge(Money.Zero, null);
        order.BusinessDate = s.City.Zone.Date(order.Start);
        var (others, entered) = (StayWindow.OthersOf(s, order), order.EnteredAt);
        if (await others.AnyAsync(o => (o.EnteredAt ?? o.ExitedAt) >= entered || o.ExitedAt > entered, ct))
            order.Anomalies |= OrderAnomaly.NoExit;
        else if (await others.AnyAsync(o => o.State == OrderState.Parked || o.State == OrderState.AwaitingPayment, ct))
            return new PlateTaken(order.Plate ?? "–");
        else
            order.Become(OrderState.Parked);
        return null;
    }
}
