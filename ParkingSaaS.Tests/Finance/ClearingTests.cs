using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Finance.Clearing;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Finance;

/// <summary>What lots took in is shared out to the last minor unit, once, and the ledger says the same.</summary>
public sealed class ClearingTests(Cluster cluster) : DayTest(cluster)
{
    static readonly DateOnly First = new(2026, 11, 1), Last = new(2026, 11, 30);

    Actor Clerk => field ??= City.User(FinancePermissions.Clear, FinancePermissions.Clearing, FinancePermissions.Books, FinancePermissions.Prove);

    async Task<Guid> PartyAsync(string name) =>
        (await platform.Get<SaveParty>().RunAsync(Clerk, new PartyDetails(null, name, name, "工商银行深圳分行", "6222 0000 1111 2222"), Ct)).Value;

    Task<Result<Done>> AgreeAsync(Guid lot, DateOnly from, params (Guid Party, decimal Percent)[] shares) =>
        platform.Get<SaveAgreement>().RunAsync(Clerk, new AgreementDetails(lot, from, [.. shares.Select(x => new ShareDetails(x.Party, x.Percent))]), Ct);

    Task<Result<Done>> MakeAsync(Guid id, DateOnly? from = null, DateOnly? to = null) =>
        platform.Get<MakeClearing>().RunAsync(Clerk, id, from ?? First, to ?? Last, Ct);

    /// <summary>A paid stay of ¥7.00 today; then all days up to the first of December are proven.</summary>
    async Task<DateOnly> TakingsAsync()
    {
        await day.EnterAsync("粤B12345", 0);
        await day.LeaveAsync("粤B12345", 61);
        Assert.True((await day.CashAsync((await day.OrdersAsync())[0], 700)).Ok);
        DateOnly today;
        await using (var s = await City.OpenAsync())
            today = s.City.Zone.Date(s.Now);
        platform.Clock.Advance(new DateTime(2026, 12, 1, 4, 0, 0, DateTimeKind.Utc) - platform.Clock.GetUtcNow().UtcDateTime);
        await platform.Get<ProveBooks>().RunAsync(City.Code, Ct);
        return today;
    }

    async Task<List<ClearingStatement>> StatementsAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<ClearingStatement>().AsNoTracking().OrderBy(x => x.Party).ToListAsync(Ct);
    }

    /// <summary>What all entries came to on an account.</summary>
    async Task<long> BalanceAsync(string account)
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Posting>().SumAsync(Posting.To(account), Ct);
    }

    [Fact]
    public async Task What_a_lot_took_in_is_shared_out_paid_and_posted()
    {
        var (owner, company) = (await PartyAsync("A"), await PartyAsync("B"));
        var today = await TakingsAsync();
        Assert.True((await AgreeAsync(City.North.Id, First, (owner, 33.33m), (company, 50))).Ok);
        var run = Guid.NewGuid();
        Assert.True((await MakeAsync(run)).Ok);
        Assert.True((await MakeAsync(run)).Ok);
        var statements = await StatementsAsync();
        Assert.Equal([("A", 233L), ("B", 350L)], statements.Select(x => (x.Party, x.Amount.Minor)));
        Assert.Equal(("6222000011112222", "A"), (statements[0].AccountNumber, statements[0].AccountHolder));
        Assert.Equal((583L, -583L, 0L), (await BalanceAsync(Account.Shares), await BalanceAsync(Account.Parties), await BalanceAsync(Account.PaidOut)));

        var payOut = platform.Get<PayOutStatement>();
        foreach (var (paidOn, reference, field) in new[]
                 {
                     (null, "1", "PaidOn"), ((DateOnly?)Last, "1", "PaidOn"), (Last.AddDays(2), "1", "PaidOn"), (Last.AddDays(1), " ", "Reference")
                 })
            Assert.Equal(field, Assert.IsType<InvalidField>((await payOut.RunAsync(Clerk, statements[0].Id, paidOn, reference, Ct)).Error).Field);
        for (var i = 0; i < 2; i++)
            Assert.True((await payOut.RunAsync(Clerk, statements[0].Id, Last.AddDays(1), "T1", Ct)).Ok);
        Assert.Equal((-350L, -233L), (await BalanceAsync(Account.Parties), await BalanceAsync(Account.PaidOut)));
        Assert.IsType<StatementPaid>((await platform.Get<VoidClearing>().RunAsync(Clerk, run, "r", Ct)).Error);

        platform.Clock.Advance(TimeSpan.FromDays(1));
        await platform.Get<ProveBooks>().RunAsync(City.Code, Ct);
        var books = await platform.Get<BookQueries>().DayAsync(Clerk, Last.AddDays(1), null, Ct);
        Assert.Empty(books.Differences);
        Assert.Equal(700, (await platform.Get<BookQueries>().DayAsync(Clerk, today, null, Ct)).Day.Received.Minor);
        Assert.Equal(Money.Zero, books.Day.Received);
    }

    [Fact]
    public async Task A_period_is_shared_out_once_and_can_be_taken_back_before_anybody_is_paid()
    {
        var owner = await PartyAsync("A");
        Assert.True((await AgreeAsync(City.North.Id, First, (owner, 10))).Ok);
        Assert.IsType<DaysNotProven>((await MakeAsync(Guid.NewGuid())).Error);
        await TakingsAsync();
        Assert.Equal("To", Assert.IsType<InvalidField>((await MakeAsync(Guid.NewGuid(), Last, First)).Error).Field);
        Assert.IsType<NothingToShare>((await MakeAsync(Guid.NewGuid(), First.AddDays(-9), First.AddDays(-1))).Error);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MakeAsync(Guid.NewGuid())));
        Assert.Single(results, r => r.Ok);
        Assert.All(results.Where(r => !r.Ok), r => Assert.IsType<DaysCleared>(r.Error));
        Assert.IsType<DaysCleared>((await AgreeAsync(City.North.Id, Last, (owner, 20))).Error);
        Assert.Equal(-70, await BalanceAsync(Account.Parties));

        Guid run;
        await using (var s = await City.OpenAsync())
            run = await s.Db.Set<ClearingRun>().Select(c => c.Id).SingleAsync(Ct);
        var taken = platform.Get<VoidClearing>();
        Assert.Equal("required", Assert.IsType<InvalidField>((await taken.RunAsync(Clerk, run, " ", Ct)).Error).Rule);
        for (var i = 0; i < 2; i++)
            Assert.True((await taken.RunAsync(Clerk, run, "r", Ct)).Ok);
        Assert.Equal((0L, 0L), (await BalanceAsync(Account.Parties), await BalanceAsync(Account.Shares)));
        var statement = (await StatementsAsync())[0];
        Assert.IsType<StatementVoided>((await platform.Get<PayOutStatement>().RunAsync(Clerk, statement.Id, Last.AddDays(1), "T", Ct)).Error);
        Assert.True((await AgreeAsync(City.North.Id, Last.AddDays(-1), (owner, 20))).Ok);
        Assert.True((await MakeAsync(Guid.NewGuid())).Ok);
        Assert.Empty((await platform.Get<BookQueries>().DayAsync(Clerk, Last.AddDays(1), null, Ct)).Differences);
    }

    [Fact]
    public async Task A_forged_part_is_found()
    {
        Assert.True((await AgreeAsync(City.North.Id, First, (await PartyAsync("A"), 100))).Ok);
        await TakingsAsync();
        Assert.True((await MakeAsync(Guid.NewGuid())).Ok);
        await using (var s = await City.OpenAsync())
            await s.Db.Set<ClearingLine>().ExecuteUpdateAsync(set => set.SetProperty(l => l.Shared.Minor, 1000), Ct);
        Assert.Equal([(BookDifferenceKind.Shared, 700L, 1000L)], (await platform.Get<BookQueries>().DayAsync(Clerk, Last.AddDays(1), null, Ct)).Differences
            .Select(d => (d.Kind, d.Booked.Minor, d.Stands.Minor)));
        await using (var s = await City.OpenAsync())
            await s.Db.Set<ClearingLine>().ExecuteUpdateAsync(set => set.SetProperty(l => l.Shared.Minor, 700), Ct);
    }

    [Fact]
    public async Task Agreements_follow_each_other_and_one_without_parts_ends_the_sharing()
    {
        var (a, b) = (await PartyAsync("A"), await PartyAsync("B"));
        var today = await TakingsAsync();
        Assert.True((await AgreeAsync(City.North.Id, today.AddDays(-9), (a, 100))).Ok);
        Assert.True((await AgreeAsync(City.North.Id, today, (b, 100))).Ok);
        Assert.True((await AgreeAsync(City.North.Id, today.AddDays(1))).Ok);
        Assert.True((await MakeAsync(Guid.NewGuid(), today.AddDays(-9))).Ok);
        Assert.Equal([("B", 700L)], (await StatementsAsync()).Select(x => (x.Party, x.Amount.Minor)));
        await using var s = await City.OpenAsync();
        var line = await s.Db.Set<ClearingLine>().AsNoTracking().SingleAsync(Ct);
        Assert.Equal((today, today), (line.From, line.To));
    }

    [Fact]
    public async Task What_is_entered_wrong_is_said_beside_its_field()
    {
        var a = await PartyAsync("A");
        var save = platform.Get<SaveParty>();
        foreach (var (details, field, rule) in new[]
                 {
                     (new PartyDetails(null, "A", "x", "x", "12345678"), "Name", "taken"), (new(null, " ", "x", "x", "12345678"), "Name", "required"),
                     (new(null, "B", "", "x", "12345678"), "AccountHolder", "required"), (new(null, "B", "x", "x", "1234567"), "AccountNumber", "invalid"),
                     (new(null, "B", "x", "x", "１２３４５６７８"), "AccountNumber", "invalid")
                 })
        {
            var error = Assert.IsType<InvalidField>((await save.RunAsync(Clerk, details, Ct)).Error);
            Assert.Equal((field, rule), (error.Field, error.Rule));
        }
        foreach (var (shares, rule) in new ((Guid, decimal)[] Shares, string Rule)[]
                 {
                     ([(a, 0)], "invalid"), ([(a, -1)], "invalid"), ([(a, 100.5m)], "invalid"), ([(a, 1.001m)], "invalid"), ([(a, 1), (a, 2)], "twice"),
                     ([(a, 60), (await PartyAsync("B"), 40.01m)], "over-100")
                 })
            Assert.Equal(rule, Assert.IsType<InvalidField>((await AgreeAsync(City.North.Id, First, shares)).Error).Rule);
        Assert.IsType<NotFound>((await AgreeAsync(City.North.Id, First, (Guid.NewGuid(), 1))).Error);
        Assert.IsType<NotFound>((await AgreeAsync(Guid.NewGuid(), First, (a, 1))).Error);
    }

    /// <summary>Nothing is lost or made, and nobody is a whole minor unit away from their exact part.</summary>
    [Fact]
    public void Parts_sum_to_the_amount()
    {
        var ratios = Gen.Choose(0, 2500).ArrayOf(4);
        Prop.ForAll(Arb.From(Gen.Choose(-2_000_000_000, 2_000_000_000)), Arb.From(ratios), (amount, points) =>
        {
            points = [.. points, ClearingShare.Whole - points.Sum()];
            var parts = Apportionment.Of(new Money(amount), points);
            Assert.Equal(amount, parts.Sum(p => p.Minor));
            Assert.All(points.Zip(parts), x => Assert.True(Math.Abs((decimal)amount * x.First / ClearingShare.Whole - x.Second.Minor) < 1));
            Assert.Equal(parts.Select(p => -p.Minor), Apportionment.Of(new Money(-amount), points).Select(p => p.Minor));
        }).QuickCheckThrowOnFailure();
    }
}
