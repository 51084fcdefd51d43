using Microsoft.Extensions.Hosting;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Devices;

/// <summary>Has pictures deleted whose time is over. Each node does so: where files lie on disks, each has its own.</summary>
sealed class PictureUpkeep(CityDirectory cities, ExpirePictures expire, TimeProvider clock, FaultLog faults) : BackgroundService
{
    const string What = "the deletion of old pictures";

    // From the start, so that no tick is missed before the loop runs.
    readonly PeriodicTimer timer = new(TimeSpan.FromHours(1), clock);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var city in cities.Active)
                try
                {
                    await expire.RunAsync(city.Code, ct);
                    faults.Worked(city.Code, What);
                }
                catch (Exception e) when (!ct.IsCancellationRequested)
                {
                    faults.Failed(city.Code, What, e);
                }
    }

    public override void Dispose()
    {
        timer.Dispose();
        base.Dispose();
    }
}
