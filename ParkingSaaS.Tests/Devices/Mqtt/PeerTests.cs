using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>A second real peer: the npm package mqtt, which browsers use too, over each of the transports.</summary>
public sealed class PeerTests : IDisposable
{
    private static readonly string Folder = SourceTree.At("ParkingSaaS.Tests/Devices/Mqtt/peer");

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    private async Task RunAsync(string url, MqttVersion version, X509Certificate2? server = null, X509Certificate2? own = null)
    {
        Assert.True(Directory.Exists(Path.Combine(Folder, "node_modules")), $"Run ./test.sh, or npm ci in {Folder}");
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "peer.mjs"), url, $"{(int)version}", "2"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (server is not null)
            start.Environment["CA"] = _files.Write("ca.pem", server.ExportCertificatePem());
        if (own is not null)
        {
            start.Environment["CERT"] = _files.Write("own.pem", own.ExportCertificatePem());
            start.Environment["KEY"] = _files.Write("own.key", own.Key());
        }

        var (code, output, errors) = await Process.Start(start)!.EndAsync();
        Assert.True(code == 0 && output.EndsWith("\nok\n", StringComparison.Ordinal), output + errors);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Over_TCP(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        await RunAsync($"mqtt://127.0.0.1:{host.Port}", version);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Over_TLS(MqttVersion version)
    {
        using var server = Certificates.SelfSigned("server");
        await using var host = await MqttHost.StartAsync(certificate: server);
        await RunAsync($"mqtts://127.0.0.1:{host.TlsPort}", version, server);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Over_TLS_with_a_certificate_and_no_password(MqttVersion version)
    {
        using var server = Certificates.SelfSigned("server");
        using var own = Certificates.SelfSigned("peer");
        await using var host = await MqttHost.StartAsync(certificate: server, clients: MqttClientCertificates.Require);
        await RunAsync($"mqtts://127.0.0.1:{host.TlsPort}", version, server, own);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Over_a_WebSocket(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        await RunAsync($"ws://127.0.0.1:{host.WebPort}/mqtt", version);
    }
}
