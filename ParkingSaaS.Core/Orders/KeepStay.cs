using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>A person has looked at a stay that <see cref="FreezeStays"/> has frozen, and it is right as it is. It is not frozen for the same reason
/// again.</summary>
public sealed class KeepStay(CitySessions sessions, OrderChanges changes)
{
    /// <param name="reason">How that is known; 1–200 characters.</param>
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid orderId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<Order>().FindAsync([orderId], ct) is not { } order)
            return new NotFound("order");
        if (!order.Anomalies.HasFlag(OrderAnomaly.Frozen))
            return new Done();
        order.Anomalies &= ~OrderAnomaly.Frozen;
        OrderOperation.Log(s, order, OrderOperationKind.FreezeLifted, actor.Name, s.Now, detail: reason!.Trim());
        return await changes.SaveAsync(s, commands: [], ct);
    }
}
