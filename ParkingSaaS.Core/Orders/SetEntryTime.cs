using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>When a car came in of which only the exit was seen.</summary>
/// <param name="OrderId">The unresolved order.</param>
/// <param name="EnteredAt">When it came in, as the driver or a picture says.</param>
/// <param name="Reason">How that is known.</param>
public sealed record EntryTimeRequest(Guid OrderId, DateTimeOffset EnteredAt, string? Reason);

/// <summary>Gives an exit without entry its entry by hand, and prices the stay.</summary>
public sealed class SetEntryTime(CitySessions sessions, TariffsInForce tariffs, OrderChanges changes)
{
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, EntryTimeRequest request, CancellationToken ct)
    {
        if (Check.Required("Reason", request.Reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<Order>().FindAsync([request.OrderId], ct) is not { } order)
            return new NotFound("order");
        var entry = Instant.Cut(request.EnteredAt);
        if (order.EnteredAt == entry)
            return new Done();
        if (order is not { State: OrderState.Unresolved, EnteredAt: null, ExitedAt: { } exit })
            return new WrongState(order.State);
        if (entry > exit)
            return new EntryAfterExit();
        if (await StayWindow.OverlapAsync(s, order, entry, exit, besides: order.Id, ct))
            return new StaysOverlap();
        order.EnteredAt = entry;
        order.TariffVersionId = (await tariffs.ForLotsAsync(s, [order.LotId], ct)).VersionAt(order.LotId, entry);
        order.Anomalies = (order.Anomalies & ~OrderAnomaly.NoEntry) | OrderAnomaly.Corrected;
        if (!(await changes.SettleAsync(s, order, ct)).Try(out var wanted, out var error))
            return error;
        OrderOperation.Log(s, order, OrderOperationKind.EntrySet, actor.Name, s.Now, order.Owed, request.Reason!.Trim());
        return await changes.SaveAsync(s, wanted, ct);
    }
}
