namespace ParkingSaaS.Devices.Mqtt;

/// <summary>One level of a tree of topics or filters. Not safe for concurrent use.</summary>
internal sealed class TopicNode<T>
    where T : class
{
    private Dictionary<string, TopicNode<T>>? _children;

    /// <summary>What stands at this level; null where it is only on the way to others.</summary>
    public T? Value { get; set; }

    public IEnumerable<KeyValuePair<string, TopicNode<T>>> Children => _children ?? [];

    public bool HasChildren => _children is { Count: > 0 };

    public TopicNode<T>? Child(ReadOnlySpan<char> level) =>
        _children is not null && _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out var child) ? child : null;

    /// <summary>The node below this one at a topic or filter, if there is one.</summary>
    public TopicNode<T>? Find(ReadOnlySpan<char> path)
    {
        for (var node = this; ;)
        {
            node = node.Child(MqttTopic.Cut(ref path, out var last));
            if (last || node is null)
                return node;
        }
    }

    public TopicNode<T> GetOrAdd(ReadOnlySpan<char> path)
    {
        for (var node = this; ;)
        {
            var level = MqttTopic.Cut(ref path, out var last);
            if (node.Child(level) is not { } child)
                (node._children ??= new(StringComparer.Ordinal)).Add(level.ToString(), child = new());
            if (last)
                return child;
            node = child;
        }
    }

    /// <summary>Takes the node's value away, and the nodes that then lead nowhere.</summary>
    public void Clear(ReadOnlySpan<char> path)
    {
        var level = MqttTopic.Cut(ref path, out var last);
        if (Child(level) is not { } child)
            return;
        if (last)
            child.Value = null;
        else
            child.Clear(path);
        if (child is { Value: null, HasChildren: false })
            _children!.GetAlternateLookup<ReadOnlySpan<char>>().Remove(level);
    }
}
