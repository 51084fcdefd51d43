using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Devices.Simulator;

/// <summary>Plays cities over real TCP connections to a broker.</summary>
public sealed class CitySimulator(ISimulatedDrivers drivers, TimeProvider clock, FaultLog faults, ILogger<CitySimulator> log)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Plays until it is told to stop.</summary>
    public async Task RunAsync(IReadOnlyList<SimulatedCity> cities, SimulationOptions options, CancellationToken ct)
    {
        var devices = new List<SimulatedDevice>();
        var tasks = new List<Task>();
        foreach (var city in cities)
            foreach (var lot in city.Lots)
            {
                var ofLot = lot.Devices.Select(d => new SimulatedDevice(d, options, clock, log)).ToList();
                devices.AddRange(ofLot);
                tasks.AddRange(ofLot.Select(d => KeepAsync(d.RunAsync, d.Plan.UserName, ct)));
                tasks.Add(KeepAsync(new LotSimulation(city, lot, ofLot, drivers, options, clock, faults).RunAsync, $"{city.Code} {lot.Id}", ct));
            }
        log.LogInformation("Playing {Devices} devices at {Speed} times the speed of life", devices.Count, options.Speed);
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
        await Task.WhenAll(devices.Select(d => d.StopAsync()));
    }

    /// <summary>What breaks down, in an outage say, begins again after a pause.</summary>
    async Task KeepAsync(Func<CancellationToken, Task> play, string what, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
            try
            {
                await play(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogWarning("The simulation of {What} broke down and begins again in {Pause}: {Reason}", what, Pause, e.Message);
                await Task.Delay(Pause, clock, ct);
            }
    }
}
