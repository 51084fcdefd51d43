using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Core.Live;

/// <summary>Something changed in a lot: a hint to read again, never the data itself, so nobody learns what is out of reach.</summary>
/// <param name="Kind">What changed.</param>
/// <param name="Id">The row; of passages, heartbeats and commands the device, of payments what they are for.</param>
public readonly record struct LiveNotice(LiveKind Kind, Guid LotId, Guid Id);

/// <summary>What a notice is about.</summary>
public enum LiveKind
{
    /// <summary>A stay began, ended, was priced or decided about.</summary>
    Order,

    /// <summary>A car was read, whatever came of it.</summary>
    Passage,

    /// <summary>A payment was begun, came, or will not.</summary>
    Payment,

    /// <summary>A shift of a collector was opened, handed in, taken over or given back.</summary>
    Shift,

    /// <summary>A pass, its plates, periods or pauses.</summary>
    Pass,

    /// <summary>A berth became free or taken.</summary>
    Berth,

    /// <summary>A device came, went, tells of a fault, or was set up otherwise.</summary>
    Device,

    /// <summary>A device told how it is.</summary>
    Heartbeat,

    /// <summary>A command to a device went a step further.</summary>
    Command,

    /// <summary>An alarm was raised, acknowledged, or ended; or a rule was changed, which names no lot. Those of the whole city name none either.</summary>
    Alarm,

    /// <summary>An invoice was asked for, or went a step further; what it is of is named where it was asked for.</summary>
    Invoice
}

/// <summary>Tells open pages of this node what was committed, here or at another node.</summary>
public sealed class LiveFeed(ILogger<LiveFeed> log)
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

    void Tell(ConcurrentDictionary<Guid, (string City, Action<IReadOnlyList<LiveNotice>> Handler)> to, string city,
        IReadOnlyList<LiveNotice> notices)
    {
        foreach (var (subscribedCity, handler) in to.Values)
            if (subscribedCity == city)
                Tell(handler, notices);
    }

    /// <summary>What is told has been committed: nobody who hears of it can make it fail.</summary>
    void Tell(Action<IReadOnlyList<LiveNotice>> handler, IReadOnlyList<LiveNotice> notices)
    {
        try
        {
            handler(notices);
        }
        catch (Exception e)
        {
            log.LogError(e, "Somebody could not hear what was committed");
        }
    }

    sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
