using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Proves the books of days that are over. A day of a large city takes its time, and keeps nothing else waiting.</summary>
sealed class BookUpkeep(CityDirectory cities, ProveBooks proveBooks, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromMinutes(5), "proving the books")
{
    protected override Task RunAsync(City city, CancellationToken ct) => proveBooks.RunAsync(city.Code, ct);
}
