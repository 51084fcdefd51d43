using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Fetches bills of payment channels. One that is not there yet is asked for again.</summary>
sealed class BillUpkeep(CityDirectory cities, FetchBills fetch, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromMinutes(10), "fetching bills")
{
    protected override Task RunAsync(City city, CancellationToken ct) => fetch.RunAsync(city.Code, ct);
}
