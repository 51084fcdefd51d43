using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>A device whose secret was right.</summary>
public sealed record SignedInDevice(string City, Guid Id, Guid LotId, string Name, string Dialect);

/// <summary>Checks a device's credentials.</summary>
public sealed class DeviceSignIn(CitySessions sessions, CityDirectory cities)
{
    /// <summary>Checks <c>{city}/{device}</c> and its secret.</summary>
    /// <returns>The device; null where city, device or secret are wrong, without saying which.</returns>
    public async Task<SignedInDevice?> RunAsync(string userName, string secret, CancellationToken ct)
    {
        if (userName.Split('/') is not [var code, var name] || await cities.FindAsync(code, ct) is not { } city)
            return null;
        await using var s = await sessions.OpenAsync(Actor.System(city.Code, "devices"), DevicePermissions.Connect, ct);
        var device = await s.Db.Devices.AsNoTracking().FirstOrDefaultAsync(d => d.Name == name && d.RetiredAt == null, ct);
        return device is not null && Secret.Verify(device.SecretHash, secret)
            ? new SignedInDevice(city.Code, device.Id, device.LotId, device.Name, device.Dialect)
            : null;
    }
}
