using Microsoft.Extensions.Hosting;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Devices;

/// <summary>Has messages processed again that failed by no fault of theirs: all of them soon after a start, then each when it is due.</summary>
sealed class MessageUpkeep(CityDirectory cities, ReplayMessages replay, TimeProvider clock, FaultLog faults) : BackgroundService
{
    const string What = "the repetition of failed messages";

    readonly HashSet<string> hastened = [];

    // From the start, so that no tick is missed before the loop runs.
    readonly PeriodicTimer timer = new(TimeSpan.FromSeconds(10), clock);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var city in cities.Active)
                try
                {
                    if (!hastened.Contains(city.Code))
                        await replay.HastenAsync(city.Code, ct);
                    hastened.Add(city.Code);
                    await replay.RetryAsync(city.Code, ct);
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
