using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Marks a stay for what its tariff charges by hand, such as the double for a car across two berths, or takes that back. The
/// fee changes at once.</summary>
public sealed class MarkOrder(CitySessions sessions, TariffsInForce tariffs, OrderChanges changes)
{
    /// <param name="orderId">A stay that is open or unpaid, of which nothing is paid yet.</param>
    /// <param name="marked">True to mark it, false to take the mark back.</param>
    /// <param name="reason">Why; 1–200 characters.</param>
    /// <exception cref="AccessDeniedException">The actor may not mark.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid orderId, bool marked, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Mark, ct);
        if (await s.Db.Set<Order>().FindAsync([orderId], ct) is not { } order)
            return new NotFound("order");
        if (order.MarkReason is not null == marked)
            return new Done();
        if (!IsOpen(order.State))
            return new WrongState(order.State);
        if (order.Received > Money.Zero)
            return new AlreadyPaid(order.Received, s.City.Currency);
        if (marked && !await OfferedAsync(s, order, ct))
            return new NothingByHand();
        order.MarkReason = marked ? reason!.Trim() : null;
        List<(Guid, Order?, string)>? wanted = [];
        if (order.State is OrderState.AwaitingPayment or OrderState.Arrears && !(await changes.PriceAgainAsync(s, order, ct)).Try(out wanted, out var error))
            return error;
        OrderOperation.Log(s, order, marked ? OrderOperationKind.Marked : OrderOperationKind.Unmarked, actor.Name, s.Now, order.Owed, reason!.Trim());
        return await changes.SaveAsync(s, wanted, ct);
    }

    /// <summary>Whether marking can change the order's fee now.</summary>
    public async ValueTask<bool> OfferedAsync(CitySession s, Order order, CancellationToken ct) =>
        IsOpen(order.State) && order.Received == Money.Zero && order.TariffVersionId is { } version
        && (await tariffs.RulesAsync(s, version, ct)).HasByHand;

    static bool IsOpen(OrderState state) => state is not (OrderState.Completed or OrderState.Void);
}
