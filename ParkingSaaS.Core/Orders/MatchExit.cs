using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Joins an exit that has no entry with an entry that has no exit, when a plate was misread or not read. The entry's
/// order takes the exit and is priced; the exit's order is struck out.</summary>
public sealed class MatchExit(CitySessions sessions, OrderChanges changes)
{
    /// <summary>When the car was there at the latest: where the exit's device had a wrong clock, when we heard of it.</summary>
    internal static DateTimeOffset Latest(Order exit, DateTimeOffset exitedAt) =>
        exit.Anomalies.HasFlag(OrderAnomaly.ClockWrong) && exit.CreatedAt > exitedAt ? exit.CreatedAt : exitedAt;

    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid exitOrderId, Guid entryOrderId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<Order>().FindAsync([exitOrderId], ct) is not { } exit || await s.Db.Set<Order>().FindAsync([entryOrderId], ct) is not { } entry)
            return new NotFound("order");
        if (exit.State is OrderState.Void && exit.ExitLaneId == entry.ExitLaneId
            && (exit.ExitedAt == entry.ExitedAt || Latest(exit, exit.ExitedAt!.Value) == entry.ExitedAt))
            return new Done();
        if (exit.State is not OrderState.Unresolved)
            return new WrongState(exit.State);
        if (entry.State is not (OrderState.Parked or OrderState.Unresolved))
            return new WrongState(entry.State);
        if (exit is not { EnteredAt: null, ExitedAt: { } exitedAt } || entry is not { EnteredAt: { } enteredAt, ExitedAt: null, BerthId: null }
            || exit.LotId != entry.LotId)
            return new NoMatch();
        if (enteredAt > exitedAt)
            exitedAt = Latest(exit, exitedAt);
        if (enteredAt > exitedAt)
            return new EntryAfterExit();

        if (await StayWindow.OverlapAsync(s, entry, enteredAt, exitedAt, besides: exit.Id, ct))
            return new StaysOverlap();

        (entry.ExitedAt, entry.ExitLaneId) = (exitedAt, exit.ExitLaneId);
        entry.Plate ??= exit.Plate;
        entry.Anomalies = (entry.Anomalies & ~(OrderAnomaly.NoExit | OrderAnomaly.Frozen)) | OrderAnomaly.Corrected;
        if (!(await changes.SettleAsync(s, entry, ct)).Try(out var wanted, out var error))
            return error;
        exit.Go(OrderState.Void);
        exit.Anomalies |= OrderAnomaly.Corrected;
        foreach (var passage in await s.Db.Set<Passage>().Where(p => p.OrderId == exit.Id).ToListAsync(ct))
            (passage.OrderId, passage.Outcome) = (entry.Id, PassageOutcome.Closed);
        entry.Anomalies |= exit.Anomalies & OrderAnomaly.ClockWrong;
        OrderOperation.Log(s, entry, OrderOperationKind.ExitMatched, actor.Name, s.Now, entry.Owed, $"{exit.Plate ?? "–"}: {reason!.Trim()}");
        OrderOperation.Log(s, exit, OrderOperationKind.MatchedToEntry, actor.Name, s.Now, detail: entry.Plate ?? "");
        return await changes.SaveAsync(s, wanted, ct);
    }
}
