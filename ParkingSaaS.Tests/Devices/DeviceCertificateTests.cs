using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Hosting;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Tests.Devices;

/// <summary>Certificates bound to devices: how they get there, and who may sign in with them on the real application.</summary>
public sealed class DeviceCertificateTests(Cluster cluster) : PlatformTest(cluster)
{
    TestFiles files => field ??= Own(new TestFiles());
    X509Certificate2 server => field ??= Own(Certificates.SelfSigned("server"));
    WebHost web = null!;

    protected override async Task PrepareAsync()
    {
        web = Own(await WebHost.StartAsync(platform, Ct, null, "--Mqtt:TlsPort=0",
            $"--Mqtt:Certificate={files.Write("server.crt", server.ExportCertificatePem())}",
            $"--Mqtt:CertificateKey={files.Write("server.key", server.Key())}"));
    }

    Actor Manager => City.User(DevicePermissions.Manage);

    Task<Result<Guid>> BindAsync(Device device, string pem, Actor? actor = null) =>
        web.Get<BindCertificate>().RunAsync(actor ?? Manager, new NewCertificate(device.Id, pem), Ct);

    Task<DeviceClient> ConnectAsync(string? user, X509Certificate2? own, string? secret = null, MqttVersion version = MqttVersion.V5) =>
        DeviceClient.ConnectAsync(MqttClients.Options("127.0.0.1", web.MqttTlsPort!.Value, "x", user, secret).With(o =>
        {
            o.ProtocolVersion = (MqttProtocolVersion)version;
            MqttHost.Trust(o, server, own);
        }).Silent(), ct: Ct);

    async Task RefusedAsync(string? user, X509Certificate2? own, string? secret = null)
    {
        foreach (var version in new[] { MqttVersion.V311, MqttVersion.V5 })
            Assert.Equal(MqttReason.BadUserNameOrPassword,
                (await Assert.ThrowsAsync<DeviceRefusedException>(() => ConnectAsync(user, own, secret, version))).Reason);
    }

    [Fact]
    public async Task A_bound_certificate_signs_in_without_a_password()
    {
        using var own = Certificates.SelfSigned("any name");
        await RefusedAsync("alpha/cam-in", own);
        await BindAsync(City.EntryCamera, own.ExportCertificatePem());
        await Assert.AllAsync([MqttVersion.V311, MqttVersion.V5], async version =>
        {
            await using var camera = await ConnectAsync("alpha/cam-in", own, version: version);
            Assert.Equal(MqttReason.Success, await camera.PublishAsync("v1/cam-in/up/heartbeat",
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { id = $"{version}", at = platform.Clock.GetUtcNow() }), ct: Ct));
        });
        await using var s = await City.OpenAsync();
        Assert.Equal([(City.EntryCamera.Id, "V311"), (City.EntryCamera.Id, "V5")],
            (await s.Db.Set<DeviceMessage>().OrderBy(m => m.Id).ToListAsync(Ct)).Select(m => (m.DeviceId, m.MessageId)));
    }

    [Fact]
    public async Task It_opens_no_other_device_no_other_city_and_nothing_without_a_name()
    {
        using var own = Certificates.SelfSigned("cam-in");
        await BindAsync(City.EntryCamera, own.ExportCertificatePem());
        await RefusedAsync("alpha/cam-out", own);
        await RefusedAsync("beta/cam-in", own);
        await RefusedAsync("alpha/nobody", own);
        await RefusedAsync(null, own);
        // Not even with the other device's secret: who shows a certificate is the one that it is bound to, or nobody.
        await RefusedAsync("alpha/cam-out", own, "cam-out-secret");
    }

    [Fact]
    public async Task A_strangers_certificate_is_refused_even_with_the_right_secret_or_the_same_name()
    {
        using var own = Certificates.SelfSigned("cam-in");
        using var copy = Certificates.SelfSigned("cam-in");
        await BindAsync(City.EntryCamera, own.ExportCertificatePem());
        await RefusedAsync("alpha/cam-in", copy);
        await RefusedAsync("alpha/cam-in", copy, "cam-in-secret");
        await using var bySecret = await ConnectAsync("alpha/cam-in", null, "cam-in-secret");
        await RefusedAsync("alpha/cam-in", null, "wrong");
    }

    [Fact]
    public async Task It_counts_only_while_it_is_valid()
    {
        var now = platform.Clock.GetUtcNow();
        using var own = Certificates.SelfSigned("cam-in", now.AddDays(1), now.AddDays(2));
        Assert.True((await BindAsync(City.EntryCamera, own.ExportCertificatePem())).Ok);
        await RefusedAsync("alpha/cam-in", own);
        platform.Clock.Advance(TimeSpan.FromDays(1.5));
        await using (await ConnectAsync("alpha/cam-in", own))
        {
        }
        platform.Clock.Advance(TimeSpan.FromDays(1));
        await RefusedAsync("alpha/cam-in", own);
    }

    [Fact]
    public async Task Unbinding_ends_the_connection_and_retiring_frees_the_certificate()
    {
        using var own = Certificates.SelfSigned("cam-in");
        var pem = own.ExportCertificatePem();
        var id = (await BindAsync(City.EntryCamera, pem)).Value;
        var camera = await ConnectAsync("alpha/cam-in", own);
        Assert.True((await web.Get<UnbindCertificate>().RunAsync(Manager, id, Ct)).Ok);
        Assert.Equal(MqttReason.AdministrativeAction, await camera.Closed);
        await camera.DisposeAsync();
        await RefusedAsync("alpha/cam-in", own);

        await BindAsync(City.EntryCamera, pem);
        Assert.Equal("taken", Assert.IsType<InvalidField>((await BindAsync(City.ExitCamera, pem)).Error).Rule);
        await web.Get<RetireDevice>().RunAsync(Manager, City.EntryCamera.Id, Ct);
        await RefusedAsync("alpha/cam-in", own);
        Assert.True((await BindAsync(City.ExitCamera, pem)).Ok);
        await using var successor = await ConnectAsync("alpha/cam-out", own);
    }

    [Fact]
    public async Task Unbinding_on_another_node_ends_the_connection_too()
    {
        using var own = Certificates.SelfSigned("cam-in");
        var id = (await BindAsync(City.EntryCamera, own.ExportCertificatePem())).Value;
        await using var other = await WebHost.StartAsync(platform, Ct, null, "--Node=other");
        await using var camera = await ConnectAsync("alpha/cam-in", own);
        Assert.True((await other.Get<UnbindCertificate>().RunAsync(Manager, id, Ct)).Ok);
        // one tick, should the node not listen yet
        await Eventually.HoldsAsync(() => camera.Closed.IsCompleted, () => platform.Clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(MqttReason.AdministrativeAction, await camera.Closed);
        await RefusedAsync("alpha/cam-in", own);
    }

    [Fact]
    public async Task What_is_bound_is_a_valid_certificate_and_never_a_key()
    {
        var now = platform.Clock.GetUtcNow();
        using var own = Certificates.SelfSigned("cam-in");
        using var expired = Certificates.SelfSigned("cam-in", now.AddDays(-2), now.AddDays(-1));
        using var rsa = RSA.Create(1024);
        using var weak = new CertificateRequest("CN=weak", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        Assert.IsType<PrivateKeyShown>((await BindAsync(City.EntryCamera, own.ExportCertificatePem() + "\n" + own.Key())).Error);
        Assert.Equal("expired", Assert.IsType<InvalidField>((await BindAsync(City.EntryCamera, expired.ExportCertificatePem())).Error).Rule);
        foreach (var pem in new[] { "", "x", weak.ExportCertificatePem(), new string('x', 100_000),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" })
            Assert.Equal("invalid", Assert.IsType<InvalidField>((await BindAsync(City.EntryCamera, pem)).Error).Rule);

        var bound = (await BindAsync(City.EntryCamera, own.ExportCertificatePem())).Value;
        await using var s = await City.OpenAsync();
        var row = await s.Db.Set<DeviceCertificate>().AsNoTracking().SingleAsync(Ct);
        Assert.Equal((bound, "CN=cam-in", own.GetCertHashString(HashAlgorithmName.SHA256)), (row.Id, row.Subject, row.Thumbprint));
        Assert.Equal(own.NotAfter.ToUniversalTime(), row.ValidUntil.UtcDateTime);
        for (var i = 1; i < DeviceCertificate.MaxPerDevice; i++)
        {
            using var further = Certificates.SelfSigned("further");
            Assert.True((await BindAsync(City.EntryCamera, further.ExportCertificatePem())).Ok);
        }
        using var last = Certificates.SelfSigned("last");
        Assert.IsType<TooManyCertificates>((await BindAsync(City.EntryCamera, last.ExportCertificatePem())).Error);
    }

    [Fact]
    public async Task Who_may_not_manage_the_device_binds_nothing()
    {
        using var own = Certificates.SelfSigned("x");
        var pem = own.ExportCertificatePem();
        await Assert.ThrowsAsync<AccessDeniedException>(() => BindAsync(City.EntryCamera, pem, City.User(DevicePermissions.View)));
        var inSouth = City.RestrictedTo(City.South, DevicePermissions.Manage);
        Assert.IsType<NotFound>((await BindAsync(City.EntryCamera, pem, inSouth)).Error);
        Assert.IsType<NotFound>((await BindAsync(platform.Beta.EntryCamera, pem)).Error);
        var bound = (await BindAsync(City.EntryCamera, pem)).Value;
        Assert.IsType<NotFound>((await web.Get<UnbindCertificate>().RunAsync(inSouth, bound, Ct)).Error);
        // Taken, though out of sight.
        Assert.Equal("taken", Assert.IsType<InvalidField>((await BindAsync(City.Sensor1, pem, inSouth)).Error).Rule);
    }

    [Fact]
    public async Task The_web_port_speaks_MQTT_too()
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(new UriBuilder(web.Address) { Scheme = "ws", Path = "/mqtt" }.Uri, Ct);
        await socket.SendAsync(MqttCodecTests.Encode(new ConnectPacket(MqttVersion.V311, "x", true, 0)
        {
            UserName = "alpha/cam-in",
            Password = "cam-in-secret"u8.ToArray()
        }, MqttVersion.V311), WebSocketMessageType.Binary, true, Ct);
        var answer = new byte[4];
        await socket.ReceiveAsync(answer, Ct).InTimeAsync();
        Assert.Equal([0x20, 2, 0, 0], answer);
        Assert.Equal("alpha", Assert.Single(web.Get<MqttBroker>().Connections).Identity.Space);
        socket.Abort();
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_are_said_at_the_start()
    {
        (string[] Settings, string Said)[] unusable =
        [
            (["--Mqtt:TlsPort=0"], "Mqtt:Certificate"),
            (["--Mqtt:TlsPort=0", "--Mqtt:Certificate=/nowhere.pem"], "/nowhere.pem"),
            (["--Mqtt:ClientCertificates=Perhaps"], "Require")
        ];
        await Assert.AllAsync(unusable, async row =>
        {
            var refusal = await Assert.ThrowsAsync<StartUpException>(() => WebHost.StartAsync(platform, Ct, null, row.Settings));
            Assert.Contains(row.Said, refusal.Message);
        });
    }
}
