using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Finance;

/// <summary>What is paid back or given up of an order, and who looked before.</summary>
public sealed class ReviewTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    Actor Clerk => field ??= City.User(FinancePermissions.Ask, OrderPermissions.ChangeAmount);
    Actor Finance => field ??= City.User(FinancePermissions.Reviews, FinancePermissions.ReviewAsFinance);
    Actor Head => field ??= City.User(FinancePermissions.Reviews, FinancePermissions.ReviewAsManagement, FinancePermissions.Chains);

    /// <summary>A stay of ¥7.00 that is paid, and then costs less.</summary>
    async Task<Order> OverpaidAsync(long due = 200)
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Until(62);
        Assert.True((await day.CashAsync(await day.OrderAsync(), 700)).Ok);
        Assert.True((await ChangeAsync(due)).Ok);
        return await day.OrderAsync();
    }

    async Task<Order> ArrearsAsync()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        platform.Clock.Advance(TimeSpan.FromHours(3));
        await platform.Get<CloseWaiting>().RunAsync(City.Code, Ct);
        var order = await day.OrderAsync();
        Assert.Equal(OrderState.Arrears, order.State);
        return order;
    }

    async Task<Result<Done>> ChangeAsync(long amount, string? reason = "the machine was slow") =>
        await platform.Get<ChangeAmount>().RunAsync(Clerk, (await day.OrderAsync()).Id, new Money(amount), reason, Ct);

    Task<Result<Done>> AskAsync(ReviewRequest request) => platform.Get<AskReview>().RunAsync(Clerk, request, Ct);

    static ReviewRequest Refund(Order order, long amount) =>
        new(Guid.CreateVersion7(), ReviewKind.Refund, order.Id, new Money(amount), "transfer", "paid in two tabs");

    static ReviewRequest WriteOff(Order order, long amount) =>
        new(Guid.CreateVersion7(), ReviewKind.WriteOff, order.Id, new Money(amount), null, "stolen plate");

    Task<Result<Done>> SayAsync(Actor who, ReviewRequest request, ReviewSteps step, bool agreed = true, string? note = null, string? reference = "T-1") =>
        platform.Get<DecideReview>().RunAsync(who, new ReviewAnswer(request.Id, step, agreed, note, reference), Ct);

    async Task<Review> ReviewAsync(Guid id)
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Review>().AsNoTracking().SingleAsync(r => r.Id == id, Ct);
    }

    async Task<Dictionary<string, long>> AccountsAsync()
    {
        await using var s = await City.OpenAsync();
        return (await BookQueries.MovesAsync(s.Db.Set<Posting>(), Ct)).Where(m => m.Balance != Money.Zero).ToDictionary(m => m.Account, m => m.Balance.Minor);
    }

    static Dictionary<string, long> Balances(params (string, long)[] expected) => expected.ToDictionary(e => e.Item1, e => e.Item2);

    [Fact]
    public async Task A_fee_is_reduced_with_a_reason_and_set_back()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        Assert.Equal("Reason", Assert.IsType<InvalidField>((await ChangeAsync(300, " ")).Error).Field);
        Assert.Equal("Amount", Assert.IsType<InvalidField>((await ChangeAsync(701)).Error).Field);
        Assert.Equal("Amount", Assert.IsType<InvalidField>((await ChangeAsync(-1)).Error).Field);
        Assert.True((await ChangeAsync(300)).Ok);
        Assert.True((await ChangeAsync(300)).Ok);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.AwaitingPayment, 700, 400, 300), (order.State, order.Receivable.Minor, order.Discount.Minor, order.Owed.Minor));
        Assert.Equal(Balances(("income", -700), ("discount", 400), ("receivable", 300)), await AccountsAsync());
        Assert.True((await ChangeAsync(0)).Ok);
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
        Assert.True((await ChangeAsync(700)).Ok);
        Assert.Equal(OrderState.Arrears, (await day.OrderAsync()).State);
        Assert.Equal(Balances(("income", -700), ("receivable", 700)), await AccountsAsync());
        await using var s = await City.OpenAsync();
        Assert.Equal(3, await s.Db.Set<OrderOperation>().CountAsync(o => o.Kind == OrderOperationKind.AmountChanged, Ct));
    }

    [Fact]
    public async Task A_car_at_the_exit_goes_when_its_amount_is_let_go()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Until(62);
        Assert.True((await ChangeAsync(0)).Ok);
        await using var s = await City.OpenAsync();
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
        Assert.Contains(Core.Devices.DeviceCommand.OpenGate, await s.Db.Set<Core.Devices.DeviceCommand>().OrderBy(c => c.CreatedAt)
            .Where(c => c.OrderId != null && c.By == Clerk.Name).Select(c => c.Type).ToListAsync(Ct));
    }

    [Fact]
    public async Task What_was_paid_too_much_is_paid_back_once_another_person_agrees()
    {
        var order = await OverpaidAsync();
        Assert.True(order.Anomalies.HasFlag(OrderAnomaly.Overpaid));
        Assert.Equal(Balances(("income", -700), ("discount", 500), ("money:cash", 700), ("prepaid", -500)), await AccountsAsync());
        var request = Refund(order, 500);
        Assert.Equal(new RefundAboveOverpaid(new Money(500), Currency.Find("CNY")!), (await AskAsync(request with { Amount = new Money(501) })).Error);
        Assert.True((await AskAsync(request)).Ok);
        Assert.True((await AskAsync(request)).Ok);
        Assert.IsType<ReviewOpen>((await AskAsync(Refund(order, 500))).Error);
        Assert.Equal(700, (await day.OrderAsync()).Received.Minor);

        Assert.Equal("Reference", Assert.IsType<InvalidField>((await SayAsync(Finance, request, ReviewSteps.Finance, reference: "")).Error).Field);
        Assert.True((await SayAsync(Finance, request, ReviewSteps.Finance)).Ok);
        Assert.True((await SayAsync(Finance, request, ReviewSteps.Finance)).Ok);
        order = await day.OrderAsync();
        Assert.Equal((200, 0, OrderState.Completed), (order.Received.Minor, order.Owed.Minor, order.State));
        Assert.False(order.Anomalies.HasFlag(OrderAnomaly.Overpaid));
        Assert.Equal(Balances(("income", -700), ("discount", 500), ("money:cash", 700), ("money:transfer", -500)), await AccountsAsync());
        Assert.Equal(ReviewState.Agreed, (await ReviewAsync(request.Id)).State);
        await using var s = await City.OpenAsync();
        Assert.Equal([(700, "cash"), (-500, "transfer")], (await s.Db.Set<Payment>().OrderBy(p => p.CreatedAt).ToListAsync(Ct))
            .Select(p => ((int)p.Amount.Minor, p.Method)));
    }

    [Fact]
    public async Task Two_refunds_pay_back_no_more_than_was_paid_too_much()
    {
        var order = await OverpaidAsync();
        var (first, second) = (Refund(order, 300), Refund(order, 300));
        Assert.True((await AskAsync(first)).Ok);
        Assert.True((await SayAsync(Finance, first, ReviewSteps.Finance)).Ok);
        Assert.IsType<RefundAboveOverpaid>((await AskAsync(second)).Error);
        Assert.True((await AskAsync(second with { Amount = new Money(200) })).Ok);
        // The amount goes up again while somebody looks: what is asked for is no longer too much.
        Assert.True((await ChangeAsync(300)).Ok);
        Assert.IsType<RefundAboveOverpaid>((await SayAsync(Finance, second, ReviewSteps.Finance)).Error);
        Assert.Equal(400, (await day.OrderAsync()).Received.Minor);
    }

    [Fact]
    public async Task Two_who_decide_at_once_pay_back_once()
    {
        var order = await OverpaidAsync();
        var request = Refund(order, 500);
        Assert.True((await AskAsync(request)).Ok);
        var other = City.User(FinancePermissions.Reviews, FinancePermissions.ReviewAsFinance);
        var both = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            Task.Run(() => SayAsync(i % 2 == 0 ? Finance : other, request, ReviewSteps.Finance, reference: $"T-{i}"), Ct)));
        Assert.Contains(both, r => r.Ok);
        Assert.All(both.Where(r => !r.Ok), r => Assert.IsType<ReviewMoved>(r.Error));
        await using var s = await City.OpenAsync();
        Assert.Equal(1, await s.Db.Set<Payment>().CountAsync(p => p.Amount.Minor < 0, Ct));
        Assert.Equal(200, (await day.OrderAsync()).Received.Minor);
    }

    [Fact]
    public async Task Two_who_ask_at_once_ask_once()
    {
        var order = await OverpaidAsync();
        var asked = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => AskAsync(Refund(order, 500)), Ct)));
        Assert.Single(asked, r => r.Ok);
        Assert.All(asked.Where(r => !r.Ok), r => Assert.IsType<ReviewOpen>(r.Error));
    }

    [Fact]
    public async Task Each_step_of_a_chain_is_another_person_and_a_no_ends_it()
    {
        var save = platform.Get<SaveReviewChain>();
        Assert.Equal("Steps", Assert.IsType<InvalidField>((await save.RunAsync(Head, new(ReviewKind.WriteOff, 0, Money.Zero), Ct)).Error).Field);
        const ReviewSteps both = ReviewSteps.Finance | ReviewSteps.Management;
        Assert.True((await save.RunAsync(Head, new(ReviewKind.WriteOff, both, new Money(100)), Ct)).Ok);
        var order = await ArrearsAsync();
        var refused = WriteOff(order, 700);
        Assert.Equal(new AmountChanged(new Money(700), Currency.Find("CNY")!), (await AskAsync(refused with { Amount = new Money(600) })).Error);
        Assert.True((await AskAsync(refused)).Ok);
        Assert.IsType<NotYourTurn>((await SayAsync(Head, refused, ReviewSteps.Finance)).Error);
        Assert.IsType<ReviewMoved>((await SayAsync(Head, refused, ReviewSteps.Management)).Error);
        Assert.Equal("Note", Assert.IsType<InvalidField>((await SayAsync(Finance, refused, ReviewSteps.Finance, agreed: false)).Error).Field);
        Assert.True((await SayAsync(Finance, refused, ReviewSteps.Finance, agreed: false, note: "ask the owner first")).Ok);
        Assert.Equal(ReviewState.Refused, (await ReviewAsync(refused.Id)).State);
        Assert.Equal(OrderState.Arrears, (await day.OrderAsync()).State);

        var request = WriteOff(order, 700);
        Assert.True((await AskAsync(request)).Ok);
        var all = City.User(FinancePermissions.Reviews, FinancePermissions.ReviewAsFinance, FinancePermissions.ReviewAsManagement, FinancePermissions.Ask);
        Assert.True((await SayAsync(all, request, ReviewSteps.Finance)).Ok);
        Assert.IsType<SamePerson>((await SayAsync(all, request, ReviewSteps.Management)).Error);
        Assert.Equal(OrderState.Arrears, (await day.OrderAsync()).State);
        Assert.True((await SayAsync(Head, request, ReviewSteps.Management)).Ok);
        order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, 700, 0), (order.State, order.WrittenOff.Minor, order.Owed.Minor));
        Assert.Equal(Balances(("income", -700), ("written-off", 700)), await AccountsAsync());
    }

    [Fact]
    public async Task Whoever_asks_does_not_decide_and_may_take_it_back()
    {
        var order = await ArrearsAsync();
        var request = WriteOff(order, 700);
        var clerk = City.User(FinancePermissions.Ask, FinancePermissions.Reviews, FinancePermissions.ReviewAsFinance);
        Assert.True((await platform.Get<AskReview>().RunAsync(clerk, request, Ct)).Ok);
        Assert.IsType<SamePerson>((await SayAsync(clerk, request, ReviewSteps.Finance)).Error);
        var decide = platform.Get<DecideReview>();
        Assert.Equal(new NotFound("review"), (await decide.WithdrawAsync(Clerk, request.Id, Ct)).Error);
        Assert.True((await decide.WithdrawAsync(clerk, request.Id, Ct)).Ok);
        Assert.True((await decide.WithdrawAsync(clerk, request.Id, Ct)).Ok);
        Assert.IsType<ReviewMoved>((await SayAsync(Finance, request, ReviewSteps.Finance)).Error);
        Assert.Equal(OrderState.Arrears, (await day.OrderAsync()).State);
    }

    [Fact]
    public async Task A_little_is_done_at_once_where_the_city_wants_it_so()
    {
        Assert.True((await platform.Get<SaveReviewChain>().RunAsync(Head, new(ReviewKind.Refund, ReviewSteps.Finance, new Money(500)), Ct)).Ok);
        var order = await OverpaidAsync();
        Assert.True((await AskAsync(Refund(order, 500))).Ok);
        Assert.Equal(200, (await day.OrderAsync()).Received.Minor);
    }

    [Fact]
    public async Task Money_that_comes_for_what_was_given_up_is_recovered()
    {
        Assert.True((await platform.Get<SaveReviewChain>().RunAsync(Head, new(ReviewKind.WriteOff, ReviewSteps.Finance, new Money(700)), Ct)).Ok);
        var order = await ArrearsAsync();
        var begun = new Payment
        {
            Id = Guid.CreateVersion7(),
            LotId = order.LotId,
            PayableId = order.Id,
            Method = "demo",
            Amount = new Money(700),
            CreatedAt = platform.Clock.GetUtcNow(),
            QuotedAt = platform.Clock.GetUtcNow()
        };
        await using (var s = await City.OpenAsync())
        {
            s.Db.Add(begun);
            await s.Db.SaveChangesAsync(Ct);
        }
        Assert.True((await AskAsync(WriteOff(order, 700))).Ok);
        Assert.Equal(Balances(("income", -700), ("written-off", 700)), await AccountsAsync());
        var channel = Actor.Channel(City.Code, "demo", PaymentPermissions.Confirm);
        Assert.True((await platform.Get<TakePayment>().ConfirmAsync(channel, begun.Id, new Money(700), "tx", Ct)).Ok);
        Assert.Equal(Balances(("income", -700), ("money:demo", 700)), await AccountsAsync());
        Assert.Equal((0, 700), ((await day.OrderAsync()).WrittenOff.Minor, (await day.OrderAsync()).Received.Minor));
    }

    [Fact]
    public async Task Each_sees_and_decides_within_reach()
    {
        var order = await ArrearsAsync();
        var request = WriteOff(order, 700);
        Assert.True((await AskAsync(request)).Ok);
        var elsewhere = City.RestrictedTo(City.South, FinancePermissions.Reviews, FinancePermissions.ReviewAsFinance, FinancePermissions.Ask);
        Assert.Equal(new NotFound("review"), (await SayAsync(elsewhere, request, ReviewSteps.Finance)).Error);
        Assert.Equal(new NotFound("order"), (await platform.Get<AskReview>().RunAsync(elsewhere, WriteOff(order, 700), Ct)).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => AskWithAsync(City.User(FinancePermissions.Reviews)));
        await Assert.ThrowsAsync<AccessDeniedException>(() => SayAsync(Clerk, request, ReviewSteps.Finance));
        Assert.IsType<NotFound>((await platform.Get<SaveReviewChain>().RunAsync(City.RestrictedTo(City.North, FinancePermissions.Chains),
            new(ReviewKind.Refund, ReviewSteps.Finance, Money.Zero), Ct)).Error);

        Task<Result<Done>> AskWithAsync(Actor who) => platform.Get<AskReview>().RunAsync(who, WriteOff(order, 700), Ct);
    }

    /// <summary>Nobody can decide about the money of an order that is struck out.</summary>
    [Fact]
    public async Task What_was_asked_of_an_order_that_is_voided_or_merged_ends_with_it()
    {
        var order = await ArrearsAsync();
        var request = WriteOff(order, order.Owed.Minor);
        Assert.True((await AskAsync(request)).Ok);
        var clerk = City.User(OrderPermissions.Void, OrderPermissions.Reopen, OrderPermissions.Merge);
        Assert.True((await platform.Get<VoidOrder>().RunAsync(clerk, order.Id, "r", Ct)).Ok);
        Assert.Equal((ReviewState.Dropped, ReviewSteps.None), ((await ReviewAsync(request.Id)).State, (await ReviewAsync(request.Id)).Next));
        Assert.IsType<ReviewMoved>((await SayAsync(Finance, request, ReviewSteps.Finance)).Error);

        Assert.True((await platform.Get<ReopenOrder>().RunAsync(clerk, order.Id, "r", Ct)).Ok);
        await day.EnterAsync(Car, 300);
        await day.LeaveAsync(Car, 361);
        var last = (await day.OrdersAsync())[1];
        platform.Clock.Advance(TimeSpan.FromHours(3));
        await platform.Get<CloseWaiting>().RunAsync(City.Code, Ct);
        request = WriteOff(last, last.Owed.Minor);
        Assert.True((await AskAsync(request)).Ok);
        Assert.Equal(order.Id, (await platform.Get<MergeOrders>().RunAsync(clerk, order.Id, last.Id, "r", Ct)).Value);
        Assert.Equal(ReviewState.Dropped, (await ReviewAsync(request.Id)).State);
    }
}
