using System.Runtime.InteropServices;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>One closed namespace: sessions, subscriptions, retained messages. Locks itself first, sessions second.</summary>
internal sealed class MqttSpace(MqttBrokerOptions options, TimeProvider time, MqttMetrics metrics, MqttJournal? journal)
{
    private readonly Lock _gate = new();
    private readonly TopicTrie<MqttSession, (MqttSubscription Subscription, uint? Id)> _subscriptions = new();
    private readonly TopicTrie<string, SharedGroup> _shared = new();
    private readonly RetainedMessages _retained = new(options.MaxRetained, options.MaxRetainedBytes);

    // the first session of each name; the others follow as siblings
    private readonly Dictionary<string, MqttSession> _sessions = new(StringComparer.Ordinal);
    private readonly HashSet<MqttSession> _detached = [];
    private readonly List<(MqttIdentity, MqttWill)> _wills = [];
    private int _connected;

    // what a message reaches; made once, used under the lock
    private readonly List<KeyValuePair<MqttSession, (MqttSubscription Subscription, uint? Id)>> _matches = [];
    private readonly List<KeyValuePair<string, SharedGroup>> _groups = [];
    private readonly Dictionary<MqttSession, Target> _targets = [];

    public MqttBrokerOptions Options => options;

    public TimeProvider Time => time;

    public MqttMetrics Metrics => metrics;

    /// <summary>Null: nothing outlives a restart.</summary>
    public MqttJournal? Journal => journal;

    /// <summary>Ends when what was changed before this call outlives a restart.</summary>
    public Task WrittenAsync() => journal?.WrittenAsync() ?? Task.CompletedTask;

    /// <summary>Takes over what the store kept.</summary>
    public void Restore(MqttKeptSpace kept)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            Dictionary<MqttIdentity, MqttSession> byIdentity = [];
            foreach (var (identity, expiry, subscriptions) in kept.Sessions)
            {
                var session = Add(identity);
                (session.Expiry, session.DetachedAt) = (expiry, now);
                _detached.Add(session);
                byIdentity.Add(identity, session);
                foreach (var (subscription, id) in subscriptions)
                    SetSubscription(session, subscription, id);
            }

            foreach (var m in kept.Messages)
                if (byIdentity.TryGetValue(m.Session, out var session))
                    session.Restore(new OutboundMessage(
                        new RoutedMessage(m.Message, m.ExpiresAt), m.PacketId, m.Qos, m.Retain, [.. m.SubscriptionIds])
                    { Released = m.Released });
            foreach (var (identity, id) in kept.ReceivedIds)
                if (byIdentity.TryGetValue(identity, out var session))
                    session.Restore(id);
            foreach (var (message, expiresAt) in kept.Retained)
                if (expiresAt <= now)
                    Unretain(message.Topic);
                else
                    _retained.TrySet(new RoutedMessage(message, expiresAt));
        }
    }

    /// <returns>Null when the name has too many connected sessions.</returns>
    public MqttSession? Attach(
        MqttConnection connection, MqttIdentity identity, bool cleanStart, TimeSpan expiry, int window,
        out bool present, out MqttConnection? old)
    {
        lock (_gate)
        {
            old = null;
            var session = SessionsOf(identity.Name).FirstOrDefault(s => s.Identity.ClientId == identity.ClientId);
            // one without an expiry ends with its connection, also when that ends by being taken over
            present = session is not null && !cleanStart && session.Expiry > TimeSpan.Zero;
            if (session is not null && !present)
                old = Remove(session);
            if (!present)
            {
                if (SessionsOf(identity.Name).Count() >= options.MaxSessionsPerName)
                {
                    var idle = SessionsOf(identity.Name).Where(s => s.Connection is null).MinBy(s => s.DetachedAt);
                    if (idle is null)
                        return null;
                    Remove(idle);
                }

                session = Add(identity);
            }

            var wasKept = session!.IsKept;
            session.Expiry = expiry;
            session.PendingWill = null;
            if (session.IsKept)
                Keep(session);
            else if (wasKept)
                journal?.Add(new MqttSessionEnded(identity));
            if (session.IsKept && !wasKept && present)
                session.KeepAll();
            var replaced = session.Attach(connection, window);
            if (replaced is null)
                _connected++;
            old = replaced ?? old;
            _detached.Remove(session);
            return session;
        }
    }

    private MqttSession Add(MqttIdentity identity)
    {
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, identity.Name, out _);
        return first = new MqttSession(identity, this) { Sibling = first };
    }

    private IEnumerable<MqttSession> SessionsOf(string name)
    {
        for (var session = _sessions.GetValueOrDefault(name); session is not null; session = session.Sibling)
            yield return session;
    }

    private void Keep(MqttSession session)
    {
        if (journal is null || !session.IsKept)
            return;
        journal.Add(new MqttSessionKept(session.Identity, session.Expiry, [.. session.Subscriptions.Values.Select(
            s => new MqttKeptSubscription(s, IdOf(session, s)))]));
    }

    private uint? IdOf(MqttSession session, MqttSubscription subscription)
    {
        MqttTopic.TrySplitShare(subscription.Filter, out var group, out var filter);
        return group is null ? _subscriptions.Find(filter, session).Id : _shared.Find(filter, group)?.IdOf(session);
    }

    /// <summary>The expiry that a client names in its goodbye.</summary>
    public void ChangeExpiry(MqttSession session, TimeSpan expiry)
    {
        lock (_gate)
        {
            var wasKept = session.IsKept;
            session.Expiry = expiry;
            if (session.IsKept)
                Keep(session);
            else if (wasKept)
                journal?.Add(new MqttSessionEnded(session.Identity));
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

            _connected--;
            _detached.Add(session);
            session.DetachedAt = time.GetUtcNow();
            session.PendingWill = will;
            session.WillDue = session.DetachedAt.AddSeconds(will?.Properties.WillDelay ?? 0);
            EndWhatIsDue(session, session.DetachedAt);
            return true;
        }
    }

    private MqttConnection? Remove(MqttSession session)
    {
        var wasKept = session.IsKept;
        _detached.Remove(session);
        foreach (var filter in session.Subscriptions.Keys)
            RemoveSubscription(session, filter);
        if (session.PendingWill is { } will)
            _wills.Add((session.Identity, will));
        session.PendingWill = null;
        Unlink(session);
        var old = session.End(out var left);
        if (wasKept)
            journal?.Add(new MqttSessionEnded(session.Identity));
        if (old is not null)
            _connected--;
        foreach (var message in left)
        {
            // another member of the group gets it
            if (message.Group is { } group && group.TryPick(out var other, out var qos, out var id)
                && other.Enqueue(message.Routed, Lower(message.Routed.Message.Qos, qos), message.Retain, Ids(id), message.Delivery, group)
                    is { } connection)
            {
                _ = Task.Run(connection.Wake);
            }

            message.GiveUp();
        }

        return old;
    }

    private void Unlink(MqttSession session)
    {
        ref var link = ref CollectionsMarshal.GetValueRefOrNullRef(_sessions, session.Identity.Name);
        if (link == session)
        {
            if (session.Sibling is null)
                _sessions.Remove(session.Identity.Name);
            else
                link = session.Sibling;
            return;
        }

        SessionsOf(session.Identity.Name).First(s => s.Sibling == session).Sibling = session.Sibling;
    }

    /// <summary>To be kept with <see cref="KeepSubscriptions"/>, once for all that one packet brings.</summary>
    public MqttReason Subscribe(MqttSession session, MqttSubscription subscription, uint? id, out bool isNew)
    {
        lock (_gate)
        {
            isNew = !session.Subscriptions.ContainsKey(subscription.Filter);
            if (session.Removed || (isNew && session.Subscriptions.Count >= options.MaxSubscriptions))
                return MqttReason.QuotaExceeded;
            SetSubscription(session, subscription, id);
            return (MqttReason)subscription.Qos;
        }
    }

    public void KeepSubscriptions(MqttSession session)
    {
        lock (_gate)
            Keep(session);
    }

    private void SetSubscription(MqttSession session, MqttSubscription subscription, uint? id)
    {
        session.Subscriptions[subscription.Filter] = subscription;
        MqttTopic.TrySplitShare(subscription.Filter, out var group, out var filter);
        if (group is null)
        {
            _subscriptions.Set(filter, session, (subscription, id));
            return;
        }

        var shared = _shared.Find(filter, group);
        if (shared is null)
            _shared.Set(filter, group, shared = new SharedGroup());
        shared.Set(session, subscription.Qos, id);
    }

    /// <summary>To be kept like what <see cref="Subscribe"/> changes.</summary>
    public MqttReason Unsubscribe(MqttSession session, string filter)
    {
        lock (_gate)
        {
            if (!session.Subscriptions.Remove(filter))
                return MqttReason.NoSubscriptionExisted;
            RemoveSubscription(session, filter);
            return MqttReason.Success;
        }
    }

    private void RemoveSubscription(MqttSession session, string written)
    {
        MqttTopic.TrySplitShare(written, out var group, out var filter);
        if (group is null)
        {
            _subscriptions.Remove(filter, session);
        }
        else if (_shared.Find(filter, group) is { } shared)
        {
            shared.Remove(session);
            if (shared.IsEmpty)
                _shared.Remove(filter, group);
        }
    }

    public void SendRetained(MqttSession session, MqttSubscription subscription, uint? id)
    {
        MqttConnection? connection = null;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var routed in _retained.Match(subscription.Filter))
            {
                if (!(routed.ExpiresAt <= now))
                    connection = session.Enqueue(routed, Lower(routed.Message.Qos, subscription.Qos), retain: true, Ids(id), null);
            }
        }

        connection?.Wake();
    }

    /// <summary>Sends a message to the subscribers, once to each, and retains it when it says so.</summary>
    /// <param name="from">The sender's session, for subscriptions that do not want their own messages.</param>
    public MqttReason Route(MqttMessage message, MqttSession? from, MqttDelivery? delivery)
    {
        DateTimeOffset? expires = message.Properties.MessageExpiry is { } seconds ? time.GetUtcNow().AddSeconds(seconds) : null;
        List<MqttConnection>? wake = null;
        lock (_gate)
        {
            RoutedMessage? routed = null;
            if (message.Retain)
            {
                routed = new RoutedMessage(message, expires);
                if (!_retained.TrySet(routed))
                    return MqttReason.QuotaExceeded;
                journal?.Add(new MqttRetained(message, expires));
            }

            FindTargets(message, from);
            if (_targets.Count == 0 && _groups.Count == 0)
                return MqttReason.NoMatchingSubscribers;
            routed ??= new RoutedMessage(message, expires);
            foreach (var (session, target) in _targets)
                Send(session, target.Qos, target.Retain, target.Ids, null);
            foreach (var (_, group) in _groups)
                if (group.TryPick(out var session, out var qos, out var id))
                    Send(session, qos, false, Ids(id), group);

            void Send(MqttSession session, MqttQos qos, bool retain, uint[] ids, SharedGroup? group)
            {
                if (session.Enqueue(routed, Lower(message.Qos, qos), retain, ids, delivery, group) is { } connection)
                    (wake ??= []).Add(connection);
            }
        }

        // not under the lock: it writes to sockets
        foreach (var connection in wake ?? [])
            connection.Wake();
        return MqttReason.Success;
    }

    // Overlapping subscriptions of a client: one message at the highest of their QoS, with all their identifiers.
    private void FindTargets(MqttMessage message, MqttSession? from)
    {
        _matches.Clear();
        _groups.Clear();
        _targets.Clear();
        _subscriptions.Match(message.Topic, _matches);
        _shared.Match(message.Topic, _groups);
        foreach (var (session, (subscription, id)) in _matches)
        {
            if (subscription.NoLocal && session == from)
                continue;
            var retain = subscription.RetainAsPublished && message.Retain;
            ref var target = ref CollectionsMarshal.GetValueRefOrAddDefault(_targets, session, out var known);
            target = known
                ? new Target(Higher(target.Qos, subscription.Qos), target.Retain || retain, [.. target.Ids, .. Ids(id)])
                : new Target(subscription.Qos, retain, Ids(id));
        }
    }

    private static uint[] Ids(uint? id) => id is { } present ? [present] : [];

    private static MqttQos Lower(MqttQos a, MqttQos b) => a < b ? a : b;

    private static MqttQos Higher(MqttQos a, MqttQos b) => a > b ? a : b;

    public MqttConnection[] Connections(string name)
    {
        lock (_gate)
            return [.. SessionsOf(name).Select(s => s.Connection).OfType<MqttConnection>()];
    }

    public bool HasConnections()
    {
        lock (_gate)
            return _connected > 0;
    }

    /// <summary>Ends sessions that are over and finds the wills that are due.</summary>
    public void Tick(DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var session in _detached.ToArray())
                EndWhatIsDue(session, now);
            foreach (var topic in _retained.RemoveExpired(now))
                Unretain(topic);
        }
    }

    private void Unretain(string topic) => journal?.Add(new MqttRetained(new MqttMessage(topic, default), null));

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

    private readonly record struct Target(MqttQos Qos, bool Retain, uint[] Ids);
}
