using System.Net.Security;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices.External;

/// <summary>Keeps a session at the outside broker: connects, and connects again with growing pauses. What the broker sends is
/// acknowledged when the handler has returned; until then, and while nobody is connected, it lies in the session.</summary>
/// <param name="address">The broker.</param>
/// <param name="clientId">The session's name.</param>
/// <param name="onMessage">When it returns the message is durable; if it throws, the connection is opened anew and the message comes again.</param>
/// <param name="clock">Time.</param>
/// <param name="log">Where breaks are told.</param>
sealed class BrokerConnection(BrokerAddress address, string clientId, Func<MqttMessage, ValueTask> onMessage, TimeProvider clock, ILogger log)
{
    /// <summary>What devices sent in that time is not lost though no node runs. A session that ends takes what it holds with it:
    /// Mosquitto gives it to nobody else.</summary>
    static readonly TimeSpan SessionExpiry = TimeSpan.FromDays(7);

    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>As many as the inbox writes in one transaction.</summary>
    const ushort AtOnce = 500;

    volatile MqttClient? client;

    /// <summary>Whether the session is connected and subscribed.</summary>
    public bool IsConnected => client is { Closed.IsCompleted: false };

    /// <summary>Subscribes, and holds the session until it is cancelled; the session stays.</summary>
    public async Task RunAsync(IReadOnlyList<string> filters, CancellationToken ct)
    {
        var pause = FirstPause;
        while (true)
        {
            if (await ConnectAsync(filters, ct) is not MqttReason.ServerUnavailable)
                pause = FirstPause;
            if (ct.IsCancellationRequested)
                return;
            log.LogWarning("The broker {Broker} is away; again in {Pause}", address, pause);
            // Uneven, so that nodes do not come back all at once.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble() / 2), clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    /// <summary>Goes on with what the session was subscribed to, until the connection ends: when its owner is back it takes the
    /// session over.</summary>
    /// <returns>Whether there was such a session.</returns>
    public async Task<bool> SubstituteAsync(CancellationToken ct) => await ConnectAsync(null, ct) is not MqttReason.NoSubscriptionExisted;

    async Task<MqttReason> ConnectAsync(IReadOnlyList<string>? filters, CancellationToken ct)
    {
        try
        {
            await using var opened = await OpenAsync(filters, ct);
            if (filters is null && !opened.ConnAck.SessionPresent)
                return MqttReason.NoSubscriptionExisted;
            log.LogInformation("Connected to the broker {Broker} as {Client}", address, clientId);
            client = opened;
            var reason = await ClosedAsync(opened, ct);
            log.LogInformation("The connection to the broker {Broker} as {Client} ended: {Reason}", address, clientId, reason);
            return reason;
        }
        catch (Exception e)
        {
            // Whatever it was: a session that nobody tries to open again would be away for good.
            if (!ct.IsCancellationRequested)
                log.LogWarning("No connection to the broker {Broker} as {Client}: {Error}", address, clientId, e.Message);
            return MqttReason.ServerUnavailable;
        }
        finally
        {
            client = null;
        }
    }

    static async Task<MqttReason> ClosedAsync(MqttClient client, CancellationToken ct)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(stopped.SetResult);
        if (await Task.WhenAny(client.Closed, stopped.Task) == stopped.Task)
            await client.DisconnectAsync();
        return await client.Closed;
    }

    async Task<MqttClient> OpenAsync(IReadOnlyList<string>? filters, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(ConnectTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var opened = await MqttClient.ConnectAsync(new MqttClientOptions(address.Host, address.Port, clientId)
        {
            UserName = address.UserName,
            Password = address.Password,
            Tls = address.Tls ? new SslClientAuthenticationOptions { TargetHost = address.Host } : null,
            CleanStart = false,
            SessionExpiry = SessionExpiry,
            ReceiveMaximum = AtOnce,
            Concurrency = AtOnce,
            KeepAlive = TimeSpan.FromSeconds(15),
            Time = clock
        }, onMessage, either.Token);
        try
        {
            if (filters is not null
                && (await opened.SubscribeAsync([.. filters.Select(f => new MqttSubscription(f, MqttQos.AtLeastOnce))], either.Token))
                    .Any(r => r is not MqttReason.GrantedQos1))
                throw new MqttClientException(MqttReason.NotAuthorized, "The broker refused a subscription");
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a message at QoS 1.</summary>
    /// <returns>Whether the broker took it, and somebody is there to get it.</returns>
    public async Task<bool> TryPublishAsync(string topic, ReadOnlyMemory<byte> payload, TimeSpan? expiry = null, bool retain = false)
    {
        if (client is not { } connected)
            return false;
        try
        {
            var properties = expiry is { } span ? new MqttProperties { MessageExpiry = (uint)Math.Ceiling(span.TotalSeconds) } : null;
            return await connected.PublishAsync(topic, payload, retain: retain, properties: properties) is MqttReason.Success;
        }
        catch (MqttClientException)
        {
            return false;
        }
    }
}
