using System.IO.Pipelines;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>
/// The one writer of a connection: replies first, then the session's messages; one flush for each batch. It runs on the thread
/// that has something to send, and only while there is something, so that an idle connection costs nothing.
/// </summary>
internal sealed class MqttOutput(PipeWriter output, MqttBroker broker, Action broken)
{
    private const int BatchBytes = 32 * 1024;

    // a client that sends requests and reads no replies stops its own reading here
    private const int MaxReplies = 256;

    private readonly Lock _gate = new();
    private readonly Queue<MqttPacket> _replies = new();
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _done;
    private MqttVersion _version = MqttVersion.V311;
    private uint _maxPacketSize = uint.MaxValue;
    private Func<MqttPacket?>? _nextMessage;
    private Action<ushort> _discard = _ => { };
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

    /// <param name="next">The session's next message.</param>
    /// <param name="discard">Told the id of a message larger than the client takes.</param>
    public void PullFrom(Func<MqttPacket?> next, Action<ushort> discard)
    {
        _discard = discard;
        Volatile.Write(ref _nextMessage, next);
        Wake();
    }

    /// <summary>Leaves with the next <see cref="Wake"/>. Waits while too many are to be written.</summary>
    public ValueTask SendAsync(MqttPacket packet)
    {
        lock (_gate)
        {
            if (_ended || _done is not null)
                return default;
            if (_replies.Count < MaxReplies)
            {
                _replies.Enqueue(packet);
                return default;
            }
        }

        return SendWhenRoomAsync(packet);
    }

    private async ValueTask SendWhenRoomAsync(MqttPacket packet)
    {
        while (true)
        {
            Wake();
            Task room;
            lock (_gate)
            {
                if (_ended || _done is not null)
                    return;
                if (_replies.Count < MaxReplies)
                {
                    _replies.Enqueue(packet);
                    return;
                }

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

    private async Task RunAsync()
    {
        try
        {
            while (Claim(out var closing))
            {
                while (Fill(closing))
                {
                    if (!await FlushAsync())
                    {
                        End();
                        return;
                    }
                }

                if (!closing)
                    continue;
                if (_last is not null)
                {
                    MqttWriter.TryWrite(output, _last, _version, _maxPacketSize);
                    await FlushAsync();
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
        var result = await flush;
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
            _replies.Clear();
            (done, room) = (_done, _room);
            _room = null;
        }

        room?.TrySetResult();
        done?.TrySetResult();
        broken();
    }

    private bool Fill(bool closing)
    {
        var before = output.UnflushedBytes;
        TaskCompletionSource? room = null;
        while (output.UnflushedBytes < BatchBytes)
        {
            MqttPacket? reply;
            lock (_gate)
            {
                if (!_replies.TryDequeue(out reply))
                    break;
                (room, _room) = (_room ?? room, null);
            }

            MqttWriter.TryWrite(output, reply, _version, _maxPacketSize);
        }

        room?.TrySetResult();
        if (!closing && Volatile.Read(ref _nextMessage) is { } next)
        {
            while (output.UnflushedBytes < BatchBytes && next() is { } packet)
                Write(packet);
        }

        return output.UnflushedBytes > before;
    }

    private void Write(MqttPacket packet)
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
            _discard(message.PacketId);
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
