using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices.External;

/// <summary>Keeps a session at the outside broker: connects, and connects again with growing pauses. What the broker sends is
/// acknowledged when the handler has returned; until then, and while nobody is connected, it lies in the session.</summary>
/// <param name="address">The broker.</param>
/// <param name="clientId">The session's name.</param>
/// <param name="onMessage">When it returns the message is durable; if it throws, the connection is opened anew and the message comes again.</param>
/// <param name="metrics">Counts what was dropped.</param>
/// <param name="clock">Time.</param>
/// <param name="log">Where breaks are told.</param>
sealed class BrokerConnection(
    BrokerAddress address, string clientId, Func<MqttApplicationMessage, ValueTask> onMessage, MqttMetrics metrics, TimeProvider clock, ILogger log)
{
    /// <summary>What devices sent in that time is not lost though no node runs. A session that ends takes what it holds with it:
    /// Mosquitto gives it to nobody else.</summary>
    static readonly TimeSpan SessionExpiry = TimeSpan.FromDays(7);

    /// <summary>For whatever the broker has to answer or to read.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>As many as the inbox writes in one transaction.</summary>
    const ushort AtOnce = 500;

    /// <summary>What is larger the broker keeps to itself.</summary>
    const uint MaxPacketSize = 1 << 20;

    volatile Line? line;
    TimeSpan keepAlive = TimeSpan.FromSeconds(15);

    /// <summary>Whether the session is connected and subscribed.</summary>
    public bool IsConnected => line is { Ended.IsCompleted: false };

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
            await using var opened = new Line(onMessage, metrics, clock);
            if (!await OpenAsync(opened.Client, filters, ct))
                return MqttReason.NoSubscriptionExisted;
            log.LogInformation("Connected to the broker {Broker} as {Client}", address, clientId);
            line = opened;
            await using (ct.Register(() => opened.End(MqttReason.Success)))
                await opened.Ended;
            log.LogInformation("The connection to the broker {Broker} as {Client} ended: {Reason}", address, clientId, await opened.Ended);
            return await opened.Ended;
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
            line = null;
        }
    }

    /// <returns>Without filters, whether there was a session.</returns>
    async Task<bool> OpenAsync(IMqttClient client, IReadOnlyList<string>? filters, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var options = MqttClients.Options(address.Host, address.Port, clientId, address.UserName, address.Password, address.Tls);
        options.CleanSession = false;
        options.SessionExpiryInterval = (uint)SessionExpiry.TotalSeconds;
        options.ReceiveMaximum = AtOnce;
        options.MaximumPacketSize = MaxPacketSize;
        options.KeepAlivePeriod = keepAlive;
        var answer = await client.OpenAsync(options, either.Token);
        // MQTTnet pings as we asked and not as the broker says: so the next connection asks for that.
        if (answer.ServerKeepAlive > 0 && answer.ServerKeepAlive < keepAlive.TotalSeconds)
            keepAlive = TimeSpan.FromSeconds(answer.ServerKeepAlive);
        if (filters is null)
            return answer.IsSessionPresent;
        var subscriptions = new MqttClientSubscribeOptions
        {
            TopicFilters = [.. filters.Select(f => new MqttTopicFilter { Topic = f, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce })]
        };
        return (await client.SubscribeAsync(subscriptions, either.Token)).Items.All(i => i.ResultCode is MqttClientSubscribeResultCode.GrantedQoS1)
            ? true : throw new MqttCommunicationException("The broker refused a subscription", null);
    }

    /// <summary>Sends a message at QoS 1.</summary>
    /// <returns>Whether the broker took it, and somebody is there to get it.</returns>
    public async Task<bool> TryPublishAsync(string topic, ReadOnlyMemory<byte> payload, TimeSpan? expiry = null, bool retain = false) =>
        line is { } connected && await connected.TryPublishAsync(new MqttApplicationMessage
        {
            Topic = topic,
            Payload = new(payload),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            Retain = retain,
            MessageExpiryInterval = expiry is { } span ? (uint)Math.Ceiling(span.TotalSeconds) : 0
        });

    /// <summary>One connection. What comes is handled at once and acknowledged in its order. MQTTnet has no bounds of its own: what it has
    /// received waits in a queue without an end, and what it sends waits for an answer for as long.</summary>
    sealed class Line : IAsyncDisposable
    {
        readonly Func<MqttApplicationMessage, ValueTask> onMessage;
        readonly MqttMetrics metrics;
        readonly TimeProvider clock;

        // Up to AtOnce of QoS 1, which the broker keeps to, and as many of QoS 0.
        readonly Channel<(MqttApplicationMessageReceivedEventArgs Received, Task Handled)> handling =
            Channel.CreateBounded<(MqttApplicationMessageReceivedEventArgs, Task)>(2 * AtOnce);

        readonly TaskCompletionSource<MqttReason> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly CancellationTokenSource over = new();
        readonly Task acknowledging;
        SemaphoreSlim sending = new(ushort.MaxValue);

        public Line(Func<MqttApplicationMessage, ValueTask> onMessage, MqttMetrics metrics, TimeProvider clock)
        {
            (this.onMessage, this.metrics, this.clock) = (onMessage, metrics, clock);
            Client.ApplicationMessageReceivedAsync += TakeAsync;
            Client.ConnectedAsync += e =>
            {
                sending = new SemaphoreSlim(e.ConnectResult.ReceiveMaximum is > 0 and { } most ? most : ushort.MaxValue);
                return Task.CompletedTask;
            };
            Client.DisconnectedAsync += e =>
            {
                End(e.Reason is MqttClientDisconnectReason.NormalDisconnection ? MqttReason.UnspecifiedError : (MqttReason)e.Reason);
                return Task.CompletedTask;
            };
            acknowledging = AcknowledgeAsync();
        }

        public IMqttClient Client { get; } = MqttClients.Create();

        /// <summary>Why it ended; <see cref="MqttReason.Success"/> if we wanted it to.</summary>
        public Task<MqttReason> Ended => ended.Task;

        /// <summary>The first reason counts.</summary>
        public void End(MqttReason reason)
        {
            if (!ended.TrySetResult(reason))
                return;
            handling.Writer.TryComplete();
            over.Cancel();
        }

        /// <summary>Never waits, so that what MQTTnet has received does not pile up.</summary>
        Task TakeAsync(MqttApplicationMessageReceivedEventArgs received)
        {
            received.AutoAcknowledge = false;
            var message = received.ApplicationMessage;
            if (message.QualityOfServiceLevel is MqttQualityOfServiceLevel.AtMostOnce && handling.Reader.Count >= AtOnce)
                metrics.Dropped();
            else if (!ended.Task.IsCompleted && !handling.Writer.TryWrite((received, HandleAsync(message))))
                End(MqttReason.ReceiveMaximumExceeded);
            return Task.CompletedTask;
        }

        // Also what the handler throws at once is in the task.
        async Task HandleAsync(MqttApplicationMessage message) => await onMessage(message);

        async Task AcknowledgeAsync()
        {
            await foreach (var (received, handled) in handling.Reader.ReadAllAsync())
                try
                {
                    await handled;
                    if (!ended.Task.IsCompleted)
                        await received.AcknowledgeAsync(over.Token).WaitAsync(Patience, clock);
                }
                catch (Exception)
                {
                    // What was not handled is not acknowledged, and nothing after it.
                    End(MqttReason.ImplementationSpecificError);
                }
        }

        /// <summary>As many at a time as the broker takes.</summary>
        public async Task<bool> TryPublishAsync(MqttApplicationMessage message)
        {
            try
            {
                var mine = sending;
                await mine.WaitAsync(over.Token);
                try
                {
                    return (await Client.PublishAsync(message, over.Token).WaitAsync(Patience, clock)).ReasonCode
                        is MqttClientPublishReasonCode.Success;
                }
                finally
                {
                    mine.Release();
                }
            }
            catch (TimeoutException)
            {
                End(MqttReason.KeepAliveTimeout);
                return false;
            }
            catch (Exception)
            {
                // The connection ended: MQTTnet says so in many ways.
                return false;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (ended.Task is { IsCompletedSuccessfully: true, Result: MqttReason.Success })
                await Client.TryDisconnectAsync();
            End(MqttReason.UnspecifiedError);
            Client.Dispose();
            await acknowledging;
        }
    }
}
