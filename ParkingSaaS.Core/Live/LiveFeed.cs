using System.Collections.Concurrent;

namespace ParkingSaaS.Core.Live;

/// <summary>Something changed in a lot: a hint to read again, never the data itself, so nobody learns what is out of reach.</summary>
/// <param name="Kind"><c>order</c>, <c>payment</c>, <c>device</c> or <c>berth</c>.</param>
/// <param name="LotId">The lot.</param>
/// <param name="Id">The order, device or berth.</param>
public readonly record struct LiveNotice(string Kind, Guid LotId, Guid Id);

/// <summary>Tells open pages of this node what was committed, here or at another node.</summary>
public sealed class LiveFeed
{
    /// <summary>Stands for any number of changes that nobody names.</summary>
    public static readonly IReadOnlyList<LiveNotice> Anything = [];

    readonly ConcurrentDictionary<Guid, (string City, Action<IReadOnlyList<LiveNotice>> Handler)> subscribers = new();
    readonly ConcurrentDictionary<Guid, (string City, Action<IReadOnlyList<LiveNotice>> Handler)> neighbours = new();

    /// <summary>Calls the handler after each commit in the city, on the thread of whoever committed: it must only take note. It may get
    /// <see cref="Anything"/>. Disposing the result ends that.</summary>
    public IDisposable Subscribe(string city, Action<IReadOnlyList<LiveNotice>> handler) => Add(subscribers, city, handler);

    /// <summary>Like <see cref="Subscribe"/>, for what this node committed: other nodes are to hear of it.</summary>
    internal IDisposable SubscribeToOwn(string city, Action<IReadOnlyList<LiveNotice>> handler) => Add(neighbours, city, handler);

    static Subscription Add(ConcurrentDictionary<Guid, (string, Action<IReadOnlyList<LiveNotice>>)> to, string city,
        Action<IReadOnlyList<LiveNotice>> handler)
    {
        var id = Guid.NewGuid();
        to[id] = (city, handler);
        return new Subscription(() => to.TryRemove(id, out _));
    }

    /// <summary>Tells what was committed here. Call it after the commit.</summary>
    public void Publish(string city, IReadOnlyList<LiveNotice> notices)
    {
        if (notices.Count == 0)
            return;
        Tell(subscribers, city, notices);
        Tell(neighbours, city, notices);
    }

    /// <summary>Tells what another node committed.</summary>
    internal void Tell(string city, IReadOnlyList<LiveNotice> notices) => Tell(subscribers, city, notices);

    static void Tell(ConcurrentDictionary<Guid, (string City, Action<IReadOnlyList<LiveNotice>> Handler)> to, string city,
        IReadOnlyList<LiveNotice> notices)
    {
        foreach (var (subscribedCity, handler) in to.Values)
            if (subscribedCity == city)
                handler(notices);
    }

    sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
