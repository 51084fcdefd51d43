using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>Certificates made for one test.</summary>
public static class Certificates
{
    /// <summary>By default longer than any clock of the tests says.</summary>
    public static X509Certificate2 SelfSigned(string name, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(name, key).CreateSelfSigned(
            from ?? new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), until ?? new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    /// <summary>Issued by another one, with its key.</summary>
    public static X509Certificate2 IssuedBy(X509Certificate2 issuer, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(name, key).Create(issuer, issuer.NotBefore, issuer.NotAfter, RandomNumberGenerator.GetBytes(8))
            .CopyWithPrivateKey(key);
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        return request;
    }

    /// <summary>The private key in PEM.</summary>
    public static string Key(this X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }
}

/// <summary>Files of one test.</summary>
public sealed class TestFiles : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("parking-mqtt-").FullName;

    public string this[string name] => Path.Combine(_directory, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
