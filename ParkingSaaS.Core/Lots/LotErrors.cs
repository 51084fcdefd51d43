using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Lots;

/// <summary>Cars are still in; what they stand on cannot be taken out of use.</summary>
public sealed record StillParked(string Name, int Cars) : Error("lots.still-parked", Name, Cars);

/// <summary>Something still belongs to it.</summary>
public sealed record StillUsed(string Name) : Error("lots.still-used", Name);

/// <summary>On-street lots have berths and no lanes.</summary>
public sealed record NoLanesOnStreet() : Error("lots.no-lanes-on-street");
