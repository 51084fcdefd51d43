using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Devices.Simulator;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>The simulator outlives what goes wrong around it.</summary>
public sealed class CitySimulatorTests
{
    sealed class DriversInAnOutage : ISimulatedDrivers
    {
        public int Asked { get; private set; }

        public Task<IReadOnlyList<SimulatedCar>> ParkedAsync(string city, Guid lotId, CancellationToken ct) => ++Asked == 1
            ? Task.FromException<IReadOnlyList<SimulatedCar>>(new IOException("the database is away"))
            : Task.FromResult<IReadOnlyList<SimulatedCar>>([]);

        public Task PayAsync(string city, Guid lotId, string plate, CancellationToken ct) => Task.CompletedTask;
    }

    [Fact]
    public async Task A_lot_that_broke_down_begins_again()
    {
        var (drivers, clock, logs) = (new DriversInAnOutage(), new FakeTime(), new CapturedLogs());
        using var loggers = new LoggerFactory([logs]);
        using var stop = new CancellationTokenSource();
        var camera = new SimulatedDevicePlan(DeviceKind.ExitCamera, "standard", "alpha/cam", "secret", "cam");
        // Nobody listens at that port.
        var running = new CitySimulator(drivers, clock, new FaultLog(clock, loggers.CreateLogger<FaultLog>()), loggers.CreateLogger<CitySimulator>()).RunAsync(
            [new SimulatedCity("alpha", [new SimulatedLot(Guid.NewGuid(), 1, [camera])])], new SimulationOptions("127.0.0.1", 1, 20, 1), stop.Token);
        await Eventually.HoldsAsync(() => drivers.Asked > 1, () => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Single(logs.Lines, l => l.Contains("broke down and begins again") && l.Contains("the database is away"));
        await stop.CancelAsync();
        await running;
    }
}
