using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>A device as entered.</summary>
/// <param name="LotId">Where it stands; cannot change later.</param>
/// <param name="Name">1–64 letters, digits, <c>-</c> and <c>_</c>, not beginning with a sign; unique in the city, retired devices
/// included. For vendors that name topics by serial number, the serial number. Cannot change later.</param>
/// <param name="Dialect">One of <see cref="DeviceDialect.For"/> the kind; cannot change later.</param>
/// <param name="LaneId">The lane of the same lot, for cameras and gates.</param>
/// <param name="BerthId">The berth of the same lot, for sensors.</param>
public sealed record NewDevice(Guid LotId, string Name, DeviceKind Kind, string Dialect, Guid? LaneId, Guid? BerthId);

/// <summary>What the device signs in with. The secret is not kept and cannot be shown again.</summary>
/// <param name="UserName">The MQTT user name, <c>{city}/{device}</c>.</param>
/// <param name="Secret">The MQTT password.</param>
public sealed record DeviceCredentials(Guid DeviceId, string UserName, string Secret);

public sealed partial class AddDevice(CitySessions sessions, LiveFeed live)
{
    public async Task<Result<DeviceCredentials>> RunAsync(Actor actor, NewDevice request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, DevicePermissions.Manage, ct);
        if (!await s.Db.Set<Lot>().AnyAsync(l => l.Id == request.LotId && l.RetiredAt == null, ct))
            return new NotFound("lot");
        var name = request.Name?.Trim() ?? "";
        var misplaced = Check.That(Enum.IsDefined(request.Kind), nameof(request.Kind), "invalid")
            ?? Check.That(DeviceDialect.For(request.Kind).Contains(request.Dialect), nameof(request.Dialect), "invalid")
            ?? await DevicePlace.CheckAsync(s, request.LotId, request.Kind, request.LaneId, request.BerthId, ct);
        var invalid = Check.All(InvalidName(name), misplaced)
            // The name is the sign-in, so it must also differ from devices out of the actor's reach.
            ?? Check.That(!await s.Db.Set<Device>().IgnoreQueryFilters([CityDb.ScopeFilter]).AnyAsync(d => d.Name == name, ct),
                nameof(request.Name), "taken");
        if (invalid is not null)
            return invalid;
        var secret = Secret.Generate();
        var device = new Device
        {
            Id = Guid.CreateVersion7(),
            LotId = request.LotId,
            Name = name,
            Kind = request.Kind,
            Dialect = request.Dialect,
            LaneId = request.LaneId,
            BerthId = request.BerthId,
            SecretHash = Secret.Hash(secret)
        };
        s.Db.Set<Device>().Add(device);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Device, device.LotId, device.Id)]);
        return new DeviceCredentials(device.Id, $"{s.City.Code}/{name}", secret);
    }

    internal static InvalidField? InvalidName(string name) =>
        Check.Required(nameof(NewDevice.Name), name, 64) ?? Check.That(NamePattern().IsMatch(name), nameof(NewDevice.Name), "invalid", "device-name");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\z")]
    private static partial Regex NamePattern();
}
