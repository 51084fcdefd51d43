using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>How far commands have come. A state only ever moves forward, so reports may come late or twice; the one exception is a
/// command that was sent and never taken, which waits again.</summary>
public sealed class CommandProgress(CitySessions sessions, NodeName node, LiveFeed live)
{
    /// <summary>The command was handed to the device's session, the device took it, or the session ended before it did.</summary>
    /// <returns>Whether the command went from one state to the other by this.</returns>
    public async Task<bool> MarkAsync(string city, DeviceCommand command, CommandState state, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(DeviceStates.ActorOf(city), DevicePermissions.Connect, ct);
        CommandState[] before = state switch
        {
            CommandState.Queued => [CommandState.Sent],
            CommandState.Sent => [CommandState.Queued],
            _ => [CommandState.Queued, CommandState.Sent]
        };
        var changed = await s.Db.Set<DeviceCommand>().Where(c => c.Id == command.Id && before.Contains(c.State))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, state).SetProperty(c => c.StateAt, s.Now), ct);
        if (changed > 0)
            live.Publish(city, [new LiveNotice(LiveKind.Command, command.LotId, command.DeviceId)]);
        return changed > 0;
    }

    /// <summary>The city's commands that no session holds and that are still in time, in the order in which they were written.</summary>
    /// <param name="city">The city's code.</param>
    /// <param name="here">Only those for devices that are connected to this node.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<List<DeviceCommand>> WaitingAsync(string city, bool here, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(DeviceStates.ActorOf(city), DevicePermissions.Connect, ct);
        return await s.Db.Set<DeviceCommand>().AsNoTracking()
            .Where(c => c.State == CommandState.Queued && c.ExpiresAt > s.Now)
            .Where(c => !here || s.Db.Set<Device>().Any(d => d.Id == c.DeviceId && d.Node == node.Value))
            .OrderBy(c => c.Id).ToListAsync(ct);
    }

    /// <summary>Gives up commands whose time is over and that no device took.</summary>
    public async Task ExpireAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(DeviceStates.ActorOf(city), DevicePermissions.Connect, ct);
        var late = s.Db.Set<DeviceCommand>()
            .Where(c => (c.State == CommandState.Queued || c.State == CommandState.Sent) && c.ExpiresAt <= s.Now);
        var notices = await late.Select(c => new LiveNotice(LiveKind.Command, c.LotId, c.DeviceId)).Distinct().ToListAsync(ct);
        if (notices.Count == 0)
            return;
        await late.ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CommandState.Expired).SetProperty(c => c.StateAt, s.Now), ct);
        live.Publish(city, notices);
    }
}
