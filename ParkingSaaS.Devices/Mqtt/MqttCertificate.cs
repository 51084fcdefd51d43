using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Where the server's certificate lies.</summary>
/// <param name="File">Path of a PEM file (the certificate, then those that it was issued under) or of a PFX file.</param>
/// <param name="Key">Path of the private key in PEM; null where it stands in <paramref name="File"/>.</param>
/// <param name="Password">Of an encrypted key or PFX file.</param>
public sealed record MqttCertificateFiles(string File, string? Key = null, string? Password = null)
{
    /// <summary>Without the password, which no log may hold.</summary>
    public override string ToString() => Key is null ? File : $"{File} with {Key}";
}

/// <summary>The files hold no certificate that could be used, and the message says why.</summary>
public sealed class MqttCertificateException(string message, Exception inner) : Exception(message, inner);

/// <summary>
/// The server's certificate, read again when its files change. What is compared is their content: names and times say little
/// where a file is replaced by moving a symbolic link.
/// </summary>
public sealed class MqttCertificate : IDisposable
{
    /// <summary>How often the files are looked at.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    /// <summary>From that long before its end on, each day warns.</summary>
    public static readonly TimeSpan WarnBefore = TimeSpan.FromDays(14);

    private readonly MqttCertificateFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly Lock _looking = new();
    private volatile SslStreamCertificateContext _current;
    private string _seen;
    private DateTimeOffset _warnedAt;

    /// <exception cref="MqttCertificateException">There is none to start with.</exception>
    public MqttCertificate(MqttCertificateFiles files, TimeProvider time, ILogger<MqttCertificate> log)
    {
        (_files, _time, _log) = (files, time, log);
        try
        {
            var content = Read();
            (_current, _seen) = (Parse(content), Digest(content));
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new MqttCertificateException($"The certificate {files} cannot be used: {e.Message}", e);
        }

        WarnOfItsEnd();
        _timer = time.CreateTimer(_ => Look(), null, LookInterval, LookInterval);
    }

    /// <summary>For the next connection; those in place keep theirs.</summary>
    public SslStreamCertificateContext Current => _current;

    private void Look()
    {
        lock (_looking)
        {
            string? digest = null;
            try
            {
                var content = Read();
                digest = Digest(content);
                if (digest == _seen)
                    return;
                _current = Parse(content);
                _warnedAt = default;
                _log.LogInformation("The MQTT certificate was renewed: {Subject}, valid until {End:u}",
                    _current.TargetCertificate.Subject, End);
            }
            catch (Exception e) when (IsUnusable(e))
            {
                // said once for each broken content, not every ten seconds
                if (_seen != (digest ?? e.Message))
                    _log.LogError("The new MQTT certificate {Files} cannot be used, the old one stays: {Error}", _files, e.Message);
                digest ??= e.Message;
            }
            finally
            {
                _seen = digest ?? _seen;
                WarnOfItsEnd();
            }
        }
    }

    private DateTimeOffset End => new(_current.TargetCertificate.NotAfter);

    private void WarnOfItsEnd()
    {
        var now = _time.GetUtcNow();
        if (End - now > WarnBefore || now - _warnedAt < TimeSpan.FromDays(1))
            return;
        _warnedAt = now;
        _log.LogWarning("The MQTT certificate {Files} {Expires} at {End:u}", _files, End > now ? "expires" : "expired", End);
    }

    private byte[][] Read() => _files.Key is { } key
        ? [File.ReadAllBytes(_files.File), File.ReadAllBytes(key)]
        : [File.ReadAllBytes(_files.File)];

    private static string Digest(byte[][] content) => string.Concat(content.Select(c => Convert.ToHexString(SHA256.HashData(c))));

    private SslStreamCertificateContext Parse(byte[][] content)
    {
        X509Certificate2Collection all;
        X509Certificate2? own;
        var text = Encoding.UTF8.GetString(content[0]);
        if (text.Contains("-----BEGIN ", StringComparison.Ordinal))
        {
            var key = Encoding.UTF8.GetString(content[^1]);
            own = _files.Password is { } password
                ? X509Certificate2.CreateFromEncryptedPem(text, key, password)
                : X509Certificate2.CreateFromPem(text, key);
            all = [];
            all.ImportFromPem(text);
        }
        else
        {
            all = X509CertificateLoader.LoadPkcs12Collection(content[0], _files.Password);
            own = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("The file holds no private key.");
        }

        var issuers = new X509Certificate2Collection(all.Where(c => c.Thumbprint != own.Thumbprint).ToArray());
        return SslStreamCertificateContext.Create(own, issuers, offline: true);
    }

    private static bool IsUnusable(Exception e) =>
        e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    public void Dispose() => _timer.Dispose();
}
