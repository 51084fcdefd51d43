using System.Linq.Expressions;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>A device whose secret or certificate was right.</summary>
/// <param name="City">The city's code.</param>
/// <param name="CredentialsVersion">Of what it signed in with.</param>
public sealed record SignedInDevice(string City, Guid Id, Guid LotId, string Name, string Dialect, int CredentialsVersion);

/// <summary>Checks a device's credentials.</summary>
public sealed class DeviceSignIn(CitySessions sessions, CityDirectory cities)
{
    /// <summary>Checks <c>{city}/{device}</c> with its certificate or its secret. The name is needed with a certificate too: it says in
    /// which city to look. A certificate that is shown must be one of that device's and valid now; then the secret does not matter,
    /// and otherwise it does not help.</summary>
    /// <param name="userName">As it was sent.</param>
    /// <param name="secret">As it was sent; empty without one.</param>
    /// <param name="certificate">One whose key the device has proved to have; null without one.</param>
    /// <returns>The device; null where anything is wrong, without saying what.</returns>
    public async Task<SignedInDevice?> RunAsync(string userName, string secret, X509Certificate2? certificate, CancellationToken ct)
    {
        if (userName.Split('/') is not [var code, var name] || cities.Find(code) is not { } city)
            return null;
        await using var s = await sessions.OpenAsync(DeviceStates.ActorOf(city.Code), DevicePermissions.Connect, ct);
        var device = await s.Db.Set<Device>().AsNoTracking().FirstOrDefaultAsync(d => d.Name == name && d.RetiredAt == null, ct);
        return device is not null && (certificate is null ? Secret.Verify(device.SecretHash, secret) : await OwnsAsync(s, device, certificate, ct))
            ? SignedIn(city, device)
            : null;
    }

    /// <summary>The device of that name, where somebody else vouches for it; null where there is none in use.</summary>
    public Task<SignedInDevice?> FindAsync(string city, string name, CancellationToken ct) => FindAsync(city, d => d.Name == name, ct);

    /// <summary>The device of that id; null where it is out of use.</summary>
    public Task<SignedInDevice?> FindAsync(string city, Guid id, CancellationToken ct) => FindAsync(city, d => d.Id == id, ct);

    async Task<SignedInDevice?> FindAsync(string code, Expression<Func<Device, bool>> which, CancellationToken ct)
    {
        if (cities.Find(code) is not { } city)
            return null;
        await using var s = await sessions.OpenAsync(DeviceStates.ActorOf(city.Code), DevicePermissions.Connect, ct);
        return await s.Db.Set<Device>().AsNoTracking().Where(d => d.RetiredAt == null).FirstOrDefaultAsync(which, ct) is { } device
            ? SignedIn(city, device)
            : null;
    }

    static SignedInDevice SignedIn(City city, Device device) =>
        new(city.Code, device.Id, device.LotId, device.Name, device.Dialect, device.CredentialsVersion);

    static async Task<bool> OwnsAsync(CitySession s, Device device, X509Certificate2 certificate, CancellationToken ct)
    {
        var thumbprint = DeviceCertificate.ThumbprintOf(certificate);
        return await s.Db.Set<DeviceCertificate>().AnyAsync(
            c => c.DeviceId == device.Id && c.Thumbprint == thumbprint && c.ValidFrom <= s.Now && s.Now <= c.ValidUntil, ct);
    }
}
