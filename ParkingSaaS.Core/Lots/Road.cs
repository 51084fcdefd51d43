namespace ParkingSaaS.Core.Lots;

/// <summary>A road that lots lie along. Names of roads are no secret within a city.</summary>
public sealed class Road
{
    public required Guid Id { get; init; }

    /// <summary>Its name, unique in its area.</summary>
    public required string Name { get; set; }

    /// <summary>The area it runs through; one that crosses several belongs to the area above them.</summary>
    public required Guid AreaId { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}
