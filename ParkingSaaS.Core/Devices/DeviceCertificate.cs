using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>A certificate that a device may sign in with instead of its secret. It is known by its thumbprint; who issued it does
/// not matter.</summary>
public sealed class DeviceCertificate : ILotOwned
{
    /// <summary>The most that one device has: the present one, the next, and room for a mistake.</summary>
    public const int MaxPerDevice = 4;

    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid DeviceId { get; init; }

    /// <summary>SHA-256 of the certificate in hexadecimal capitals; unique in the city.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>Whom it was made out to, as it says itself.</summary>
    public required string Subject { get; init; }

    /// <summary>Counts from then on.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>The last instant at which it counts.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    public required DateTimeOffset BoundAt { get; init; }

    /// <summary>The thumbprint of any certificate.</summary>
    public static string ThumbprintOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);
}
