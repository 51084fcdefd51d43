using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>Keeps which devices are connected, and since when.</summary>
public sealed class DeviceStates(CitySessions sessions, LiveFeed live)
{
    /// <summary>The device's session came up or went down.</summary>
    /// <param name="device">The device.</param>
    /// <param name="online">Whether it is up.</param>
    /// <param name="reason">Why, for the state log.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task SetAsync(SignedInDevice device, bool online, string reason, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(Actor.System(device.City, "devices"), DevicePermissions.Connect, ct);
        var changed = await s.Db.Devices.Where(d => d.Id == device.Id && (d.Online != online || online)).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.Online, online)
            .SetProperty(d => d.LastSeenAt, s.Now), ct);
        if (changed == 0)
            return;
        s.Db.DeviceStateChanges.Add(new DeviceStateChange
        {
            Id = Guid.CreateVersion7(),
            LotId = device.LotId,
            DeviceId = device.Id,
            At = s.Now,
            State = online ? "online" : "offline",
            Detail = reason
        });
        await s.Db.SaveChangesAsync(ct);
        live.Publish(device.City, [new LiveNotice("device", device.LotId, device.Id)]);
    }

    /// <summary>After a start nobody is connected yet, whatever the last run left behind.</summary>
    public async Task ResetAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(Actor.System(city, "devices"), DevicePermissions.Connect, ct);
        await s.Db.Devices.Where(d => d.Online).ExecuteUpdateAsync(set => set.SetProperty(d => d.Online, false), ct);
    }
}
