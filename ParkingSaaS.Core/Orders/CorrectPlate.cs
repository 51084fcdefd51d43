using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Orders;

/// <summary>Puts right a plate that was misread. Lists, passes and groups then decide about the right car, so what is to be paid is worked out anew. Of a
/// stay that is over and paid whoever may change amounts does so: its money stays with it, more is arrears, and less can be paid back.</summary>
public sealed class CorrectPlate(CitySessions sessions, OrderChanges changes)
{
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid orderId, TypedPlate plate, string? reason, CancellationToken ct)
    {
        if (PlateInput.Check("Plate", plate.Text) is { } invalid)
            return invalid;
        if (Check.Required("Reason", reason, OpenGateByHand.MaxReason) is { } missing)
            return missing;
        if (PlateGrammar.Normalize(plate.Text) is not { } right)
            return new InvalidField("Plate", "required");
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<Order>().FindAsync([orderId], ct) is not { } order)
            return new NotFound("order");
        if (order.Plate == right)
            return new Done();
        if (order.State is OrderState.Void || (order.State is OrderState.Completed && !actor.May(OrderPermissions.ChangeAmount)))
            return new WrongState(order.State);
        if (TypedPlate.Ask(plate.Foreign, right) is { } question)
            return question;
        var over = order.State is OrderState.Completed;
        if (!over && order.BerthId is null && await s.Db.Set<Order>().AnyAsync(o => o.LotId == order.LotId && o.Plate == right && o.BerthId == null
                && (o.State == OrderState.Parked || o.State == OrderState.AwaitingPayment), ct))
            return new PlateTaken(right);
        var read = order.Plate ?? "–";
        order.Plate = right;
        if (order.Colour is PlateColour.Unknown
            || (PlateGrammar.Parse(right) is { NewEnergy: var green } && green != order.Colour.IsNewEnergy()))
            order.Colour = PlateGrammar.ColourOf(right, order.Vehicle);
        order.Anomalies = (order.Anomalies & ~(OrderAnomaly.NoPlate | OrderAnomaly.OtherPlate | OrderAnomaly.Frozen)) | OrderAnomaly.Corrected;
        order.Doubts = StayDoubt.None; // they were about another car
        if (over && order is { EnteredAt: { } entry, ExitedAt: { } exit } && await StayWindow.OverlapAsync(s, order, entry, exit, besides: order.Id, ct))
            return new StaysOverlap();
        List<(Guid, Order?, string)>? wanted = [];
        // Where a person let the fee go it stays so, whosever car it was.
        if (Order.Charged.Contains(order.State) && !Pricing.IsWaived(order)
            && !(await changes.PriceAgainAsync(s, order, ct)).Try(out wanted, out var error))
            return error;
        OrderOperation.Log(s, order, OrderOperationKind.PlateCorrected, actor.Name, s.Now, over ? order.Owed : default,
            $"{read} → {right}: {reason!.Trim()}");
        return await changes.SaveAsync(s, wanted, ct);
    }
}
