using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Tests.Passes;

namespace ParkingSaaS.Tests.Finance;

/// <summary>What is charged and what is paid stands in the ledger, once, for good.</summary>
public sealed class LedgerTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    async Task<string[]> PostingsAsync()
    {
        await using var s = await City.OpenAsync();
        return [.. (await s.Db.Set<Posting>().AsNoTracking().OrderBy(p => p.At).ThenBy(p => p.Id).ToListAsync(Ct))
            .Select(p => $"{p.Debit} < {p.Credit} {p.Amount.Minor}")];
    }

    [Fact]
    public async Task A_stay_is_charged_when_it_is_over_and_cash_settles_it()
    {
        await day.EnterAsync(Car, 0);
        Assert.Empty(await PostingsAsync());
        await day.LeaveAsync(Car, 61);
        Assert.Equal(["receivable < income 700"], await PostingsAsync());
        day.Until(62);
        Assert.True((await day.CashAsync(await day.OrderAsync(), 700)).Ok);
        Assert.Equal(["receivable < income 700", "money:cash < receivable 700"], await PostingsAsync());
    }

    [Fact]
    public async Task What_is_paid_in_advance_stands_to_the_drivers_credit_until_the_stay_is_over()
    {
        await day.EnterAsync(Car, 0);
        day.Until(61);
        Assert.True((await day.CashAsync(await day.OrderAsync(), 700)).Ok);
        Assert.Equal(["money:cash < prepaid 700"], await PostingsAsync());
        await day.LeaveAsync(Car, 65);
        Assert.Equal(["money:cash < prepaid 700", "prepaid < receivable 700", "receivable < income 700"], (await PostingsAsync()).Order());
    }

    [Fact]
    public async Task A_charge_that_is_let_go_is_given_back_by_another_entry()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Until(62);
        Assert.True((await platform.Get<VoidOrder>().RunAsync(City.User(OrderPermissions.Void), (await day.OrderAsync()).Id, "fire brigade", Ct)).Ok);
        Assert.Equal(["receivable < income 700", "income < receivable 700"], await PostingsAsync());
    }

    [Fact]
    public async Task A_pass_is_charged_when_it_is_paid_and_what_is_paid_back_is_given_back()
    {
        var desk = new Desk(day);
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Car));
        Assert.Equal(["money:cash < receivable 30000", "receivable < income 30000"], (await PostingsAsync()).Order());
        desk.At(new DateOnly(2026, 11, 30));
        Assert.True((await desk.Get<AskCancel>().RunAsync(desk.Clerk, pass.Id, "sold the car", Ct)).Ok);
        var back = (await desk.PassAsync(pass.Id)).Refund;
        Assert.True((await desk.Get<ReviewCancel>().ServiceAsync(desk.Clerk, pass.Id, back, null, Ct)).Ok);
        Assert.Equal(2, (await PostingsAsync()).Length);
        Assert.True((await desk.Get<ReviewCancel>().RefundAsync(desk.Manager, pass.Id, back, "transfer", "T-1", Ct)).Ok);
        Assert.Equal([$"income < receivable {back.Minor}", $"receivable < money:transfer {back.Minor}"], (await PostingsAsync())[2..].Order());
    }

    [Fact]
    public async Task The_database_keeps_entries_as_they_are_and_takes_none_that_is_not_one()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        await using var s = await City.OpenAsync();
        var postings = s.Db.Set<Posting>();
        await RefusedAsync(() => postings.ExecuteUpdateAsync(set => set.SetProperty(p => p.Kind, "pass"), Ct));
        await RefusedAsync(() => postings.ExecuteDeleteAsync(Ct));
        var entry = await postings.AsNoTracking().SingleAsync(Ct);
        foreach (var (amount, debit, credit) in new[] { (0L, "a", "b"), (-1L, "a", "b"), (1L, "a", "a") })
            await RefusedAsync(() => s.Db.LoadAsync([new Posting
            {
                Id = Guid.CreateVersion7(),
                LotId = entry.LotId,
                At = entry.At,
                Day = entry.Day,
                Debit = debit,
                Credit = credit,
                Amount = new Money(amount),
                Kind = entry.Kind,
                PayableId = entry.PayableId
            }], Ct));
        Assert.Single(await PostingsAsync());

        async Task RefusedAsync(Func<Task> write)
        {
            await using var transaction = await s.Db.Database.BeginTransactionAsync(Ct);
            var refused = await Assert.ThrowsAnyAsync<Exception>(write);
            Assert.IsType<PostgresException>(refused.GetBaseException());
            await transaction.RollbackAsync(Ct);
        }
    }

    [Fact]
    public async Task An_attempt_to_save_that_lost_a_race_posts_nothing_twice()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Until(62);
        await using var s = await City.OpenAsync();
        var order = await s.Db.Set<Order>().SingleAsync(Ct);
        order.Receivable = new Money(900);
        await using (var other = await City.OpenAsync())
            await other.Db.Set<Order>().ExecuteUpdateAsync(set => set.SetProperty(o => o.MarkReason, "meanwhile"), Ct);
        Assert.IsType<ChangedMeanwhile>((await s.SaveAsync(Ct)).Error);
        s.Db.Entry(order).Property(o => o.RowVersion).OriginalValue =
            await s.Db.Set<Order>().AsNoTracking().Select(o => o.RowVersion).SingleAsync(Ct);
        Assert.True((await s.SaveAsync(Ct)).Ok);
        Assert.Equal(["receivable < income 700", "receivable < income 200"], await PostingsAsync());
    }

    [Fact]
    public async Task A_day_is_proven_when_it_is_over_and_again_with_the_same_result()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        await day.CashAsync(await day.OrderAsync(), 700);
        await day.EnterAsync("粤B00001", 70);
        await day.LeaveAsync("粤B00001", 131);
        var prove = platform.Get<ProveBooks>();
        Assert.Equal(0, await prove.RunAsync(City.Code, Ct));
        platform.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(2, await prove.RunAsync(City.Code, Ct));
        Assert.Equal(0, await prove.RunAsync(City.Code, Ct));
        var expected = new (DateOnly, long, long, long?, int?)[]
        {
            (new DateOnly(2026, 11, 22), 0, 0, 700, 0), (new DateOnly(2026, 11, 21), 1400, 700, 700, 0)
        };
        Assert.Equal(expected, await DaysAsync());
        var (clerk, first) = (City.User(FinancePermissions.Prove), new DateOnly(2026, 11, 21));
        Assert.Equal(0, (await prove.RunAsync(clerk, first, Ct)).Value);
        Assert.Equal(expected, await DaysAsync());

        // It is read anew: what is no longer so is found, and what is so again as well.
        await ReceivedAsync(5);
        Assert.Equal(5, (await prove.RunAsync(clerk, first, Ct)).Value);
        await ReceivedAsync(-5);
        Assert.Equal(0, (await prove.RunAsync(clerk, first, Ct)).Value);
        Assert.Equal(expected, await DaysAsync());
        Assert.Equal("Day", Assert.IsType<InvalidField>(
            (await prove.RunAsync(City.User(FinancePermissions.Prove), new DateOnly(2026, 11, 23), Ct)).Error).Field);

        async Task ReceivedAsync(long more)
        {
            await using var s = await City.OpenAsync();
            await s.Db.Set<Order>().ExecuteUpdateAsync(set => set.SetProperty(o => o.Received.Minor, o => o.Received.Minor + more), Ct);
        }

        async Task<(DateOnly, long, long, long?, int?)[]> DaysAsync() =>
            [.. (await platform.Get<BookQueries>().DaysAsync(City.User(FinancePermissions.Books), new(2026, 11, 1), new(2026, 11, 30), null, Ct)).Value
                .Select(d => (d.Day, d.Charged.Minor, d.Received.Minor, d.Outstanding?.Minor, d.Differences))];
    }

    [Fact]
    public async Task No_day_is_left_out_and_each_sees_the_books_within_reach()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        platform.Clock.Advance(TimeSpan.FromDays(5));
        var (prove, clerk) = (platform.Get<ProveBooks>(), City.User(FinancePermissions.Prove));
        Assert.Equal("Day", Assert.IsType<InvalidField>((await prove.RunAsync(clerk, new DateOnly(2026, 11, 24), Ct)).Error).Field);
        Assert.True((await prove.RunAsync(clerk, new DateOnly(2026, 11, 21), Ct)).Ok);
        Assert.Equal(4, await prove.RunAsync(City.Code, Ct));

        var books = platform.Get<BookQueries>();
        var (month, last) = (new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30));
        async Task<long> ChargedAsync(Actor who, Guid? lot) => (await books.DaysAsync(who, month, last, lot, Ct)).Value.Sum(d => d.Charged.Minor);
        var (north, south) = (City.RestrictedTo(City.North, FinancePermissions.Books), City.RestrictedTo(City.South, FinancePermissions.Books));
        Assert.Equal((700, 0), (await ChargedAsync(north, null), await ChargedAsync(north, City.South.Id)));
        Assert.Equal((0, 700), (await ChargedAsync(south, null), await ChargedAsync(City.User(FinancePermissions.Books), City.North.Id)));
        Assert.Empty((await books.DayAsync(south, new DateOnly(2026, 11, 21), null, Ct)).Accounts);
        await Assert.ThrowsAsync<AccessDeniedException>(() => books.DaysAsync(clerk, month, last, null, Ct));
    }

    [Fact]
    public async Task A_change_behind_a_day_long_proven_shows_in_what_all_drivers_owe()
    {
        ForgeBooks();
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        platform.Clock.Advance(TimeSpan.FromDays(3));
        var (prove, books, clerk) = (platform.Get<ProveBooks>(), platform.Get<BookQueries>(), City.User(FinancePermissions.Books));
        Assert.Equal(3, await prove.RunAsync(City.Code, Ct));
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Order>().ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OrderState.Completed).SetProperty(o => o.Received.Minor, 900), Ct);
        platform.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await prove.RunAsync(City.Code, Ct));
        var detail = await books.DayAsync(clerk, order.BusinessDate.AddDays(3), null, Ct);
        Assert.Equal([(BookDifferenceKind.AllOutstanding, 700, 0), (BookDifferenceKind.AllPrepaid, 0, 200)],
            detail.Differences.OrderBy(d => d.Kind).Select(d => (d.Kind, (int)d.Booked.Minor, (int)d.Stands.Minor)));
        Assert.Equal(2, detail.Day.Differences);
    }

    [Fact]
    public async Task What_somebody_changed_behind_the_ledger_is_found_and_named()
    {
        ForgeBooks();
        foreach (var (car, minute) in new[] { (Car, 0), ("粤B00001", 2), ("粤B00002", 4) })
        {
            await day.EnterAsync(car, minute * 61);
            await day.LeaveAsync(car, minute * 61 + 61);
        }
        var orders = await day.OrdersAsync();
        await day.CashAsync(orders[2], 700);
        await using (var s = await City.OpenAsync())
        {
            await s.Db.Set<Order>().Where(o => o.Id == orders[0].Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Receivable.Minor, 800), Ct);
            await s.Db.Set<Order>().Where(o => o.Id == orders[1].Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Received.Minor, 5), Ct);
            await s.Db.Set<Payment>().ExecuteUpdateAsync(set => set.SetProperty(p => p.Amount.Minor, 650), Ct);
        }
        platform.Clock.Advance(TimeSpan.FromDays(1));
        var ofDay = orders[0].BusinessDate;
        Assert.Equal(4, (await platform.Get<ProveBooks>().RunAsync(City.User(FinancePermissions.Prove), ofDay, Ct)).Value);
        var detail = await platform.Get<BookQueries>().DayAsync(City.User(FinancePermissions.Books), ofDay, null, Ct);
        Assert.Equal(4, detail.Day.Differences);
        Assert.Equal(
            [
                (BookDifferenceKind.Charged, (Guid?)orders[0].Id, (string?)null, 700, 800),
                (BookDifferenceKind.Received, orders[1].Id, null, 0, 5),
                (BookDifferenceKind.Payment, orders[2].Id, "cash", 700, 650),
                (BookDifferenceKind.AllOutstanding, null, null, 1400, 1495)
            ],
            detail.Differences.OrderBy(d => d.Kind)
                .Select(d => (d.Kind, d.OrderId, d.Method, (int)d.Booked.Minor, (int)d.Stands.Minor)));
        Assert.Equal([("income", 0, 2100), ("money:cash", 700, 0), ("receivable", 2100, 700)],
            detail.Accounts.Select(a => (a.Account, (int)a.Debits.Minor, (int)a.Credits.Minor)));
    }
}
