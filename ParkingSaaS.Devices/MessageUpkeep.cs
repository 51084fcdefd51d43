using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Devices;

/// <summary>Has messages processed again that failed by no fault of theirs: all of them soon after a start, then each when it is due.</summary>
sealed class MessageUpkeep(CityDirectory cities, ReplayMessages replay, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromSeconds(10), "the repetition of failed messages")
{
    readonly HashSet<string> hastened = [];

    protected override async Task RunAsync(City city, CancellationToken ct)
    {
        if (!hastened.Contains(city.Code))
            await replay.HastenAsync(city.Code, ct);
        hastened.Add(city.Code);
        await replay.RetryAsync(city.Code, ct);
    }
}
