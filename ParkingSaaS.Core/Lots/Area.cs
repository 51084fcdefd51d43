namespace ParkingSaaS.Core.Lots;

/// <summary>A district or a part of one. Names of areas are no secret within a city.</summary>
public sealed class Area
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The area it is part of; null at the top.</summary>
    public Guid? ParentId { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}

/// <summary>A company that operates lots.</summary>
public sealed class Company
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public required Guid AreaId { get; set; }

    /// <summary>No longer does business here.</summary>
    public DateTimeOffset? RetiredAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}
