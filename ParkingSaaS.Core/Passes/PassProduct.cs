using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Core.Passes;

/// <summary>Where a pass holds.</summary>
public enum PassScope
{
    /// <summary>In all lots of the city.</summary>
    City,

    /// <summary>In the lots of a group, as they are at the time of the stay.</summary>
    Group,

    /// <summary>In lots that the product names.</summary>
    Lots
}

/// <summary>What a pass is bound to.</summary>
public enum PassBinding
{
    /// <summary>Cars, by their plates.</summary>
    Plate,

    /// <summary>A berth, whichever car stands on it.</summary>
    Berth
}

/// <summary>The unit in which a pass is sold.</summary>
public enum PassTerm
{
    Day,

    Month,

    Quarter,

    Year
}

/// <summary>A kind of pass that is for sale. Passes that were sold keep their dates and price whatever becomes of it; where they hold is
/// what it says now.</summary>
public sealed class PassProduct
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public PassScope Scope { get; set; }

    /// <summary>The group, where <see cref="Scope"/> is one.</summary>
    public Guid? GroupId { get; set; }

    /// <summary>The lots, where <see cref="Scope"/> names them; else empty.</summary>
    public List<Guid> LotIds { get; set; } = [];

    public PassBinding Binding { get; set; }

    /// <summary>The unit that is sold.</summary>
    public PassTerm Term { get; set; }

    /// <summary>True: terms are those of the calendar, and the first one is charged for the days that are left of it. False: they roll from
    /// the first day.</summary>
    public bool Natural { get; set; }

    /// <summary>Price of one term; more than nothing.</summary>
    public Money Price { get; set; }

    /// <summary>The most terms in one sale.</summary>
    public int MaxTerms { get; set; } = 12;

    /// <summary>The most plates on one pass; 1 for berths.</summary>
    public int MaxPlates { get; set; } = 1;

    /// <summary>How many of its cars park on it at once.</summary>
    public int Places { get; set; } = 1;

    /// <summary>The kinds of vehicle that it is sold to; empty for all.</summary>
    public List<VehicleKind> Vehicles { get; set; } = [];

    /// <summary>The groups of plates that it is sold to; empty for all plates.</summary>
    public List<Guid> PlateGroupIds { get; set; } = [];

    /// <summary>Drivers buy it on their phones.</summary>
    public bool OnLine { get; set; }

    /// <summary>Clerks sell it.</summary>
    public bool OffLine { get; set; } = true;

    /// <summary>A clerk's sale waits for a second person.</summary>
    public bool Reviewed { get; set; } = true;

    /// <summary>The first day on which it is sold; null for always.</summary>
    public DateOnly? SaleFrom { get; set; }

    /// <summary>The last day on which it is sold; null for good.</summary>
    public DateOnly? SaleUntil { get; set; }

    /// <summary>How many days ahead a pass may begin; 0 where it begins at once.</summary>
    public int MaxDaysAhead { get; set; }

    /// <summary>From this many terms in one sale on, the offer counts; null where there is none.</summary>
    public int? OfferTerms { get; set; }

    /// <summary>The offer: per cent off the price, 0 to 99.</summary>
    public int OfferPercent { get; set; }

    /// <summary>The offer: days that are given at the end.</summary>
    public int OfferDays { get; set; }

    /// <summary>Days after its end within which a renewal still continues a pass.</summary>
    public int GraceDays { get; set; }

    /// <summary>No longer for sale.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }

    /// <summary>Who entered or last changed it.</summary>
    public required string ChangedBy { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version.</summary>
    public uint RowVersion { get; init; }

    /// <summary>Whether it may be sold on that day.</summary>
    public bool SoldOn(DateOnly day) => WithdrawnAt is null && !(SaleFrom > day) && !(SaleUntil < day);
}
