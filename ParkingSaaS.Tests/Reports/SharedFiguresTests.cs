using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Reports;

/// <summary>How often figures are read that many pages show, and who gets whose.</summary>
public sealed class SharedFiguresTests : IDisposable
{
    static readonly LiveNotice Notice = new(LiveKind.Order, Guid.Empty, Guid.Empty);
    static readonly Guid Company = Guid.NewGuid();
    readonly FakeTime clock = new();
    readonly LiveFeed feed = new(NullLogger<LiveFeed>.Instance);
    readonly SharedFigures shared;
    int reads;

    public SharedFiguresTests() => shared = new SharedFigures(feed, clock);

    public void Dispose() => shared.Dispose();

    static Actor Person(Scope? scope = null, string city = "alpha", string permission = "see") =>
        Actor.User(city, Guid.NewGuid(), "p", new HashSet<string> { permission }, scope ?? Scope.WholeCity);

    Task<string> AskAsync(Actor? actor = null, string what = "today") =>
        shared.GetAsync(actor ?? Person(), "see", what, () => Task.FromResult($"{Interlocked.Increment(ref reads)}")).InTimeAsync();

    [Fact]
    public async Task Many_pages_read_once()
    {
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AskAsync())), figure => Assert.Equal("1", figure));
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("1", await AskAsync());
    }

    [Fact]
    public async Task What_costs_much_is_read_no_oftener_than_it_may_whatever_happens()
    {
        Task<string> AskSeldomAsync() =>
            shared.GetAsync(Person(), "see", "trend", () => Task.FromResult($"{Interlocked.Increment(ref reads)}"), TimeSpan.FromMinutes(1)).InTimeAsync();
        Assert.Equal("1", await AskSeldomAsync());
        clock.Advance(TimeSpan.FromSeconds(59));
        feed.Publish("alpha", [Notice]);
        Assert.Equal("1", await AskSeldomAsync());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("2", await AskSeldomAsync());
    }

    [Fact]
    public async Task What_happened_is_in_what_is_read_next_by_whoever_looks_twice_a_second()
    {
        Assert.Equal("1", await AskAsync());
        var pages = new List<Task<string>>();
        for (var i = 0; i < 1000; i++)
        {
            feed.Publish("alpha", [Notice]);
            pages.Add(AskAsync());
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }
        await Eventually.HoldsAsync(() => pages.TrueForAll(p => p.IsCompleted), () => clock.Advance(SharedFigures.Pause));
        Assert.DoesNotContain("1", await Task.WhenAll(pages)); // which was read before the first notice
        Assert.InRange(reads, 2, 4);
    }

    [Fact]
    public async Task What_happens_while_it_is_read_is_read_again()
    {
        var slow = new TaskCompletionSource<string>();
        var begun = new TaskCompletionSource();
        var first = shared.GetAsync(Person(), "see", "today", () =>
        {
            begun.SetResult();
            return slow.Task;
        });
        await begun.Task.InTimeAsync();
        feed.Publish("alpha", [Notice]);
        var second = AskAsync();
        slow.SetResult("before");
        Assert.Equal("before", await first);
        await Eventually.HoldsAsync(() => second.IsCompleted, () => clock.Advance(SharedFigures.Pause));
        Assert.Equal("1", await second);
    }

    [Fact]
    public async Task Nobody_gets_what_another_branch_or_city_sees()
    {
        Assert.Equal("1", await AskAsync());
        Assert.Equal("2", await AskAsync(Person(new Scope(CompanyId: Company))));
        Assert.Equal("3", await AskAsync(Person(new Scope(AreaId: Company))));
        Assert.Equal("4", await AskAsync(Person(new Scope(null, Company, Company))));
        Assert.Equal("5", await AskAsync(Person(city: "beta")));
        Assert.Equal("6", await AskAsync(what: "tomorrow"));
        Assert.Equal("2", await AskAsync(Person(new Scope(CompanyId: Company))));
        await Assert.ThrowsAsync<AccessDeniedException>(() => AskAsync(Person(permission: "other")));
    }

    [Fact]
    public async Task Other_news_and_other_cities_leave_them_and_age_does_not()
    {
        Assert.Equal("1", await AskAsync());
        feed.Publish("alpha", [Notice with { Kind = LiveKind.Heartbeat }]);
        feed.Publish("beta", [Notice]);
        Assert.Equal("1", await AskAsync());
        clock.Advance(SharedFigures.MaxAge);
        Assert.Equal("2", await AskAsync());
        clock.Advance(SharedFigures.Pause);
        feed.Publish("alpha", [Notice with { Kind = LiveKind.Payment }]);
        Assert.Equal("3", await AskAsync());
        clock.Advance(SharedFigures.Pause);
        feed.Publish("alpha", [Notice with { Kind = LiveKind.Alarm }]);
        Assert.Equal("4", await AskAsync());
    }

    [Fact]
    public async Task A_reading_that_failed_is_not_kept()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => shared.GetAsync<string>(Person(), "see", "today", () => throw new InvalidOperationException()));
        clock.Advance(SharedFigures.Pause);
        Assert.Equal("1", await AskAsync());
    }
}
