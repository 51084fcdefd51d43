using Microsoft.Extensions.Hosting;
using ParkingSaaS.Core.Cluster;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>What is done in each city every so often. One in which it fails keeps no other waiting, and has its next turn as all have.</summary>
/// <param name="interval">From one turn to the next.</param>
/// <param name="what">What is done, as <see cref="FaultLog"/> words it.</param>
/// <param name="sideBySide">In how many cities at once.</param>
public abstract class CityUpkeep(CityDirectory cities, TimeProvider clock, FaultLog faults, TimeSpan interval, string what, int sideBySide = 1)
    : BackgroundService
{
    // From the start, so that no tick is missed before the loop runs.
    readonly PeriodicTimer timer = new(interval, clock);

    /// <summary>Does it in a city.</summary>
    protected abstract Task RunAsync(City city, CancellationToken ct);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken ct)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = ct };
        while (await timer.WaitForNextTickAsync(ct))
            await Parallel.ForEachAsync(cities.Active, options, TryAsync);
    }

    async ValueTask TryAsync(City city, CancellationToken ct)
    {
        try
        {
            await RunAsync(city, ct);
            faults.Worked(city.Code, what);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            faults.Failed(city.Code, what, e);
        }
    }

    /// <inheritdoc/>
    public sealed override void Dispose()
    {
        timer.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
