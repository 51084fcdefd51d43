using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>A person says how much is to be paid for a stay that is over: less than its fee, or as much again. The fee stays as the tariff has it; what is
/// let go of it is a discount. Where more was paid by then, it can be paid back.</summary>
public sealed class ChangeAmount(CitySessions sessions, OrderChanges changes)
{
    /// <param name="amount">What is to be paid in all; from nothing to the fee.</param>
    /// <param name="reason">Why; 1–200 characters.</param>
    /// <exception cref="AccessDeniedException">The actor may not change amounts.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid orderId, Money amount, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.ChangeAmount, ct);
        if (await s.Db.Set<Order>().FindAsync([orderId], ct) is not { } order)
            return new NotFound("order");
        if (!Order.Charged.Contains(order.State) || order.WrittenOff > Money.Zero)
            return new WrongState(order.State);
        if (amount < Money.Zero || amount > order.Receivable)
            return new InvalidField("Amount", "out-of-range");
        if (order.Due == amount)
            return new Done();
        order.Discount = order.Receivable - amount;
        order.Anomalies = (order.Anomalies & ~OrderAnomaly.Frozen) | OrderAnomaly.Corrected;
        order.Become(order.Owed == Money.Zero ? OrderState.Completed
            : order.State is OrderState.AwaitingPayment ? OrderState.AwaitingPayment : OrderState.Arrears);
        OrderOperation.Log(s, order, OrderOperationKind.AmountChanged, actor.Name, s.Now, amount, reason!.Trim());
        return await changes.SaveAsync(s, await changes.AtGateAsync(s, order, ct), ct);
    }
}
