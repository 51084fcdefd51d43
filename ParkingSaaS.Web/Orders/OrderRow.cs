using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Web.Lots;

namespace ParkingSaaS.Web.Orders;

/// <summary>An order in the list. Amounts are in minor units.</summary>
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
    public DateTimeOffset CreatedAt { get; init; }
    public long Receivable { get; init; }
    public long Received { get; init; }
    public long Owed { get; init; }
}

/// <summary>Which orders are wanted; every part that is set narrows. Times are the city's wall clock.</summary>
public sealed record OrderFilter
{
    /// <summary>A part of the plate.</summary>
    public string? Plate { get; set; }
    public Guid? LotId { get; set; }

    /// <summary>The area and all below it.</summary>
    public Guid? AreaId { get; set; }
    public OrderState? State { get; set; }

    /// <summary>Only those that wait for a person.</summary>
    public bool? Decision { get; set; }

    /// <summary>Orders that have this among their anomalies.</summary>
    public OrderAnomaly? Anomaly { get; set; }
    public VehicleKind? Vehicle { get; set; }
    public DateTime? EnteredFrom { get; set; }
    public DateTime? EnteredTo { get; set; }
    public DateTime? ExitedFrom { get; set; }
    public DateTime? ExitedTo { get; set; }

    /// <summary>The orders within the session's reach that are wanted.</summary>
    /// <param name="areas">All areas of the city.</param>
    public IQueryable<OrderRow> Apply(CitySession s, IReadOnlyList<Area> areas)
    {
        var orders = s.Db.Set<Order>().AsQueryable();
        if (PlateGrammar.Part(Plate) is { } part)
            orders = orders.Where(o => (o.Plate ?? "").Contains(part)); // in these words by ix_orders_plate_part
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
            orders = orders.Where(Order.NeedsDecision);
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
        return Rows(s, orders);
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
        CreatedAt = o.CreatedAt,
        Receivable = o.Receivable.Minor,
        Received = o.Received.Minor,
        Owed = o.Receivable.Minor <= o.Received.Minor ? 0 : o.Receivable.Minor - o.Received.Minor
    });

    /// <summary>The filter as a query string, for the address of the export.</summary>
    public string Query() => QueryString.Create(new Dictionary<string, string?>
    {
        [nameof(Plate)] = Plate,
        [nameof(LotId)] = LotId?.ToString(),
        [nameof(AreaId)] = AreaId?.ToString(),
        [nameof(State)] = State?.ToString(),
        [nameof(Decision)] = Decision is true ? "true" : null,
        [nameof(Anomaly)] = Anomaly?.ToString(),
        [nameof(Vehicle)] = Vehicle?.ToString(),
        [nameof(EnteredFrom)] = EnteredFrom?.ToString("s"),
        [nameof(EnteredTo)] = EnteredTo?.ToString("s"),
        [nameof(ExitedFrom)] = ExitedFrom?.ToString("s"),
        [nameof(ExitedTo)] = ExitedTo?.ToString("s")
    }.Where(p => !string.IsNullOrEmpty(p.Value))).ToString();
}
