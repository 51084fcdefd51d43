using System.Diagnostics.CodeAnalysis;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>
/// What the broker keeps for one client, beyond its connection when the client wants that: the queue to it, the messages it has
/// not acknowledged, and the QoS 2 identifiers it has not released. Its subscriptions are guarded by the space.
/// </summary>
internal sealed class MqttSession(MqttIdentity identity, MqttSpace space)
{
    private readonly Lock _gate = new();
    private readonly Queue<OutboundMessage> _queue = new();
    private OrderedDictionary<ushort, OutboundMessage>? _inflight;
    private Dictionary<ushort, TaskCompletionSource<MqttReason>>? _received;
    private Dictionary<string, MqttSubscription>? _subscriptions;
    private MqttConnection? _connection;
    private int _queuedBytes;
    private int _inflightBytes;
    private int _sent;
    private int _window;
    private ushort _lastId;
    private TimeSpan _expiry;
    private double _mayPublish;
    private long _pacedAt;

    public MqttIdentity Identity { get; } = identity;

    /// <summary>By filter as the client wrote it.</summary>
    public Dictionary<string, MqttSubscription> Subscriptions => _subscriptions ??= new(StringComparer.Ordinal);

    /// <summary>Since when it has no connection; guarded by the space, as is all below.</summary>
    public DateTimeOffset DetachedAt { get; set; }

    /// <summary>How long it outlives its connection; one that does so is kept in the store.</summary>
    public TimeSpan Expiry
    {
        get => _expiry;
        set
        {
            // whoever is about to write what is kept has done so before, or does not
            lock (_gate)
                _expiry = value;
        }
    }

    public MqttWill? PendingWill { get; set; }

    public DateTimeOffset WillDue { get; set; }

    /// <summary>Set by <see cref="End"/>: from then on it writes nothing to the store, where another may have its name.</summary>
    public bool Removed { get; private set; }

    /// <summary>Another session of the same name.</summary>
    public MqttSession? Sibling { get; set; }

    /// <summary>Whether a restart keeps it.</summary>
    public bool IsKept => Expiry > TimeSpan.Zero && !Removed;

    public MqttConnection? Connection
    {
        get
        {
            lock (_gate)
                return _connection;
        }
    }

    /// <returns>The connection it had.</returns>
    public MqttConnection? Attach(MqttConnection connection, int window)
    {
        lock (_gate)
        {
            var old = _connection;
            DropAtMostOnce();
            _connection = connection;
            _window = window;
            _sent = 0;
            if (_inflight is not null)
                foreach (var sent in _inflight.Values)
                    sent.Repeated = true;
            return old;
        }
    }

    public bool Detach(MqttConnection connection)
    {
        lock (_gate)
        {
            if (_connection != connection)
                return false;
            DropAtMostOnce();
            _connection = null;
            return true;
        }
    }

    /// <summary>The session is over.</summary>
    /// <param name="left">What nobody has got, or may be given to another at QoS 1.</param>
    /// <returns>The connection it had.</returns>
    public MqttConnection? End(out OutboundMessage[] left)
    {
        lock (_gate)
        {
            var sent = _inflight?.Values.ToLookup(m => m.Qos);
            foreach (var message in sent?[MqttQos.ExactlyOnce] ?? [])
                message.GiveUp();
            left = [.. sent?[MqttQos.AtLeastOnce] ?? [], .. _queue];
            Removed = true;
            _queue.Clear();
            _inflight = null;
            _queuedBytes = _inflightBytes = _sent = 0;
            var old = _connection;
            _connection = null;
            return old;
        }
    }

    // between connections only QoS 1 and 2 are kept
    private void DropAtMostOnce()
    {
        for (var n = _queue.Count; n > 0; n--)
        {
            var waiting = _queue.Dequeue();
            if (waiting.Qos == MqttQos.AtMostOnce)
            {
                waiting.GiveUp();
                _queuedBytes -= waiting.Routed.Bytes;
            }
            else
            {
                _queue.Enqueue(waiting);
            }
        }
    }

    /// <summary>Puts a message into the queue; the oldest gives way when it is full.</summary>
    /// <returns>The connection to wake.</returns>
    public MqttConnection? Enqueue(
        RoutedMessage routed, MqttQos qos, bool retain, uint[] subscriptionIds, MqttDelivery? delivery, SharedGroup? group = null)
    {
        lock (_gate)
        {
            if (_connection is null && qos == MqttQos.AtMostOnce)
                return null;
            delivery?.Take();
            var id = qos == MqttQos.AtMostOnce ? (ushort)0 : NextId();
            var message = new OutboundMessage(routed, id, qos, retain, subscriptionIds) { Delivery = delivery, Group = group };
            Append(message);
            if (id != 0)
                Keep(message);
            return _connection;
        }
    }

    /// <summary>Puts back what the store kept; it may have been sent.</summary>
    public void Restore(OutboundMessage message)
    {
        lock (_gate)
        {
            _lastId = message.PacketId;
            message.Repeated = true;
            _queue.Enqueue(message);
            _queuedBytes += message.Routed.Bytes;
        }
    }

    /// <summary>What it holds is kept from now on.</summary>
    public void KeepAll()
    {
        lock (_gate)
        {
            foreach (var message in (_inflight?.Values.AsEnumerable() ?? []).Concat(_queue))
                if (message.PacketId != 0)
                    Keep(message);
            foreach (var (id, outcome) in _received ?? [])
                if (outcome.Task.IsCompleted && IsKept)
                    space.Journal?.Add(new MqttIdReceived(Identity, id));
        }
    }

    private void Keep(OutboundMessage message)
    {
        if (!IsKept || space.Journal is not { } journal)
            return;
        journal.Add(new MqttMessageQueued(
            Identity, message.PacketId, message.Routed.Message, message.Qos, message.Retain, message.SubscriptionIds,
            message.Routed.ExpiresAt, message.Released));
    }

    private void Append(OutboundMessage message)
    {
        _queue.Enqueue(message);
        _queuedBytes += message.Routed.Bytes;
        while (_queue.Count > space.Options.MaxQueuedMessages || (_queuedBytes > space.Options.MaxQueuedBytes && _queue.Count > 1))
        {
            Forget(Dequeue());
            space.Metrics.Dropped();
        }
    }

    // An identifier in the queue is none of the last MaxQueuedMessages given out, so those in flight are the only ones to avoid.
    private ushort NextId()
    {
        do
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        while (_inflight?.ContainsKey(_lastId) == true);
        return _lastId;
    }

    private OutboundMessage Dequeue()
    {
        var next = _queue.Dequeue();
        _queuedBytes -= next.Routed.Bytes;
        return next;
    }

    // nobody gets it
    private void Forget(OutboundMessage message)
    {
        message.GiveUp();
        Done(message);
    }

    private void Done(OutboundMessage message)
    {
        if (message.PacketId != 0 && IsKept)
            space.Journal?.Add(new MqttMessageDone(Identity, message.PacketId));
    }

    /// <summary>The next packet to write: first what was sent on an earlier connection, then the queue.</summary>
    public MqttPacket? Next(MqttConnection connection)
    {
        lock (_gate)
        {
            if (_connection != connection)
                return null;
            var now = space.Time.GetUtcNow();
            while (_sent < (_inflight?.Count ?? 0))
            {
                // the client may take fewer at once than on its earlier connection
                if (_sent >= _window)
                    return null;
                var sent = _inflight!.GetAt(_sent).Value;
                // at QoS 2 what the client may have is brought to its end, however late (MQTT-4.3.3-7)
                if (sent.Qos == MqttQos.AtLeastOnce && sent.Routed.ExpiresAt <= now)
                {
                    TakeOut(_sent);
                    Forget(sent);
                    continue;
                }

                _sent++;
                return sent.Packet(now);
            }

            while (_queue.TryPeek(out var next))
            {
                if (next.Qos != MqttQos.AtMostOnce && !MaySend(next))
                    return null;
                Dequeue();
                if (!(next is { Repeated: true, Qos: MqttQos.ExactlyOnce }) && next.Routed.ExpiresAt <= now)
                {
                    Forget(next);
                    continue;
                }

                if (next.Qos == MqttQos.AtMostOnce)
                {
                    next.GiveUp();
                }
                else
                {
                    (_inflight ??= []).Add(next.PacketId, next);
                    _inflightBytes += next.Routed.Bytes;
                    _sent++;
                }

                return next.Packet(now);
            }

            return null;
        }
    }

    // the window of the client, and no more in its hands than the queue may hold
    private bool MaySend(OutboundMessage next) =>
        _inflight is not { Count: > 0 }
        || (_inflight.Count < _window && _inflightBytes + next.Routed.Bytes <= space.Options.MaxQueuedBytes);

    /// <summary>The client's PUBACK, PUBREC or PUBCOMP.</summary>
    /// <returns>Whether it belongs to a message in flight.</returns>
    public bool Answer(MqttConnection connection, PublishReplyPacket reply)
    {
        lock (_gate)
        {
            if (_connection != connection || !IsInFlight(reply.PacketId, out var index, out var sent))
                return false;
            if ((reply.Type == MqttPacketType.PubAck) != (sent.Qos == MqttQos.AtLeastOnce))
                throw MqttProtocolException.Error($"{reply.Type} for a message at QoS {(byte)sent.Qos}");
            var accepted = reply.Reason < MqttReason.UnspecifiedError;
            if (reply.Type == MqttPacketType.PubRec && accepted)
            {
                sent.Delivery?.Acknowledge();
                if (!sent.Released && IsKept)
                    space.Journal?.Add(new MqttMessageReleased(Identity, sent.PacketId));
                sent.Released = true;
                return true;
            }

            if (reply.Type == MqttPacketType.PubComp && !sent.Released)
                throw MqttProtocolException.Error("PUBCOMP before PUBREC");
            TakeOut(index);
            if (accepted)
                sent.Delivery?.Acknowledge();
            else
                sent.GiveUp();
            Done(sent);
            return true;
        }
    }

    /// <summary>The client takes no packet as large as this one.</summary>
    public void Discard(MqttConnection connection, ushort id)
    {
        lock (_gate)
        {
            if (_connection != connection || !IsInFlight(id, out var index, out var sent))
                return;
            TakeOut(index);
            Forget(sent);
        }
    }

    private bool IsInFlight(ushort id, out int index, [NotNullWhen(true)] out OutboundMessage? sent)
    {
        index = _inflight?.IndexOf(id) ?? -1;
        sent = index < 0 ? null : _inflight!.GetAt(index).Value;
        return sent is not null;
    }

    private void TakeOut(int index)
    {
        _inflightBytes -= _inflight!.GetAt(index).Value.Routed.Bytes;
        _inflight.RemoveAt(index);
        if (index < _sent)
            _sent--;
    }

    /// <summary>A QoS 2 message from the client begins to be handled; <see cref="Received"/> or <see cref="NotReceived"/> follows.</summary>
    /// <returns>
    /// Null; or, for a message that repeats an identifier which the client has not released and is not to be handled again, what
    /// becomes of the first, which may still be in the hands of the host for an earlier connection.
    /// </returns>
    public Task<MqttReason>? Receive(ushort id)
    {
        lock (_gate)
        {
            if (_received is not null && _received.TryGetValue(id, out var first))
                return first.Task;
            (_received ??= []).Add(id, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return null;
        }
    }

    /// <summary>The host has taken or refused the message.</summary>
    public void Received(ushort id, MqttReason reason)
    {
        var taken = reason < MqttReason.UnspecifiedError;
        lock (_gate)
            if (taken && IsKept)
                space.Journal?.Add(new MqttIdReceived(Identity, id));
        Settle(id, forget: !taken)?.SetResult(reason);
    }

    /// <summary>The host failed; the client will repeat the message.</summary>
    public void NotReceived(ushort id, Exception fault) => Settle(id, forget: true)?.SetException(fault);

    private TaskCompletionSource<MqttReason>? Settle(ushort id, bool forget)
    {
        lock (_gate)
        {
            var first = _received?.GetValueOrDefault(id);
            if (forget)
                _received?.Remove(id);
            return first;
        }
    }

    /// <summary>Puts back an identifier that the store kept.</summary>
    public void Restore(ushort receivedId)
    {
        Receive(receivedId);
        Settle(receivedId, forget: false)!.SetResult(MqttReason.Success);
    }

    /// <summary>The client's PUBREL.</summary>
    /// <returns>Whether the identifier was there.</returns>
    public bool Release(ushort id)
    {
        lock (_gate)
        {
            if (_received?.Remove(id) != true)
                return false;
            if (IsKept)
                space.Journal?.Add(new MqttIdReleased(Identity, id));
            return true;
        }
    }

    /// <summary>Takes one message from what the session may send.</summary>
    /// <returns>How long to wait before the message is taken, and with it the next is read.</returns>
    public TimeSpan Pace()
    {
        var rate = space.Options.MessagesPerSecond;
        if (rate == 0)
            return TimeSpan.Zero;
        lock (_gate)
        {
            var now = space.Time.GetTimestamp();
            var rested = _pacedAt == 0 ? double.MaxValue : space.Time.GetElapsedTime(_pacedAt, now).TotalSeconds * rate;
            _pacedAt = now;
            _mayPublish = Math.Min(space.Options.MessageBurst, _mayPublish + rested) - 1;
            return _mayPublish >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_mayPublish / rate);
        }
    }
}
