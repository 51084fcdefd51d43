using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Devices.Simulator;

/// <param name="Code">The city's code.</param>
public sealed record SimulatedCity(string Code, IReadOnlyList<SimulatedLot> Lots);

/// <param name="Cars">How many cars are in at a usual hour; on street the berths' number is the bound.</param>
/// <param name="Devices">Its devices with their secrets.</param>
public sealed record SimulatedLot(Guid Id, int Cars, IReadOnlyList<SimulatedDevicePlan> Devices);

public sealed record SimulatedDevicePlan(DeviceKind Kind, string Dialect, string UserName, string Secret, string Name);

/// <param name="Host">Where the broker is.</param>
/// <param name="Speed">How much faster than life: at 20 an hour's stay takes three minutes. What a car pays is that of the whole
/// stay, because its entry is reported as having been that much earlier. Streets go at the speed of life, for a berth cannot have held two
/// cars at once.</param>
/// <param name="Seed">The same seed plays the same cars.</param>
public sealed record SimulationOptions(string Host, int Port, double Speed, int Seed)
{
    /// <summary>Where the pages are, to which some pictures are uploaded; null for none.</summary>
    public Uri? Pages { get; init; }
}

/// <summary>A car that is in.</summary>
/// <param name="Sensor">The name of the sensor of its berth; null where there is none.</param>
public sealed record SimulatedCar(string Plate, string? Sensor);

/// <summary>What the simulated drivers do besides driving.</summary>
public interface ISimulatedDrivers
{
    /// <summary>The cars that are in the lot from an earlier run: they leave, too.</summary>
    Task<IReadOnlyList<SimulatedCar>> ParkedAsync(string city, Guid lotId, CancellationToken ct);

    /// <summary>The driver pays what is owed, if anything.</summary>
    Task PayAsync(string city, Guid lotId, string plate, CancellationToken ct);
}
