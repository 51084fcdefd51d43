using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Drivers;

namespace ParkingSaaS.Tests.Payments;

/// <summary>A driver pays by a channel, and the channel's callbacks come as they please.</summary>
public sealed class ChannelPaymentTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    TakePayment payments => field ??= new TakePayment(
        day.Platform.Get<CitySessions>(), day.Platform.Get<IEnumerable<IPayable>>(), [new Channel()], day.Platform.Get<LiveFeed>());

    sealed class Channel : IPaymentChannel
    {
        public string Code => "phone";

        public Task<int?> PriorityAsync(CitySession s, Guid lotId, CancellationToken ct) => Task.FromResult<int?>(0);

        public Task<Result<string>> BeginAsync(City city, Payment payment, Payer payer, CancellationToken ct) =>
            Task.FromResult<Result<string>>($"phone/{payment.Id}");

        public Task<ChannelProgress> RefundAsync(City city, Payment refund, Payment paid, CancellationToken ct) => Task.FromResult(ChannelProgress.Open);
    }

    Task<Result<string>> BeginAsync(Guid paymentId, Order order, long minor) =>
        payments.BeginAsync(day.Driver, new PaymentRequest(paymentId, order.Id, new Money(minor)), "phone", Ct);

    static Actor Phone(string city) => Actor.Channel(city, "phone", PaymentPermissions.Confirm);

    Task<Result<Done>> CallbackAsync(Guid paymentId, long minor = 700, string city = "alpha") =>
        payments.ConfirmAsync(Phone(city), paymentId, new Money(minor), "tx-1", Ct);

    Task<Result<Done>> CancelAsync(Guid paymentId, string city = "alpha") =>
        payments.FailAsync(Phone(city), paymentId, Ct);

    /// <summary>A car that owes 7 yuan stands at the exit, and its driver was sent to the channel.</summary>
    async Task<Guid> BegunAtExitAsync()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var id = Guid.CreateVersion7();
        Assert.Equal($"phone/{id}", (await BeginAsync(id, await day.OrderAsync(), 700)).Value);
        day.Commands();
        return id;
    }

    async Task<List<OrderOperationKind>> OperationsAsync()
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<OrderOperation>().OrderBy(o => o.At).ThenBy(o => o.Id).Select(o => o.Kind).ToListAsync(Ct);
    }

    [Fact]
    public async Task A_callback_pays_the_order_and_opens_the_gate()
    {
        var id = await BegunAtExitAsync();
        Assert.Equal(OrderState.AwaitingPayment, (await day.OrderAsync()).State);
        Assert.True((await CallbackAsync(id)).Ok);
        var payment = Assert.Single(await day.PaymentsAsync());
        Assert.Equal((PaymentState.Succeeded, "tx-1", "phone", new DateOnly(2026, 11, 21)),
            (payment.State, payment.Reference, payment.Method, payment.BusinessDate));
        Assert.Equal((OrderState.Completed, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
    }

    [Fact]
    public async Task A_callback_that_is_repeated_a_thousand_times_counts_once()
    {
        var id = await BegunAtExitAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct },
            async (_, _) => Assert.True((await CallbackAsync(id)).Ok));
        Assert.Equal(new Money(700), (await day.OrderAsync()).Received);
        Assert.Single(await day.PaymentsAsync());
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        Assert.Single(await OperationsAsync(), OrderOperationKind.Paid);
    }

    [Fact]
    public async Task A_double_click_is_one_payment()
    {
        var id = await BegunAtExitAsync();
        Assert.Equal($"phone/{id}", (await BeginAsync(id, await day.OrderAsync(), 700)).Value);
        Assert.Single(await day.PaymentsAsync());
    }

    [Fact]
    public async Task Who_comes_back_from_the_channel_and_pays_again_goes_on_with_the_same_payment()
    {
        var id = await BegunAtExitAsync();
        var order = await day.OrderAsync();
        Assert.Equal($"phone/{id}", (await BeginAsync(Guid.CreateVersion7(), order, 700)).Value);
        Assert.Equal(id, Assert.Single(await day.PaymentsAsync()).Id);
        Assert.IsType<AmountChanged>((await BeginAsync(Guid.CreateVersion7(), order, 600)).Error);

        // One that was given up is not gone on with, nor one that no channel keeps for so long.
        Assert.True((await CancelAsync(id)).Ok);
        var second = Guid.CreateVersion7();
        Assert.Equal($"phone/{second}", (await BeginAsync(second, order, 700)).Value);
        day.Platform.Clock.Advance(GiveUpPayments.MaxWait);
        var third = Guid.CreateVersion7();
        Assert.Equal($"phone/{third}", (await BeginAsync(third, order, 700)).Value);
        Assert.True((await CallbackAsync(third)).Ok);
        Assert.Equal(new NothingOwed(), (await BeginAsync(Guid.CreateVersion7(), order, 700)).Error);
    }

    [Fact]
    public async Task Pages_that_begin_at_one_instant_go_on_with_the_same_payment()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        var begun = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => BeginAsync(Guid.CreateVersion7(), order, 700), Ct)));
        var payment = Assert.Single(await day.PaymentsAsync());
        Assert.All(begun, b => Assert.Equal($"phone/{payment.Id}", b.Value));
    }

    [Fact]
    public async Task What_is_gone_on_with_covers_the_stay_up_to_when_it_was_shown_last()
    {
        await day.EnterAsync(Car, 0);
        day.Until(61);
        var (id, order) = (Guid.CreateVersion7(), await day.OrderAsync());
        Assert.Equal($"phone/{id}", (await BeginAsync(id, order, 700)).Value);
        day.Until(70);
        Assert.Equal($"phone/{id}", (await BeginAsync(Guid.CreateVersion7(), order, 700)).Value);
        Assert.True((await CallbackAsync(id)).Ok);
        Assert.Equal(Day.Minute(70), (await day.OrderAsync()).PaidUntil);
    }

    [Fact]
    public async Task A_wrong_amount_an_unknown_payment_and_a_foreign_city_change_nothing()
    {
        var id = await BegunAtExitAsync();
        Assert.IsType<AmountChanged>((await CallbackAsync(id, 1)).Error);
        Assert.IsType<NotFound>((await CallbackAsync(Guid.NewGuid())).Error);
        Assert.IsType<NotFound>((await CallbackAsync(id, 700, "beta")).Error);
        Assert.Equal((OrderState.AwaitingPayment, Money.Zero), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal(PaymentState.Pending, Assert.Single(await day.PaymentsAsync()).State);
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task A_driver_confirms_nothing_and_a_channel_only_what_was_begun_with_it()
    {
        var id = await BegunAtExitAsync();
        var driver = Driver.Of(day.Platform.Get<CityDirectory>().Get("alpha"));
        await Assert.ThrowsAsync<AccessDeniedException>(() => payments.ConfirmAsync(driver, id, new Money(700), "tx-1", Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => payments.FailAsync(driver, id, Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => payments.CashAsync(driver, new PaymentRequest(id, Guid.NewGuid(), new Money(700)), Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(
            () => payments.BeginAsync(Phone("alpha"), new PaymentRequest(id, Guid.NewGuid(), new Money(700)), "phone", Ct));
        var other = Actor.Channel("alpha", "other", PaymentPermissions.Confirm);
        Assert.Equal(new NotFound("payment"), (await payments.ConfirmAsync(other, id, new Money(700), "tx-1", Ct)).Error);
        Assert.Equal(new NotFound("payment"), (await payments.FailAsync(other, id, Ct)).Error);
        Assert.Equal(PaymentState.Pending, Assert.Single(await day.PaymentsAsync()).State);
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task A_callback_after_cash_is_kept_as_an_overpayment()
    {
        var id = await BegunAtExitAsync();
        Assert.True((await day.CashAsync(await day.OrderAsync(), 700)).Ok);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        Assert.True((await CallbackAsync(id)).Ok);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, new Money(700), new Money(1400), Money.Zero),
            (order.State, order.Receivable, order.Received, order.Owed));
        Assert.Contains(OrderOperationKind.Overpaid, await OperationsAsync());
        Assert.Equal(2, (await day.PaymentsAsync()).Count(p => p.State is PaymentState.Succeeded));
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task A_callback_that_comes_a_day_late_stands_on_the_day_on_which_the_money_came()
    {
        await day.EnterAsync(Car, 0);
        day.Until(61);
        var id = Guid.CreateVersion7();
        Assert.True((await BeginAsync(id, await day.OrderAsync(), 700)).Ok);
        day.Until(24 * 60);
        Assert.True((await CallbackAsync(id)).Ok);
        var order = await day.OrderAsync();
        // It pays for the first hour, as it was asked for; the rest of the stay is still owed.
        Assert.Equal((OrderState.Parked, new Money(700), Day.Minute(61)), (order.State, order.Received, order.PaidUntil!.Value));
        Assert.Equal(new DateOnly(2026, 11, 22), Assert.Single(await day.PaymentsAsync()).BusinessDate);
        var stay = await day.Platform.Get<DriverOrders>().FindAsync(Actor.Driver("alpha", OrderPermissions.Pay), order.Id, Ct);
        Assert.Equal(new Money(3000 - 700), stay!.Owed);
    }

    /// <summary>What was asked for pays for an hour and a half, and leaves a quarter of an hour.</summary>
    [Theory]
    [InlineData(89 + 15, OrderState.Completed, 700)]
    [InlineData(89 + 15 + 1 / 600.0, OrderState.AwaitingPayment, 900)]
    public async Task Money_for_leaving_in_time_may_come_when_the_car_stands_at_the_exit(double minute, OrderState state, long fee)
    {
        await day.EnterAsync(Car, 0);
        day.Until(89);
        var id = Guid.CreateVersion7();
        Assert.True((await BeginAsync(id, await day.OrderAsync(), 700)).Ok);
        await day.LeaveAsync(Car, minute);
        day.Commands();
        Assert.True((await CallbackAsync(id)).Ok);
        var order = await day.OrderAsync();
        Assert.Equal((state, new Money(fee), new Money(700)), (order.State, order.Receivable, order.Received));
        Assert.Equal(state is OrderState.Completed ? [DeviceCommand.OpenGate] : [], day.Commands());
    }

    [Fact]
    public async Task Money_that_was_asked_for_earlier_takes_no_time_away()
    {
        await day.EnterAsync(Car, 0);
        day.Until(61);
        var id = Guid.CreateVersion7();
        Assert.True((await BeginAsync(id, await day.OrderAsync(), 700)).Ok);
        day.Until(100);
        Assert.True((await day.CashAsync(await day.OrderAsync(), 900)).Ok);
        Assert.True((await CallbackAsync(id)).Ok);
        var order = await day.OrderAsync();
        Assert.Equal((Day.Minute(100), new Money(1600)), (order.PaidUntil!.Value, order.Received));
    }

    [Fact]
    public async Task A_cancelled_payment_has_failed_and_money_that_comes_all_the_same_counts_once()
    {
        var id = await BegunAtExitAsync();
        Assert.True((await CancelAsync(id)).Ok);
        Assert.True((await CancelAsync(id)).Ok);
        Assert.Equal(PaymentState.Failed, Assert.Single(await day.PaymentsAsync()).State);
        Assert.Equal(OrderState.AwaitingPayment, (await day.OrderAsync()).State);
        var stay = await day.Platform.Get<DriverOrders>().FindAsync(Actor.Driver("alpha", OrderPermissions.Pay), (await day.OrderAsync()).Id, Ct);
        Assert.True(stay!.GivenUp);
        Assert.IsType<PaymentGivenUp>((await BeginAsync(id, await day.OrderAsync(), 700)).Error);

        Assert.True((await CallbackAsync(id)).Ok);
        Assert.True((await CallbackAsync(id)).Ok);
        Assert.True((await CancelAsync(id)).Ok); // too late: the money is ours
        Assert.Equal(PaymentState.Succeeded, Assert.Single(await day.PaymentsAsync()).State);
        Assert.Equal((OrderState.Completed, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
    }

    [Fact]
    public async Task A_payment_that_nobody_finished_fails_after_half_an_hour_and_late_money_counts()
    {
        var id = await BegunAtExitAsync();
        var upkeep = day.Platform.Get<GiveUpPayments>();
        day.Until(61 + 30);
        Assert.Equal(0, await upkeep.RunAsync("alpha", Ct));
        day.Until(61 + 30 + 1 / 600.0);
        Assert.Equal(1, await upkeep.RunAsync("alpha", Ct));
        Assert.Equal(0, await upkeep.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Failed, Assert.Single(await day.PaymentsAsync()).State);
        Assert.True((await CallbackAsync(id)).Ok);
        Assert.Equal((OrderState.Completed, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal(0, await upkeep.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Succeeded, Assert.Single(await day.PaymentsAsync()).State);
    }

    [Fact]
    public async Task Cancelling_an_unknown_payment_or_in_a_foreign_city_changes_nothing()
    {
        var id = await BegunAtExitAsync();
        Assert.IsType<NotFound>((await CancelAsync(Guid.NewGuid())).Error);
        Assert.IsType<NotFound>((await CancelAsync(id, "beta")).Error);
        Assert.Equal(PaymentState.Pending, Assert.Single(await day.PaymentsAsync()).State);
    }

    [Fact]
    public async Task An_amount_that_has_grown_since_it_was_shown_is_refused()
    {
        await day.EnterAsync(Car, 0);
        day.Until(95);
        var refused = await BeginAsync(Guid.CreateVersion7(), await day.OrderAsync(), 700);
        Assert.Equal(new Money(900), Assert.IsType<AmountChanged>(refused.Error).Owed);
        Assert.Empty(await day.PaymentsAsync());
    }

    [Fact]
    public async Task Money_is_asked_for_up_to_the_minute_that_has_begun()
    {
        await day.EnterAsync(Car, 0);
        day.Until(60.9);
        Assert.True((await BeginAsync(Guid.CreateVersion7(), await day.OrderAsync(), 500)).Ok);
    }

    /// <summary>The number of a payment is no key to another's.</summary>
    [Fact]
    public async Task The_number_of_a_payment_pays_for_nothing_else()
    {
        var id = await BegunAtExitAsync();
        await day.BerthAsync(true, 0, "粤B54321", replay: true);
        var orders = await day.OrdersAsync();
        var (begun, other) = (orders.Single(o => o.Plate == Car), orders.Single(o => o.BerthId is not null));
        day.Until(62);
        Assert.Equal(new NotFound("payment"), (await BeginAsync(id, other, 700)).Error);
        Assert.Equal(new NotFound("payment"), (await CashAsync(id, begun)).Error);

        var cash = Guid.CreateVersion7();
        Assert.Null((await CashAsync(cash, begun)).Error);
        Assert.Null((await CashAsync(cash, begun)).Error);
        Assert.Equal(new NotFound("payment"), (await CashAsync(cash, other)).Error);
        Assert.Equal(new NotFound("payment"), (await BeginAsync(cash, begun, 700)).Error);
        Assert.Equal(new Money(700), (await day.OrdersAsync()).Single(o => o.Plate == Car).Received);
    }

    Task<Result<Done>> CashAsync(Guid paymentId, Order order) =>
        payments.CashAsync(day.City.User(PaymentPermissions.Cash), new PaymentRequest(paymentId, order.Id, new Money(700)), Ct);

    [Fact]
    public async Task An_unknown_channel_takes_no_money()
    {
        await day.EnterAsync(Car, 0);
        day.Until(61);
        Assert.IsType<UnknownChannel>((await payments.BeginAsync(day.Driver,
            new PaymentRequest(Guid.CreateVersion7(), (await day.OrderAsync()).Id, new Money(700)), "cash", Ct)).Error);
    }
}
