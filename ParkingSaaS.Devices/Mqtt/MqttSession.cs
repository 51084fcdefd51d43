namespace ParkingSaaS.Devices.Mqtt;

/// <summary>A message on its way to subscribers.</summary>
/// <param name="ExpiresAt">From then on nobody gets it.</param>
internal sealed record RoutedMessage(MqttMessage Message, DateTimeOffset? ExpiresAt)
{
    public int Bytes => Message.Topic.Length + Message.Payload.Length;
}

/// <summary>
/// What the broker keeps for one client, beyond its connection when the client wants that: the queue to it and the QoS 1
/// messages it has not acknowledged. Its subscriptions are guarded by the space.
/// </summary>
internal sealed class MqttSession(MqttIdentity identity, MqttBrokerOptions options, TimeProvider time, MqttMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly Queue<Outbound> _queue = [];
    private readonly OrderedDictionary<ushort, Outbound> _inflight = [];
    private MqttConnection? _connection;
    private int _queuedBytes;
    private int _resent;
    private int _window;
    private ushort _lastId;

    public MqttIdentity Identity { get; } = identity;

    public Dictionary<string, MqttSubscription> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>Since when it has no connection; guarded by the space, as is all below.</summary>
    public DateTimeOffset DetachedAt { get; set; }

    public TimeSpan Expiry { get; set; }

    public MqttWill? PendingWill { get; set; }

    public DateTimeOffset WillDue { get; set; }

    public bool Removed { get; set; }

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
            _resent = 0;
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

    /// <summary>The session is over: what it still holds nobody gets.</summary>
    /// <returns>The connection it had.</returns>
    public MqttConnection? End()
    {
        lock (_gate)
        {
            foreach (var held in _queue.Concat(_inflight.Values))
                held.GiveUp();
            _queue.Clear();
            _inflight.Clear();
            _queuedBytes = _resent = 0;
            var old = _connection;
            _connection = null;
            return old;
        }
    }

    // between connections only QoS 1 is kept
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

    public void Enqueue(RoutedMessage routed, MqttQos qos, bool retain, uint[] subscriptionIds, MqttDelivery? delivery)
    {
        lock (_gate)
        {
            if (_connection is null && qos == MqttQos.AtMostOnce)
                return;
            delivery?.Take();
            _queue.Enqueue(new Outbound(routed, qos, retain, subscriptionIds) { Delivery = delivery });
            _queuedBytes += routed.Bytes;
            while (_queue.Count > options.MaxQueuedMessages || (_queuedBytes > options.MaxQueuedBytes && _queue.Count > 1))
            {
                Dequeue().GiveUp();
                metrics.Dropped();
            }

            _connection?.Wake();
        }
    }

    private Outbound Dequeue()
    {
        var next = _queue.Dequeue();
        _queuedBytes -= next.Routed.Bytes;
        return next;
    }

    /// <summary>The next message to write: first what was sent on an earlier connection, then the queue.</summary>
    public PublishPacket? Next(MqttConnection connection)
    {
        lock (_gate)
        {
            if (_connection != connection)
                return null;
            var now = time.GetUtcNow();
            while (_resent < _inflight.Count)
            {
                var (id, sent) = _inflight.GetAt(_resent);
                if (sent.Routed.ExpiresAt <= now)
                {
                    _inflight.RemoveAt(_resent);
                    sent.GiveUp();
                    continue;
                }

                _resent++;
                return sent.Packet(id, dup: true, now);
            }

            while (_queue.TryPeek(out var next))
            {
                if (next.Qos != MqttQos.AtMostOnce && _inflight.Count >= _window)
                    return null;
                Dequeue();
                if (next.Routed.ExpiresAt <= now)
                {
                    next.GiveUp();
                    continue;
                }

                if (next.Qos == MqttQos.AtMostOnce)
                {
                    next.GiveUp();
                    return next.Packet(0, dup: false, now);
                }

                do
                    _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
                while (_inflight.ContainsKey(_lastId));
                _inflight.Add(_lastId, next);
                _resent++;
                return next.Packet(_lastId, dup: false, now);
            }

            return null;
        }
    }

    /// <summary>The client's PUBACK.</summary>
    public void Acknowledge(MqttConnection connection, ushort id, bool accepted) => End(connection, id, accepted);

    /// <summary>The client takes no packet as large as this one.</summary>
    public void Discard(MqttConnection connection, ushort id)
    {
        metrics.Dropped();
        End(connection, id, accepted: false);
    }

    private void End(MqttConnection connection, ushort id, bool accepted)
    {
        lock (_gate)
        {
            var index = _inflight.IndexOf(id);
            if (_connection != connection || index < 0)
                return;
            var (_, sent) = _inflight.GetAt(index);
            _inflight.RemoveAt(index);
            if (index < _resent)
                _resent--;
            if (accepted)
                sent.Delivery?.Acknowledge();
            else
                sent.GiveUp();
            connection.Wake();
        }
    }

    private sealed class Outbound(RoutedMessage routed, MqttQos qos, bool retain, uint[] subscriptionIds)
    {
        public RoutedMessage Routed => routed;

        public MqttQos Qos => qos;

        public MqttDelivery? Delivery { get; set; }

        public void GiveUp()
        {
            Delivery?.GiveUp();
            Delivery = null;
        }

        public PublishPacket Packet(ushort id, bool dup, DateTimeOffset now)
        {
            var message = routed.Message;
            var properties = message.Properties;
            if (routed.ExpiresAt is { } at)
                properties = properties with { MessageExpiry = (uint)Math.Max(1, (at - now).TotalSeconds) };
            if (subscriptionIds.Length > 0)
                properties = properties with { SubscriptionIds = [.. subscriptionIds] };
            return new PublishPacket(message.Topic, message.Payload, qos, retain, dup, id) { Properties = properties };
        }
    }
}
