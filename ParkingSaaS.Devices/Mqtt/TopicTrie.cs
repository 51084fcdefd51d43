namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Subscriptions by topic level. Not safe for concurrent use.</summary>
internal sealed class TopicTrie<TKey, TValue>
    where TKey : notnull
{
    private readonly Node _root = new();

    /// <returns>Whether there was none of this key at this filter before.</returns>
    public bool Set(string filter, TKey key, TValue value)
    {
        var node = _root;
        foreach (var level in filter.Split('/'))
        {
            if (!node.Children.TryGetValue(level, out var child))
                node.Children.Add(level, child = new Node());
            node = child;
        }

        var isNew = !node.Values.ContainsKey(key);
        node.Values[key] = value;
        return isNew;
    }

    public bool Remove(string filter, TKey key) => Remove(_root, filter.Split('/'), key);

    private static bool Remove(Node node, ReadOnlySpan<string> levels, TKey key)
    {
        if (levels.IsEmpty)
            return node.Values.Remove(key);
        if (!node.Children.TryGetValue(levels[0], out var child) || !Remove(child, levels[1..], key))
            return false;
        if (child.Children.Count == 0 && child.Values.Count == 0)
            node.Children.Remove(levels[0]);
        return true;
    }

    /// <summary>Calls back for every value whose filter covers the topic; a key may come several times.</summary>
    public void Match(string topic, Action<TKey, TValue> found) => Match(_root, topic.Split('/'), 0, topic[0] == '$', found);

    private static void Match(Node node, string[] levels, int depth, bool hidden, Action<TKey, TValue> found)
    {
        if (node.Children.Count > 0 && !(depth == 0 && hidden) && node.Children.TryGetValue("#", out var rest))
            Report(rest, found);
        if (depth == levels.Length)
        {
            Report(node, found);
            return;
        }

        if (node.Children.TryGetValue(levels[depth], out var child))
            Match(child, levels, depth + 1, hidden, found);
        if (!(depth == 0 && hidden) && node.Children.TryGetValue("+", out var any))
            Match(any, levels, depth + 1, hidden, found);
    }

    private static void Report(Node node, Action<TKey, TValue> found)
    {
        foreach (var (key, value) in node.Values)
            found(key, value);
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public Dictionary<TKey, TValue> Values { get; } = [];
    }
}
