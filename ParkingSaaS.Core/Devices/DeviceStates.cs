using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>Keeps which devices are connected, at which node, and since when.</summary>
public sealed class DeviceStates(CitySessions sessions, NodeName node, LiveFeed live)
{
    /// <summary>The device's session came up at this node or went down. One that has meanwhile come up at another node stays up.</summary>
    /// <param name="online">Whether it is up.</param>
    /// <param name="reason">Why, for the state log.</param>
    public async Task SetAsync(SignedInDevice device, bool online, string reason, CancellationToken ct)
    {
        await using var s = await OpenAsync(device.City, ct);
        var row = s.Db.Set<Device>().Where(d => d.Id == device.Id);
        var before = await row.Select(d => new
        {
            IsHere = d.Online && d.Node == node.Value,
            WasElsewhere = d.Node != null && d.Node != node.Value,
            Changes = s.Db.Set<DeviceStateChange>().Where(c => c.DeviceId == device.Id && c.At > s.Now - Restless).Take(MaxChanges).Count()
        }).SingleAsync(ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        if (online)
            await TakeAsync(s, row, before.WasElsewhere, ct);
        else if (await row.Where(d => d.Online && d.Node == node.Value).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.Online, false)
            .SetProperty(d => d.OfflineSince, s.Now)
            .SetProperty(d => d.LastSeenAt, s.Now), ct) == 0)
            return;
        // Two devices with one client id take the connection from each other all the time: that is one fault, not a history.
        var restless = before.Changes == MaxChanges;
        if (online && (before.IsHere || restless))
            await DeviceFault.CountAsync(s, [(await row.AsNoTracking().SingleAsync(ct), DeviceFaultKind.Reconnects, reason)], ct);
        if (!(online && before.IsHere) && !restless)
            s.Db.Set<DeviceStateChange>().Add(DeviceStateChange.Of(device.Id, device.LotId, s.Now, online, reason));
        await s.Db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(device.City, [new LiveNotice(LiveKind.Device, device.LotId, device.Id)]);
    }

    /// <summary>What a device's connection does more often than so many times in a while is no news.</summary>
    const int MaxChanges = 6;

    static readonly TimeSpan Restless = TimeSpan.FromMinutes(10);

    /// <summary>What another node had sent and the device did not take waits again: that node's session does not come along.</summary>
    async Task TakeAsync(CitySession s, IQueryable<Device> row, bool moved, CancellationToken ct)
    {
        await row.ExecuteUpdateAsync(set => set
            .SetProperty(d => d.Online, true)
            .SetProperty(d => d.OfflineSince, (DateTimeOffset?)null)
            .SetProperty(d => d.Node, node.Value)
            .SetProperty(d => d.LastSeenAt, s.Now), ct);
        if (moved)
            await s.Db.Set<DeviceCommand>().Where(c => row.Any(d => d.Id == c.DeviceId) && c.State == CommandState.Sent && c.ExpiresAt > s.Now)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CommandState.Queued).SetProperty(c => c.StateAt, s.Now), ct);
    }

    /// <summary>Nobody is connected to that node, whatever its last run left behind: it starts, or is gone.</summary>
    public async Task ResetAsync(string city, string gone, CancellationToken ct)
    {
        await using var s = await OpenAsync(city, ct);
        var left = s.Db.Set<Device>().Where(d => d.Online && (d.Node == gone || d.Node == null));
        var notices = await left.Select(d => new LiveNotice(LiveKind.Device, d.LotId, d.Id)).ToListAsync(ct);
        await AwayAsync(left, s.Now, ct);
        live.Publish(city, notices);
    }

    /// <summary>Devices that are shown as connected to this node and are not.</summary>
    /// <param name="city">The city's code.</param>
    /// <param name="isConnected">Whether the device of that name is.</param>
    public async Task LostAsync(string city, Func<string, bool> isConnected, CancellationToken ct)
    {
        await using var s = await OpenAsync(city, ct);
        // One that is just connecting is shown first.
        var shown = await s.Db.Set<Device>().AsNoTracking().Where(d => d.Online && d.Node == node.Value && d.LastSeenAt < s.Now - Settling).ToListAsync(ct);
        foreach (var d in shown.Where(d => !isConnected(d.Name)))
            await SetAsync(new SignedInDevice(city, d.Id, d.LotId, d.Name, d.Dialect, d.CredentialsVersion), online: false, "lost", ct);
    }

    static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    /// <summary>Devices that were not heard for that long are away: the only sign where their connections are somebody else's.</summary>
    public async Task SilentAsync(string city, TimeSpan patience, CancellationToken ct)
    {
        await using var s = await OpenAsync(city, ct);
        var silent = s.Db.Set<Device>().Where(d => d.Online && d.LastSeenAt < s.Now - patience);
        foreach (var notice in await silent.Select(d => new LiveNotice(LiveKind.Device, d.LotId, d.Id)).ToListAsync(ct))
        {
            // Another node may have seen it as well, or the device has just spoken.
            if (await AwayAsync(silent.Where(d => d.Id == notice.Id), s.Now, ct) == 0)
                continue;
            s.Db.Set<DeviceStateChange>().Add(DeviceStateChange.Of(notice.Id, notice.LotId, s.Now, online: false, "silent"));
            await s.Db.SaveChangesAsync(ct);
            live.Publish(city, [notice]);
        }
    }

    static Task<int> AwayAsync(IQueryable<Device> devices, DateTimeOffset now, CancellationToken ct) => devices.ExecuteUpdateAsync(set => set
        .SetProperty(d => d.Online, false)
        .SetProperty(d => d.OfflineSince, now), ct);

    /// <summary>Which of the devices may no longer be connected here: what they signed in with no longer holds, or they have come up at
    /// another node since.</summary>
    public async Task<IReadOnlyList<(SignedInDevice Device, bool Moved)>> NotHereAsync(string city, IReadOnlyList<SignedInDevice> devices,
        CancellationToken ct)
    {
        await using var s = await OpenAsync(city, ct);
        var ids = devices.Select(d => d.Id).ToArray();
        var rows = await s.Db.Set<Device>().AsNoTracking().Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, ct);
        return [.. devices.Select(d => (d, rows[d.Id].Node != node.Value))
            .Where(x => x.Item2 || rows[x.d.Id].CredentialsVersion != x.d.CredentialsVersion)];
    }

    /// <summary>What signs devices in, and keeps their states and how far their commands have come.</summary>
    internal static Actor ActorOf(string city) => Actor.Job(city, "device-states", DevicePermissions.Connect);

    Task<CitySession> OpenAsync(string city, CancellationToken ct) =>
        sessions.OpenAsync(ActorOf(city), DevicePermissions.Connect, ct);
}
