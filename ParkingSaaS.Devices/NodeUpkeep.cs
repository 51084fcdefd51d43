using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Devices;

/// <summary>What follows for this node's devices from what other nodes do.</summary>
public interface INodeWitness
{
    /// <summary>Something happened in the city, here or elsewhere. If it throws, it is called again, with anything.</summary>
    Task OnNewsAsync(City city, NodeNews news, CancellationToken ct);

    /// <summary>Another node is gone.</summary>
    Task OnGoneAsync(City city, string node, CancellationToken ct);
}

/// <summary>Hears in every city what other nodes do, shows them that this one lives, and notices when one is gone.</summary>
sealed class NodeUpkeep(CityDirectory cities, NodeChannel channel, NodePresence presence, INodeWitness witness, TimeProvider clock,
    ILogger<NodeUpkeep> log) : BackgroundService
{
    readonly Dictionary<string, Task> listening = [];
    readonly HashSet<(string City, string Node)> noticed = [];

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
                listening[city.Code] = channel.RunAsync(city, news => witness.OnNewsAsync(city, news, ct), ct);
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
            var gone = await presence.LookAsync(ct);
            noticed.RemoveWhere(n => !gone.Contains(n.Node));
            foreach (var node in gone)
                foreach (var city in cities.Active.Where(c => !noticed.Contains((c.Code, node))))
                {
                    log.LogWarning("Node {Node} is gone from {City}", node, city.Code);
                    await witness.OnGoneAsync(city, node, ct);
                    noticed.Add((city.Code, node));
                }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogError(e, "Whether other nodes live could not be seen");
        }
    }

    public override void Dispose()
    {
        meeting.Dispose();
        looking.Dispose();
        base.Dispose();
    }
}
