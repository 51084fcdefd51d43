using ParkingSaaS.Devices.Simulator;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Demo;

/// <summary>The demo's cities, and the cars that drive in them.</summary>
sealed class DemoSlice : IWebSlice
{
    public void AddServices(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<DemoSeed>().AddSingleton<DemoCitySeed>().AddSingleton<DemoHistory>();
        if (settings is { Demo: true, SimulatorSpeed: > 0, Broker: null })
            services.AddSingleton<CitySimulator>().AddSingleton<ISimulatedDrivers, DemoDrivers>().AddHostedService<DemoSimulation>();
    }
}
