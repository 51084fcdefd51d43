using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>Who is in a lot, which only the slice of stays knows.</summary>
public interface ICarsInLot
{
    /// <summary>How many cars are in the lot, or on one of its berths.</summary>
    Task<int> CountAsync(CitySession s, Guid lotId, Guid? berthId, CancellationToken ct);
}
