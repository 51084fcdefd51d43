using System.Buffers;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>A device of the tests on one connection: MQTTnet's client, told and asked in the words of our server. Every wait for the other
/// side ends with the connection.</summary>
public sealed class DeviceClient : IAsyncDisposable
{
    // For an answer that came just before the end.
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    readonly IMqttClient client = MqttClients.Create();
    readonly TaskCompletionSource<MqttReason> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task handled = Task.CompletedTask;

    DeviceClient(Func<MqttMessage, ValueTask>? onMessage)
    {
        client.ApplicationMessageReceivedAsync += received =>
        {
            // MQTTnet would not say that the connection ended before the handler has returned.
            received.AutoAcknowledge = false;
            handled = HandleAsync(handled, received, onMessage);
            return Task.CompletedTask;
        };
        client.DisconnectedAsync += e =>
        {
            End(e.Reason is MqttClientDisconnectReason.NormalDisconnection ? MqttReason.UnspecifiedError : (MqttReason)e.Reason);
            return Task.CompletedTask;
        };
    }

    /// <summary>What the server answered to CONNECT.</summary>
    public MqttClientConnectResult Answer { get; private set; } = null!;

    /// <summary>Ends with the connection: Success after a goodbye, the server's reason after its DISCONNECT, otherwise UnspecifiedError.</summary>
    public Task<MqttReason> Closed => closed.Task;

    /// <param name="options">See <see cref="MqttClients.Options"/>.</param>
    /// <param name="onMessage">A message is acknowledged when it has returned. If it throws, the connection is cut.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="DeviceRefusedException">The server refused.</exception>
    /// <exception cref="IOException">There is no server, or none that speaks MQTT or is trusted.</exception>
    public static async Task<DeviceClient> ConnectAsync(MqttClientOptions options, Func<MqttMessage, ValueTask>? onMessage = null,
        CancellationToken ct = default)
    {
        var device = new DeviceClient(onMessage);
        try
        {
            device.Answer = await device.AskAsync(() => device.client.ConnectAsync(options, ct));
            return device.Answer.ResultCode is MqttClientConnectResultCode.Success ? device
                : throw new DeviceRefusedException((MqttReason)device.Answer.ResultCode);
        }
        catch
        {
            await device.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a message; the server's reason.</summary>
    /// <exception cref="IOException">The connection was lost before it.</exception>
    public async Task<MqttReason> PublishAsync(string topic, ReadOnlyMemory<byte> payload, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false,
        MqttProperties? properties = null, CancellationToken ct = default) =>
        (MqttReason)(await AskAsync(() => client.PublishAsync(new MqttApplicationMessage
        {
            Topic = topic,
            Payload = new(payload),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
            Retain = retain,
            MessageExpiryInterval = properties?.MessageExpiry ?? 0,
            ContentType = properties?.ContentType,
            TopicAlias = properties?.TopicAlias ?? 0,
            UserProperties = properties?.User.Select(u => new MqttUserProperty(u.Key, Encoding.UTF8.GetBytes(u.Value).AsMemory())).ToList()
        }, ct))).ReasonCode;

    /// <summary>The server's answer for each filter: the granted QoS, or a reason from 0x80 on.</summary>
    public async Task<IReadOnlyList<MqttReason>> SubscribeAsync(MqttSubscription[] subscriptions, CancellationToken ct = default)
    {
        var filters = subscriptions.Select(s => new MqttTopicFilter
        {
            Topic = s.Filter,
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)s.Qos,
            NoLocal = s.NoLocal,
            RetainAsPublished = s.RetainAsPublished,
            RetainHandling = (MqttRetainHandling)s.RetainHandling
        });
        var answer = await AskAsync(() => client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [.. filters] }, ct));
        return [.. answer.Items.Select(i => (MqttReason)i.ResultCode)];
    }

    /// <inheritdoc cref="SubscribeAsync(MqttSubscription[], CancellationToken)"/>
    public async Task<MqttReason> SubscribeAsync(string filter, MqttQos qos = MqttQos.AtLeastOnce, CancellationToken ct = default) =>
        (await SubscribeAsync([new MqttSubscription(filter, qos)], ct))[0];

    public Task UnsubscribeAsync(string filter, CancellationToken ct = default) => AskAsync(() => client.UnsubscribeAsync(filter, ct));

    /// <summary>Says goodbye, and closes.</summary>
    public async Task DisconnectAsync(MqttClientDisconnectOptionsReason reason = MqttClientDisconnectOptionsReason.NormalDisconnection)
    {
        closed.TrySetResult(MqttReason.Success);
        await client.TryDisconnectAsync(reason);
        await DisposeAsync();
    }

    /// <summary>Closes without a goodbye: for the server the client is lost.</summary>
    public ValueTask DisposeAsync()
    {
        End(MqttReason.UnspecifiedError);
        return ValueTask.CompletedTask;
    }

    async Task HandleAsync(Task before, MqttApplicationMessageReceivedEventArgs received, Func<MqttMessage, ValueTask>? onMessage)
    {
        await before;
        try
        {
            if (onMessage is not null)
                await onMessage(Ours(received.ApplicationMessage));
            await received.AcknowledgeAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            End(MqttReason.ImplementationSpecificError);
        }
    }

    /// <summary>MQTTnet says in many ways that the connection is lost, and may miss it.</summary>
    async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            var answer = ask();
            await Task.WhenAny(answer, closed.Task);
            return await answer.WaitAsync(Grace);
        }
        catch (Exception e)
        {
            throw new IOException(e.Message, e);
        }
    }

    // The first reason counts.
    void End(MqttReason reason)
    {
        closed.TrySetResult(reason);
        client.Dispose();
    }

    static MqttMessage Ours(MqttApplicationMessage message) => new(message.Topic, message.Payload.ToArray(), (MqttQos)message.QualityOfServiceLevel,
        message.Retain, message.Dup)
    {
        Properties = new MqttProperties
        {
            MessageExpiry = message.MessageExpiryInterval is 0 ? null : message.MessageExpiryInterval,
            ContentType = message.ContentType,
            TopicAlias = message.TopicAlias is 0 ? null : message.TopicAlias,
            User = [.. (message.UserProperties ?? []).Select(u => new KeyValuePair<string, string>(u.Name, Encoding.UTF8.GetString(u.ValueBuffer.Span)))]
        }
    };
}

/// <summary>Options, changed in passing.</summary>
public static class DeviceOptions
{
    public static MqttClientOptions With(this MqttClientOptions options, Action<MqttClientOptions> change)
    {
        change(options);
        return options;
    }

    /// <summary>The session outlives its connections for so long.</summary>
    public static MqttClientOptions Kept(this MqttClientOptions options, TimeSpan expiry) => options.With(o =>
    {
        o.CleanSession = false;
        o.SessionExpiryInterval = (uint)expiry.TotalSeconds;
    });

    /// <summary>Pings never: for servers whose clock is not that of the client. In 5.0 the server tells a keep-alive of its own, and then MQTTnet
    /// pings without a pause where none was asked for.</summary>
    public static MqttClientOptions Silent(this MqttClientOptions options) => options.With(o =>
        o.KeepAlivePeriod = o.ProtocolVersion is MqttProtocolVersion.V311 ? TimeSpan.Zero : TimeSpan.FromSeconds(ushort.MaxValue));

    public static MqttClientOptions Will(this MqttClientOptions options, string topic, byte[] payload) => options.With(o =>
    {
        o.WillTopic = topic;
        o.WillPayload = payload;
    });
}

/// <summary>The server refused a connection.</summary>
public sealed class DeviceRefusedException(MqttReason reason) : IOException($"The server refused the connection: {reason}")
{
    public MqttReason Reason => reason;
}
