using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>A person has looked at a stay that was paid or decided when something else was seen of it, and says that it stays as it is. What
/// contradicts it later marks it again.</summary>
public sealed class SettleContradiction(CitySessions sessions, OrderChanges changes)
{
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid orderId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<Order>().FindAsync([orderId], ct) is not { } order)
            return new NotFound("order");
        if (!order.Anomalies.HasFlag(OrderAnomaly.Contradicted))
            return new Done();
        order.Anomalies &= ~OrderAnomaly.Contradicted;
        OrderOperation.Log(s, order, OrderOperationKind.ContradictionSettled, actor.Name, s.Now, detail: reason!.Trim());
        return await changes.SaveAsync(s, commands: [], ct);
    }
}
