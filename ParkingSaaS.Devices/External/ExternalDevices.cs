using System.Collections.Concurrent;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Devices.Dialects;

namespace ParkingSaaS.Devices.External;

/// <summary>Whose topic it is, on a broker that has the devices of all cities: <c>{city}/</c> and then the device's own topic. The broker
/// vouches for the name, see <c>docs/nodes.md</c>.</summary>
public sealed class ExternalDevices(DeviceSignIn signIn, IEnumerable<IDialect> dialects, TimeProvider clock)
{
    /// <summary>Unknown names are remembered, so that they do not reach the database at the pace at which they are sent.</summary>
    const int MaxUnknown = 10_000;

    static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(10);

    /// <summary>A device that is silent for as long is away: three heartbeats.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly IDialect[] dialects = [.. dialects];
    readonly ConcurrentDictionary<(string City, string Name), Known> known = new();
    readonly ConcurrentDictionary<(string City, string Name), DateTimeOffset> unknown = new();

    /// <summary>What the platform subscribes to: each message goes to one node.</summary>
    public IReadOnlyList<string> Subscriptions => [.. dialects.SelectMany(d => d.Filters).Select(f => $"$share/parking/+/{f}")];

    /// <summary>How it speaks.</summary>
    public IDialect DialectOf(SignedInDevice device) => dialects.First(d => d.Name == device.Dialect);

    /// <summary>The device that may publish there, and its own topic.</summary>
    /// <param name="topic">With the city.</param>
    /// <returns>Null where there is no such city or device, or the device speaks otherwise; and whether it was not heard for a while.</returns>
    public async ValueTask<(SignedInDevice Device, string Topic, bool Fresh)?> FindAsync(string topic, CancellationToken ct)
    {
        var slash = topic.IndexOf('/');
        if (slash <= 0)
            return null;
        var (city, own) = (topic[..slash], topic[(slash + 1)..]);
        foreach (var name in dialects.SelectMany(d => d.Filters, (_, filter) => NameIn(filter, own)).OfType<string>().Distinct())
            if (await FindAsync(city, name, ct) is { } found && DialectOf(found.Device).MayPublish(name, own))
            {
                var now = clock.GetUtcNow();
                var fresh = now - found.HeardAt > Patience;
                found.HeardAt = now;
                return (found.Device, own, fresh);
            }
        return null;
    }

    async ValueTask<Known?> FindAsync(string city, string name, CancellationToken ct)
    {
        if (known.TryGetValue((city, name), out var found))
            return found;
        if (unknown.TryGetValue((city, name), out var until) && clock.GetUtcNow() < until)
            return null;
        if (name.Length <= 64 && await signIn.FindAsync(city, name, ct) is { } device)
            return known.GetOrAdd((city, name), new Known(device));
        if (unknown.Count >= MaxUnknown)
            unknown.Clear();
        unknown[(city, name)] = clock.GetUtcNow() + UnknownFor;
        return null;
    }

    /// <summary>Forgets devices that may have changed; null for all of the city.</summary>
    public void Forget(string city, IReadOnlySet<Guid>? ids)
    {
        unknown.Clear();
        foreach (var (key, found) in known)
            if (key.City == city && (ids is null || ids.Contains(found.Device.Id)))
                known.TryRemove(key, out _);
    }

    /// <summary>What stands where the filter has the device's name, in its first plus.</summary>
    static string? NameIn(string filter, string topic)
    {
        var (pattern, levels) = (filter.Split('/'), topic.Split('/'));
        string? name = null;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == "#")
                return name;
            if (i >= levels.Length || (pattern[i] != "+" && pattern[i] != levels[i]))
                return null;
            if (pattern[i] == "+")
                name ??= levels[i];
        }
        return pattern.Length == levels.Length ? name : null;
    }

    sealed class Known(SignedInDevice device)
    {
        public SignedInDevice Device => device;

        public DateTimeOffset HeardAt { get; set; }
    }
}
