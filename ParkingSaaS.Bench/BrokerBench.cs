using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Devices.Mqtt;

/// <summary>
/// The broker alone, on loopback, for measuring and for other people's test suites: no sign-in, sessions in memory, and one topic
/// that may not be subscribed to.
/// </summary>
internal static class BrokerBench
{
    public const string InlineVariable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private const string Usage = "usage: ParkingSaaS.Bench broker --port P [--ws-port W] [--tls-port T]";

    public static async Task<int> RunAsync(string[] args)
    {
        Dictionary<string, int> ports = [];
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] is not ("--port" or "--ws-port" or "--tls-port") || i + 1 == args.Length
                || !ushort.TryParse(args[i + 1], out var port))
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }

            ports[args[i]] = port;
        }

        if (!ports.ContainsKey("--port"))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        // read by the runtime when the first socket is made
        if (Environment.GetEnvironmentVariable(InlineVariable) is null)
            Environment.SetEnvironmentVariable(InlineVariable, "1");
        await using var app = Build(ports);
        await app.RunAsync();
        return 0;
    }

    private static WebApplication Build(Dictionary<string, int> ports)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IMqttPolicy, OpenPolicy>().AddMqttBroker(new MqttBrokerOptions
        {
            MaxKeepAlive = 60,
            TopicAliasMaximum = 10,
            ReceiveMaximum = 20,
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(new MqttEndPoint(IPAddress.Loopback, ports["--port"]), listen => listen.UseConnectionHandler<MqttConnectionHandler>());
            if (ports.TryGetValue("--ws-port", out var web))
                kestrel.Listen(IPAddress.Loopback, web);
            if (ports.TryGetValue("--tls-port", out var tls))
            {
                kestrel.Listen(new MqttEndPoint(IPAddress.Loopback, tls), listen => listen
                    .UseHttps(OwnCertificate())
                    .UseConnectionHandler<MqttConnectionHandler>());
            }
        });
        var app = builder.Build();
        app.MapMqtt("/mqtt", []);
        return app;
    }

    private static X509Certificate2 OwnCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
    }

    /// <summary>Everybody may do everything, but for one topic.</summary>
    private sealed class OpenPolicy : IMqttPolicy
    {
        private const string Denied = "test/nosubscribe";

        public ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken ct) =>
            new(MqttAuthentication.Accept(new MqttIdentity("bench", credentials.ClientId, credentials.ClientId)));

        public bool MayPublish(MqttIdentity identity, string topic) => true;

        public bool MaySubscribe(MqttIdentity identity, string filter) => filter != Denied;

        public ValueTask<MqttPublishOutcome> OnPublishAsync(MqttIdentity identity, MqttMessage message, CancellationToken ct) =>
            new(MqttPublishOutcome.Routed);

        public ValueTask OnConnectedAsync(MqttIdentity identity, CancellationToken ct) => default;

        public ValueTask OnDisconnectedAsync(MqttIdentity identity, MqttReason reason, CancellationToken ct) => default;
    }
}
