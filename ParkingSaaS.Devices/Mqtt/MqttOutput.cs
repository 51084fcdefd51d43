using System.IO.Pipelines;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>
/// The one writer of a connection: replies first, then the session's messages; one flush for each batch. It runs on the thread
/// that has something to send, and only while there is something, so that an idle connection costs nothing.
/// </summary>
internal sealed class MqttOutput(PipeWriter output, MqttBroker broker, MqttConnection connection)
{
    private const int BatchBytes = 32 * 1024;

    // then whoever had the first message has done enough for this client
    private const int BatchesOnOneThread = 16;

    // a client that sends requests and reads no replies stops its own reading here
    private const int MaxReplies = 256;

    private readonly Lock _gate = new();
    private Queue<MqttPacket>? _replies;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _done;
    private MqttVersion _version = MqttVersion.V311;
    private uint _maxPacketSize = uint.MaxValue;
    private volatile MqttSession? _session;
    private Dictionary<string, ushort>? _aliases;
    private ushort _aliasMaximum;
    private MqttPacket? _last;
    private long _flushingSince;
    private bool _wanted;
    private bool _running;
    private bool _ended;

    /// <summary>Timestamp since which the peer takes nothing; 0 while it does.</summary>
    public long FlushingSince => Interlocked.Read(ref _flushingSince);

    /// <summary>Before the first packet is sent.</summary>
    public void Speak(MqttVersion version, MqttProperties wishes)
    {
        _version = version;
        _maxPacketSize = wishes.MaximumPacketSize ?? uint.MaxValue;
        _aliasMaximum = Math.Min(wishes.TopicAliasMaximum ?? 0, broker.Options.TopicAliasMaximum);
    }

    /// <summary>From now on the session's messages are written too.</summary>
    public void PullFrom(MqttSession session)
    {
        _session = session;
        Wake();
    }

    /// <summary>Leaves with the next <see cref="Wake"/>. Waits while too many are to be written.</summary>
    public ValueTask SendAsync(MqttPacket packet)
    {
        lock (_gate)
        {
            if (_ended || _done is not null)
                return default;
            if (!_running)
            {
                MqttWriter.TryWrite(output, packet, _version, _maxPacketSize);
                return default;
            }

            if (TryEnqueue(packet))
                return default;
        }

        return SendWhenRoomAsync(packet);
    }

    private bool TryEnqueue(MqttPacket packet)
    {
        if (_replies is { Count: >= MaxReplies })
            return false;
        (_replies ??= new()).Enqueue(packet);
        return true;
    }

    private async ValueTask SendWhenRoomAsync(MqttPacket packet)
    {
        while (true)
        {
            Wake();
            Task room;
            lock (_gate)
            {
                if (_ended || _done is not null || TryEnqueue(packet))
                    return;

                _room ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room;
        }
    }

    /// <summary>Writes what is waiting and then <paramref name="last"/>; no more messages. Ends when it is written or cannot be.</summary>
    public Task CompleteAsync(MqttPacket? last)
    {
        lock (_gate)
        {
            if (_ended)
                return Task.CompletedTask;
            _done ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            _last = last;
        }

        Wake();
        return _done.Task;
    }

    /// <summary>There may be something to write. Not to be called under a lock: it may write.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _wanted = true;
            if (_running || _ended)
                return;
            _running = true;
        }

        _ = RunAsync();
    }

    // without the context of whoever had the first message, such as a page
    private async Task RunAsync()
    {
        var batches = 0;
        try
        {
            while (Claim(out var closing))
            {
                while (Fill(closing))
                {
                    if (!await FlushAsync().ConfigureAwait(false))
                    {
                        End();
                        return;
                    }

                    if (++batches % BatchesOnOneThread == 0)
                        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                }

                if (!closing)
                    continue;
                if (_last is not null)
                {
                    MqttWriter.TryWrite(output, _last, _version, _maxPacketSize);
                    await FlushAsync().ConfigureAwait(false);
                }

                End();
                return;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // the transport is gone; the reading side notices too
            End();
        }
        catch (Exception e)
        {
            broker.WritingFailed(e);
            End();
        }
    }

    private async ValueTask<bool> FlushAsync()
    {
        var flush = output.FlushAsync();
        if (!flush.IsCompleted)
            Interlocked.Exchange(ref _flushingSince, broker.Time.GetTimestamp());
        var result = await flush.ConfigureAwait(false);
        Interlocked.Exchange(ref _flushingSince, 0);
        return !result.IsCompleted && !result.IsCanceled;
    }

    // false: nothing is wanted, and the next to wake runs anew
    private bool Claim(out bool closing)
    {
        lock (_gate)
        {
            closing = _done is not null;
            if (_wanted)
            {
                _wanted = false;
                return true;
            }

            _running = false;
            return false;
        }
    }

    private void End()
    {
        TaskCompletionSource? done, room;
        lock (_gate)
        {
            _ended = true;
            _replies = null;
            (done, room) = (_done, _room);
            _room = null;
        }

        room?.TrySetResult();
        done?.TrySetResult();
        connection.Close(MqttReason.UnspecifiedError);
    }

    private bool Fill(bool closing)
    {
        TaskCompletionSource? room = null;
        while (output.UnflushedBytes < BatchBytes)
        {
            MqttPacket? reply;
            lock (_gate)
            {
                if (_replies is null || !_replies.TryDequeue(out reply))
                    break;
                (room, _room) = (_room ?? room, null);
            }

            MqttWriter.TryWrite(output, reply, _version, _maxPacketSize);
        }

        room?.TrySetResult();
        if (!closing && _session is { } session)
        {
            while (output.UnflushedBytes < BatchBytes && session.Next(connection) is { } packet)
                Write(session, packet);
        }

        return output.UnflushedBytes > 0;
    }

    private void Write(MqttSession session, MqttPacket packet)
    {
        if (packet is not PublishPacket message)
        {
            MqttWriter.TryWrite(output, packet, _version, _maxPacketSize);
            return;
        }

        if (MqttWriter.TryWrite(output, Aliased(message, out var newAlias), _version, _maxPacketSize))
        {
            if (newAlias != 0)
                (_aliases ??= new(StringComparer.Ordinal)).Add(message.Topic, newAlias);
            broker.Metrics.Sent();
        }
        else
        {
            broker.Metrics.Dropped();
            session.Discard(connection, message.PacketId);
        }
    }

    // the first topics get an alias and keep it; which ones would serve best nobody knows
    private PublishPacket Aliased(PublishPacket message, out ushort newAlias)
    {
        newAlias = 0;
        if (_aliasMaximum == 0)
            return message;
        if (_aliases is not null && _aliases.TryGetValue(message.Topic, out var known))
            return message with { Topic = "", Properties = message.Properties with { TopicAlias = known } };
        var count = _aliases?.Count ?? 0;
        if (count == _aliasMaximum)
            return message;
        newAlias = (ushort)(count + 1);
        return message with { Properties = message.Properties with { TopicAlias = newAlias } };
    }
}
