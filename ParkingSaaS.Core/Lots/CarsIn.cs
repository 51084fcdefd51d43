using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>How many cars are in a lot, or on one berth of it. Lots must know before it takes something out of use, but knows no
/// orders: the slice of orders registers the answer.</summary>
public delegate Task<int> CarsIn(CitySession s, Guid lotId, Guid? berthId, CancellationToken ct);
