using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading.Channels;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>One connection to a broker. When it is lost, make a new one.</summary>
public sealed class MqttClient : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly MqttClientOptions _options;
    private readonly Func<MqttMessage, ValueTask> _onMessage;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<ushort, TaskCompletionSource<MqttPacket>> _waiting = [];
    private readonly Channel<PublishPacket> _received = Channel.CreateUnbounded<PublishPacket>();
    private readonly Channel<(PublishPacket Packet, Task Handled)> _handling;
    private readonly ConcurrentDictionary<ushort, bool> _unreleased = [];
    private readonly TaskCompletionSource<ConnAckPacket> _connAck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<MqttReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Stream? _stream;
    private PipeReader _input = null!;
    private PipeWriter _output = null!;
    private SemaphoreSlim _sendWindow = new(ushort.MaxValue);
    private ITimer? _ping;
    private volatile bool _goodbye;
    private int _lastId;
    private int _unanswered;
    private Task _running = Task.CompletedTask;

    private MqttClient(MqttClientOptions options, Func<MqttMessage, ValueTask> onMessage)
    {
        _options = options;
        _onMessage = onMessage;
        // one more is in the hands of the reader
        _handling = Channel.CreateBounded<(PublishPacket, Task)>(Math.Max(1, options.Concurrency - 1));
    }

    /// <summary>What the broker answered to CONNECT.</summary>
    public ConnAckPacket ConnAck { get; private set; } = null!;

    /// <summary>
    /// Ends when the connection has: <see cref="MqttReason.Success"/> after <see cref="DisconnectAsync"/>, the broker's reason
    /// after its DISCONNECT, otherwise <see cref="MqttReason.UnspecifiedError"/>.
    /// </summary>
    public Task<MqttReason> Closed => _closed.Task;

    /// <param name="onMessage">
    /// Gets the messages in their order, <see cref="MqttClientOptions.Concurrency"/> at a time. The acknowledgement leaves when it has
    /// returned, in the order of the messages; if it throws, the connection is closed without one. Null: messages are acknowledged
    /// and forgotten.
    /// </param>
    /// <exception cref="MqttClientException">The broker refused.</exception>
    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="AuthenticationException">The certificates do not suit.</exception>
    public static async Task<MqttClient> ConnectAsync(
        MqttClientOptions options, Func<MqttMessage, ValueTask>? onMessage = null, CancellationToken ct = default)
    {
        var client = new MqttClient(options, onMessage ?? (_ => default));
        try
        {
            await client.OpenAsync(ct);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        await _socket.ConnectAsync(_options.Host, _options.Port, ct);
        _stream = new NetworkStream(_socket, ownsSocket: true);
        if (_options.Tls is { } tls)
        {
            var secured = new SslStream(_stream);
            _stream = secured;
            await secured.AuthenticateAsClientAsync(tls, ct);
        }

        _input = PipeReader.Create(_stream);
        _output = PipeWriter.Create(_stream);
        _running = Task.WhenAll(ReadAsync(), HandleAsync(), AcknowledgeAsync());
        var keepAlive = (ushort)Math.Min(ushort.MaxValue, _options.KeepAlive.TotalSeconds);
        await SendAsync(new ConnectPacket(_options.Version, _options.ClientId, _options.CleanStart, keepAlive)
        {
            UserName = _options.UserName,
            Password = _options.Password is { } password ? Encoding.UTF8.GetBytes(password) : (ReadOnlyMemory<byte>?)null,
            Will = _options.Will,
            Properties = new MqttProperties
            {
                SessionExpiry = _options.SessionExpiry is { } expiry ? (uint)expiry.TotalSeconds : null,
                ReceiveMaximum = _options.ReceiveMaximum,
            },
        });
        ConnAck = await _connAck.Task.WaitAsync(ct);
        if (ConnAck.Reason != MqttReason.Success)
            throw new MqttClientException(ConnAck.Reason, $"The broker refused the connection: {ConnAck.Reason}.");
        if (ConnAck.Properties.ReceiveMaximum is { } window)
            _sendWindow = new SemaphoreSlim(window);
        var interval = TimeSpan.FromSeconds(ConnAck.Properties.ServerKeepAlive ?? keepAlive);
        if (interval > TimeSpan.Zero)
            _ping = _options.Time.CreateTimer(_ => Ping(), null, interval, interval);
    }

    /// <summary>Sends a message; at QoS 1 completes with the broker's PUBACK, at QoS 2 with its PUBCOMP, and gives its reason.</summary>
    /// <exception cref="MqttClientException">
    /// Lost before the acknowledgement: send again on the next connection. The broker takes that for another message.
    /// </exception>
    public async Task<MqttReason> PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false,
        MqttProperties? properties = null, bool dup = false, CancellationToken ct = default)
    {
        var packet = new PublishPacket(topic, payload, qos, retain, dup) { Properties = properties ?? MqttProperties.None };
        if (qos == MqttQos.AtMostOnce)
        {
            await SendAsync(packet);
            return MqttReason.Success;
        }

        await _sendWindow.WaitAsync(ct);
        try
        {
            var reply = (PublishReplyPacket)await RequestAsync(id => packet with { PacketId = id }, ct);
            if (reply is not { Type: MqttPacketType.PubRec, Reason: < MqttReason.UnspecifiedError and var reason })
                return reply.Reason;
            await RequestAsync(_ => new PublishReplyPacket(MqttPacketType.PubRel, reply.PacketId), ct, reply.PacketId);
            return reason;
        }
        finally
        {
            _sendWindow.Release();
        }
    }

    /// <summary>The broker's answer for each filter: the granted QoS, or a reason from 0x80 on.</summary>
    public async Task<IReadOnlyList<MqttReason>> SubscribeAsync(
        MqttSubscription[] subscriptions, CancellationToken ct = default) =>
        ((SubAckPacket)await RequestAsync(id => new SubscribePacket(id, [.. subscriptions]), ct)).Reasons;

    public async Task<MqttReason> SubscribeAsync(
        string filter, MqttQos qos = MqttQos.AtLeastOnce, CancellationToken ct = default) =>
        (await SubscribeAsync([new MqttSubscription(filter, qos)], ct))[0];

    public Task UnsubscribeAsync(string filter, CancellationToken ct = default) =>
        RequestAsync(id => new UnsubscribePacket(id, [filter]), ct);

    /// <summary>Says goodbye, so that the broker drops the will, and closes. Not to be awaited in the message handler.</summary>
    /// <param name="reason"><see cref="MqttReason.DisconnectWithWill"/> asks for the will all the same (5.0).</param>
    public async Task DisconnectAsync(MqttReason reason = MqttReason.Success)
    {
        _goodbye = true;
        await TrySendAsync(new DisconnectPacket(reason));
        // the broker closes; closing first could reset the connection before it has read the goodbye
        await Task.WhenAny(_closed.Task, Task.Delay(GoodbyeTimeout, _options.Time));
        Fail(MqttReason.Success);
        await DisposeAsync();
    }

    /// <summary>Closes without a goodbye: for the broker the client is lost, and its will is published.</summary>
    public async ValueTask DisposeAsync()
    {
        Fail(MqttReason.UnspecifiedError);
        if (_ping is not null)
            await _ping.DisposeAsync();
        await _running;
        if (_stream is not null)
            await _stream.DisposeAsync();
    }

    /// <param name="id">An identifier still in use for the same message; null takes a free one.</param>
    private async Task<MqttPacket> RequestAsync(Func<ushort, MqttPacket> packet, CancellationToken ct, ushort? id = null)
    {
        var reply = new TaskCompletionSource<MqttPacket>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (id is not { } taken)
        {
            do
                taken = (ushort)Interlocked.Increment(ref _lastId);
            while (taken == 0 || !_waiting.TryAdd(taken, reply));
        }
        else
        {
            _waiting[taken] = reply;
        }

        if (_closed.Task.IsCompleted)
            reply.TrySetException(Lost());
        try
        {
            await SendAsync(packet(taken));
            return await reply.Task.WaitAsync(ct);
        }
        finally
        {
            _waiting.TryRemove(new(taken, reply));
        }
    }

    /// <summary>What was not answered until the next one is due will not be.</summary>
    private void Ping()
    {
        if (Interlocked.Exchange(ref _unanswered, 1) == 1)
            Fail(MqttReason.KeepAliveTimeout);
        else
            _ = TrySendAsync(new PingReqPacket());
    }

    private async Task SendAsync(MqttPacket packet)
    {
        await _writing.WaitAsync();
        try
        {
            MqttWriter.TryWrite(_output, packet, _options.Version);
            await _output.FlushAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw Lost(e);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task TrySendAsync(MqttPacket packet)
    {
        try
        {
            await SendAsync(packet);
        }
        catch (MqttClientException)
        {
            Fail(MqttReason.UnspecifiedError);
        }
    }

    private MqttClientException Lost(Exception? inner = null)
    {
        var reason = _closed.Task.IsCompletedSuccessfully ? _closed.Task.Result : MqttReason.UnspecifiedError;
        return new MqttClientException(reason, $"The connection is closed: {reason}.", inner);
    }

    // the first reason counts
    private void Fail(MqttReason reason)
    {
        if (!_closed.TrySetResult(_goodbye ? MqttReason.Success : reason))
            return;
        _received.Writer.TryComplete();
        _connAck.TrySetException(Lost());
        _ = _connAck.Task.Exception;
        foreach (var reply in _waiting.Values)
        {
            reply.TrySetException(Lost());
            _ = reply.Task.Exception;
        }

        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var result = await _input.ReadAsync();
                var buffer = result.Buffer;
                while (MqttReader.TryRead(ref buffer, _options.Version, _options.MaxPacketSize, out var packet))
                    Take(packet);
                _input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                    break;
            }

            Fail(MqttReason.UnspecifiedError);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Fail(MqttReason.UnspecifiedError);
        }
        catch (MqttProtocolException e)
        {
            Fail(e.Reason);
        }
    }

    private void Take(MqttPacket packet)
    {
        switch (packet)
        {
            case ConnAckPacket connAck:
                _connAck.TrySetResult(connAck);
                break;
            case PublishPacket publish:
                _received.Writer.TryWrite(publish);
                break;
            case PublishReplyPacket { Type: MqttPacketType.PubRel, PacketId: var id }:
                var known = _unreleased.TryRemove(id, out _);
                _ = TrySendAsync(new PublishReplyPacket(
                    MqttPacketType.PubComp, id, known ? MqttReason.Success : MqttReason.PacketIdentifierNotFound));
                break;
            case PublishReplyPacket { PacketId: var id }:
                Answer(id, packet);
                break;
            case SubAckPacket { PacketId: var id }:
                Answer(id, packet);
                break;
            case UnsubAckPacket { PacketId: var id }:
                Answer(id, packet);
                break;
            case DisconnectPacket disconnect:
                Fail(disconnect.Reason);
                break;
            case PingRespPacket:
                Volatile.Write(ref _unanswered, 0);
                break;
            default:
                throw MqttProtocolException.Error($"{packet.Type} from a broker");
        }
    }

    private void Answer(ushort id, MqttPacket packet)
    {
        if (_waiting.TryGetValue(id, out var reply))
            reply.TrySetResult(packet);
    }

    // apart from reading, so that the handler may publish and wait for the acknowledgement
    private async Task HandleAsync()
    {
        try
        {
            await foreach (var p in _received.Reader.ReadAllAsync())
            {
                // at QoS 2 an identifier that is not released stands for a message that was handled
                var handled = p.Qos == MqttQos.ExactlyOnce && !_unreleased.TryAdd(p.PacketId, true)
                    ? Task.CompletedTask
                    : HandleAsync(new MqttMessage(p.Topic, p.Payload, p.Qos, p.Retain, p.Dup) { Properties = p.Properties });
                if (_options.Concurrency == 1)
                    await handled;
                await _handling.Writer.WriteAsync((p, handled));
            }
        }
        catch (Exception)
        {
            // the handler's failure is its own to report; here it means: not handled, not acknowledged
            Fail(MqttReason.ImplementationSpecificError);
        }

        _handling.Writer.TryComplete();
    }

    // also what it throws at once is in the task
    private async Task HandleAsync(MqttMessage message) => await _onMessage(message);

    private async Task AcknowledgeAsync()
    {
        await foreach (var (p, handled) in _handling.Reader.ReadAllAsync())
        {
            try
            {
                await handled;
            }
            catch (Exception)
            {
                Fail(MqttReason.ImplementationSpecificError);
                continue;
            }

            if (p.Qos != MqttQos.AtMostOnce && !_closed.Task.IsCompleted)
                await TrySendAsync(new PublishReplyPacket(
                    p.Qos == MqttQos.AtLeastOnce ? MqttPacketType.PubAck : MqttPacketType.PubRec, p.PacketId));
        }
    }
}
