using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Shell;

/// <summary>How often a live page reads again.</summary>
public sealed class LiveRefreshTests
{
    static readonly LiveNotice Notice = new(LiveKind.Order, Guid.Empty, Guid.Empty);
    readonly FakeTime clock = new();
    readonly LiveFeed feed = new(NullLogger<LiveFeed>.Instance);
    int reads;

    LiveRefresh Start(Func<Task>? refresh = null) => new(feed, "alpha", clock, NullLogger.Instance, n => n.Kind is LiveKind.Order, refresh ?? (() =>
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
    public void After_a_quiet_while_a_change_is_read_before_the_pause_is_over()
    {
        using var live = Start();
        feed.Publish("alpha", [Notice]);
        clock.Advance(LiveRefresh.Pause / 2);
        Assert.Equal(1, reads);
        feed.Publish("alpha", [Notice]);
        clock.Advance(LiveRefresh.Pause / 2);
        Assert.Equal(1, reads);
        clock.Advance(LiveRefresh.Pause / 2);
        Assert.Equal(2, reads);
    }

    [Fact]
    public void Nothing_is_read_for_others_and_after_the_page_is_gone()
    {
        var live = Start();
        feed.Publish("beta", [Notice]);
        feed.Publish("alpha", [Notice with { Kind = LiveKind.Device }]);
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

    [Fact]
    public void Who_cannot_hear_fails_neither_the_others_nor_what_was_committed()
    {
        using var broken = feed.Subscribe("alpha", _ => throw new InvalidOperationException());
        using var live = Start();
        feed.Publish("alpha", [Notice]);
        clock.Advance(LiveRefresh.Pause);
        Assert.Equal(1, reads);
    }
}
