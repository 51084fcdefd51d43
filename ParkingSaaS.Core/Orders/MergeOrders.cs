using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Makes one stay of two: the car never left in between, or its other half was taken for a stay of its own. The one that was paid for stays, else
/// the earlier one; it begins as the earlier and ends as the later. The other is struck out and says where it went.</summary>
public sealed class MergeOrders(CitySessions sessions, OrderChanges changes)
{
    /// <param name="reason">How that is known; 1–200 characters.</param>
    /// <returns>The order that stays.</returns>
    /// <exception cref="AccessDeniedException">The actor may not merge.</exception>
    public async Task<Result<Guid>> RunAsync(Actor actor, Guid oneId, Guid otherId, string? reason, CancellationToken ct)
    {
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Merge, ct);
        if (await s.Db.Set<Order>().FindAsync([oneId], ct) is not { } one || await s.Db.Set<Order>().FindAsync([otherId], ct) is not { } other)
            return new NotFound("order");
        foreach (var (gone, left) in new[] { (one, other), (other, one) })
            if (gone.State is OrderState.Void && await IntoAsync(s, gone, left, ct))
                return left.Id;
        if (Refusal(s, one, other) is { } refusal)
            return refusal;
        var (first, last) = one.Start <= other.Start ? (one, other) : (other, one);
        if (first.EnteredAt is not { } entry)
            return new NoMatch();
        var (read, besides) = first.Plate is null ? (last, first) : (first, last);
        if (await StayWindow.OverlapAsync(s, read, entry, last.ExitedAt ?? s.Now, besides.Id, ct))
            return new StaysOverlap();
        var (kept, merged) = last.Received > Money.Zero ? (last, first) : (first, last);
        var (state, waits) = (last.State, last.State is OrderState.AwaitingPayment or OrderState.Unresolved);
        var owed = merged.Owed;
        await TakeOverAsync(s, first, last, kept, merged, ct);
        List<(Guid, Order?, string)>? wanted = [];
        if (kept.ExitedAt is null)
        {
            kept.Charge(Money.Zero, null);
            kept.Become(state);
            kept.BusinessDate = s.City.Zone.Date(entry);
            kept.Anomalies |= state is OrderState.Unresolved ? OrderAnomaly.NoExit : OrderAnomaly.None;
        }
        else if (!(await changes.SettleAsync(s, kept, ct)).Try(out wanted, out var error))
            return error;
        OrderOperation.Log(s, kept, OrderOperationKind.StaysMerged, actor.Name, s.Now, kept.Owed, reason!.Trim());
        OrderOperation.Log(s, merged, OrderOperationKind.Merged, actor.Name, s.Now, owed, kept.Id.ToString());
        var saved = await changes.SaveAsync(s, waits ? wanted : [], ct);
        return saved.Ok ? kept.Id : saved.Error!;
    }

    /// <summary>The stays right before and after it with which it may be one: of the same car or, on a berth, of one whose plate says nothing else.</summary>
    /// <exception cref="AccessDeniedException">The actor may not merge.</exception>
    public async Task<IReadOnlyList<Order>> CandidatesAsync(Actor actor, Guid orderId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Merge, ct);
        if (await s.Db.Set<Order>().AsNoTracking().FirstOrDefaultAsync(o => o.Id == orderId, ct) is not { } order)
            return [];
        var others = StayWindow.OthersOf(s, order).AsNoTracking();
        var start = order.Start;
        var before = await others.Where(o => (o.EnteredAt ?? o.ExitedAt) <= start).OrderByDescending(o => o.EnteredAt ?? o.ExitedAt).FirstOrDefaultAsync(ct);
        var after = await others.Where(o => (o.EnteredAt ?? o.ExitedAt) > start).OrderBy(o => o.EnteredAt ?? o.ExitedAt).FirstOrDefaultAsync(ct);
        return [.. new[] { before, after }.OfType<Order>().Where(o => AreOneCar(o, order))];
    }

    static bool AreOneCar(Order one, Order other) => one.Plate is null || other.Plate is null || one.Plate == other.Plate;

    static Task<bool> IntoAsync(CitySession s, Order merged, Order kept, CancellationToken ct) => s.Db.Set<OrderOperation>()
        .AnyAsync(o => o.OrderId == merged.Id && o.Kind == OrderOperationKind.Merged && o.Detail == kept.Id.ToString(), ct);

    static Error? Refusal(CitySession s, Order one, Order other)
    {
        if (one.Id == other.Id || one.LotId != other.LotId || one.BerthId != other.BerthId || !AreOneCar(one, other))
            return new NoMatch();
        if (one.State is OrderState.Void || other.State is OrderState.Void)
            return new WrongState(OrderState.Void);
        if (one.WrittenOff > Money.Zero || other.WrittenOff > Money.Zero)
            return new WrongState(OrderState.Arrears);
        return one.Received > Money.Zero && other.Received > Money.Zero ? new MoneyReceived(other.Received, s.City.Currency) : null;
    }

    /// <summary>What was seen of both belongs to the one that stays; what ended the first and began the last was no passage.</summary>
    static async Task TakeOverAsync(CitySession s, Order first, Order last, Order kept, Order merged, CancellationToken ct)
    {
        foreach (var reading in await s.Db.Set<Passage>().Where(p => p.OrderId == first.Id || p.OrderId == last.Id).ToListAsync(ct))
        {
            if (reading.Entering == (reading.OrderId == last.Id))
                reading.Outcome = PassageOutcome.TurnedBack;
            else if (reading.Outcome is PassageOutcome.NoEntry)
                reading.Outcome = PassageOutcome.Closed;
            reading.OrderId = kept.Id;
        }
        var (exit, exitLane, seen) = (last.ExitedAt, last.ExitLaneId, last.SeenUntil);
        (kept.EnteredAt, kept.EntryLaneId, kept.TariffVersionId) = (first.EnteredAt, first.EntryLaneId, first.TariffVersionId);
        (kept.ExitedAt, kept.ExitLaneId, kept.SeenUntil) = (exit, exitLane, seen);
        if (kept.Plate is null)
            (kept.Plate, kept.Colour, kept.Vehicle) = (merged.Plate, merged.Colour, merged.Vehicle);
        kept.MarkReason ??= merged.MarkReason;
        kept.Discount += merged.Discount;
        kept.Anomalies = (kept.Anomalies
            & ~(OrderAnomaly.NoEntry | OrderAnomaly.NoExit | OrderAnomaly.Frozen | (kept.Plate is null ? OrderAnomaly.None : OrderAnomaly.NoPlate)))
            | OrderAnomaly.Corrected;
        merged.Become(OrderState.Void);
        await MisreadPairs.PutInPlaceAsync(s, merged, kept, ct);
    }
}
