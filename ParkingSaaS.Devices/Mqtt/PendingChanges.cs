namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Changes that wait to be written, in their order. What a later one replaces is left out, so that while the store is away no more waits
/// than there is to say of the space: its sessions, packet identifiers and retained messages, whose numbers are bounded.</summary>
internal sealed class PendingChanges
{
    private enum Item
    {
        Session,
        Message,
        Released,
        Received
    }

    private readonly LinkedList<MqttChange> _changes = [];
    private readonly Dictionary<string, LinkedListNode<MqttChange>> _retained = [];
    private readonly Dictionary<MqttIdentity, Dictionary<(Item, ushort), LinkedListNode<MqttChange>>> _sessions = [];

    /// <summary>How many there are.</summary>
    public int Count => _changes.Count;

    public void Add(MqttChange change)
    {
        switch (change)
        {
            case MqttRetained c:
                if (_retained.Remove(c.Message.Topic, out var before))
                    _changes.Remove(before);
                _retained[c.Message.Topic] = _changes.AddLast(change);
                break;
            case MqttSessionKept c:
                Put(c.Session, Item.Session, 0, change);
                break;
            case MqttSessionEnded c:
                foreach (var node in Of(c.Session).Values)
                    _changes.Remove(node);
                _sessions.Remove(c.Session);
                _changes.AddLast(change);
                break;
            // An identifier that is queued anew is another message: what became of the last one is over, and so is its PUBREC.
            case MqttMessageQueued c:
                Drop(c.Session, Item.Released, c.PacketId);
                Put(c.Session, Item.Message, c.PacketId, change);
                break;
            case MqttMessageReleased c:
                Put(c.Session, Item.Released, c.PacketId, change);
                break;
            // It stays as what is to be deleted: the store may have the message.
            case MqttMessageDone c:
                Drop(c.Session, Item.Released, c.PacketId);
                Put(c.Session, Item.Message, c.PacketId, change);
                break;
            case MqttIdReceived c:
                Put(c.Session, Item.Received, c.PacketId, change);
                break;
            case MqttIdReleased c:
                Put(c.Session, Item.Received, c.PacketId, change);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name);
        }
    }

    /// <summary>Takes them all.</summary>
    public List<MqttChange> Take()
    {
        List<MqttChange> taken = [.. _changes];
        _changes.Clear();
        _retained.Clear();
        _sessions.Clear();
        return taken;
    }

    private Dictionary<(Item, ushort), LinkedListNode<MqttChange>> Of(MqttIdentity session)
    {
        if (!_sessions.TryGetValue(session, out var items))
            _sessions[session] = items = [];
        return items;
    }

    private void Put(MqttIdentity session, Item item, ushort id, MqttChange change)
    {
        Drop(session, item, id);
        Of(session)[(item, id)] = _changes.AddLast(change);
    }

    private void Drop(MqttIdentity session, Item item, ushort id)
    {
        if (Of(session).Remove((item, id), out var node))
            _changes.Remove(node);
    }
}
