using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>What waits for a person in a city of the demo: one case of each kind, of the last days.</summary>
sealed class DemoCases(City city, DemoLedger ledger, DateTimeOffset now)
{
    /// <summary>The cases of a gated lot.</summary>
    /// <returns>Their orders; what belongs to them stands in the ledger.</returns>
    public IEnumerable<Order> At(DemoPlace place, DemoCity plan) =>
    [
        .. ExitMissed(place, DemoCar.Of(plan.Plates + "K7T93")), EntryMissed(place, DemoCar.Of(plan.Plates + "Q40A6")),
        .. Misread(place, DemoCar.Of(plan.Plates + "R38B6"), DemoCar.Of(plan.Plates + "R3886")), Contradicted(place, DemoCar.Of(plan.Plates + "V52H7"))
    ];

    /// <summary>It came twice, and was not seen leaving in between.</summary>
    IEnumerable<Order> ExitMissed(DemoPlace place, DemoCar car)
    {
        var (first, second) = (now.AddHours(-45), now.AddHours(-22));
        var lost = ledger.Write(new DemoStay(place, car, first, null, place.Entries[0], place.Exits[0]));
        lost.Go(OrderState.Unresolved);
        lost.Anomalies |= OrderAnomaly.NoExit;
        ledger.Log(lost, OrderOperationKind.ExitMissing, place.Entries[^1].Device.Name, second);
        return [lost, ledger.Write(new DemoStay(place, car, second, second.AddHours(2), place.Entries[^1], place.Exits[^1]))];
    }

    /// <summary>It left, and was not seen coming.</summary>
    Order EntryMissed(DemoPlace place, DemoCar car)
    {
        var (at, spot) = (now.AddHours(-5), place.Exits[0]);
        var order = new Order
        {
            Id = ledger.NewId(at),
            LotId = place.Lot.Id,
            Plate = car.Plate,
            Colour = car.Colour,
            Vehicle = car.Vehicle,
            State = OrderState.Unresolved,
            Anomalies = OrderAnomaly.NoEntry,
            ExitedAt = at,
            ExitLaneId = spot.LaneId,
            SeenUntil = at,
            BusinessDate = city.Zone.Date(at),
            CreatedAt = at.AddSeconds(1)
        };
        ledger.See(order, spot, entering: false, at, PassageOutcome.NoEntry);
        ledger.Log(order, OrderOperationKind.Exited, spot.Device.Name, at);
        return order;
    }

    /// <summary>One car, read twice at the entry within seconds: by its right plate it has left, by the other it is still in.</summary>
    IEnumerable<Order> Misread(DemoPlace place, DemoCar right, DemoCar wrong)
    {
        var entry = now.AddHours(-9);
        var left = ledger.Write(new DemoStay(place, right, entry, entry.AddHours(3), place.Entries[0], place.Exits[0]));
        var still = ledger.Write(new DemoStay(place, wrong, entry.AddSeconds(3), null, place.Entries[0], place.Exits[0]));
        foreach (var (order, other) in new[] { (left, still), (still, left) })
        {
            (order.MisreadOf, order.Anomalies) = (other.Id, order.Anomalies | OrderAnomaly.Misread);
            ledger.Log(order, OrderOperationKind.Misread, "devices", entry.AddSeconds(4), detail: other.Plate!);
        }
        return [left, still];
    }

    /// <summary>It had left and paid when a camera that had been cut off told that it came in meanwhile.</summary>
    Order Contradicted(DemoPlace place, DemoCar car)
    {
        var entry = now.AddHours(-28);
        var order = ledger.Write(new DemoStay(place, car, entry, entry.AddHours(4), place.Entries[0], place.Exits[0]));
        order.Anomalies |= OrderAnomaly.Contradicted;
        ledger.See(order, place.Entries[^1], entering: true, entry.AddHours(2), PassageOutcome.Superseded);
        ledger.Log(order, OrderOperationKind.Contradicted, place.Entries[^1].Device.Name, now.AddHours(-21));
        return order;
    }
}
