using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>An attendant raises a gate.</summary>
/// <param name="Id">Made up by the screen, so that a second click is the same command.</param>
/// <param name="Reason">Why, in the attendant's words.</param>
public sealed record OpenGateRequest(Guid Id, Guid LaneId, string? Reason);

/// <summary>Raises a gate for a reason. Who stood there and had not paid owes arrears from now on.</summary>
public sealed class OpenGateByHand(CitySessions sessions, Gates gates, OrderChanges changes)
{
    /// <summary>The longest reason that is kept.</summary>
    public const int MaxReason = 200;

    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, OpenGateRequest request, CancellationToken ct)
    {
        if (Check.Required("Reason", request.Reason, MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<DeviceCommand>().AnyAsync(c => c.Id == request.Id, ct))
            return new Done();
        if (await s.Db.Set<Lane>().FirstOrDefaultAsync(l => l.Id == request.LaneId && l.RetiredAt == null, ct) is not { } lane)
            return new NotFound("lane");
        var reason = request.Reason!.Trim();
        var standsSince = s.Now - ExitSettlement.StandingWindow;
        var waiting = await s.Db.Set<Order>().Where(o => o.ExitLaneId == lane.Id
                && (o.State == OrderState.AwaitingPayment || o.State == OrderState.Unresolved && o.ExitedAt >= standsSince))
            .OrderByDescending(o => o.ExitedAt).ToListAsync(ct);
        var commands = await gates.AddByHandAsync(s, request.Id, lane.Id, waiting.FirstOrDefault(), reason, ct);
        if (commands.Count == 0 && waiting.Count == 0)
            return new NoGate();
        foreach (var order in waiting)
        {
            if (order.State is OrderState.AwaitingPayment)
                order.Go(OrderState.Arrears);
            OrderOperation.Log(s, order, OrderOperationKind.GateOpened, actor.Name, s.Now, order.Owed, reason);
        }
        return await changes.SaveAsync(s, commands, ct);
    }
}
