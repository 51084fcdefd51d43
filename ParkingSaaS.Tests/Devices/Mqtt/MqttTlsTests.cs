using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>The TLS listener, and what becomes of its certificate's file.</summary>
public sealed class MqttTlsTests : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly TestFiles _files = new();
    private readonly CapturedLogs _logs = new();
    private readonly FakeTime _time = new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _files.Dispose();

    private MqttCertificate Load(MqttCertificateFiles files)
    {
        using var factory = LoggerFactory.Create(b => b.AddProvider(_logs));
        return new MqttCertificate(files, _time, factory.CreateLogger<MqttCertificate>());
    }

    private void Look() => _time.Advance(MqttCertificate.LookInterval);

    private string[] Logged(string level) => [.. _logs.Lines.Where(l => l.StartsWith(level, StringComparison.Ordinal))];

    private static string Pem(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n" + certificate.Key();

    private static string Name(MqttCertificate certificate) => certificate.Current.TargetCertificate.Subject;

    /// <summary>The name of the certificate that a new connection meets.</summary>
    private static async Task<string> MetAsync(MqttHost host)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, host.TlsPort, Ct);
        await using var stream = new SslStream(new NetworkStream(socket));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true }, Ct);
        return stream.RemoteCertificate!.Subject;
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Messages_go_both_ways(MqttVersion version)
    {
        using var server = Certificates.SelfSigned("server");
        await using var host = await MqttHost.StartAsync(certificate: server);
        var inbox = new Inbox();
        await using var client = await DeviceClient.ConnectAsync(host.Secured(server, version: version), inbox.Take, Ct);
        await client.SubscribeAsync("big", ct: Ct);
        var payload = new byte[300_000];
        Random.Shared.NextBytes(payload);
        Assert.Equal(MqttReason.Success, await client.PublishAsync("big", payload, ct: Ct));
        Assert.Equal(payload, (await inbox.NextAsync()).Payload.ToArray());
        await host.StopAsync();
        var reason = await client.Closed;
        // Version 3.1.1 has no words for it: the connection ends, and how the client hears of that is the network's.
        Assert.True(version == MqttVersion.V5 ? reason == MqttReason.ServerShuttingDown : reason != MqttReason.Success, $"{reason}");
    }

    [Fact]
    public async Task A_client_that_does_not_trust_the_certificate_does_not_connect()
    {
        using var server = Certificates.SelfSigned("server");
        using var other = Certificates.SelfSigned("server");
        await using var host = await MqttHost.StartAsync(certificate: server);
        var failure = await Assert.ThrowsAsync<IOException>(() => DeviceClient.ConnectAsync(host.Secured(other), ct: Ct));
        Assert.IsType<AuthenticationException>(failure.GetBaseException());
        Assert.Empty(host.Broker.Connections);
    }

    [Fact]
    public async Task Plain_bytes_on_the_TLS_port_are_no_connection()
    {
        using var server = Certificates.SelfSigned("server");
        await using var host = await MqttHost.StartAsync(certificate: server);
        await Assert.ThrowsAsync<IOException>(() =>
            DeviceClient.ConnectAsync(host.Options(port: host.TlsPort), ct: Ct));
    }

    [Theory]
    [InlineData(MqttClientCertificates.None)]
    [InlineData(MqttClientCertificates.Accept)]
    [InlineData(MqttClientCertificates.Require)]
    public async Task Whether_a_client_certificate_counts_is_a_setting(MqttClientCertificates clients)
    {
        using var server = Certificates.SelfSigned("server");
        using var camera = Certificates.SelfSigned("cam1");
        await using var host = await MqttHost.StartAsync(certificate: server, clients: clients);
        var bare = host.Secured(server);
        var shown = host.Secured(server, camera, password: null);
        if (clients is MqttClientCertificates.Require)
            await Assert.ThrowsAnyAsync<Exception>(() => DeviceClient.ConnectAsync(bare, ct: Ct));
        else
            await (await DeviceClient.ConnectAsync(bare, ct: Ct)).DisconnectAsync();

        if (clients is MqttClientCertificates.None)
            await Assert.ThrowsAsync<DeviceRefusedException>(() => DeviceClient.ConnectAsync(shown, ct: Ct));
        else
            await (await DeviceClient.ConnectAsync(shown, ct: Ct)).DisconnectAsync();
    }

    [Fact]
    public async Task A_renewed_file_counts_for_new_connections_and_those_in_place_go_on()
    {
        using var old = Certificates.SelfSigned("old");
        using var renewed = Certificates.SelfSigned("renewed");
        await using var host = await MqttHost.StartAsync(time: _time, certificate: old);
        await using var client = await DeviceClient.ConnectAsync(host.Secured(old), ct: Ct);
        Assert.Equal("CN=old", await MetAsync(host));

        await File.WriteAllTextAsync(host.CertificateFile, Pem(renewed), Ct);
        Look();
        Assert.Equal("CN=renewed", await MetAsync(host));
        Assert.Equal(MqttReason.NoMatchingSubscribers, await client.PublishAsync("up/x", "x"u8.ToArray(), ct: Ct));
    }

    [Fact]
    public void A_moved_link_counts_though_name_and_time_stay()
    {
        using var first = Certificates.SelfSigned("first");
        using var second = Certificates.SelfSigned("second");
        foreach (var (folder, certificate) in new[] { ("1", first), ("2", second) })
        {
            Directory.CreateDirectory(_files[folder]);
            File.SetLastWriteTimeUtc(_files.Write($"{folder}/tls.crt", certificate.ExportCertificatePem()), DateTime.UnixEpoch);
            File.SetLastWriteTimeUtc(_files.Write($"{folder}/tls.key", certificate.Key()), DateTime.UnixEpoch);
        }

        // as Kubernetes does: the folder is a link
        Directory.CreateSymbolicLink(_files["data"], "1");
        using var loaded = Load(new MqttCertificateFiles(_files["data/tls.crt"], _files["data/tls.key"]));
        Assert.Equal("CN=first", Name(loaded));
        Directory.Delete(_files["data"]);
        Directory.CreateSymbolicLink(_files["data"], "2");
        Look();
        Assert.Equal("CN=second", Name(loaded));
    }

    [Theory]
    [InlineData("no certificate at all")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("")]
    [InlineData(null)]
    public void A_broken_file_leaves_the_old_one_and_is_said_once(string? content)
    {
        using var good = Certificates.SelfSigned("good");
        using var better = Certificates.SelfSigned("better");
        var file = _files.Write("server.pem", Pem(good));
        using var loaded = Load(new MqttCertificateFiles(file));
        if (content is null)
            File.Delete(file);
        else
            _files.Write("server.pem", content);
        Look();
        Look();
        Assert.Equal("CN=good", Name(loaded));
        Assert.Contains(file, Assert.Single(Logged("Error")));
        _files.Write("server.pem", Pem(better));
        Look();
        Assert.Equal("CN=better", Name(loaded));
        Assert.Single(Logged("Error"));
    }

    [Fact]
    public void A_key_that_comes_after_its_certificate_is_waited_for()
    {
        using var old = Certificates.SelfSigned("old");
        using var renewed = Certificates.SelfSigned("renewed");
        var files = new MqttCertificateFiles(_files.Write("crt", old.ExportCertificatePem()), _files.Write("key", old.Key()));
        using var loaded = Load(files);
        _files.Write("crt", renewed.ExportCertificatePem());
        Look();
        Assert.Equal("CN=old", Name(loaded));
        _files.Write("key", renewed.Key());
        Look();
        Assert.Equal("CN=renewed", Name(loaded));
    }

    [Fact]
    public void Its_end_is_warned_of_once_a_day()
    {
        using var certificate = Certificates.SelfSigned("x", _time.GetUtcNow().AddDays(-10), _time.GetUtcNow().AddDays(20));
        using var loaded = Load(new MqttCertificateFiles(_files.Write("server.pem", Pem(certificate))));
        Assert.Empty(Logged("Warning"));
        _time.Advance(TimeSpan.FromDays(6.5));
        Assert.Contains("expires at 2026-11-21", Assert.Single(Logged("Warning")));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(2, Logged("Warning").Length);
        _time.Advance(TimeSpan.FromDays(13));
        Assert.Contains("expired", Logged("Warning")[^1]);
    }

    [Fact]
    public void A_PFX_file_an_encrypted_key_and_a_chain_do_too_and_no_password_is_logged()
    {
        using var root = Certificates.SelfSigned("root");
        using var issuer = Certificates.IssuedBy(root, "issuer");
        using var leaf = Certificates.IssuedBy(issuer, "leaf");
        File.WriteAllBytes(_files["server.pfx"], new X509Certificate2Collection { leaf, issuer }.Export(X509ContentType.Pfx, "hush")!);
        using var key = leaf.GetECDsaPrivateKey()!;
        var encrypted = key.ExportEncryptedPkcs8PrivateKeyPem("hush", new System.Security.Cryptography.PbeParameters(
            System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000));
        MqttCertificateFiles[] forms =
        [
            new(_files["server.pfx"], null, "hush"),
            new(_files.Write("crt", leaf.ExportCertificatePem() + "\n" + issuer.ExportCertificatePem()), _files.Write("key", encrypted), "hush"),
        ];
        foreach (var files in forms)
        {
            using var loaded = Load(files);
            Assert.Equal("CN=leaf", Name(loaded));
            Assert.Equal("CN=issuer", Assert.Single(loaded.Current.IntermediateCertificates).Subject);
            Assert.True(loaded.Current.TargetCertificate.HasPrivateKey);
            var wrong = Assert.Throws<MqttCertificateException>(() => Load(files with { Password = "wrong-password" }));
            Assert.DoesNotContain("wrong-password", wrong.ToString());
            Assert.DoesNotContain("hush", files.ToString());
        }
    }

    [Fact]
    public void Without_one_there_is_no_start()
    {
        var missing = Assert.Throws<MqttCertificateException>(() => Load(new MqttCertificateFiles(_files["missing.pem"])));
        Assert.Contains("missing.pem", missing.Message);
    }
}
