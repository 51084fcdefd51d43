namespace ParkingSaaS.Devices.Mqtt;

/// <summary>The last message of each topic. Not safe for concurrent use.</summary>
internal sealed class RetainedMessages(int maxCount, int maxBytes)
{
    private readonly TopicNode<RoutedMessage> _root = new();
    private readonly PriorityQueue<RoutedMessage, DateTimeOffset> _expiring = new();
    private int _count;
    private int _bytes;

    /// <summary>A new message takes the place of the old one; an empty one only clears it.</summary>
    /// <returns>False, and nothing is changed, where there is no more room.</returns>
    public bool TrySet(RoutedMessage routed)
    {
        var topic = routed.Message.Topic;
        var old = _root.Find(topic)?.Value;
        if (routed.Message.Payload.IsEmpty)
        {
            if (old is not null)
                Remove(old);
            return true;
        }

        var bytes = _bytes - (old?.Bytes ?? 0) + routed.Bytes;
        if (bytes > maxBytes || (old is null && _count >= maxCount))
            return false;
        _root.GetOrAdd(topic).Value = routed;
        _bytes = bytes;
        if (old is null)
            _count++;
        if (routed.ExpiresAt is { } at)
            Expire(routed, at);
        return true;
    }

    // the queue also holds messages that others took the place of; before they outnumber the rest it is made anew
    private void Expire(RoutedMessage routed, DateTimeOffset at)
    {
        _expiring.Enqueue(routed, at);
        if (_expiring.Count <= (2 * _count) + 16)
            return;
        _expiring.Clear();
        List<RoutedMessage> all = [];
        AddAll(_root, atStart: false, all);
        foreach (var message in all)
            if (message.ExpiresAt is { } due)
                _expiring.Enqueue(message, due);
    }

    private void Remove(RoutedMessage routed)
    {
        _root.Clear(routed.Message.Topic);
        _count--;
        _bytes -= routed.Bytes;
    }

    /// <summary>Takes out what nobody may get any more.</summary>
    /// <returns>The topics of what was there.</returns>
    public List<string> RemoveExpired(DateTimeOffset now)
    {
        List<string> topics = [];
        while (_expiring.TryPeek(out var routed, out var at) && at <= now)
        {
            _expiring.Dequeue();
            if (!ReferenceEquals(_root.Find(routed.Message.Topic)?.Value, routed))
                continue;
            Remove(routed);
            topics.Add(routed.Message.Topic);
        }

        return topics;
    }

    /// <summary>Every message whose topic a valid filter covers.</summary>
    public List<RoutedMessage> Match(string filter)
    {
        List<RoutedMessage> found = [];
        Match(_root, filter, atStart: true, found);
        return found;
    }

    // a leading wildcard does not find topics that begin with $
    private static void Match(TopicNode<RoutedMessage> node, ReadOnlySpan<char> filter, bool atStart, List<RoutedMessage> found)
    {
        var level = MqttTopic.Cut(ref filter, out var last);
        if (level is "#")
        {
            AddAll(node, atStart, found);
        }
        else if (level is "+")
        {
            foreach (var (name, child) in node.Children)
                if (!(atStart && name.StartsWith('$')))
                    Below(child, filter, last, found);
        }
        else if (node.Child(level) is { } child)
        {
            Below(child, filter, last, found);
        }
    }

    private static void Below(TopicNode<RoutedMessage> node, ReadOnlySpan<char> filter, bool last, List<RoutedMessage> found)
    {
        if (!last)
            Match(node, filter, atStart: false, found);
        else if (node.Value is { } message)
            found.Add(message);
    }

    // a/# covers a itself
    private static void AddAll(TopicNode<RoutedMessage> node, bool atStart, List<RoutedMessage> found)
    {
        if (node.Value is { } message)
            found.Add(message);
        foreach (var (name, child) in node.Children)
            if (!(atStart && name.StartsWith('$')))
                AddAll(child, atStart: false, found);
    }
}
