using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Shell;

/// <summary>Lets a page read again when something changed: at once after a quiet while, and at most twice a second however much changes. A flood of
/// events would drown the circuit, and nobody reads faster.</summary>
public sealed class LiveRefresh : IDisposable
{
    /// <summary>At least from one reading to the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>From a change to the reading: one car changes several things.</summary>
    static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(150);

    readonly Func<LiveNotice, bool> concerns;
    readonly Func<Task> refresh;
    readonly ILogger log;
    readonly TimeProvider clock;
    readonly IDisposable subscription;
    readonly ITimer timer;
    int scheduled;
    int running;
    long readAt;

    /// <param name="feed">Where changes are told.</param>
    /// <param name="city">The city's code.</param>
    /// <param name="clock">Time.</param>
    /// <param name="log">Where a failed refresh is told.</param>
    /// <param name="concerns">Whether the page shows what changed.</param>
    /// <param name="refresh">Reads again, by the component's <c>InvokeAsync</c>.</param>
    public LiveRefresh(LiveFeed feed, string city, TimeProvider clock, ILogger log, Func<LiveNotice, bool> concerns, Func<Task> refresh)
    {
        (this.concerns, this.refresh, this.log, this.clock) = (concerns, refresh, log, clock);
        timer = clock.CreateTimer(_ => _ = RunAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        subscription = feed.Subscribe(city, Hear);
    }

    void Hear(IReadOnlyList<LiveNotice> notices)
    {
        if (notices.Count == 0 || notices.Any(concerns))
            Schedule();
    }

    void Schedule()
    {
        if (Interlocked.Exchange(ref scheduled, 1) == 1)
            return;
        var left = Pause - clock.GetElapsedTime(Interlocked.Read(ref readAt));
        timer.Change(left > Gather ? left : Gather, Timeout.InfiniteTimeSpan);
    }

    async Task RunAsync()
    {
        Volatile.Write(ref scheduled, 0);
        if (Interlocked.Exchange(ref running, 1) == 1)
        {
            Schedule(); // the last refresh is not through yet
            return;
        }
        Interlocked.Exchange(ref readAt, clock.GetTimestamp());
        try
        {
            await refresh();
        }
        catch (SignedOutException)
        {
            // The page leaves.
        }
        catch (Exception e) when (FaultLog.IsOfDatabase(e))
        {
            // Said once for the city, and not by each of its pages: the next change reads again.
        }
        catch (Exception e)
        {
            log.LogWarning(e, "A live page could not be read again");
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    public void Dispose()
    {
        subscription.Dispose();
        timer.Dispose();
    }
}
