namespace ParkingSaaS.Devices.Mqtt;

/// <summary>One closed namespace: sessions, subscriptions, retained messages. Locks itself first, sessions second.</summary>
internal sealed class MqttSpace(MqttBrokerOptions options, TimeProvider time, MqttMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly TopicTrie<MqttSession, (MqttSubscription Subscription, uint? Id)> _subscriptions = new();
    private readonly Dictionary<string, RoutedMessage> _retained = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, MqttSession>> _sessions = new(StringComparer.Ordinal);
    private readonly List<(MqttIdentity, MqttWill)> _wills = [];
    private int _retainedBytes;

    /// <returns>Null when the name has too many connected sessions.</returns>
    public MqttSession? Attach(
        MqttConnection connection, MqttIdentity identity, bool cleanStart, TimeSpan expiry, int window,
        out bool present, out MqttConnection? old)
    {
        lock (_gate)
        {
            var sessions = _sessions.GetValueOrDefault(identity.Name) ?? new(StringComparer.Ordinal);
            old = null;
            present = sessions.TryGetValue(identity.ClientId, out var session) && !cleanStart;
            if (session is not null && cleanStart)
                old = Remove(session);
            if (!present)
            {
                if (sessions.Count >= options.MaxSessionsPerName)
                {
                    var idle = sessions.Values.Where(s => s.Connection is null).MinBy(s => s.DetachedAt);
                    if (idle is null)
                        return null;
                    Remove(idle);
                }

                _sessions[identity.Name] = sessions;
                sessions.Add(identity.ClientId, session = new MqttSession(identity, options, time, metrics));
            }

            session!.Expiry = expiry;
            session.PendingWill = null;
            old = session.Attach(connection, window) ?? old;
            return session;
        }
    }

    /// <summary>Takes the session from a connection that ended; false when another connection has it already.</summary>
    /// <param name="will">What is to be published, at once or after its delay unless the client returns.</param>
    public bool Detach(MqttSession session, MqttConnection connection, MqttWill? will)
    {
        lock (_gate)
        {
            if (!session.Detach(connection))
            {
                // taken over; the delay protects only a session that goes on
                if (will is not null && (session.Removed || (will.Properties.WillDelay ?? 0) == 0))
                    _wills.Add((session.Identity, will));
                return false;
            }

            session.DetachedAt = time.GetUtcNow();
            session.PendingWill = will;
            session.WillDue = session.DetachedAt.AddSeconds(will?.Properties.WillDelay ?? 0);
            EndWhatIsDue(session, session.DetachedAt);
            return true;
        }
    }

    private MqttConnection? Remove(MqttSession session)
    {
        session.Removed = true;
        foreach (var filter in session.Subscriptions.Keys)
            _subscriptions.Remove(filter, session);
        if (session.PendingWill is { } will)
            _wills.Add((session.Identity, will));
        session.PendingWill = null;
        var sessions = _sessions[session.Identity.Name];
        sessions.Remove(session.Identity.ClientId);
        if (sessions.Count == 0)
            _sessions.Remove(session.Identity.Name);
        return session.End();
    }

    public MqttReason Subscribe(MqttSession session, MqttSubscription subscription, uint? id, out bool isNew)
    {
        lock (_gate)
        {
            isNew = !session.Subscriptions.ContainsKey(subscription.Filter);
            if (session.Removed || (isNew && session.Subscriptions.Count >= options.MaxSubscriptions))
                return MqttReason.QuotaExceeded;
            session.Subscriptions[subscription.Filter] = subscription;
            _subscriptions.Set(subscription.Filter, session, (subscription, id));
            return (MqttReason)subscription.Qos;
        }
    }

    public MqttReason Unsubscribe(MqttSession session, string filter)
    {
        lock (_gate)
        {
            _subscriptions.Remove(filter, session);
            return session.Subscriptions.Remove(filter) ? MqttReason.Success : MqttReason.NoSubscriptionExisted;
        }
    }

    public void SendRetained(MqttSession session, MqttSubscription subscription, uint? id)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            uint[] ids = id is { } present ? [present] : [];
            foreach (var routed in _retained.Values)
            {
                if (!(routed.ExpiresAt <= now) && MqttTopic.Matches(subscription.Filter, routed.Message.Topic))
                    session.Enqueue(routed, Lower(routed.Message.Qos, subscription.Qos), retain: true, ids, null);
            }
        }
    }

    /// <summary>Sends a message to the subscribers, once to each, and retains it when it says so.</summary>
    /// <param name="from">The sender's session, for subscriptions that do not want their own messages.</param>
    public MqttReason Route(MqttMessage message, MqttSession? from, MqttDelivery? delivery)
    {
        DateTimeOffset? expires = message.Properties.MessageExpiry is { } seconds ? time.GetUtcNow().AddSeconds(seconds) : null;
        var routed = new RoutedMessage(message, expires);
        lock (_gate)
        {
            if (message.Retain && !TryRetain(routed))
                return MqttReason.QuotaExceeded;
            var targets = new Dictionary<MqttSession, Target>();
            _subscriptions.Match(message.Topic, (session, found) =>
            {
                var (subscription, id) = found;
                if (subscription.NoLocal && session == from)
                    return;
                var target = targets.GetValueOrDefault(session) ?? new Target(MqttQos.AtMostOnce, false, []);
                targets[session] = new Target(
                    subscription.Qos > target.Qos ? subscription.Qos : target.Qos,
                    target.Retain || (subscription.RetainAsPublished && message.Retain),
                    id is { } present ? [.. target.Ids, present] : target.Ids);
            });
            foreach (var (session, target) in targets)
                session.Enqueue(routed, Lower(message.Qos, target.Qos), target.Retain, target.Ids, delivery);
            return targets.Count > 0 ? MqttReason.Success : MqttReason.NoMatchingSubscribers;
        }
    }

    // a new message takes the place of the old one; an empty one only clears it
    private bool TryRetain(RoutedMessage routed)
    {
        var old = _retained.GetValueOrDefault(routed.Message.Topic);
        var isEmpty = routed.Message.Payload.IsEmpty;
        var bytes = _retainedBytes - (old?.Bytes ?? 0) + (isEmpty ? 0 : routed.Bytes);
        if (!isEmpty && (bytes > options.MaxRetainedBytes || (old is null && _retained.Count >= options.MaxRetained)))
            return false;
        _retainedBytes = bytes;
        if (isEmpty)
            _retained.Remove(routed.Message.Topic);
        else
            _retained[routed.Message.Topic] = routed;
        return true;
    }

    private static MqttQos Lower(MqttQos a, MqttQos b) => a < b ? a : b;

    public MqttConnection[] Connections(string name)
    {
        lock (_gate)
        {
            return _sessions.TryGetValue(name, out var sessions)
                ? [.. sessions.Values.Select(s => s.Connection).OfType<MqttConnection>()]
                : [];
        }
    }

    public bool HasConnections()
    {
        lock (_gate)
        {
            return _sessions.Values.Any(sessions => sessions.Values.Any(s => s.Connection is not null));
        }
    }

    /// <summary>Ends sessions that are over and finds the wills that are due.</summary>
    public void Tick(DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var session in _sessions.Values.SelectMany(s => s.Values).Where(s => s.Connection is null).ToArray())
                EndWhatIsDue(session, now);

            foreach (var (topic, routed) in _retained.Where(r => r.Value.ExpiresAt <= now).ToArray())
            {
                _retained.Remove(topic);
                _retainedBytes -= routed.Bytes;
            }
        }
    }

    private void EndWhatIsDue(MqttSession session, DateTimeOffset now)
    {
        if (session.PendingWill is { } will && session.WillDue <= now)
        {
            session.PendingWill = null;
            _wills.Add((session.Identity, will));
        }

        if (now - session.DetachedAt >= session.Expiry)
            Remove(session);
    }

    /// <summary>The wills that became due; each is given out once.</summary>
    public (MqttIdentity Identity, MqttWill Will)[] TakeWills()
    {
        lock (_gate)
        {
            (MqttIdentity, MqttWill)[] due = [.. _wills];
            _wills.Clear();
            return due;
        }
    }

    private sealed record Target(MqttQos Qos, bool Retain, uint[] Ids);
}
