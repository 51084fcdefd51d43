using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Vehicles;

public sealed record PlateOwned(string Plate) : Error("vehicles.plate-owned", Plate);

public sealed record GroupOnList(string Name) : Error("vehicles.group-on-list", new GivenName(Name));

/// <summary>A published tariff names the group, and would quietly charge its cars otherwise.</summary>
public sealed record GroupInTariff(string Name, string Tariff) : Error("vehicles.group-in-tariff", new GivenName(Name), new GivenName(Tariff));
