using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>What kind of place a lot is; decides how a stay ends.</summary>
public enum LotKind
{
    /// <summary>Berths along a road, no gate: a stay ends when the berth is free, and what is unpaid then becomes arrears.</summary>
    OnStreet,

    /// <summary>Behind gates, in the open: what is owed holds the gate.</summary>
    OffStreet,

    /// <summary>Behind gates, in a building.</summary>
    Indoor
}

/// <summary>A place where cars park.</summary>
public sealed class Lot : ILotOwned
{
    /// <summary>Row id; also in the lot's QR code.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name, unique among the city's lots that are not retired.</summary>
    public required string Name { get; set; }

    public required LotKind Kind { get; init; }

    public required Guid AreaId { get; set; }

    /// <summary>The road it lies along; null where it lies along none or none is named.</summary>
    public Guid? RoadId { get; set; }

    /// <summary>The company that operates it; null where the city does.</summary>
    public Guid? CompanyId { get; set; }

    public string Address { get; set; } = "";

    /// <summary>Degrees east, WGS 84.</summary>
    public double? Longitude { get; set; }

    /// <summary>Degrees north, WGS 84.</summary>
    public double? Latitude { get; set; }

    /// <summary>How many cars it holds.</summary>
    public required int Capacity { get; set; }

    /// <summary>When it is open, as people read it, for example <c>00:00–24:00</c>.</summary>
    public string OpeningHours { get; set; } = "";

    /// <summary>Minutes that a driver who paid in advance has to reach the exit without paying again.</summary>
    public int PrepaidMinutesToLeave { get; set; } = 15;

    /// <summary>Two plates that look alike and are read at a lane within so many seconds may be one car's; 0 where that is never asked.</summary>
    public int MisreadSeconds { get; set; } = 10;

    /// <summary>In how many characters two such plates differ at most.</summary>
    public int MisreadCharacters { get; set; } = 1;

    /// <summary>A stay of more hours is doubted, and not demanded before a person has looked; null where the lot's habit says how many.</summary>
    public int? LongestStayHours { get; set; }

    /// <summary>The calendar that its stays are priced by; null for the city's default.</summary>
    public Guid? CalendarId { get; set; }

    /// <summary>Taken out of use; its history stays.</summary>
    public DateTimeOffset? RetiredAt { get; set; }

    /// <summary>True where cars pass a gate.</summary>
    public bool Gated => Kind is not LotKind.OnStreet;

    Guid ILotOwned.LotId => Id;

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}

/// <summary>The way cars pass a lane.</summary>
public enum LaneDirection
{
    Entry,

    Exit,

    Both
}

/// <summary>A way in or out of a gated lot.</summary>
public sealed class Lane : ILotOwned
{
    /// <summary>Row id; also in the lane's QR code.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>Its name, for example <c>East exit</c>.</summary>
    public required string Name { get; set; }

    public required LaneDirection Direction { get; set; }

    /// <summary>Taken out of use.</summary>
    public DateTimeOffset? RetiredAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}

/// <summary>What a berth is meant for.</summary>
public enum BerthType
{
    /// <summary>Any car.</summary>
    Standard,

    /// <summary>With a charger.</summary>
    Charging,

    /// <summary>For people with disabilities.</summary>
    Accessible,

    /// <summary>For large vehicles.</summary>
    Large
}

/// <summary>A marked place for one car.</summary>
public sealed class Berth : ILotOwned
{
    /// <summary>Row id; also in the berth's QR code.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>The number painted on it, unique in the lot.</summary>
    public required string Number { get; set; }

    /// <summary>The zone of the lot that it belongs to; null where it belongs to none.</summary>
    public Guid? ZoneId { get; set; }

    public BerthType Type { get; set; }

    /// <summary>Degrees east, WGS 84.</summary>
    public double? Longitude { get; set; }

    /// <summary>Degrees north, WGS 84.</summary>
    public double? Latitude { get; set; }

    /// <summary>Whether its sensor last saw a car.</summary>
    public bool Occupied { get; set; }

    /// <summary>When the sensor last said so, by the sensor's clock; older reports do not count any more.</summary>
    public DateTimeOffset? StateAt { get; set; }

    /// <summary>Taken out of use.</summary>
    public DateTimeOffset? RetiredAt { get; set; }
}
