using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Strikes out an order that should not be: a misreading, a visit of the fire brigade.</summary>
public sealed class VoidOrder(CitySessions sessions, OrderChanges changes)
{
    /// <exception cref="AccessDeniedException">The actor may not strike out.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid orderId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Void, ct);
        if (await s.Db.Set<Order>().FindAsync([orderId], ct) is not { } order)
            return new NotFound("order");
        if (order.State is OrderState.Void)
            return new Done();
        if (order.Received != Money.Zero)
            return new MoneyReceived(order.Received, s.City.Currency);
        if (!OrderTransitions.Allows(order.State, OrderState.Void))
            return new WrongState(order.State);
        var owed = order.Owed;
        order.Go(OrderState.Void);
        OrderOperation.Log(s, order, OrderOperationKind.Voided, actor.Name, s.Now, owed, reason!.Trim());
        return await changes.SaveAsync(s, await changes.LaterAsync(s, order, ct), ct);
    }
}
