using System.ComponentModel;
using System.Diagnostics;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>Real peers: the clients of Debian's package mosquitto-clients.</summary>
public class MosquittoTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Process Start(
        string tool, MqttHost host, string name, MqttVersion version, string arguments, string? password = "secret", int? port = null)
    {
        var level = version == MqttVersion.V5 ? "5" : "311";
        var common = $"-h 127.0.0.1 -p {port ?? host.Port} -V {level} -i {name} -u sz/{name} "
            + (password is null ? "" : $"-P {password} ");
        try
        {
            return Process.Start(new ProcessStartInfo(tool, common + arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException($"{tool} is missing: install the Debian package mosquitto-clients.");
        }
    }

    private static async Task<(int Code, string Text)> EndAsync(Process process)
    {
        var (code, output, errors) = await process.EndAsync();
        return (code, output + errors);
    }

    [Theory]
    [InlineData(MqttVersion.V311, 0)]
    [InlineData(MqttVersion.V311, 1)]
    [InlineData(MqttVersion.V311, 2)]
    [InlineData(MqttVersion.V5, 0)]
    [InlineData(MqttVersion.V5, 1)]
    [InlineData(MqttVersion.V5, 2)]
    public async Task It_publishes_to_us(MqttVersion version, int qos)
    {
        await using var host = await MqttHost.StartAsync();
        var inbox = new Inbox();
        await using var client = await host.ConnectAsync("sz/watcher", inbox.Take);
        await client.SubscribeAsync("up/#", MqttQos.ExactlyOnce, Ct);
        var (code, text) = await EndAsync(Start("mosquitto_pub", host, "pub", version, $"-t up/x -m 停车 -q {qos}"));
        Assert.True(code == 0, text);
        var message = await inbox.NextAsync();
        Assert.Equal(("up/x", (MqttQos)qos), (message.Topic, message.Qos));
        Assert.Equal("停车"u8.ToArray(), message.Payload.ToArray());
    }

    [Theory]
    [InlineData(MqttVersion.V311, 0)]
    [InlineData(MqttVersion.V311, 1)]
    [InlineData(MqttVersion.V311, 2)]
    [InlineData(MqttVersion.V5, 0)]
    [InlineData(MqttVersion.V5, 1)]
    [InlineData(MqttVersion.V5, 2)]
    public async Task It_gets_retained_and_live_messages(MqttVersion version, int qos)
    {
        await using var host = await MqttHost.StartAsync();
        host.Broker.Publish("sz", "down/kept", "one"u8.ToArray(), retain: true);
        var subscriber = Start("mosquitto_sub", host, "sub", version, $"-t down/# -q {qos} -C 2 -F %t:%r:%p");
        Assert.Equal("down/kept:1:one", await subscriber.StandardOutput.ReadLineAsync(Ct).InTimeAsync());
        var delivery = host.Broker.Publish("sz", "down/live", "two"u8.ToArray(), MqttQos.ExactlyOnce);
        Assert.True(delivery.Taken);
        var (code, text) = await EndAsync(subscriber);
        Assert.Equal((0, "down/live:0:two\n"), (code, text));
        Assert.Equal(qos > 0, await delivery.Acknowledged.InTimeAsync());
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Its_will_comes_when_it_is_killed(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        var inbox = new Inbox();
        await using var client = await host.ConnectAsync("sz/watcher", inbox.Take);
        await client.SubscribeAsync("will/#", ct: Ct);
        host.Broker.Publish("sz", "down/ready", "x"u8.ToArray(), retain: true);
        using var victim = Start(
            "mosquitto_sub", host, "victim", version, "-t down/# --will-topic will/victim --will-payload gone --will-qos 1");
        Assert.Equal("x", await victim.StandardOutput.ReadLineAsync(Ct).InTimeAsync());
        victim.Kill();
        Assert.Equal("will/victim", (await inbox.NextAsync()).Topic);
        await victim.WaitForExitAsync(Ct).InTimeAsync();
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Its_wrong_password_is_refused(MqttVersion version)
    {
        await using var host = await MqttHost.StartAsync();
        var (code, text) = await EndAsync(Start("mosquitto_pub", host, "pub", version, "-t up/x -m x -q 1", "guess"));
        Assert.NotEqual(0, code);
        Assert.Contains(version == MqttVersion.V5 ? "Bad User Name or Password" : "bad user name or password", text);
        Assert.Empty(host.Policy.Published);
    }

    [Theory]
    [InlineData(MqttVersion.V311, false)]
    [InlineData(MqttVersion.V311, true)]
    [InlineData(MqttVersion.V5, false)]
    [InlineData(MqttVersion.V5, true)]
    public async Task It_comes_over_TLS_with_and_without_a_certificate(MqttVersion version, bool shown)
    {
        using var files = new TestFiles();
        using var server = Certificates.SelfSigned("server");
        using var own = Certificates.SelfSigned("sub");
        await using var host = await MqttHost.StartAsync(certificate: server);
        host.Broker.Publish("sz", "down/kept", "one"u8.ToArray(), retain: true);
        var trust = $"--cafile {files.Write("ca.pem", server.ExportCertificatePem())} ";
        var show = $"--cert {files.Write("own.pem", own.ExportCertificatePem())} --key {files.Write("own.key", own.Key())} ";
        Process Subscribe(string options, string? password) =>
            Start("mosquitto_sub", host, "sub", version, options + "-t down/# -q 1 -C 1", password, host.TlsPort);
        Assert.Equal((0, "one\n"), await EndAsync(Subscribe(trust + (shown ? show : ""), shown ? null : "secret")));
        Assert.NotEqual(0, (await EndAsync(Subscribe(trust, null))).Code);
    }

    [Fact]
    public async Task It_is_told_that_it_may_not_publish()
    {
        await using var host = await MqttHost.StartAsync();
        var (_, text) = await EndAsync(Start("mosquitto_pub", host, "pub", MqttVersion.V5, "-t denied/x -m x -q 1"));
        Assert.Contains("Not authorized", text, StringComparison.OrdinalIgnoreCase);
    }
}
