using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Finance;

/// <summary>A month of the books is closed when all of it is proven, and stays as it was.</summary>
public sealed class CloseMonthTests(Cluster cluster) : DayTest(cluster)
{
    static readonly DateOnly November = new(2026, 11, 1);

    Actor Clerk => field ??= City.User(FinancePermissions.Books, FinancePermissions.Close, FinancePermissions.Prove);

    Task<Result<Done>> CloseAsync(DateOnly month, string? note = null) => platform.Get<CloseMonth>().RunAsync(Clerk, month, note, Ct);

    Task<IReadOnlyList<BookMonthSums>> MonthsAsync() => platform.Get<BookQueries>().MonthsAsync(Clerk, Ct);

    /// <summary>A stay that is paid and one that is not, on one day of November; then the clock goes on to a day.</summary>
    async Task NovemberAsync(DateOnly until)
    {
        await day.EnterAsync("粤B12345", 0);
        await day.EnterAsync("粤B54321", 1);
        await day.LeaveAsync("粤B12345", 61);
        await day.LeaveAsync("粤B54321", 62);
        Assert.True((await day.CashAsync((await day.OrdersAsync())[0], 700)).Ok);
        platform.Clock.Advance(until.ToDateTime(new TimeOnly(4, 0)) - platform.Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task A_month_is_closed_when_it_is_over_and_proven_and_shows_what_it_came_to()
    {
        await NovemberAsync(new DateOnly(2026, 11, 30));
        await platform.Get<ProveBooks>().RunAsync(City.Code, Ct);
        Assert.IsType<MonthNotProven>((await CloseAsync(November)).Error);
        platform.Clock.Advance(TimeSpan.FromDays(1));
        Assert.IsType<MonthNotProven>((await CloseAsync(November)).Error);
        await platform.Get<ProveBooks>().RunAsync(City.Code, Ct);
        Assert.IsType<EarlierMonthOpen>((await CloseAsync(November.AddMonths(1))).Error);
        Assert.True((await MonthsAsync())[^1].Next);

        Assert.True((await CloseAsync(November)).Ok);
        Assert.True((await CloseAsync(November)).Ok);
        var month = (await MonthsAsync())[^1];
        Assert.Equal((November, 1400, 700, 700),
            (month.Month.Day, month.Month.Charged.Minor, month.Month.Received.Minor, month.Month.Outstanding!.Value.Minor));
        Assert.Equal((month.Days, month.Days, 3, Clerk.Name, ""), (month.Proven, month.Days, month.Closed!.Entries, month.Closed.ClosedBy, month.Closed.Note));
        Assert.False(month.Next);
        Assert.IsType<MonthClosed>((await platform.Get<ProveBooks>().RunAsync(Clerk, new DateOnly(2026, 11, 30), Ct)).Error);
        Assert.IsType<MonthNotProven>((await CloseAsync(November.AddMonths(1))).Error);
    }

    [Fact]
    public async Task A_closed_month_takes_no_entry_and_what_is_put_right_later_stands_later()
    {
        await NovemberAsync(new DateOnly(2026, 12, 1));
        await platform.Get<ProveBooks>().RunAsync(City.Code, Ct);
        Assert.True((await CloseAsync(November)).Ok);
        Assert.True((await platform.Get<VoidOrder>().RunAsync(City.User(OrderPermissions.Void), (await day.OrdersAsync())[1].Id, "r", Ct)).Ok);
        var months = await MonthsAsync();
        Assert.Equal([-700L, 1400L], months.Select(m => m.Month.Charged.Minor));

        await using var s = await City.OpenAsync();
        await using var transaction = await s.Db.Database.BeginTransactionAsync(Ct);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => s.Db.LoadAsync([new Posting
        {
            Id = Guid.CreateVersion7(),
            LotId = City.North.Id,
            At = s.Now,
            Day = new DateOnly(2026, 11, 30),
            Debit = Account.Receivable,
            Credit = Account.Income,
            Amount = new Money(1),
            Kind = Payment.Order,
            PayableId = Guid.NewGuid()
        }], Ct));
        Assert.Equal("a closed month takes no entry", Assert.IsType<PostgresException>(refused.GetBaseException()).MessageText);
    }

    [Fact]
    public async Task A_month_with_differences_is_closed_by_who_says_why_alone()
    {
        ForgeBooks();
        await NovemberAsync(new DateOnly(2026, 12, 1));
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Order>().Where(o => o.State == OrderState.Completed).ExecuteUpdateAsync(o => o.SetProperty(x => x.Receivable.Minor, 800), Ct);
        await platform.Get<ProveBooks>().RunAsync(City.Code, Ct);
        Assert.Equal(("Note", "required"), Assert.IsType<InvalidField>((await CloseAsync(November)).Error) is var wrong ? (wrong.Field, wrong.Rule) : default);
        Assert.True((await CloseAsync(November, " typed past the program, see ticket 12 ")).Ok);
        var closed = (await MonthsAsync())[^1].Closed!;
        Assert.True(closed.Differences > 0);
        Assert.Equal("typed past the program, see ticket 12", closed.Note);
    }

    [Fact]
    public async Task A_day_whose_proof_says_otherwise_than_its_entries_is_named()
    {
        await NovemberAsync(new DateOnly(2026, 12, 1));
        await platform.Get<ProveBooks>().RunAsync(City.Code, Ct);
        await using (var s = await City.OpenAsync())
            await s.Db.Set<BookProof>().Where(p => p.Day == new DateOnly(2026, 11, 25)).ExecuteUpdateAsync(p => p.SetProperty(x => x.Outstanding.Minor, 5), Ct);
        Assert.Equal(new DateOnly(2026, 11, 25), Assert.IsType<DayNotAsProven>((await CloseAsync(November)).Error).Day);
    }

    [Fact]
    public async Task Two_who_close_at_once_close_once_and_who_may_not_does_not()
    {
        await NovemberAsync(new DateOnly(2026, 12, 1));
        await platform.Get<ProveBooks>().RunAsync(City.Code, Ct);
        await Assert.ThrowsAsync<AccessDeniedException>(() => platform.Get<CloseMonth>().RunAsync(City.User(FinancePermissions.Prove), November, null, Ct));
        Assert.IsType<NotFound>((await platform.Get<CloseMonth>().RunAsync(City.RestrictedTo(City.North, FinancePermissions.Close), November, null, Ct)).Error);
        Assert.IsType<NotFound>((await CloseAsync(new DateOnly(2026, 11, 2))).Error);
        Assert.IsType<NotFound>((await CloseAsync(new DateOnly(2026, 10, 1))).Error);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CloseAsync(November))), result => Assert.True(result.Ok));
        await using var s = await City.OpenAsync();
        Assert.Single(await s.Db.Set<BookMonth>().ToListAsync(Ct));
    }
}
