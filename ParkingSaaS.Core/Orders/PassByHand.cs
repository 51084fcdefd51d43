using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Orders;

/// <summary>A car that an attendant saw at a lane.</summary>
/// <param name="Id">Made up by the screen, so that a second click is the same passage.</param>
/// <param name="Entering">True for in, false for out.</param>
/// <param name="Plate">As typed; empty where the car has none.</param>
/// <param name="Vehicle">The kind of vehicle; null for what the plate says.</param>
/// <param name="Colour">The plate's colour; unknown for what the plate says.</param>
/// <param name="Foreign">The person says that a plate of no known form is right.</param>
/// <param name="Again">The person says that it comes in although it has not left.</param>
public sealed record PassByHandRequest(Guid Id, Guid LaneId, bool Entering, string? Plate, VehicleKind? Vehicle = null,
    PlateColour Colour = PlateColour.Unknown, bool Foreign = false, bool Again = false);

/// <summary>What came of it.</summary>
/// <param name="Order">The car's order as it is now; null where it has none.</param>
public sealed record PassedByHand(PassageOutcome Outcome, Order? Order);

/// <summary>Lets a car in or out whose plate no camera read. It goes through the same rules as what a device reports.</summary>
public sealed class PassByHand(CitySessions sessions, TariffsInForce tariffs, Pricing pricing, OrderChanges changes)
{
    /// <exception cref="AccessDeniedException">The actor works no booth.</exception>
    public async Task<Result<PassedByHand>> RunAsync(Actor actor, PassByHandRequest request, CancellationToken ct)
    {
        if (PlateInput.Check("Plate", request.Plate) is { } invalid)
            return invalid;
        if (TypedPlate.Ask(request.Foreign, request.Plate) is { } question)
            return question;
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Booth, ct);
        if (await s.Db.Set<Passage>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == request.Id, ct) is { } before)
            return await PassedAsync(s, before, ct);
        if (await s.Db.Set<Lane>().FirstOrDefaultAsync(l => l.Id == request.LaneId && l.RetiredAt == null, ct) is not { } lane)
            return new NotFound("lane");
        if (lane.Direction == (request.Entering ? LaneDirection.Exit : LaneDirection.Entry))
            return new WrongLane(lane.Name);
        var seen = new PassageEvent
        {
            Id = request.Id,
            Lot = await s.Db.Set<Lot>().FirstAsync(l => l.Id == lane.LotId, ct),
            Entering = request.Entering,
            At = s.Now,
            Live = true,
            PlateRead = request.Plate,
            Colour = request.Colour,
            VehicleSeen = request.Vehicle,
            LaneId = lane.Id,
            By = actor.Name
        };
        var window = await StayWindow.LoadAsync(s, tariffs, [seen], ct);
        if (!request.Again && StillIn(s, window, seen) is { } already)
            return already;
        var rules = new StayRules(s, window, pricing);
        var passage = await rules.ApplyAsync(seen, ct);
        var saved = await changes.SaveAsync(s, [.. rules.Wanted.Select(w => (w.LaneId, (Order?)w.Order, w.Type))], ct);
        return saved.Error is { } error ? error : await PassedAsync(s, passage, ct);
    }

    /// <summary>Its stay is open, and not because somebody just saw it come in.</summary>
    static AlreadyIn? StillIn(CitySession s, StayWindow window, PassageEvent seen)
    {
        if (!seen.Entering || window.Stays(seen.Key).LastOrDefault() is not { State: OrderState.Parked, EnteredAt: { } entry } open
            || entry > seen.At || Timeline.Next(StaySpan.Of(open), berth: false, entering: true, seen.At) is not PassageOutcome.Opened)
            return null;
        var today = s.City.Zone.Date(entry) == s.City.Zone.Date(s.Now);
        return new(open.Plate!, s.City.Zone.Local(entry).ToString(today ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
    }

    static async Task<PassedByHand> PassedAsync(CitySession s, Passage passage, CancellationToken ct) =>
        new(passage.Outcome, passage.OrderId is { } order ? await s.Db.Set<Order>().FindAsync([order], ct) : null);
}

/// <summary>Checks plates that people type.</summary>
static class PlateInput
{
    /// <summary>Null where the text can be kept as a plate, or is empty.</summary>
    public static InvalidField? Check(string field, string? text) => Common.Check.Optional(field, text, 64)
        ?? Common.Check.Plate(field, text) ?? (Plate.Normalize(text) is { Length: > Plate.MaxLength } ? new InvalidField(field, "too-long") : null);
}
