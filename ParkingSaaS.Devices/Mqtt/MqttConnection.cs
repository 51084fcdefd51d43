using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>One connection from its first byte to its close. What it does with packets stands in the other part.</summary>
internal sealed partial class MqttConnection
{
    private readonly MqttBroker _broker;
    private readonly ConnectionContext _context;
    private readonly MqttOutput _output;
    private readonly CancellationTokenSource _stopReading = new();
    private readonly Lock _closeGate = new();
    private MqttReason? _closeReason;
    private bool _clientSaidGoodbye;
    private MqttVersion _version = MqttVersion.V311;
    private ConnectPacket? _connect;
    private MqttSpace? _space;
    private MqttSession? _session;

    // deadlines, compared in Tick; ticks of UTC, 0: none
    private readonly DateTimeOffset _openedAt;
    private long _lastPacket;
    private long _partialSince;
    private long _closingSince;
    private volatile bool _waitsForHost;
    private volatile bool _accepted;
    private bool _faulty;
    private TimeSpan _keepAlive;

    public MqttConnection(MqttBroker broker, ConnectionContext context)
    {
        _broker = broker;
        _context = context;
        _output = new MqttOutput(context.Transport.Output, broker.Metrics);
        _openedAt = broker.Time.GetUtcNow();
        _lastPacket = _openedAt.UtcTicks;
        _slots = new SemaphoreSlim(broker.Options.ReceiveMaximum);
    }

    public MqttConnectionInfo? Info => _session is { } session
        ? new MqttConnectionInfo(
            session.Identity, _version, _context.RemoteEndPoint, _openedAt,
            new DateTimeOffset(Interlocked.Read(ref _lastPacket), TimeSpan.Zero))
        : null;

    public void Wake() => _output.Wake();

    /// <summary>Ends the connection; the first reason counts.</summary>
    public void Close(MqttReason reason)
    {
        lock (_closeGate)
        {
            if (_closeReason is not null)
                return;
            _closeReason = reason;
        }

        _stopReading.Cancel();
    }

    public void Tick(DateTimeOffset now)
    {
        var options = _broker.Options;
        if (Interlocked.Read(ref _closingSince) is var closing and not 0)
        {
            if (now.UtcTicks - closing >= options.CloseTimeout.Ticks)
                _context.Abort(new ConnectionAbortedException("The peer does not read."));
            return;
        }

        if (_connect is null)
        {
            if (now - _openedAt >= options.ConnectTimeout)
            {
                _broker.Log.LogInformation("MQTT {Address}: no CONNECT in time", _context.RemoteEndPoint);
                Close(MqttReason.KeepAliveTimeout);
            }

            return;
        }

        // then we do not read, which is not the client's fault
        if (_waitsForHost)
            return;
        var silent = now.UtcTicks - Interlocked.Read(ref _lastPacket);
        var partial = Interlocked.Read(ref _partialSince);
        if ((_keepAlive > TimeSpan.Zero && silent >= _keepAlive.Ticks * 3 / 2)
            || (partial != 0 && now.UtcTicks - partial >= options.PacketTimeout.Ticks))
        {
            Close(MqttReason.KeepAliveTimeout);
        }
    }

    public async Task RunAsync()
    {
        var writing = WriteAsync();
        var publishing = AcknowledgeInOrderAsync();
        var lifetime = _context.Features.Get<IConnectionLifetimeNotificationFeature>();
        using (lifetime?.ConnectionClosedRequested.Register(() => Close(MqttReason.ServerShuttingDown)))
        {
            await ReadUntilClosedAsync();
            _publishes.Writer.TryComplete();
            var reason = _closeReason ?? MqttReason.UnspecifiedError;
            // stopping: what was taken is acknowledged before the goodbye; otherwise the goodbye leaves at once
            if (reason == MqttReason.ServerShuttingDown)
                await publishing;
            Interlocked.Exchange(ref _closingSince, _broker.Time.GetUtcNow().UtcTicks);
            var last = LastPacket(reason);
            _output.Complete(last);
            await writing;
            if (_faulty && (last is not null || !_accepted))
                await LingerAsync();
            await _context.Transport.Output.CompleteAsync();
            await _context.Transport.Input.CompleteAsync();
            if (_session is not null)
                await EndSessionAsync(reason);
            await publishing;
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await _output.RunAsync();
        }
        catch (Exception e)
        {
            _broker.Log.LogError(e, "MQTT {Connection}: fault while writing", _context.ConnectionId);
        }
        finally
        {
            Close(MqttReason.UnspecifiedError);
        }
    }

    private DisconnectPacket? LastPacket(MqttReason reason) =>
        _version == MqttVersion.V5 && _accepted && !_clientSaidGoodbye && reason != MqttReason.UnspecifiedError
            ? new DisconnectPacket(reason)
            : null;

    private async Task ReadUntilClosedAsync()
    {
        try
        {
            await ReadAsync();
            Close(MqttReason.UnspecifiedError);
        }
        catch (OperationCanceledException) when (_stopReading.IsCancellationRequested)
        {
        }
        catch (MqttProtocolException e)
        {
            _broker.Log.LogInformation(
                "MQTT {Connection} of {Space}/{Name}: {Reason}, {Message}",
                _context.ConnectionId, _session?.Identity.Space, _session?.Identity.Name, e.Reason, e.Message);
            _broker.Metrics.Refused(e.Reason);
            _faulty = true;
            if (_connect is null)
                await RefuseBrokenConnectAsync(e);
            Close(e.Reason);
        }
        catch (Exception e)
        {
            _broker.Log.LogError(e, "MQTT {Connection}: fault of the broker or its host", _context.ConnectionId);
            if (!_accepted)
                await SendAsync(new ConnAckPacket(false, MqttReason.ServerUnavailable));
            Close(MqttReason.ImplementationSpecificError);
        }
    }

    private async Task ReadAsync()
    {
        var input = _context.Transport.Input;
        while (true)
        {
            ReadResult result;
            try
            {
                result = await input.ReadAsync(_stopReading.Token);
            }
            catch (Exception e) when (e is IOException or ConnectionAbortedException)
            {
                return;
            }

            var buffer = result.Buffer;
            try
            {
                while (MqttReader.TryRead(ref buffer, _version, _broker.Options.MaxPacketSize, out var packet))
                {
                    Interlocked.Exchange(ref _partialSince, 0);
                    Interlocked.Exchange(ref _lastPacket, _broker.Time.GetUtcNow().UtcTicks);
                    await HandleAsync(packet);
                    _stopReading.Token.ThrowIfCancellationRequested();
                }
            }
            finally
            {
                input.AdvanceTo(buffer.Start, buffer.End);
            }

            if (!buffer.IsEmpty)
                Interlocked.CompareExchange(ref _partialSince, _broker.Time.GetUtcNow().UtcTicks, 0);
            if (result.IsCompleted)
                return;
        }
    }

    /// <summary>
    /// Closing a socket with unread bytes resets it, and the client would lose the reason: read on for a moment.
    /// </summary>
    private async Task LingerAsync()
    {
        using var enough = new CancellationTokenSource(_broker.Options.LingerTimeout, _broker.Time);
        try
        {
            var input = _context.Transport.Input;
            while (await input.ReadAsync(enough.Token) is { IsCompleted: false } result)
                input.AdvanceTo(result.Buffer.End);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // whatever ended it: now close
        }
    }

    private async Task EndSessionAsync(MqttReason reason)
    {
        var identity = _session!.Identity;
        var will = !_accepted || (_clientSaidGoodbye && reason == MqttReason.Success) || reason == MqttReason.ServerShuttingDown
            ? null
            : _connect!.Will;
        _space!.Detach(_session, this, will);
        _broker.Log.Log(reason is MqttReason.Success ? LogLevel.Debug : LogLevel.Information, "MQTT {Space}/{Name} disconnected: {Reason}",
            identity.Space, identity.Name, reason);
        try
        {
            await _broker.PublishWillsAsync(_space);
            await _broker.Policy.OnDisconnectedAsync(identity, reason, _broker.Disposed);
        }
        catch (Exception e)
        {
            _broker.Log.LogError(e, "MQTT {Space}/{Name}: the host failed on a disconnect", identity.Space, identity.Name);
        }
    }
}
