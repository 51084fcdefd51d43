using System.Collections.Concurrent;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Reports;

/// <summary>Figures that many pages show. They are read once for all who see the same branch of a city, whoever looks and however many, again
/// only after something was told on the <see cref="LiveFeed"/>, and at most twice a second.</summary>
public sealed class SharedFigures(LiveFeed live, TimeProvider clock) : IDisposable
{
    /// <summary>From one reading to the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Some changes nobody tells of, such as midnight or a new lot: they are seen after this.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    /// <summary>Who has not asked for so long has left.</summary>
    static readonly TimeSpan Forget = TimeSpan.FromMinutes(5);

    readonly Lock gate = new();
    readonly Dictionary<string, IDisposable> subscriptions = [];
    readonly ConcurrentDictionary<(string City, string Seen, string What), Figure> figures = [];

    /// <summary>The figures, with all that was told of before the call.</summary>
    /// <param name="permission">The right that <paramref name="read"/> checks: who gets what another person read must hold it too.</param>
    /// <param name="what">Which figures; with those who see the same branch, the same for the same.</param>
    /// <param name="read">Reads them. What it finds may depend on the actor by the branch that the actor sees, and by nothing else.</param>
    /// <param name="pause">From one reading to the next, whatever happens, for what costs much to read; <see cref="Pause"/> unless said.</param>
    /// <exception cref="AccessDeniedException">The actor lacks the permission.</exception>
    public async Task<T> GetAsync<T>(Actor actor, string permission, string what, Func<Task<T>> read, TimeSpan? pause = null) where T : class
    {
        if (!actor.May(permission))
            throw new AccessDeniedException(actor, permission);
        Listen(actor.City);
        var figure = figures.GetOrAdd((actor.City, $"{actor.Scope.AreaId}|{actor.Scope.CompanyId}|{string.Join(',', actor.Scope.LotIds.Order())}",
            $"{permission} {what}"), _ => new Figure(clock, pause));
        return (T)await figure.GetAsync(async () => await read());
    }

    void Listen(string city)
    {
        lock (gate)
            if (!subscriptions.ContainsKey(city))
                subscriptions[city] = live.Subscribe(city, notices => Hear(city, notices));
    }

    void Hear(string city, IReadOnlyList<LiveNotice> notices)
    {
        if (notices.Count > 0 && !notices.Any(n => n.Kind is LiveKind.Order or LiveKind.Payment or LiveKind.Device or LiveKind.Alarm))
            return;
        foreach (var (key, figure) in figures)
            if (key.City == city)
            {
                figure.Outdate();
                if (figure.Asked < clock.GetUtcNow() - Forget)
                    figures.TryRemove(key, out _);
            }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
            foreach (var subscription in subscriptions.Values)
                subscription.Dispose();
    }

    sealed class Figure(TimeProvider clock, TimeSpan? pause)
    {
        readonly Lock gate = new();
        Task<object>? last;
        Task<object>? next;
        bool outdated;
        DateTimeOffset begun;
        DateTimeOffset asked = clock.GetUtcNow();

        /// <summary>When somebody last looked.</summary>
        public DateTimeOffset Asked
        {
            get
            {
                lock (gate)
                    return asked;
            }
        }

        /// <summary>Takes note that something changed.</summary>
        public void Outdate()
        {
            lock (gate)
                outdated = true;
        }

        public Task<object> GetAsync(Func<Task<object>> read)
        {
            lock (gate)
            {
                asked = clock.GetUtcNow();
                if (last is { IsFaulted: false, IsCanceled: false } && (asked - begun < pause || !outdated && asked - begun < MaxAge))
                    return last;
                var wait = last is null ? TimeSpan.Zero : begun + Pause - asked;
                // On no page's own thread: that page may be left while others wait.
                return next ??= Task.Run(() => ReadAsync(read, wait));
            }
        }

        async Task<object> ReadAsync(Func<Task<object>> read, TimeSpan wait)
        {
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, clock);
            lock (gate) // what is told from here on is not in what is read
                (last, next, outdated, begun) = (next, null, false, clock.GetUtcNow());
            return await read();
        }
    }
}
