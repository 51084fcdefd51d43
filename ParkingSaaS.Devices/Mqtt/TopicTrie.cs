namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Subscriptions by topic level. Not safe for concurrent use.</summary>
internal sealed class TopicTrie<TKey, TValue>
    where TKey : notnull
{
    private readonly TopicNode<Dictionary<TKey, TValue>> _root = new();

    public TValue? Find(string filter, TKey key) =>
        _root.Find(filter)?.Value is { } values ? values.GetValueOrDefault(key) : default;

    public void Set(string filter, TKey key, TValue value) => (_root.GetOrAdd(filter).Value ??= [])[key] = value;

    public void Remove(string filter, TKey key)
    {
        if (_root.Find(filter)?.Value is { } values && values.Remove(key) && values.Count == 0)
            _root.Clear(filter);
    }

    /// <summary>Adds every value whose filter covers the topic; a key may come several times.</summary>
    public void Match(string topic, List<KeyValuePair<TKey, TValue>> found)
    {
        if (_root.HasChildren)
            Match(_root, topic, atEnd: false, hidden: topic[0] == '$', found);
    }

    // a leading wildcard does not find topics that begin with $
    private static void Match(TopicNode<Dictionary<TKey, TValue>> node, ReadOnlySpan<char> rest, bool atEnd, bool hidden,
        List<KeyValuePair<TKey, TValue>> found)
    {
        if (!hidden && node.Child("#")?.Value is { } everything)
            found.AddRange(everything);
        if (atEnd)
        {
            if (node.Value is { } values)
                found.AddRange(values);
            return;
        }

        if (!node.HasChildren)
            return;
        var level = MqttTopic.Cut(ref rest, out var last);
        if (node.Child(level) is { } child)
            Match(child, rest, last, hidden: false, found);
        if (!hidden && node.Child("+") is { } any)
            Match(any, rest, last, hidden: false, found);
    }
}
