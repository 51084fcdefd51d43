using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>What a device is and where it stands from now on, within its lot.</summary>
public sealed record DeviceBinding(Guid Id, DeviceKind Kind, Guid? LaneId, Guid? BerthId)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public DeviceBinding? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static DeviceBinding Of(Device device) => new(device.Id, device.Kind, device.LaneId, device.BerthId);
}

/// <summary>Binds a device to another place of its lot.</summary>
public sealed class ChangeDevice(CitySessions sessions, LiveFeed live)
{
    public async Task<Result<Done>> RunAsync(Actor actor, DeviceBinding request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, DevicePermissions.Manage, ct);
        if (await s.Db.Set<Device>().FirstOrDefaultAsync(d => d.Id == request.Id && d.RetiredAt == null, ct) is not { } device)
            return new NotFound("device");
        if (Edits.Since(request.Seen, DeviceBinding.Of(device), request) is { } changed)
            return changed;
        var invalid = Check.That(Enum.IsDefined(request.Kind) && DeviceDialect.For(request.Kind).Contains(device.Dialect),
                nameof(request.Kind), "invalid")
            ?? await DevicePlace.CheckAsync(s, device.LotId, request.Kind, request.LaneId, request.BerthId, ct);
        if (invalid is not null)
            return invalid;
        (device.Kind, device.LaneId, device.BerthId) = (request.Kind, request.LaneId, request.BerthId);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Device, device.LotId, device.Id)]);
        return new Done();
    }
}

/// <summary>Gives a device a new secret; with the old one it cannot sign in any more, and its connection ends.</summary>
public sealed class RenewSecret(CitySessions sessions, IDeviceLink link, LiveFeed live)
{
    public async Task<Result<DeviceCredentials>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, DevicePermissions.Manage, ct);
        if (await s.Db.Set<Device>().FirstOrDefaultAsync(d => d.Id == id && d.RetiredAt == null, ct) is not { } device)
            return new NotFound("device");
        var secret = Secret.Generate();
        device.SecretHash = Secret.Hash(secret);
        device.CredentialsVersion++;
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        link.Disconnect(s.City, device.Name);
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Device, device.LotId, id)]);
        return new DeviceCredentials(id, $"{s.City.Code}/{device.Name}", secret);
    }
}

/// <summary>Takes a device out of use. Its connection ends and it can no longer sign in; its messages stay. Its certificates are free
/// for the device that takes its place.</summary>
public sealed class RetireDevice(CitySessions sessions, IDeviceLink link, LiveFeed live)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, DevicePermissions.Manage, ct);
        if (await s.Db.Set<Device>().FirstOrDefaultAsync(d => d.Id == id && d.RetiredAt == null, ct) is not { } device)
            return new NotFound("device");
        device.RetiredAt = s.Now;
        device.CredentialsVersion++;
        s.Db.Set<DeviceCertificate>().RemoveRange(await s.Db.Set<DeviceCertificate>().Where(c => c.DeviceId == id).ToListAsync(ct));
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        link.Disconnect(s.City, device.Name);
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Device, device.LotId, id)]);
        return new Done();
    }
}
