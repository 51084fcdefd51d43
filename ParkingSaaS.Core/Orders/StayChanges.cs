using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>What can happen to an order by a passage event: it begins, is followed by another, is settled, is contradicted.</summary>
sealed class StayChanges(CitySession s, StayWindow window, Pricing pricing)
{
    /// <summary>Orders that changed, for the live screens.</summary>
    public HashSet<Order> Touched { get; } = [];

    /// <summary>Opens an order for a stay that has none. Of a berth what is seen now may be another car than the stay's.</summary>
    public Order Open(PassageEvent seen, Passage? entry, Passage? exit)
    {
        var at = (entry ?? exit)!;
        var (plate, colour, vehicle) = seen.BerthId is null || at.Id == seen.Id ? (seen.Plate, seen.Colour, seen.Vehicle) : Car(PlateOf(at));
        var order = new Order
        {
            Id = Guid.CreateVersion7(),
            LotId = seen.Lot.Id,
            BerthId = seen.BerthId,
            Plate = plate,
            Colour = colour,
            Vehicle = vehicle,
            State = exit is null ? OrderState.Parked : OrderState.Unresolved,
            Anomalies = (plate is null ? OrderAnomaly.NoPlate : OrderAnomaly.None) | (entry is null ? OrderAnomaly.NoEntry : OrderAnomaly.None),
            BusinessDate = s.City.Zone.Date(at.At),
            CreatedAt = s.Now
        };
        SetEntry(order, entry);
        (order.ExitedAt, order.ExitLaneId) = (exit?.At, exit?.LaneId);
        window.Open(order);
        OrderOperation.Log(s, order, entry is null ? OrderOperationKind.Exited : OrderOperationKind.Entered, seen.By, at.At);
        return order;
    }

    /// <summary>The car came in then, and the tariff in force then prices the stay.</summary>
    public void SetEntry(Order order, Passage? entry) => (order.EnteredAt, order.EntryLaneId, order.TariffVersionId) =
        (entry?.At, entry?.LaneId, entry is null ? null : window.Tariffs.VersionAt(order.LotId, entry.At));

    /// <summary>Another stay of the car begins after this one.</summary>
    public void MarkFollowed(Order order, PassageEvent seen)
    {
        if (order.State is OrderState.Parked)
        {
            order.Go(OrderState.Unresolved);
            order.Anomalies |= OrderAnomaly.NoExit;
            OrderOperation.Log(s, order, OrderOperationKind.ExitMissing, seen.By, seen.At);
        }
        else if (order.State is OrderState.AwaitingPayment)
        {
            order.Go(OrderState.Arrears);
            OrderOperation.Log(s, order, OrderOperationKind.LeftUnpaid, seen.By, seen.At, order.Owed);
        }
        else
        {
            return;
        }
        Touched.Add(order);
    }

    /// <summary>Settles a stay whose two ends are known, and notes what became of it.</summary>
    public async Task SettleAsync(PassageEvent seen, Order order, bool standsThere, CancellationToken ct)
    {
        var (state, owed) = (order.State, order.Owed);
        var exit = order.ExitedAt!.Value;
        if (!await ExitSettlement.SettleAsync(s, pricing, seen.Lot, order, standsThere, ct, window))
        {
            order.BusinessDate = s.City.Zone.Date(exit);
            order.Become(OrderState.Unresolved);
            OrderOperation.Log(s, order, OrderOperationKind.NoFee, seen.By, exit);
            return;
        }
        if (state != order.State || owed != order.Owed)
        {
            OrderOperation.Log(s, order, OrderOperationKind.Exited, seen.By, exit, order.Owed);
            Touched.Add(order);
        }
        // A berth's history is read by itself; the car may have been on another one of the lot since.
        if (order.BerthId is not null)
            Touched.UnionWith(await PricedAgain.LaterAsync(s, pricing, seen.Lot, order, seen.By, ct, window));
    }

    /// <summary>The order says that the black list has the car, and why.</summary>
    public async Task NoteAsync(Order order, PassageEvent seen, CancellationToken ct)
    {
        var decision = await window.Cars.DecideAsync(order.LotId, order.Plate, order.Start, ct);
        if (!decision.Refused)
            return;
        order.Anomalies |= OrderAnomaly.Blacklisted;
        OrderOperation.Log(s, order, OrderOperationKind.Blacklisted, seen.By, order.Start, detail: decision.Rule!.Reason);
    }

    public void Contradict(Order order, PassageEvent seen)
    {
        if (PricedAgain.Contradict(s, order, seen.By))
            Touched.Add(order);
    }

    /// <summary>The car may stand at the exit now: the last reading there came from a device that was not cut off.</summary>
    public bool StandsAtExit(Lots.Lot lot, Passage reading) => !reading.Replay && ExitSettlement.MayStand(lot, reading.At, s.Now);

    /// <summary>It is over, and paid or decided by a person: it stays as it is.</summary>
    public static bool IsSettled(Order order) => order is { EnteredAt: not null, ExitedAt: not null }
        && (order.Received > Money.Zero || order.Anomalies.HasFlag(OrderAnomaly.Corrected));

    public static string? PlateOf(Passage reading) => Vehicles.PlateGrammar.Normalize(reading.Plate);

    public static (string?, PlateColour, VehicleKind) Car(string? plate)
    {
        var colour = Vehicles.PlateGrammar.ColourOf(plate, VehicleKind.Small);
        return (plate, colour, Vehicles.PlateGrammar.VehicleOf(plate, colour));
    }
}
