using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Writes down what was said to and by payment channels, also when the program stops.</summary>
sealed class ChannelLogUpkeep(CityDirectory cities, ChannelLog messages, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromSeconds(2), "keeping messages of payment channels")
{
    readonly CityDirectory cities = cities;

    protected override Task RunAsync(City city, CancellationToken ct) => messages.WriteAsync(city.Code, ct);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var city in cities.Active)
            await messages.WriteAsync(city.Code, cancellationToken);
    }
}
