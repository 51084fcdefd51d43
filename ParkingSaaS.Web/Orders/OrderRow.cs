using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Orders;

/// <summary>An order in the list. Amounts are in minor units, and nothing while the stay has no fee.</summary>
public sealed class OrderRow
{
    public Guid Id { get; init; }
    public string? Plate { get; init; }
    public Guid LotId { get; init; }
    public string Lot { get; init; } = "";
    public OrderState State { get; init; }
    public OrderAnomaly Anomalies { get; init; }
    public VehicleKind Vehicle { get; init; }
    public DateTimeOffset? EnteredAt { get; init; }
    public DateTimeOffset? ExitedAt { get; init; }

    /// <summary>When the car came: where nobody saw that, when it was first seen.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>The stay has a fee; while a car is in, mostly not.</summary>
    public bool Priced { get; init; }
    public long Receivable { get; init; }
    public long Received { get; init; }
    public long Owed { get; init; }

    /// <summary>What is charged; null while nobody knows.</summary>
    public Money? Fee => Priced ? new Money(Receivable) : null;

    /// <summary>What of it is to be paid; null while nobody knows.</summary>
    public Money? ToPay => Priced ? new Money(Owed) : null;
}

/// <summary>Which orders are wanted; every part that is set narrows. Times are the city's wall clock.</summary>
public sealed record OrderFilter
{
    /// <summary>A part of the plate.</summary>
    public string? Plate { get; init; }
    public Guid? LotId { get; init; }

    /// <summary>The area and all below it.</summary>
    public Guid? AreaId { get; init; }
    public OrderState? State { get; init; }

    /// <summary>Only those that wait for a person.</summary>
    public bool? Decision { get; init; }

    /// <summary>Orders that have this among their anomalies.</summary>
    public OrderAnomaly? Anomaly { get; init; }
    public VehicleKind? Vehicle { get; init; }
    public DateTime? EnteredFrom { get; init; }
    public DateTime? EnteredTo { get; init; }
    public DateTime? ExitedFrom { get; init; }
    public DateTime? ExitedTo { get; init; }

    /// <summary>What the address of the list says.</summary>
    public static OrderFilter Of(ListFilters f) => new()
    {
        Plate = f["plate"],
        LotId = f.Id("lotId"),
        AreaId = f.Id("areaId"),
        State = f.Of<OrderState>("state"),
        Decision = f.Is("decision"),
        Anomaly = f.Of<OrderAnomaly>("anomaly"),
        Vehicle = f.Of<VehicleKind>("vehicle"),
        EnteredFrom = f.At("enteredFrom"),
        EnteredTo = f.At("enteredTo"),
        ExitedFrom = f.At("exitedFrom"),
        ExitedTo = f.At("exitedTo")
    };

    /// <summary>The orders within the session's reach that are wanted, as rows of a list.</summary>
    /// <param name="areas">All areas of the city.</param>
    public IQueryable<OrderRow> Apply(CitySession s, IReadOnlyList<Area> areas) => Rows(s, Orders(s, areas));

    /// <summary>The orders within the session's reach that are wanted.</summary>
    /// <param name="areas">All areas of the city.</param>
    public IQueryable<Order> Orders(CitySession s, IReadOnlyList<Area> areas)
    {
        var orders = s.Db.Set<Order>().AsQueryable();
        if (PlateParts.Of(Plate) is { } part)
            orders = orders.WithPlatePart(part);
        if (LotId is { } lot)
            orders = orders.Where(o => o.LotId == lot);
        if (AreaId is { } area)
        {
            var below = Choices.Tree(areas, area).Select(a => a.Id).ToArray();
            orders = orders.Where(o => s.Db.Set<Lot>().Any(l => l.Id == o.LotId && below.Contains(l.AreaId)));
        }
        if (State is { } state)
            orders = orders.Where(o => o.State == state);
        if (Decision is true)
            orders = OrderCases.Waiting(s, orders);
        if (Anomaly is { } anomaly)
            orders = orders.Where(o => (o.Anomalies & anomaly) != 0);
        if (Vehicle is { } vehicle)
            orders = orders.Where(o => o.Vehicle == vehicle);
        var zone = s.City.Zone;
        if (EnteredFrom is { } enteredFrom && zone.Instant(enteredFrom) is var e1)
            orders = orders.Where(o => o.EnteredAt >= e1);
        if (EnteredTo is { } enteredTo && zone.Instant(enteredTo) is var e2)
            orders = orders.Where(o => o.EnteredAt < e2);
        if (ExitedFrom is { } exitedFrom && zone.Instant(exitedFrom) is var x1)
            orders = orders.Where(o => o.ExitedAt >= x1);
        if (ExitedTo is { } exitedTo && zone.Instant(exitedTo) is var x2)
            orders = orders.Where(o => o.ExitedAt < x2);
        return orders;
    }

    /// <summary>Orders as rows of a list.</summary>
    public static IQueryable<OrderRow> Rows(CitySession s, IQueryable<Order> orders) => orders.Select(o => new OrderRow
    {
        Id = o.Id,
        Plate = o.Plate,
        LotId = o.LotId,
        Lot = s.Db.Set<Lot>().First(l => l.Id == o.LotId).Name,
        State = o.State,
        Anomalies = o.Anomalies,
        Vehicle = o.Vehicle,
        EnteredAt = o.EnteredAt,
        ExitedAt = o.ExitedAt,
        Start = o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt, // in these words by ix_orders_start
        Priced = o.FeeLines != null,
        Receivable = o.Receivable.Minor,
        Received = o.Received.Minor,
        Owed = Math.Max(0, o.Receivable.Minor - o.Discount.Minor - o.WrittenOff.Minor - o.Received.Minor)
    });
}
