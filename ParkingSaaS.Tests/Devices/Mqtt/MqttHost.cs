using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Devices.Mqtt;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>A broker on a loopback port. Users are "space/name", the password is "secret".</summary>
public sealed class MqttHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MqttHost(WebApplication app, TestPolicy policy, FakeTime? time)
    {
        _app = app;
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

    public static async Task<MqttHost> StartAsync(MqttBrokerOptions? options = null, FakeTime? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var policy = new TestPolicy();
        builder.Services.AddSingleton<IMqttPolicy>(policy);
        if (time is not null)
            builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddMqttBroker(options);
        builder.WebHost.ConfigureKestrel(k =>
            k.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<MqttConnectionHandler>()));
        var host = new MqttHost(builder.Build(), policy, time);
        await host._app.StartAsync();
        var addresses = host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        host.Port = new Uri(addresses.Addresses.Single()).Port;
        return host;
    }

    public MqttClientOptions Options(string user = "sz/cam1", string? clientId = null, MqttVersion version = MqttVersion.V5) =>
        new("127.0.0.1", Port, clientId ?? user.Split('/')[^1]) { UserName = user, Password = "secret", Version = version };

    public Task<MqttClient> ConnectAsync(
        string user = "sz/cam1", Func<MqttMessage, ValueTask>? onMessage = null, MqttVersion version = MqttVersion.V5) =>
        MqttClient.ConnectAsync(Options(user, version: version), onMessage, TestContext.Current.CancellationToken);

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
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

    public ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken ct)
    {
        if (Refusal is { } refusal)
            return new(MqttAuthentication.Refuse(refusal));
        var parts = credentials.UserName?.Split('/') ?? [];
        return new(parts.Length == 2 && credentials.Password.Span.SequenceEqual("secret"u8)
            ? MqttAuthentication.Accept(new MqttIdentity(parts[0], parts[1], credentials.ClientId))
            : MqttAuthentication.Refuse(MqttReason.BadUserNameOrPassword));
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
            .Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Ends when that disconnect has been told, also if it was before this call.</summary>
    public Task DisconnectedAsync(string space, string name, MqttReason reason) =>
        Source(space, name, reason).Task.WaitAsync(TestContext.Current.CancellationToken);

    private TaskCompletionSource Source(string space, string name, MqttReason reason) =>
        _gone.GetOrAdd((space, name, reason), _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>Messages in the order a client got them.</summary>
public sealed class Inbox
{
    private readonly System.Threading.Channels.Channel<MqttMessage> _messages =
        System.Threading.Channels.Channel.CreateUnbounded<MqttMessage>();

    public ValueTask Take(MqttMessage message) => _messages.Writer.WriteAsync(message);

    public ValueTask<MqttMessage> NextAsync() => _messages.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public bool IsEmpty => _messages.Reader.Count == 0;
}
