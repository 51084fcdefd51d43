using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>How far commands have come. A state only ever moves forward, so reports may come late or twice; the one exception is a
/// command that was sent and never taken, which waits again. What a device says of having done it comes as a message (<see cref="DeviceNews"/>).</summary>
public sealed class CommandProgress(CitySessions sessions, NodeName node, LiveFeed live, FaultLog faults) : IAsyncDisposable
{
    const string What = "the progress of commands";

    /// <summary>How long what is noted waits for more. A device takes a command within it as a rule, and of its states the last is written.</summary>
    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    /// <summary>Until the next try where the database does not take it. Real time, as what it waits for is the machine.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Of a city whose database is away; a command lives for seconds, so what is dropped beyond has expired.</summary>
    const int MaxWaiting = 20_000;

    readonly ConcurrentDictionary<string, Notes> cities = new();
    readonly CancellationTokenSource stopping = new();

    /// <summary>Takes a command that waits, to send it: of several nodes that all could, one.</summary>
    /// <returns>Whether it is this one.</returns>
    public async Task<bool> ClaimAsync(string city, DeviceCommand command, CancellationToken ct)
    {
        await using var s = await OpenAsync(city, ct);
        var claimed = await WriteAsync(s, CommandState.Sent, [command.Id], ct) > 0;
        if (claimed)
            live.Publish(city, [Notice(command)]);
        return claimed;
    }

    /// <summary>The command was handed to the device's session, the device took it, or the session ended before it did. It is written within a
    /// moment, together with what else is noted; a program that is killed before sends it once more when it is back.</summary>
    public void Note(string city, DeviceCommand command, CommandState state)
    {
        var notes = cities.GetOrAdd(city, _ => new Notes());
        lock (notes)
        {
            if (stopping.IsCancellationRequested)
                return; // nobody would write it
            if (notes.Waiting.Count < MaxWaiting || notes.Waiting.ContainsKey(command.Id))
                notes.Waiting[command.Id] = (command, state);
            if (notes.Writing.IsCompleted)
                notes.Writing = Task.Run(() => WriteNotesAsync(city, notes), CancellationToken.None);
        }
    }

    async Task WriteNotesAsync(string city, Notes notes)
    {
        await Task.Delay(Gathering, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (; ; )
        {
            (DeviceCommand Command, CommandState State)[] taken;
            lock (notes)
            {
                notes.Taken = taken = [.. notes.Waiting.Values];
                notes.Waiting.Clear();
                if (taken.Length == 0)
                {
                    notes.Writing = Task.CompletedTask; // under the lock: what is noted from now on begins anew
                    return;
                }
            }
            var pause = Gathering;
            try
            {
                await using var s = await OpenAsync(city, CancellationToken.None);
                foreach (var group in taken.GroupBy(t => t.State))
                    await WriteAsync(s, group.Key, [.. group.Select(t => t.Command.Id)], CancellationToken.None);
                live.Publish(city, [.. taken.Select(t => Notice(t.Command)).Distinct()]);
                faults.Worked(city, What);
            }
            catch (Exception e)
            {
                faults.Failed(city, What, e);
                if (stopping.IsCancellationRequested)
                    return;
                lock (notes)
                    foreach (var (command, state) in taken)
                        notes.Waiting.TryAdd(command.Id, (command, state)); // a later state counts
                pause = Pause;
            }
            await Task.Delay(pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static Task<int> WriteAsync(CitySession s, CommandState state, Guid[] commands, CancellationToken ct)
    {
        CommandState[] before = state switch
        {
            CommandState.Queued => [CommandState.Sent],
            CommandState.Sent => [CommandState.Queued],
            _ => [CommandState.Queued, CommandState.Sent]
        };
        return s.Db.Set<DeviceCommand>().Where(c => commands.Contains(c.Id) && before.Contains(c.State))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, state).SetProperty(c => c.StateAt, s.Now), ct);
    }

    static LiveNotice Notice(DeviceCommand command) => new(LiveKind.Command, command.LotId, command.DeviceId);

    Task<CitySession> OpenAsync(string city, CancellationToken ct) => sessions.OpenAsync(DeviceStates.ActorOf(city), DevicePermissions.Connect, ct);

    /// <summary>The city's commands that no session holds and that are still in time, in the order in which they were written.</summary>
    /// <param name="city">The city's code.</param>
    /// <param name="here">Only those for devices that are connected to this node.</param>
    public async Task<List<DeviceCommand>> WaitingAsync(string city, bool here, CancellationToken ct)
    {
        await using var s = await OpenAsync(city, ct);
        return await s.Db.Set<DeviceCommand>().AsNoTracking()
            .Where(c => c.State == CommandState.Queued && c.ExpiresAt > s.Now)
            .Where(c => !here || s.Db.Set<Device>().Any(d => d.Id == c.DeviceId && d.Node == node.Value))
            .OrderBy(c => c.Id).ToListAsync(ct);
    }

    /// <summary>Gives up commands whose time is over and that no device took.</summary>
    public async Task ExpireAsync(string city, CancellationToken ct)
    {
        await using var s = await OpenAsync(city, ct);
        Guid[] noted = cities.TryGetValue(city, out var notes) ? notes.Commands() : [];
        var late = s.Db.Set<DeviceCommand>()
            .Where(c => (c.State == CommandState.Queued || c.State == CommandState.Sent) && c.ExpiresAt <= s.Now && !noted.Contains(c.Id));
        var notices = await late.Select(c => new LiveNotice(LiveKind.Command, c.LotId, c.DeviceId)).Distinct().ToListAsync(ct);
        if (notices.Count == 0)
            return;
        await late.ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CommandState.Expired).SetProperty(c => c.StateAt, s.Now), ct);
        live.Publish(city, notices);
    }

    /// <summary>Writes what is noted, where the database takes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(cities.Values.Select(n => n.Writing));
        stopping.Dispose();
    }

    sealed class Notes
    {
        public Dictionary<Guid, (DeviceCommand Command, CommandState State)> Waiting { get; } = [];

        public (DeviceCommand Command, CommandState State)[] Taken { get; set; } = [];

        public Task Writing { get; set; } = Task.CompletedTask;

        public Guid[] Commands()
        {
            lock (this)
                return [.. Waiting.Keys, .. Taken.Select(t => t.Command.Id)];
        }
    }
}
