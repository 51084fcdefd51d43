using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Accounts;

/// <summary>Finds out which of the sessions that are open on this node have ended, whichever node ended them, and ends what is open under
/// them. What this node ends itself ends at once.</summary>
sealed class SessionWatch(SignInSessions sessions, OpenSessions open, CityDirectory cities, TimeProvider clock, ILogger<SessionWatch> log)
    : BackgroundService
{
    /// <summary>Between two looks.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Between two rounds of tidying.</summary>
    static readonly TimeSpan Tidying = TimeSpan.FromHours(1);

    /// <summary>Cities whose database did not answer the last time; said once.</summary>
    readonly HashSet<string> silent = [];

    readonly PeriodicTimer timer = new(Interval, clock);

    public override Task StartAsync(CancellationToken ct)
    {
        sessions.Ended += End;
        return base.StartAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        var tidied = clock.GetTimestamp();
        while (await timer.WaitForNextTickAsync(ct))
        {
            await Task.WhenAll(open.Keys.GroupBy(k => k.City).Select(g => LookAsync(g.Key, [.. g.Select(k => k.Id)], ct)));
            if (clock.GetElapsedTime(tidied) < Tidying)
                continue;
            tidied = clock.GetTimestamp();
            foreach (var city in cities.Active.Select(c => c.Code).Prepend(null))
                await TryAsync(city, () => sessions.TidyAsync(city, ct), ct);
        }
    }

    Task LookAsync(string? city, Guid[] ids, CancellationToken ct) => TryAsync(city, async () =>
    {
        foreach (var ended in await sessions.EndedAmongAsync(city, ids, ct))
            End(ended);
    }, ct);

    /// <summary>A database that does not answer ends no session: nothing can be read meanwhile.</summary>
    async Task TryAsync(string? city, Func<Task> act, CancellationToken ct)
    {
        var name = city ?? "(platform)";
        try
        {
            await act();
            lock (silent)
                silent.Remove(name);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            bool first;
            lock (silent)
                first = silent.Add(name);
            if (first)
                log.LogWarning("Whether sessions of {City} have ended is not known: {Reason}", name, e.Message);
        }
    }

    public override void Dispose()
    {
        sessions.Ended -= End;
        timer.Dispose();
        base.Dispose();
    }

    void End(EndedSession ended) => _ = open.EndAsync(ended.Key, ended.Reason);
}
