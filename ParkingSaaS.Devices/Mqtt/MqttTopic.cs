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

    /// <summary>Splits <c>$share/{group}/{filter}</c> of MQTT 5.0, section 4.8.2.</summary>
    /// <returns>False where it begins like one and is none: no group, a wildcard in it, or no filter.</returns>
    internal static bool TrySplitShare(string filter, out string? group, out string inner)
    {
        (group, inner) = (null, filter);
        if (!filter.StartsWith("$share/", StringComparison.Ordinal))
            return filter != "$share";
        var rest = filter.AsSpan("$share/".Length);
        var slash = rest.IndexOf('/');
        if (slash <= 0 || rest[..slash].IndexOfAny('+', '#') >= 0 || slash == rest.Length - 1)
            return false;
        (group, inner) = (rest[..slash].ToString(), rest[(slash + 1)..].ToString());
        return true;
    }

    /// <summary>Takes the first level off; when it was the last one, nothing rests.</summary>
    internal static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> rest, out bool last)
    {
        var slash = rest.IndexOf('/');
        last = slash < 0;
        var level = last ? rest : rest[..slash];
        rest = last ? [] : rest[(slash + 1)..];
        return level;
    }
}
