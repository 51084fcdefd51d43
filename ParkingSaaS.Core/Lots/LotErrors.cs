using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Lots;

/// <summary>Something still belongs to it.</summary>
public sealed record StillUsed(string Name) : Error("lots.still-used", new GivenName(Name));

/// <summary>On-street lots have berths and no lanes.</summary>
public sealed record NoLanesOnStreet() : Error("lots.no-lanes-on-street");
