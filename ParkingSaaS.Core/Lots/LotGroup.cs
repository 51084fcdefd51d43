namespace ParkingSaaS.Core.Lots;

/// <summary>Lots that are dealt with as one, for example by a pass. Names of groups are no secret within a city.</summary>
public sealed class LotGroup
{
    public required Guid Id { get; init; }

    /// <summary>Its name, unique in the city.</summary>
    public required string Name { get; set; }

    /// <summary>The lots that are in it now. Whoever uses the group reads them when they are needed, so a change counts at once.</summary>
    public List<Guid> LotIds { get; set; } = [];

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}
