using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Looks for stays that cannot be what they seem. What is usual in a lot is a question to all its stays of a season, so it is asked once an
/// hour.</summary>
sealed class StayWatch(CityDirectory cities, FreezeStays freezeStays, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromHours(1), "watching stays")
{
    protected override Task RunAsync(City city, CancellationToken ct) => freezeStays.RunAsync(city.Code, ct);
}
