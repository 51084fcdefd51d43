using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Devices.Mqtt;

public sealed record MqttConnectionInfo(
    MqttIdentity Identity, MqttVersion Version, EndPoint? RemoteAddress, DateTimeOffset ConnectedAt, DateTimeOffset LastPacketAt);

/// <summary>
/// MQTT 3.1.1 and 5.0. What a device may and what becomes of its messages is the <see cref="IMqttPolicy"/>'s; where there is an
/// <see cref="IMqttStore"/>, sessions and retained messages outlive a restart.
/// </summary>
public sealed class MqttBroker : IDisposable
{
    /// <summary>
    /// The space of those who run the broker: its figures are retained below <c>$SYS/broker/</c> here, and nowhere else. It is not
    /// kept over a restart.
    /// </summary>
    public const string OperatorSpace = "$SYS";

    private const int SecondsBetweenFigures = 10;

    private readonly ConcurrentDictionary<string, Task<MqttSpace>> _spaces = new(StringComparer.Ordinal);
    private readonly Lock _opening = new();
    private readonly ConcurrentDictionary<MqttConnection, bool> _connections = [];
    private readonly ConcurrentDictionary<string, int> _connectionsOf = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _disposed = new();
    private readonly ConcurrencyLimiter _connecting;
    private readonly IMqttStore? _store;
    private readonly CancellationToken _stopping;
    private readonly ITimer _timer;
    private int _ticks;

    public MqttBroker(
        IMqttPolicy policy, MqttBrokerOptions options, MqttMetrics metrics, TimeProvider time, ILogger<MqttBroker> log,
        IHostApplicationLifetime lifetime, IMqttStore? store = null)
    {
        _stopping = lifetime.ApplicationStopping;
        _store = store;
        _connecting = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.MaxConnecting,
            QueueLimit = options.MaxWaitingToConnect,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        Policy = policy;
        Options = options;
        Metrics = metrics;
        Time = time;
        Log = log;
        Disposed = _disposed.Token;
        _stopping.Register(Stop);
        _timer = time.CreateTimer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    internal IMqttPolicy Policy { get; }

    internal MqttBrokerOptions Options { get; }

    internal MqttMetrics Metrics { get; }

    internal TimeProvider Time { get; }

    internal ILogger Log { get; }

    internal CancellationToken Disposed { get; }

    /// <summary>Before the server of the connections notices.</summary>
    internal bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Opens a space, with what the store kept of it. A space that nobody opened is opened by its first client.</summary>
    public Task OpenAsync(string space) => SpaceAsync(space);

    /// <summary>Sends a message to the subscribers in the space; sessions without a connection keep it at QoS 1 and 2.</summary>
    /// <param name="expiry">After that nobody gets it; null is never. Whole seconds, rounded up.</param>
    /// <exception cref="ArgumentException">The topic is no valid topic name.</exception>
    public MqttDelivery Publish(
        string space, string topic, ReadOnlyMemory<byte> payload, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false,
        TimeSpan? expiry = null)
    {
        if (!MqttTopic.IsValidName(topic) || Encoding.UTF8.GetByteCount(topic) > ushort.MaxValue)
            throw new ArgumentException("Not a topic name.", nameof(topic));
        var message = new MqttMessage(topic, payload, qos, retain);
        if (expiry is { } span)
            message = message with { Properties = new MqttProperties { MessageExpiry = (uint)Math.Ceiling(span.TotalSeconds) } };
        var delivery = new MqttDelivery();
        Opened(_store is null ? SpaceAsync(space) : _spaces.GetValueOrDefault(space))?.Route(message, null, delivery);
        delivery.GiveUp();
        return delivery;
    }

    public bool IsConnected(string space, string name) => Opened(space)?.Connections(name).Length > 0;

    /// <summary>Whether anybody in the space is connected.</summary>
    public bool HasConnections(string space) => Opened(space)?.HasConnections() == true;

    /// <summary>Closes the connections of a name, for example after its secret was changed.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Disconnect(string space, string name, MqttReason reason = MqttReason.AdministrativeAction)
    {
        var connections = Opened(space)?.Connections(name) ?? [];
        foreach (var connection in connections)
            connection.Close(reason);
        return connections.Length > 0;
    }

    /// <summary>The connected clients at this moment.</summary>
    public IReadOnlyList<MqttConnectionInfo> Connections =>
        [.. _connections.Keys.Select(c => c.Info).OfType<MqttConnectionInfo>()];

    private MqttSpace? Opened(string space) => Opened(_spaces.GetValueOrDefault(space));

    private static MqttSpace? Opened(Task<MqttSpace>? space) => space is { IsCompletedSuccessfully: true } ? space.Result : null;

    internal Task<MqttSpace> SpaceAsync(string name)
    {
        if (_spaces.TryGetValue(name, out var known) && !known.IsFaulted)
            return known;
        lock (_opening)
        {
            if (_spaces.TryGetValue(name, out known) && !known.IsFaulted)
                return known;
            return _spaces[name] = LoadAsync(name);
        }
    }

    private async Task<MqttSpace> LoadAsync(string name)
    {
        if (_store is null || name == OperatorSpace)
            return new MqttSpace(Options, Time, Metrics, null);
        var space = new MqttSpace(Options, Time, Metrics, new MqttJournal(name, _store, Time, Log, Disposed));
        space.Restore(await _store.LoadAsync(name, Disposed));
        return space;
    }

    /// <summary>
    /// A turn to sign in: when a city's devices come back all at once, a bounded number asks the host at a time, a bounded number
    /// waits, and the rest is told to come later.
    /// </summary>
    internal ValueTask<RateLimitLease> ConnectTurnAsync(CancellationToken ct) => _connecting.AcquireAsync(1, ct);

    internal Task RunAsync(ConnectionContext context)
    {
        if (!TakePlace(context.RemoteEndPoint))
        {
            Metrics.Refused(MqttReason.QuotaExceeded);
            context.Abort(new ConnectionAbortedException("Too many connections of this address."));
            return Task.CompletedTask;
        }

        var connection = new MqttConnection(this, context);
        _connections[connection] = true;
        Metrics.Connections(1);
        // the stop may have passed by
        if (IsStopping)
            connection.Close(MqttReason.ServerShuttingDown);
        return connection.RunAsync();
    }

    internal void Forget(MqttConnection connection, EndPoint? remote)
    {
        _connections.TryRemove(connection, out _);
        GivePlaceBack(remote);
        Metrics.Connections(-1);
    }

    private bool TakePlace(EndPoint? remote)
    {
        if (Options.MaxConnectionsPerAddress == 0)
            return true;
        if (_connectionsOf.AddOrUpdate(Options.KeyOf(remote), 1, (_, open) => open + 1) <= Options.MaxConnectionsPerAddress)
            return true;
        GivePlaceBack(remote);
        return false;
    }

    private void GivePlaceBack(EndPoint? remote)
    {
        if (Options.MaxConnectionsPerAddress == 0)
            return;
        var address = Options.KeyOf(remote);
        if (_connectionsOf.AddOrUpdate(address, 0, (_, open) => open - 1) == 0)
            _connectionsOf.TryRemove(KeyValuePair.Create(address, 0));
    }

    private void Stop()
    {
        foreach (var (connection, _) in _connections)
            connection.Close(MqttReason.ServerShuttingDown);
    }

    /// <summary>A will is handled like any message of its owner.</summary>
    internal async Task PublishWillsAsync(MqttSpace space)
    {
        foreach (var (identity, will) in space.TakeWills())
        {
            try
            {
                var message = new MqttMessage(will.Topic, will.Payload, will.Qos, will.Retain)
                {
                    Properties = will.Properties with { WillDelay = null },
                    IsWill = true,
                };
                var outcome = await Policy.OnPublishAsync(identity, message, Disposed);
                if (outcome is { Route: true, Reason: < MqttReason.UnspecifiedError })
                    space.Route(message, null, null);
            }
            catch (Exception e)
            {
                Log.LogError(e, "MQTT will of {Space}/{Name} was not handled", identity.Space, identity.Name);
            }
        }
    }

    private void Tick()
    {
        foreach (var (connection, _) in _connections)
            connection.Tick();
        var now = Time.GetUtcNow();
        foreach (var space in _spaces.Values.Select(Opened).OfType<MqttSpace>())
        {
            space.Tick(now);
            _ = PublishWillsAsync(space);
        }

        if (_ticks++ % SecondsBetweenFigures == 0)
            PublishFigures();
    }

    private void PublishFigures()
    {
        if (Opened(OperatorSpace) is not { } space)
            return;
        foreach (var (topic, value) in Metrics.Totals)
            space.Route(new MqttMessage($"$SYS/broker/{topic}", Encoding.ASCII.GetBytes($"{value}"), Retain: true), null, null);
    }

    internal void WritingFailed(Exception e) => Log.LogError(e, "A fault while writing to an MQTT client");

    /// <summary>Cancels the message handlers that still run.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _connecting.Dispose();
        _disposed.Cancel();
        _disposed.Dispose();
    }
}

public static class MqttServices
{
    /// <summary>The broker; the host adds its <see cref="IMqttPolicy"/> and a Kestrel endpoint.</summary>
    public static IServiceCollection AddMqttBroker(this IServiceCollection services, MqttBrokerOptions? options = null)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options ?? new MqttBrokerOptions());
        services.AddSingleton<IConnectionListenerFactory, MqttTransport>();
        services.AddSingleton<MqttMetrics>();
        services.AddSingleton<MqttBroker>();
        return services;
    }
}
