using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>The double by hand: who may set it, on which stays, and that the fee follows at once.</summary>
public sealed class MarkTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    Actor attendant => field ??= day.City.RestrictedTo(day.City.North, OrderPermissions.Mark);

    Task DoubleTariffAsync(decimal factor = 2) => day.TariffAsync(t => t with
    {
        Factors = [new TariffFactor { Id = "double", AppliesTo = new AppliesTo { ByHand = true }, Factor = factor }]
    });

    async Task<Result<Done>> MarkAsync(bool marked, string? reason = "two berths", Actor? actor = null) =>
        await day.Platform.Get<MarkOrder>().RunAsync(actor ?? attendant, (await day.OrderAsync()).Id, marked, reason, Ct);

    async Task<List<string>> LogAsync()
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<OrderOperation>().Where(o => o.Kind == OrderOperationKind.Marked || o.Kind == OrderOperationKind.Unmarked).OrderBy(o => o.Id)
            .Select(o => $"{o.Kind} {o.By} {o.Detail}").ToListAsync(Ct);
    }

    [Fact]
    public async Task A_marked_stay_costs_the_double_and_its_explanation_says_why()
    {
        await DoubleTariffAsync();
        await day.EnterAsync(Car, 0);
        Assert.True((await MarkAsync(true)).Ok);
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        Assert.Equal((new Money(1400), "two berths"), (order.Owed, order.MarkReason));
        Assert.Contains("markedByHand", order.FeeLines);
        Assert.Contains("two berths", order.FeeLines);
        Assert.Equal(["Marked restricted two berths"], await LogAsync());
    }

    [Fact]
    public async Task At_the_exit_the_fee_changes_at_once_there_and_back()
    {
        await DoubleTariffAsync();
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        Assert.Equal(new Money(700), (await day.OrderAsync()).Owed);
        day.Commands();
        Assert.True((await MarkAsync(true)).Ok);
        Assert.Equal(new Money(1400), (await day.OrderAsync()).Owed);
        Assert.Equal([DeviceCommand.ShowText], day.Commands());
        Assert.True((await MarkAsync(false, "mistake")).Ok);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.AwaitingPayment, new Money(700), null), (order.State, order.Owed, order.MarkReason));
        Assert.DoesNotContain("markedByHand", order.FeeLines);
        Assert.Equal(["Marked restricted two berths", "Unmarked restricted mistake"], await LogAsync());
    }

    [Fact]
    public async Task A_second_click_changes_nothing()
    {
        await DoubleTariffAsync();
        await day.EnterAsync(Car, 0);
        Assert.True((await MarkAsync(false)).Ok);
        Assert.True((await MarkAsync(true)).Ok);
        var before = await day.OrderAsync();
        Assert.True((await MarkAsync(true, "again")).Ok);
        var after = await day.OrderAsync();
        Assert.Equal((before.RowVersion, "two berths"), (after.RowVersion, after.MarkReason));
        Assert.Single(await LogAsync());
    }

    [Fact]
    public async Task A_mark_that_makes_it_free_lets_the_car_out()
    {
        await DoubleTariffAsync(factor: 0);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Commands();
        Assert.True((await MarkAsync(true, "doctor on call")).Ok);
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        Assert.Equal(new WrongState(OrderState.Completed), (await MarkAsync(false)).Error);
    }

    [Fact]
    public async Task Arrears_can_be_marked_too()
    {
        await DoubleTariffAsync();
        await day.BerthAsync(true, -61, Car);
        await day.BerthAsync(false, 0);
        Assert.Equal(OrderState.Arrears, (await day.OrderAsync()).State);
        Assert.True((await MarkAsync(true, actor: day.City.User(OrderPermissions.Mark))).Ok);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Arrears, new Money(1400)), (order.State, order.Owed));
    }

    [Fact]
    public async Task Once_money_came_the_fee_stays()
    {
        await DoubleTariffAsync();
        await day.EnterAsync(Car, 0);
        day.Until(61);
        Assert.True((await day.CashAsync(await day.OrderAsync(), 700)).Ok);
        Assert.Equal(new AlreadyPaid(new Money(700), Currency.Yuan), (await MarkAsync(true)).Error);
        await day.LeaveAsync(Car, 62);
        Assert.Equal(new WrongState(OrderState.Completed), (await MarkAsync(true)).Error);
        Assert.Equal(new Money(700), (await day.OrderAsync()).Receivable);
    }

    [Fact]
    public async Task It_takes_a_tariff_that_charges_by_hand_and_a_reason()
    {
        await day.EnterAsync(Car, 0);
        Assert.Equal(new NothingByHand(), (await MarkAsync(true)).Error);
        Assert.Equal(new InvalidField("Reason", "required"), (await MarkAsync(true, " ")).Error);
        Assert.Equal(new InvalidField("Reason", "too-long"), (await MarkAsync(true, new string('x', 201))).Error);
        Assert.Null((await day.OrderAsync()).MarkReason);
    }

    [Fact]
    public async Task Who_may_not_mark_or_sees_another_lot_does_not()
    {
        await DoubleTariffAsync();
        await day.EnterAsync(Car, 0);
        await Assert.ThrowsAsync<AccessDeniedException>(() => MarkAsync(true, actor: day.City.User(OrderPermissions.Booth)));
        Assert.Equal(new NotFound("order"), (await MarkAsync(true, actor: day.City.RestrictedTo(day.City.South, OrderPermissions.Mark))).Error);
    }
}
