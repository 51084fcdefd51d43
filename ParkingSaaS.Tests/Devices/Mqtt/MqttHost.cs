using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Formatter;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>A broker on loopback ports. Users are "space/name"; the password is "secret", or a certificate has the name.</summary>
public sealed class MqttHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private readonly TestFiles? _files;

    private MqttHost(WebApplication app, TestPolicy policy, FakeTime? time, TestFiles? files)
    {
        _app = app;
        _files = files;
        Policy = policy;
        Time = time;
        Broker = app.Services.GetRequiredService<MqttBroker>();
    }

    public TestPolicy Policy { get; }

    public FakeTime? Time { get; }

    public MqttBroker Broker { get; }

    public int Port { get; private set; }

    /// <summary>The scope of this broker's figures.</summary>
    public IMeterFactory Meters => _app.Services.GetRequiredService<IMeterFactory>();

    /// <summary>0 without a certificate.</summary>
    public int TlsPort { get; private set; }

    /// <summary>A WebSocket at <c>/mqtt</c>.</summary>
    public int WebPort { get; private set; }

    /// <summary>The PEM file of the server's certificate.</summary>
    public string CertificateFile => _files!["server.pem"];

    public static async Task<MqttHost> StartAsync(MqttBrokerOptions? options = null, FakeTime? time = null,
        X509Certificate2? certificate = null, MqttClientCertificates clients = MqttClientCertificates.Accept, IMqttStore? store = null,
        params string[] origins)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var policy = new TestPolicy();
        builder.Services.AddSingleton<IMqttPolicy>(policy);
        if (time is not null)
            builder.Services.AddSingleton<TimeProvider>(time);
        if (store is not null)
            builder.Services.AddSingleton(store);
        builder.Services.AddMqttBroker(options);
        var files = certificate is null ? null : new TestFiles();
        if (certificate is not null)
        {
            var file = new MqttCertificateFiles(files!.Write("server.pem", certificate.ExportCertificatePem() + "\n" + certificate.Key()));
            builder.Services.AddSingleton(file).AddSingleton<MqttCertificate>();
        }

        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(new MqttEndPoint(IPAddress.Loopback, 0), listen => listen.UseConnectionHandler<MqttConnectionHandler>());
            k.Listen(IPAddress.Loopback, 0);
            if (certificate is not null)
            {
                k.Listen(new MqttEndPoint(IPAddress.Loopback, 0), listen => listen
                    .UseMqttTls(k.ApplicationServices.GetRequiredService<MqttCertificate>(), clients)
                    .UseConnectionHandler<MqttConnectionHandler>());
            }
        });
        var app = builder.Build();
        app.MapMqtt("/mqtt", origins);
        var host = new MqttHost(app, policy, time, files);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        int[] ports = [.. addresses.Addresses.Select(a => new Uri(a).Port), 0];
        (host.Port, host.WebPort, host.TlsPort) = (ports[0], ports[1], ports[2]);
        return host;
    }

    public MqttClientOptions Options(string user = "sz/cam1", string? clientId = null, MqttVersion version = MqttVersion.V5, int? port = null,
        string? password = "secret") => MqttClients.Options("127.0.0.1", port ?? Port, clientId ?? user.Split('/')[^1], user, password)
            .With(o => o.ProtocolVersion = (MqttProtocolVersion)version);

    public Task<DeviceClient> ConnectAsync(
        string user = "sz/cam1", Func<MqttMessage, ValueTask>? onMessage = null, MqttVersion version = MqttVersion.V5) =>
        DeviceClient.ConnectAsync(Options(user, version: version), onMessage, TestContext.Current.CancellationToken);

    /// <summary>Over TLS, to a server with that certificate.</summary>
    public MqttClientOptions Secured(X509Certificate2 server, X509Certificate2? own = null, MqttVersion version = MqttVersion.V5,
        string? password = "secret") => Options(version: version, port: TlsPort, password: password).With(o => Trust(o, server, own));

    /// <summary>Trusts that certificate alone, and shows the other.</summary>
    public static void Trust(MqttClientOptions options, X509Certificate2 server, X509Certificate2? own = null)
    {
        var tls = options.ChannelOptions.TlsOptions;
        tls.UseTls = true;
        tls.TargetHost = "localhost";
        tls.CertificateValidationHandler = shown => shown.Certificate.GetRawCertData().AsSpan().SequenceEqual(server.RawDataMemory.Span);
        if (own is not null)
            tls.ClientCertificatesProvider = new DefaultMqttCertificatesProvider([own]);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _files?.Dispose();
    }
}

public sealed class TestPolicy : IMqttPolicy
{
    private readonly ConcurrentDictionary<(string Space, string Name, MqttReason Reason), TaskCompletionSource> _gone = [];

    private readonly ConcurrentDictionary<(string Space, string Name), TaskCompletionSource<MqttReason>> _next = [];

    public Func<MqttIdentity, MqttMessage, ValueTask<MqttPublishOutcome>> OnPublish { get; set; } =
        (_, _) => new(MqttPublishOutcome.Routed);

    public Func<MqttIdentity, string, bool> May { get; set; } =
        (_, topic) => !topic.StartsWith("denied", StringComparison.Ordinal);

    /// <summary>Nobody is let in, for this reason.</summary>
    public MqttReason? Refusal { get; set; }

    public ConcurrentQueue<MqttMessage> Published { get; } = [];

    /// <summary>How long the look-up of a client takes.</summary>
    public Func<Task> Authenticating { get; set; } = () => Task.CompletedTask;

    public async ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken ct)
    {
        await Authenticating();
        if (Refusal is { } refusal)
            return MqttAuthentication.Refuse(refusal);
        var parts = credentials.UserName?.Split('/') ?? [];
        var known = credentials.Certificate is { } certificate
            ? certificate.Subject == $"CN={parts[^1]}"
            : credentials.Password.Span.SequenceEqual("secret"u8);
        return parts.Length == 2 && known
            ? MqttAuthentication.Accept(new MqttIdentity(parts[0], parts[1], credentials.ClientId))
            : MqttAuthentication.Refuse(MqttReason.BadUserNameOrPassword);
    }

    public bool MayPublish(MqttIdentity identity, string topic) => May(identity, topic);

    public bool MaySubscribe(MqttIdentity identity, string filter) => May(identity, filter);

    public ValueTask<MqttPublishOutcome> OnPublishAsync(MqttIdentity identity, MqttMessage message, CancellationToken ct)
    {
        Published.Enqueue(message);
        return OnPublish(identity, message);
    }

    public Action Connecting { get; set; } = () => { };

    public ValueTask OnConnectedAsync(MqttIdentity identity, CancellationToken ct)
    {
        Connecting();
        return default;
    }

    public ValueTask OnDisconnectedAsync(MqttIdentity identity, MqttReason reason, CancellationToken ct)
    {
        Source(identity.Space, identity.Name, reason).TrySetResult();
        if (_next.TryRemove((identity.Space, identity.Name), out var next))
            next.SetResult(reason);
        return default;
    }

    /// <summary>The reason of the next disconnect that is told after this call.</summary>
    public Task<MqttReason> NextDisconnectAsync(string space, string name) =>
        _next.GetOrAdd((space, name), _ => new(TaskCreationOptions.RunContinuationsAsynchronously))
            .Task.InTimeAsync(words: $"the next end of {space}/{name}");

    /// <summary>Ends when that disconnect has been told, also if it was before this call.</summary>
    public Task DisconnectedAsync(string space, string name, MqttReason reason) =>
        Source(space, name, reason).Task.InTimeAsync(words: $"the end of {space}/{name} by {reason}");

    private TaskCompletionSource Source(string space, string name, MqttReason reason) =>
        _gone.GetOrAdd((space, name, reason), _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>Messages in the order a client got them.</summary>
public sealed class Inbox
{
    private readonly System.Threading.Channels.Channel<MqttMessage> _messages =
        System.Threading.Channels.Channel.CreateUnbounded<MqttMessage>();

    public ValueTask Take(MqttMessage message) => _messages.Writer.WriteAsync(message);

    public Task<MqttMessage> NextAsync() => _messages.Reader.ReadAsync(TestContext.Current.CancellationToken).InTimeAsync(words: "the next message");

    public bool IsEmpty => _messages.Reader.Count == 0;
}
