using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Devices.Mqtt;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Debian's Mosquitto as a broker outside of the program, with the access list of docs/nodes.md.</summary>
public sealed class Mosquitto : IAsyncDisposable
{
    const string Platform = "parking";
    const string Secret = "parking-secret";

    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly string directory = Shared.Directory("parking-mosquitto-");
    Process? process;

    readonly X509Certificate2? certificate;

    Mosquitto(X509Certificate2? certificate) => (this.certificate, Port) = (certificate, Ports.Free());

    public int Port { get; }

    /// <summary>What the setting Devices:Broker is.</summary>
    public string Setting => $"--Devices:Broker={(certificate is null ? "mqtt" : "mqtts")}://{Platform}:{Secret}@127.0.0.1:{Port}";

    /// <summary>The file of its certificate, where it speaks TLS.</summary>
    public string CertificateFile => In("server.crt");

    /// <summary>Starts it.</summary>
    /// <param name="devices">The users besides the platform: topics' roots, as <c>alpha/v1/cam-in</c>. Their passwords are their names.</param>
    public static Task<Mosquitto> StartAsync(params string[] devices) => StartAsync(null, devices);

    /// <summary>Starts it with TLS.</summary>
    public static async Task<Mosquitto> StartAsync(X509Certificate2? certificate, params string[] devices)
    {
        for (var attempt = 1; ; attempt++)
        {
            var broker = new Mosquitto(certificate);
            try
            {
                await broker.PrepareAsync(devices);
                await broker.RunAsync();
                return broker;
            }
            catch (Exception e)
            {
                await broker.DisposeAsync();
                if (attempt == 3 || !e.Message.Contains("Address already in use"))
                    throw;
            }
        }
    }

    async Task PrepareAsync(string[] devices)
    {
        await File.WriteAllLinesAsync(In("users"), [$"{Platform}:{Secret}", .. devices.Select(d => $"{d}:{d}")], Ct);
        using (var hash = Process.Start("mosquitto_passwd", ["-U", In("users")]))
            await hash.WaitForExitAsync(Ct).InTimeAsync();
        await File.WriteAllTextAsync(In("acl"), """
            user parking
            topic readwrite #

            pattern write %u/up/#
            pattern read %u/down/#
            pattern write %u/device/message/up/#
            pattern write %u/device/message/down/+/reply
            pattern read %u/device/message/down/#

            """, Ct);
        await File.WriteAllTextAsync(In("conf"), $"""
            listener {Port} 127.0.0.1
            user {Environment.UserName}
            allow_anonymous false
            password_file {In("users")}
            acl_file {In("acl")}
            max_queued_messages 1000000

            """, Ct);
        if (certificate is null)
            return;
        await File.WriteAllTextAsync(CertificateFile, certificate.ExportCertificatePem(), Ct);
        await File.WriteAllTextAsync(In("server.key"), certificate.Key(), Ct);
        await File.AppendAllTextAsync(In("conf"), $"""
            certfile {CertificateFile}
            keyfile {In("server.key")}

            """, Ct);
    }

    string In(string file) => Path.Combine(directory, file);

    /// <summary>Starts it again at the same port, without what its sessions held.</summary>
    public async Task RunAsync()
    {
        process = Process.Start(new ProcessStartInfo("/usr/sbin/mosquitto", ["-c", In("conf")]) { RedirectStandardError = true })!;
        var said = new List<string>();
        while (await process.StandardError.ReadLineAsync(Ct).InTimeAsync() is { } line)
        {
            said.Add(line);
            if (line.EndsWith("running", StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None); // so that it can go on writing
                return;
            }
        }
        throw new InvalidOperationException(string.Join('\n', said));
    }

    public async Task StopAsync()
    {
        if (process is null)
            return;
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None).InTimeAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>A client; as the platform itself where no device is named.</summary>
    public Task<DeviceClient> ConnectAsync(string? device, string clientId, Func<MqttMessage, ValueTask>? onMessage = null) =>
        DeviceClient.ConnectAsync(MqttClients.Options("127.0.0.1", Port, clientId, device ?? Platform, device ?? Secret), onMessage, Ct);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(directory, recursive: true);
    }
}
