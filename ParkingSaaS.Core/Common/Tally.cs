namespace ParkingSaaS.Core.Common;

/// <summary>Counts by key for a limit. When its window is over, all begins at zero. It is one node's: several nodes count each for
/// itself, and a restart forgets.</summary>
public sealed class Tally(TimeSpan window, TimeProvider clock)
{
    /// <summary>More keys than this begin the count anew, so that whoever makes up keys fills no memory.</summary>
    const int MaxKeys = 500_000;

    readonly Lock gate = new();
    readonly Dictionary<string, int> counts = [];
    long began = clock.GetTimestamp();

    /// <summary>How often the key was counted in this window.</summary>
    public int Of(string key)
    {
        lock (gate)
        {
            Turn();
            return counts.GetValueOrDefault(key);
        }
    }

    /// <summary>Counts the key once more.</summary>
    /// <returns>How often it is now.</returns>
    public int Add(string key)
    {
        lock (gate)
        {
            Turn();
            if (counts.Count >= MaxKeys)
                counts.Clear();
            return counts[key] = counts.GetValueOrDefault(key) + 1;
        }
    }

    void Turn()
    {
        if (clock.GetElapsedTime(began) < window)
            return;
        counts.Clear();
        began = clock.GetTimestamp();
    }
}
