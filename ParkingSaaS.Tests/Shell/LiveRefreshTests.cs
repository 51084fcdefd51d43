using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Shell;

/// <summary>How often a live page reads again.</summary>
public sealed class LiveRefreshTests
{
    static readonly LiveNotice Notice = new("order", Guid.Empty, Guid.Empty);
    readonly FakeTime clock = new();
    readonly LiveFeed feed = new();
    int reads;

    LiveRefresh Start(Func<Task>? refresh = null) => new(feed, "alpha", clock, NullLogger.Instance, n => n.Kind == "order", refresh ?? (() =>
    {
        reads++;
        return Task.CompletedTask;
    }));

    [Fact]
    public void A_flood_is_read_twice_a_second()
    {
        using var live = Start();
        for (var i = 0; i < 1000; i++)
        {
            feed.Publish("alpha", [Notice]);
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.Equal(2, reads);
    }

    [Fact]
    public void Nothing_is_read_for_others_and_after_the_page_is_gone()
    {
        var live = Start();
        feed.Publish("beta", [Notice]);
        feed.Publish("alpha", [Notice with { Kind = "device" }]);
        clock.Advance(LiveRefresh.Pause);
        feed.Publish("alpha", [Notice]);
        live.Dispose();
        clock.Advance(LiveRefresh.Pause);
        Assert.Equal(0, reads);
    }

    [Fact]
    public void A_slow_page_is_not_asked_twice_at_once_and_misses_nothing()
    {
        var slow = new TaskCompletionSource();
        using var live = Start(() =>
        {
            reads++;
            return slow.Task;
        });
        feed.Publish("alpha", [Notice]);
        clock.Advance(LiveRefresh.Pause);
        feed.Publish("alpha", [Notice]);
        clock.Advance(LiveRefresh.Pause);
        Assert.Equal(1, reads);
        slow.SetResult();
        clock.Advance(LiveRefresh.Pause);
        Assert.Equal(2, reads);
    }

    [Fact]
    public void A_failed_read_does_not_end_the_page()
    {
        using var live = Start(() => reads++ == 0 ? throw new InvalidOperationException() : Task.CompletedTask);
        for (var i = 0; i < 2; i++)
        {
            feed.Publish("alpha", [Notice]);
            clock.Advance(LiveRefresh.Pause);
        }
        Assert.Equal(2, reads);
    }
}
