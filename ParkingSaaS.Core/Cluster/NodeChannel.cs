using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Cluster;

/// <summary>What tells the nodes of an installation apart; the setting <c>Node</c>.</summary>
public sealed record NodeName(string Value);

/// <summary>What happened in a city's database, whichever node did it.</summary>
/// <param name="Commands">Commands were written.</param>
/// <param name="Devices">These were added, or may have lost what they signed in with, or came up at a node; null for any.</param>
public sealed record NodeNews(bool Commands, IReadOnlySet<Guid>? Devices)
{
    /// <summary>Nobody listened for a while.</summary>
    public static readonly NodeNews Anything = new(true, null);
}

/// <summary>What the nodes of an installation tell one another, through each city's database. Triggers tell of commands and
/// devices in the transaction that changed them, so that it is heard if and only if that was committed. What pages are told
/// (<see cref="LiveFeed"/>) follows the commit; it names rows by id and holds nothing of them.</summary>
public sealed class NodeChannel(CityDatabases databases, LiveFeed live, NodeName node, TimeProvider clock, FaultLog faults)
{
    /// <summary>PostgreSQL carries less than 8,000 bytes.</summary>
    const int MaxPayload = 7_999;

    // The first two are named in the triggers of migration Nodes.
    const string Commands = "parking_commands";
    const string Devices = "parking_devices";
    const string Pages = "parking_pages";

    /// <summary>Notices that wait while the database is away; then all that the others need to hear is that anything may have changed.</summary>
    const int MaxWaiting = 1_000;

    const string Telling = "telling other nodes' pages";

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Hears and tells what happens in the city until it is cancelled. A connection that breaks is opened anew, and what was
    /// missed meanwhile comes as <see cref="NodeNews.Anything"/>; so does the beginning.</summary>
    /// <param name="city">The city's code.</param>
    public Task RunAsync(string city, string database, Func<NodeNews, Task> onNews, CancellationToken ct) =>
        Task.WhenAll(TellAsync(city, database, ct), ListenAsync(city, database, onNews, ct));

    async Task ListenAsync(string city, string database, Func<NodeNews, Task> onNews, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
            try
            {
                await ListenOnceAsync(city, database, onNews, ct);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                faults.Failed(city, "listening to other nodes", e);
                await Task.Delay(Pause, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

    async Task ListenOnceAsync(string city, string database, Func<NodeNews, Task> onNews, CancellationToken ct)
    {
        var (commands, devices) = (false, new HashSet<Guid>());
        await using var connection = databases.Keep(database);
        connection.Notified += (channel, payload) =>
        {
            if (channel == Commands)
                commands = true;
            else if (channel == Devices && Guid.TryParse(payload, out var id))
                devices.Add(id);
            else if (channel == Pages && JsonSerializer.Deserialize<ClusterEvent>(payload) is { } pages && pages.Node != node.Value)
                live.Tell(city, pages.Changed);
        };
        await connection.OpenAsync(ct);
        await connection.ExecuteAsync($"LISTEN {Commands}; LISTEN {Devices}; LISTEN {Pages}", ct);
        faults.Worked(city, "listening to other nodes");
        await onNews(NodeNews.Anything);
        live.Tell(city, LiveFeed.Anything);
        while (true)
        {
            if (commands || devices.Count > 0)
            {
                var news = new NodeNews(commands, devices);
                (commands, devices) = (false, []);
                await onNews(news);
            }
            else
            {
                await connection.WaitAsync(ct);
            }
        }
    }

    /// <summary>While one notice is on its way the next ones gather. What could not be told makes the next notice one of anything.</summary>
    async Task TellAsync(string city, string database, CancellationToken ct)
    {
        var waiting = Channel.CreateBounded<IReadOnlyList<LiveNotice>>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
        var missed = false;
        using var subscription = live.SubscribeToOwn(city, notices =>
        {
            if (!waiting.Writer.TryWrite(notices))
                Volatile.Write(ref missed, true);
        });
        try
        {
            while (await waiting.Reader.WaitToReadAsync(ct))
            {
                var notices = new HashSet<LiveNotice>();
                while (waiting.Reader.TryRead(out var more))
                    notices.UnionWith(more);
                var all = Interlocked.Exchange(ref missed, false);
                try
                {
                    await databases.TellAsync(database, Pages, Payload(all ? LiveFeed.Anything : [.. notices]), ct);
                    faults.Worked(city, Telling);
                }
                catch (Exception e) when (!ct.IsCancellationRequested)
                {
                    faults.Failed(city, Telling, e);
                    Volatile.Write(ref missed, true);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    string Payload(IReadOnlyList<LiveNotice> notices)
    {
        var payload = JsonSerializer.Serialize(new ClusterEvent(node.Value, notices));
        return Encoding.UTF8.GetByteCount(payload) <= MaxPayload ? payload : JsonSerializer.Serialize(new ClusterEvent(node.Value, LiveFeed.Anything));
    }

    sealed record ClusterEvent(string Node, IReadOnlyList<LiveNotice> Changed);
}
