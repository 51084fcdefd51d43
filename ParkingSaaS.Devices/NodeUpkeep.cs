using Microsoft.Extensions.Hosting;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Devices;

/// <summary>What follows for this node's devices from what other nodes do.</summary>
public interface INodeWitness
{
    /// <summary>Something happened in the city, here or elsewhere. If it throws, it is called again, with anything.</summary>
    Task OnNewsAsync(City city, NodeNews news, CancellationToken ct);

    /// <summary>These nodes are gone; told at each look, so that what failed is tried again.</summary>
    Task OnGoneAsync(IReadOnlyCollection<string> nodes, CancellationToken ct);
}

/// <summary>Hears in every city what other nodes do, shows them that this one lives, and notices when one is gone.</summary>
sealed class NodeUpkeep(CityDirectory cities, NodeChannel channel, NodePresence presence, INodeWitness witness, TimeProvider clock,
    FaultLog faults) : BackgroundService
{
    const string What = "looking whether other nodes live";

    readonly Dictionary<string, Task> listening = [];

    // From the start, so that no tick is missed before the loops run.
    readonly PeriodicTimer meeting = new(TimeSpan.FromSeconds(1), clock);
    readonly PeriodicTimer looking = new(TimeSpan.FromSeconds(5), clock);

    public override async Task StartAsync(CancellationToken ct)
    {
        await LookAsync(ct);
        await base.StartAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        try
        {
            await Task.WhenAll(MeetAsync(ct), AtEachTickAsync(ct));
        }
        finally
        {
            await Task.WhenAll(listening.Values);
        }
    }

    /// <summary>Listens in the cities that are there, and in those that come.</summary>
    async Task MeetAsync(CancellationToken ct)
    {
        do
        {
            foreach (var city in cities.Active.Where(c => !listening.ContainsKey(c.Code)))
                listening[city.Code] = channel.RunAsync(city.Code, city.Database, news => witness.OnNewsAsync(city, news, ct), ct);
        }
        while (await meeting.WaitForNextTickAsync(ct));
    }

    async Task AtEachTickAsync(CancellationToken ct)
    {
        while (await looking.WaitForNextTickAsync(ct))
            await LookAsync(ct);
    }

    async Task LookAsync(CancellationToken ct)
    {
        try
        {
            await witness.OnGoneAsync(await presence.LookAsync(ct), ct);
            faults.Worked(FaultLog.Platform, What);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            faults.Failed(FaultLog.Platform, What, e);
        }
    }

    public override void Dispose()
    {
        meeting.Dispose();
        looking.Dispose();
        base.Dispose();
    }
}
