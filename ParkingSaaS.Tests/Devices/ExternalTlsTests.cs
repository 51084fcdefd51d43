using System.Net;
using ParkingSaaS.Tests.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>An outside broker behind TLS, <c>mqtts://</c>: believed only where the machine trusts its certificate, which a process
/// learns at its start.</summary>
public sealed class ExternalTlsTests(Cluster cluster) : PlatformTest(cluster)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_brokers_certificate_must_be_trusted(bool trusted)
    {
        using var certificate = Certificates.SelfSigned("broker");
        using var stranger = Certificates.SelfSigned("broker");
        using var files = new TestFiles();
        await using var broker = await Mosquitto.StartAsync(certificate, "alpha/v1/cam-in");
        using var program = new ParkingProcess("parking-tls-");
        var believed = trusted ? broker.CertificateFile : files.Write("other.crt", stranger.ExportCertificatePem());
        var process = program.StartTrusting(believed, "Test", broker.Setting,
            "--ConnectionStrings:Control=" + platform.ControlConnectionString, platform.KeySetting);
        var block = await ParkingProcess.ReadBlockAsync(process);
        using var http = new HttpClient { BaseAddress = new Uri(block.Single(l => l.Contains("Address")).Split(' ')[^1]) };
        if (trusted)
        {
            await Eventually.HoldsAsync(async () => (await http.GetAsync("/health/ready", Ct)).StatusCode is HttpStatusCode.OK);
            return;
        }
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync(Ct).InTimeAsync();
        while (line?.Contains("certificate") is false);
        Assert.NotNull(line);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health/ready", Ct)).StatusCode);
    }
}
