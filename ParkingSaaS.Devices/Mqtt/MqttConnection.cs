using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>One connection from its first byte to its close. What it does with packets stands in the other parts.</summary>
internal sealed partial class MqttConnection
{
    private readonly MqttBroker _broker;
    private readonly ConnectionContext _context;
    private readonly MqttOutput _output;
    private readonly Lock _gate = new();
    private MqttReason? _closeReason;
    private bool _clientSaidGoodbye;
    private bool _faulty;
    private MqttVersion _version = MqttVersion.V311;
    private MqttSpace? _space;
    private MqttSession? _session;
    private MqttWill? _will;
    private bool _mayExtend;

    // deadlines, compared in Tick; timestamps of the monotonic clock, 0: none
    private readonly DateTimeOffset _openedAt;
    private readonly long _opened;
    private long _lastPacket;
    private long _partialSince;
    private long _closingSince;
    private TimeSpan _keepAlive;
    private volatile bool _waitsForHost;
    private volatile bool _accepted;

    public MqttConnection(MqttBroker broker, ConnectionContext context)
    {
        _broker = broker;
        _context = context;
        _output = new MqttOutput(context.Transport.Output, broker, this);
        _openedAt = broker.Time.GetUtcNow();
        _opened = _lastPacket = broker.Time.GetTimestamp();
    }

    public MqttConnectionInfo? Info => _session is { } session
        ? new MqttConnectionInfo(
            session.Identity, _version, _context.RemoteEndPoint, _openedAt,
            _openedAt + _broker.Time.GetElapsedTime(_opened, Interlocked.Read(ref _lastPacket)))
        : null;

    /// <summary>There may be messages to write. Not under a lock.</summary>
    public void Wake() => _output.Wake();

    /// <summary>Ends the connection; the first reason counts.</summary>
    public void Close(MqttReason reason)
    {
        lock (_gate)
        {
            if (_closeReason is not null)
                return;
            _closeReason = reason;
        }

        _context.Transport.Input.CancelPendingRead();
        Proceed();
    }

    private bool IsClosing
    {
        get
        {
            lock (_gate)
                return _closeReason is not null;
        }
    }

    public void Tick()
    {
        var options = _broker.Options;
        if (IsOver(_output.FlushingSince, options.WriteTimeout) || IsOver(Interlocked.Read(ref _closingSince), options.CloseTimeout))
        {
            _broker.Metrics.Stalled();
            _context.Abort(new ConnectionAbortedException("The peer does not read."));
            return;
        }

        // while the host has the client's packet we do not read, which is not the client's fault
        if (_waitsForHost || Interlocked.Read(ref _closingSince) != 0)
            return;
        if (!_accepted)
        {
            if (IsOver(_opened, options.ConnectTimeout))
            {
                _broker.Log.LogInformation("MQTT {Address}: no CONNECT in time", _context.RemoteEndPoint);
                Close(MqttReason.KeepAliveTimeout);
            }
        }
        else if ((_keepAlive > TimeSpan.Zero && IsOver(Interlocked.Read(ref _lastPacket), _keepAlive * 1.5))
                 || IsOver(Interlocked.Read(ref _partialSince), options.PacketTimeout))
        {
            Close(MqttReason.KeepAliveTimeout);
        }
    }

    private bool IsOver(long since, TimeSpan limit) => since != 0 && _broker.Time.GetElapsedTime(since) >= limit;

    // one method with all its ends, because each that waits costs an idle connection memory
    public async Task RunAsync()
    {
        try
        {
            await ReadAsync();
            Close(MqttReason.UnspecifiedError);
        }
        catch (OperationCanceledException) when (_context.ConnectionClosed.IsCancellationRequested)
        {
            Close(MqttReason.UnspecifiedError);
        }
        catch (MqttProtocolException e)
        {
            await RefuseAsync(e);
        }
        catch (Exception e)
        {
            _broker.Log.LogError(e, "MQTT {Connection}: fault of the broker or its host", _context.ConnectionId);
            if (!_accepted)
                await _output.SendAsync(new ConnAckPacket(false, MqttReason.ServerUnavailable));
            Close(MqttReason.ImplementationSpecificError);
        }

        try
        {
            await FinishAsync(_closeReason ?? MqttReason.UnspecifiedError);
        }
        catch (Exception e)
        {
            _broker.Log.LogError(e, "MQTT connection {Connection} failed", _context.ConnectionId);
        }
        finally
        {
            _broker.Forget(this, _context.RemoteEndPoint);
        }
    }

    private async ValueTask RefuseAsync(MqttProtocolException e)
    {
        _broker.Log.LogInformation(
            "MQTT {Connection} of {Space}/{Name}: {Reason}, {Message}",
            _context.ConnectionId, _session?.Identity.Space, _session?.Identity.Name, e.Reason, e.Message);
        _broker.Metrics.Refused(e.Reason);
        _faulty = true;
        if (!_accepted)
            await RefuseBrokenConnectAsync(e);
        Close(e.Reason);
    }

    private async Task FinishAsync(MqttReason reason)
    {
        // stopping: what was taken is acknowledged before the goodbye; otherwise the goodbye leaves at once
        if (reason == MqttReason.ServerShuttingDown)
            await SettledAsync();
        Interlocked.Exchange(ref _closingSince, _broker.Time.GetTimestamp());
        var last = LastPacket(reason);
        await _output.CompleteAsync(last);
        if (_faulty && (last is not null || !_accepted))
            await LingerAsync();
        await _context.Transport.Output.CompleteAsync();
        await _context.Transport.Input.CompleteAsync();
        if (_session is not null)
            await EndSessionAsync(reason);
        await SettledAsync();
    }

    private DisconnectPacket? LastPacket(MqttReason reason) =>
        _version == MqttVersion.V5 && _accepted && !_clientSaidGoodbye && reason != MqttReason.UnspecifiedError
            ? new DisconnectPacket(reason)
            : null;

    private async Task ReadAsync()
    {
        var input = _context.Transport.Input;
        while (true)
        {
            ReadResult result;
            try
            {
                result = await input.ReadAsync();
            }
            catch (Exception e) when (e is IOException or ConnectionAbortedException)
            {
                return;
            }

            var buffer = result.Buffer;
            try
            {
                while (!IsClosing && MqttReader.TryRead(ref buffer, _version, _broker.Options.MaxPacketSize, out var packet))
                {
                    Interlocked.Exchange(ref _partialSince, 0);
                    Interlocked.Exchange(ref _lastPacket, _broker.Time.GetTimestamp());
                    var handling = HandleAsync(packet);
                    // what was answered to earlier packets does not wait for this one
                    if (!handling.IsCompleted)
                        _output.Wake();
                    await handling;
                }
            }
            finally
            {
                input.AdvanceTo(buffer.Start, buffer.End);
                _output.Wake();
            }

            if (IsClosing || result.IsCompleted)
                return;
            if (!buffer.IsEmpty)
                Interlocked.CompareExchange(ref _partialSince, _broker.Time.GetTimestamp(), 0);
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
            : _will;
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
