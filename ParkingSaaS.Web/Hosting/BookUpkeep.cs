using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Proves the books of days that are over. A day of a large city takes its time, and keeps nothing else waiting.</summary>
sealed class BookUpkeep(CityDirectory cities, ProveBooks proveBooks, TimeProvider clock, FaultLog faults) : BackgroundService
{
    const string What = "proving the books";

    static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var city in cities.Active)
                await ProveAsync(city, ct);
    }

    async Task ProveAsync(City city, CancellationToken ct)
    {
        try
        {
            await proveBooks.RunAsync(city.Code, ct);
            faults.Worked(city.Code, What);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            faults.Failed(city.Code, What, e);
        }
    }
}
