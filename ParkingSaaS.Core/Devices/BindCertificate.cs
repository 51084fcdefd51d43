using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>The certificate that a device is to sign in with.</summary>
/// <param name="Pem">The certificate, without its private key: that never leaves the device.</param>
public sealed record NewCertificate(Guid DeviceId, string Pem);

/// <summary>What was entered contains a private key, which belongs on the device alone.</summary>
public sealed record PrivateKeyShown() : Error("devices.private-key");

/// <summary>The device has as many certificates as it may have.</summary>
public sealed record TooManyCertificates() : Error("devices.too-many-certificates", DeviceCertificate.MaxPerDevice);

/// <summary>Lets a device sign in with a certificate of its own. Until it shows one, its secret goes on to count.</summary>
public sealed class BindCertificate(CitySessions sessions, LiveFeed live)
{
    /// <summary>PEM longer than that holds no single certificate.</summary>
    public const int MaxLength = 16 << 10;

    const int MinRsaBits = 2048;

    public async Task<Result<Guid>> RunAsync(Actor actor, NewCertificate request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, DevicePermissions.Manage, ct);
        if (await s.Db.Set<Device>().AsNoTracking().FirstOrDefaultAsync(d => d.Id == request.DeviceId && d.RetiredAt == null, ct) is not { } device)
            return new NotFound("device");
        if (request.Pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            return new PrivateKeyShown();
        using var certificate = Read(request.Pem);
        if (certificate is null || certificate.GetRSAPublicKey() is { KeySize: < MinRsaBits })
            return new InvalidField(nameof(request.Pem), "invalid");
        var thumbprint = DeviceCertificate.ThumbprintOf(certificate);
        var (from, until) = (new DateTimeOffset(certificate.NotBefore).ToUniversalTime(), new DateTimeOffset(certificate.NotAfter).ToUniversalTime());
        var invalid = Check.That(until > s.Now, nameof(request.Pem), "expired")
            // It says who the device is, so it must also differ from those out of the actor's reach.
            ?? Check.That(!await s.Db.Set<DeviceCertificate>().IgnoreQueryFilters([CityDb.ScopeFilter]).AnyAsync(c => c.Thumbprint == thumbprint, ct),
                nameof(request.Pem), "taken");
        if (invalid is not null)
            return invalid;
        if (await s.Db.Set<DeviceCertificate>().CountAsync(c => c.DeviceId == device.Id, ct) >= DeviceCertificate.MaxPerDevice)
            return new TooManyCertificates();
        var row = new DeviceCertificate
        {
            Id = Guid.CreateVersion7(),
            LotId = device.LotId,
            DeviceId = device.Id,
            Thumbprint = thumbprint,
            Subject = certificate.Subject is { Length: > 200 } subject ? subject[..200] : certificate.Subject,
            ValidFrom = from,
            ValidUntil = until,
            BoundAt = s.Now
        };
        s.Db.Set<DeviceCertificate>().Add(row);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Device, device.LotId, device.Id)]);
        return row.Id;
    }

    static X509Certificate2? Read(string pem)
    {
        try
        {
            return pem.Length > MaxLength ? null : X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>Takes a certificate from its device, whose connections end: they may have been opened with it.</summary>
public sealed class UnbindCertificate(CitySessions sessions, IDeviceLink link, LiveFeed live)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, DevicePermissions.Manage, ct);
        if (await s.Db.Set<DeviceCertificate>().FirstOrDefaultAsync(c => c.Id == id, ct) is not { } certificate)
            return new NotFound("certificate");
        var device = await s.Db.Set<Device>().FirstAsync(d => d.Id == certificate.DeviceId, ct);
        device.CredentialsVersion++;
        s.Db.Set<DeviceCertificate>().Remove(certificate);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        link.Disconnect(s.City, device.Name);
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Device, certificate.LotId, certificate.DeviceId)]);
        return new Done();
    }
}
