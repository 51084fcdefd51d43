using ParkingSaaS.Core.Orders;

namespace ParkingSaaS.Core.Search;

/// <summary>What was found, in the order in which kinds are told.</summary>
public enum SearchKind
{
    /// <summary>A plate that has parked.</summary>
    Car,

    Order,

    Lot,

    Area,

    /// <summary>A company that operates lots.</summary>
    Company,

    Lane,

    Berth,

    Device,

    Pass,

    Owner,

    Invoice,

    /// <summary>Somebody who signs in.</summary>
    Account
}

/// <summary>Something that was found.</summary>
public sealed record SearchHit
{
    public required SearchKind Kind { get; init; }

    /// <summary>Its row; of a car the order of its last stay.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is called: a plate (empty where none was read), a name, a number. An owner without a name is called by the telephone.</summary>
    public required string Title { get; init; }

    /// <summary>What tells it from others: the lot, the area of a lot or company, the one above an area (empty for none), a pass's holder, an invoice's
    /// buyer, an account's user name; an owner's telephone, as who asks may see it.</summary>
    public required string Detail { get; init; }

    /// <summary>The lot that it belongs to, or is; null for people, areas and companies.</summary>
    public Guid? LotId { get; init; }

    /// <summary>Where the stay stands, of an order and of a car's last stay.</summary>
    public OrderState? Stay { get; init; }

    /// <summary>When that stay began; see <see cref="Order.Start"/>.</summary>
    public DateTimeOffset? At { get; init; }
}
