using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>How far commands have come. A state only ever moves forward, so reports may come late or twice; the one exception is a
/// command that was sent and never taken, which waits again.</summary>
public sealed class CommandProgress(CitySessions sessions, LiveFeed live)
{
    /// <summary>The command was handed to the device's session, the device took it, or the session ended before it did.</summary>
    public async Task MarkAsync(string city, DeviceCommand command, CommandState state, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(Actor.System(city, "devices"), DevicePermissions.Connect, ct);
        CommandState[] before = state switch
        {
            CommandState.Queued => [CommandState.Sent],
            CommandState.Sent => [CommandState.Queued],
            _ => [CommandState.Queued, CommandState.Sent]
        };
        var changed = await s.Db.DeviceCommands.Where(c => c.Id == command.Id && before.Contains(c.State))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, state).SetProperty(c => c.StateAt, s.Now), ct);
        if (changed > 0)
            live.Publish(city, [new LiveNotice("device", command.LotId, command.DeviceId)]);
    }

    /// <summary>The city's commands that no session holds and that are still in time, in the order in which they were written.</summary>
    public async Task<List<DeviceCommand>> WaitingAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(Actor.System(city, "devices"), DevicePermissions.Connect, ct);
        return await s.Db.DeviceCommands.AsNoTracking()
            .Where(c => c.State == CommandState.Queued && c.ExpiresAt > s.Now)
            .OrderBy(c => c.Id).ToListAsync(ct);
    }

    /// <summary>Gives up commands whose time is over and that no device took.</summary>
    public async Task ExpireAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(Actor.System(city, "devices"), DevicePermissions.Connect, ct);
        await s.Db.DeviceCommands
            .Where(c => (c.State == CommandState.Queued || c.State == CommandState.Sent) && c.ExpiresAt <= s.Now)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CommandState.Expired).SetProperty(c => c.StateAt, s.Now), ct);
    }
}
