using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A floor or a part of a lot, for example <c>B1</c> or <c>East side</c>.</summary>
public sealed class LotZone : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>Its name, unique in the lot.</summary>
    public required string Name { get; set; }

    /// <summary>How many cars it holds; null where nobody counted.</summary>
    public int? Capacity { get; set; }

    /// <summary>Its place among the lot's zones, lowest first; equals stand by name.</summary>
    public int Rank { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}
