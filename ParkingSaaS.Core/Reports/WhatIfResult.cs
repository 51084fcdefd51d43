using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Core.Reports;

/// <summary>What is to be replayed.</summary>
/// <param name="VersionId">By which version of which tariff.</param>
/// <param name="From">The first business date.</param>
/// <param name="To">The last, included.</param>
/// <param name="LotIds">In which lots; empty for all within reach.</param>
public sealed record WhatIfQuestion(Guid VersionId, DateOnly From, DateOnly To, params IReadOnlyList<Guid> LotIds);

/// <summary>How far it is.</summary>
/// <param name="Done">Orders replayed.</param>
/// <param name="Of">Orders in all.</param>
public readonly record struct WhatIfProgress(int Done, int Of);

/// <summary>Some orders, as they were charged and as they would have been.</summary>
/// <param name="Then">What they were charged.</param>
/// <param name="Now">What they would have been charged.</param>
/// <param name="Cheaper">How many would have cost less.</param>
/// <param name="Dearer">How many would have cost more.</param>
public readonly record struct WhatIfSum(int Orders, Money Then, Money Now, int Cheaper, int Dearer)
{
    /// <summary>How many would have cost the same.</summary>
    public int Unchanged => Orders - Cheaper - Dearer;

    /// <summary>What would have come in more; negative for less.</summary>
    public Money Difference => Now - Then;

    public static WhatIfSum operator +(WhatIfSum a, WhatIfSum b) =>
        new(a.Orders + b.Orders, a.Then + b.Then, a.Now + b.Now, a.Cheaper + b.Cheaper, a.Dearer + b.Dearer);
}

/// <summary>A lot's orders.</summary>
public sealed record WhatIfLot(Guid Id, string Name, WhatIfSum Sum);

/// <summary>An order that would have cost something else.</summary>
/// <param name="Plate">The plate; null where none was read.</param>
/// <param name="Lot">The lot's name.</param>
/// <param name="Then">What it was charged.</param>
/// <param name="Now">What it would have been charged.</param>
public sealed record WhatIfOrder(Guid Id, string? Plate, string Lot, DateTimeOffset EnteredAt, DateTimeOffset ExitedAt, Money Then, Money Now)
{
    internal long Size => Math.Abs((Now - Then).Minor);
}

/// <summary>What came of a replay. Orders that a list frees, or whose fee a person let go, are in it as they were; time that a pass covered stays
/// covered; groups of vehicles are those of today.</summary>
/// <param name="At">When it began.</param>
/// <param name="Total">All orders that were replayed.</param>
/// <param name="Lots">By lot, in the order of names.</param>
/// <param name="Vehicles">By kind of vehicle.</param>
/// <param name="Hours">By the hour of the city's clock in which the car came in, 0 to 23.</param>
/// <param name="Cheaper">The orders that would have become cheaper by most; at most <see cref="WhatIf.Listed"/>.</param>
/// <param name="Dearer">The orders that would have become dearer by most; as many.</param>
/// <param name="Free">How many of all were free by a list.</param>
/// <param name="Voided">Left out: struck out.</param>
/// <param name="Unresolved">Left out: entry or exit is not known.</param>
/// <param name="Parked">Left out: the car is in.</param>
/// <param name="NoFee">Left out: the tariff has no fee for them, as for stays that are too long.</param>
public sealed record WhatIfResult(DateTimeOffset At, WhatIfSum Total, IReadOnlyList<WhatIfLot> Lots,
    IReadOnlyList<(VehicleKind Kind, WhatIfSum Sum)> Vehicles, IReadOnlyList<WhatIfSum> Hours,
    IReadOnlyList<WhatIfOrder> Cheaper, IReadOnlyList<WhatIfOrder> Dearer, int Free, int Voided, int Unresolved, int Parked, int NoFee);

/// <summary>Somebody replays orders of the city already.</summary>
public sealed record WhatIfBusy() : Error("reports.what-if-busy");
