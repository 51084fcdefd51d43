using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>A person has looked at a stay that was marked, and says that it stays as it is: something else was seen of it when it was paid or decided, and
/// what contradicts it later marks it again; or <see cref="FreezeStays"/> has frozen it, which it does not do again for the same reason.</summary>
public sealed class KeepStay(CitySessions sessions, OrderChanges changes)
{
    /// <param name="mark"><see cref="OrderAnomaly.Contradicted"/> or <see cref="OrderAnomaly.Frozen"/>.</param>
    /// <param name="reason">How that is known; 1–200 characters.</param>
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid orderId, OrderAnomaly mark, string? reason, CancellationToken ct)
    {
        var kind = mark switch
        {
            OrderAnomaly.Contradicted => OrderOperationKind.ContradictionSettled,
            OrderAnomaly.Frozen => OrderOperationKind.FreezeLifted,
            _ => throw new ArgumentOutOfRangeException(nameof(mark), mark, "No such mark is a person's to lift")
        };
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<Order>().FindAsync([orderId], ct) is not { } order)
            return new NotFound("order");
        if (!order.Anomalies.HasFlag(mark))
            return new Done();
        order.Anomalies &= ~mark;
        OrderOperation.Log(s, order, kind, actor.Name, s.Now, detail: reason!.Trim());
        return await changes.SaveAsync(s, commands: [], ct);
    }
}
