using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>A device whose secret or certificate was right.</summary>
public sealed record SignedInDevice(string City, Guid Id, Guid LotId, string Name, string Dialect);

/// <summary>Checks a device's credentials.</summary>
public sealed class DeviceSignIn(CitySessions sessions, CityDirectory cities)
{
    /// <summary>Checks <c>{city}/{device}</c> with its certificate or its secret. The name is needed with a certificate too: it says in
    /// which city to look. A certificate that is shown must be one of that device's and valid now; then the secret does not matter,
    /// and otherwise it does not help.</summary>
    /// <param name="userName">As it was sent.</param>
    /// <param name="secret">As it was sent; empty without one.</param>
    /// <param name="certificate">One whose key the device has proved to have; null without one.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The device; null where anything is wrong, without saying what.</returns>
    public async Task<SignedInDevice?> RunAsync(string userName, string secret, X509Certificate2? certificate, CancellationToken ct)
    {
        if (userName.Split('/') is not [var code, var name] || await cities.FindAsync(code, ct) is not { } city)
            return null;
        await using var s = await sessions.OpenAsync(Actor.System(city.Code, "devices"), DevicePermissions.Connect, ct);
        var device = await s.Db.Devices.AsNoTracking().FirstOrDefaultAsync(d => d.Name == name && d.RetiredAt == null, ct);
        return device is not null && (certificate is null ? Secret.Verify(device.SecretHash, secret) : await OwnsAsync(s, device, certificate, ct))
            ? new SignedInDevice(city.Code, device.Id, device.LotId, device.Name, device.Dialect)
            : null;
    }

    static async Task<bool> OwnsAsync(CitySession s, Device device, X509Certificate2 certificate, CancellationToken ct)
    {
        var thumbprint = DeviceCertificate.ThumbprintOf(certificate);
        return await s.Db.DeviceCertificates.AnyAsync(
            c => c.DeviceId == device.Id && c.Thumbprint == thumbprint && c.ValidFrom <= s.Now && s.Now <= c.ValidUntil, ct);
    }
}
