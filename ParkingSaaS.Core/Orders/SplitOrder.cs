using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>That a car left and came in again, which nobody saw.</summary>
/// <param name="OrderId">The order that is two stays.</param>
/// <param name="LeftAt">When the first of them ended.</param>
/// <param name="CameBackAt">When the second began; not before the first ended.</param>
/// <param name="Reason">How that is known; 1–200 characters.</param>
public sealed record SplitRequest(Guid OrderId, DateTimeOffset LeftAt, DateTimeOffset CameBackAt, string? Reason);

/// <summary>Makes two stays of one. The order keeps the first; the second is an order of its own, with all that was seen after. For a stay that was paid
/// there is <see cref="ChangeAmount"/>: its money belongs to one order.</summary>
public sealed class SplitOrder(CitySessions sessions, TariffsInForce tariffs, OrderChanges changes)
{
    /// <returns>The order of the second stay.</returns>
    /// <exception cref="AccessDeniedException">The actor may not split.</exception>
    public async Task<Result<Guid>> RunAsync(Actor actor, SplitRequest request, CancellationToken ct)
    {
        if (Check.Required("Reason", request.Reason, OpenGateByHand.MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Merge, ct);
        if (await s.Db.Set<Order>().FindAsync([request.OrderId], ct) is not { } order)
            return new NotFound("order");
        var (left, back) = (Instant.Cut(request.LeftAt), Instant.Cut(request.CameBackAt));
        if (order.ExitedAt == left && await SecondAsync(s, order, back, ct) is { } known)
            return known;
        if (Refusal(s, order, left, back) is { } refusal)
            return refusal;
        var (state, exit) = (order.State, order.ExitedAt);
        if (await StayWindow.OverlapAsync(s, order, order.EnteredAt!.Value, exit ?? back, besides: order.Id, ct))
            return new StaysOverlap();
        var second = new Order
        {
            Id = Guid.CreateVersion7(),
            LotId = order.LotId,
            BerthId = order.BerthId,
            Plate = order.Plate,
            Colour = order.Colour,
            Vehicle = order.Vehicle,
            State = exit is null ? state : OrderState.Unresolved,
            Anomalies = OrderAnomaly.Corrected | (order.Anomalies & (OrderAnomaly.NoPlate | OrderAnomaly.NoExit | OrderAnomaly.ClockWrong)),
            EnteredAt = back,
            ExitedAt = exit,
            ExitLaneId = order.ExitLaneId,
            SeenUntil = order.SeenUntil > back ? order.SeenUntil : null,
            TariffVersionId = (await tariffs.ForLotsAsync(s, [order.LotId], ct)).VersionAt(order.LotId, back),
            BusinessDate = s.City.Zone.Date(exit ?? back),
            CreatedAt = s.Now
        };
        s.Db.Add(second);
        await DivideReadingsAsync(s, order, second, left, back, ct);
        (order.ExitedAt, order.ExitLaneId, order.SeenUntil) = (left, null, left);
        order.Anomalies = (order.Anomalies & ~(OrderAnomaly.NoExit | OrderAnomaly.Frozen)) | OrderAnomaly.Corrected;
        order.Become(OrderState.Unresolved);
        // It is over since long, or the car is in again: it stands at no gate.
        if (!(await changes.PriceAgainAsync(s, order, ct)).Try(out _, out var error))
            return error;
        List<(Guid, Order?, string)>? wanted = [];
        if (exit is not null && !(await changes.SettleAsync(s, second, ct)).Try(out wanted, out error))
            return error;
        OrderOperation.Log(s, order, OrderOperationKind.Split, actor.Name, s.Now, order.Owed, request.Reason!.Trim());
        OrderOperation.Log(s, second, OrderOperationKind.SplitOff, actor.Name, s.Now, second.Owed, order.Id.ToString());
        var saved = await changes.SaveAsync(s, state is OrderState.AwaitingPayment ? wanted : [], ct);
        return saved.Ok ? second.Id : saved.Error!;
    }

    static async Task<Guid?> SecondAsync(CitySession s, Order order, DateTimeOffset back, CancellationToken ct) => await s.Db.Set<Order>()
        .Where(o => o.LotId == order.LotId && o.EnteredAt == back && o.State != OrderState.Void && s.Db.Set<OrderOperation>()
            .Any(l => l.OrderId == o.Id && l.Kind == OrderOperationKind.SplitOff && l.Detail == order.Id.ToString()))
        .Select(o => (Guid?)o.Id).FirstOrDefaultAsync(ct);

    static Error? Refusal(CitySession s, Order order, DateTimeOffset left, DateTimeOffset back)
    {
        if (order is not { State: not OrderState.Void, EnteredAt: { } entry } || order.WrittenOff > Money.Zero)
            return new WrongState(order.State);
        if (order.Received > Money.Zero)
            return new MoneyReceived(order.Received, s.City.Currency);
        var end = order.ExitedAt ?? s.Now;
        return Check.All(
            left <= entry || left >= end ? new InvalidField("LeftAt", "out-of-range") : null,
            back < left || back >= end ? new InvalidField("CameBackAt", "out-of-range") : null);
    }

    static async Task DivideReadingsAsync(CitySession s, Order first, Order second, DateTimeOffset left, DateTimeOffset back, CancellationToken ct)
    {
        foreach (var reading in await s.Db.Set<Passage>().Where(p => p.OrderId == first.Id).ToListAsync(ct))
        {
            if (reading is { Entering: false, Outcome: PassageOutcome.TurnedBack } && reading.At == left)
                reading.Outcome = PassageOutcome.Closed;
            else if (reading is { Entering: true, Outcome: PassageOutcome.TurnedBack } && reading.At == back)
                reading.Outcome = PassageOutcome.Opened;
            if (reading.At > left && reading.At >= back || reading.At == back && reading.Entering)
                reading.OrderId = second.Id;
        }
    }
}
