using System.Collections.Concurrent;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>Something changed in a lot: a hint to read again, never the data itself, so nobody learns what is out of reach.</summary>
/// <param name="Kind"><c>order</c>, <c>payment</c>, <c>device</c> or <c>berth</c>.</param>
/// <param name="LotId">The lot.</param>
/// <param name="Id">The order, device or berth.</param>
public readonly record struct LiveNotice(string Kind, Guid LotId, Guid Id);

/// <summary>Tells open pages of this node what was committed.</summary>
public sealed class LiveFeed
{
    readonly ConcurrentDictionary<Guid, (string City, Action<IReadOnlyList<LiveNotice>> Handler)> subscribers = new();

    /// <summary>Calls the handler after each commit in the city, on the thread of whoever committed: it must only take note.
    /// Disposing the result ends that.</summary>
    public IDisposable Subscribe(string city, Action<IReadOnlyList<LiveNotice>> handler)
    {
        var id = Guid.NewGuid();
        subscribers[id] = (city, handler);
        return new Subscription(() => subscribers.TryRemove(id, out _));
    }

    /// <summary>Tells what was committed. Call it after the commit.</summary>
    public void Publish(string city, IReadOnlyList<LiveNotice> notices)
    {
        if (notices.Count == 0)
            return;
        foreach (var (subscribedCity, handler) in subscribers.Values)
            if (subscribedCity == city)
                handler(notices);
    }

    sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
