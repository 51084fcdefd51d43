namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Rules of topic names and filters (section 4.7).</summary>
public static class MqttTopic
{
    /// <summary>Deeper topics are refused: matching a filter costs work by level.</summary>
    public const int MaxLevels = 32;

    public static bool IsValidName(string topic) =>
        topic.Length > 0 && topic.AsSpan().IndexOfAny('+', '#', '\0') < 0 && topic.AsSpan().Count('/') < MaxLevels;

    /// <summary>A wildcard fills its whole level, and # is the last one.</summary>
    public static bool IsValidFilter(string filter)
    {
        if (filter.Length == 0 || filter.Contains('\0') || filter.AsSpan().Count('/') >= MaxLevels)
            return false;
        for (var i = 0; i < filter.Length; i++)
        {
            if (filter[i] is not ('+' or '#'))
                continue;
            var alone = (i == 0 || filter[i - 1] == '/') && (i == filter.Length - 1 || filter[i + 1] == '/');
            if (!alone || (filter[i] == '#' && i != filter.Length - 1))
                return false;
        }

        return true;
    }

    /// <summary>Whether a valid filter covers a valid topic. A leading wildcard does not find topics that begin with $.</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (topic[0] == '$' && filter[0] is '+' or '#')
            return false;
        while (true)
        {
            var level = Cut(ref filter, out var lastFilter);
            if (level is "#")
                return true;
            var name = Cut(ref topic, out var lastTopic);
            if (level is not "+" && !level.SequenceEqual(name))
                return false;
            if (lastTopic)
                return lastFilter || filter is "#";
            if (lastFilter)
                return false;
        }
    }

    private static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> rest, out bool last)
    {
        var slash = rest.IndexOf('/');
        last = slash < 0;
        var level = last ? rest : rest[..slash];
        rest = last ? [] : rest[(slash + 1)..];
        return level;
    }
}
