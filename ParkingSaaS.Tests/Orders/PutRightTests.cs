using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>Stays that people put right afterwards: brought back, merged, split.</summary>
public sealed class PutRightTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    Actor clerk => field ??= City.User(OrderPermissions.Void, OrderPermissions.Reopen, OrderPermissions.Merge, OrderPermissions.Booth,
        OrderPermissions.ChangeAmount);

    async Task VoidAsync(Order order) => Assert.True((await platform.Get<VoidOrder>().RunAsync(clerk, order.Id, "r", Ct)).Ok);

    Task<Result<Done>> ReopenAsync(Order order) => platform.Get<ReopenOrder>().RunAsync(clerk, order.Id, "r", Ct);

    Task<Result<Guid>> MergeAsync(Order one, Order other) => platform.Get<MergeOrders>().RunAsync(clerk, one.Id, other.Id, "r", Ct);

    Task<Result<Guid>> SplitAsync(Order order, double left, double back) =>
        platform.Get<SplitOrder>().RunAsync(clerk, new SplitRequest(order.Id, Day.Minute(left), Day.Minute(back), "r"), Ct);

    static (OrderState, long, double?, double?) Told(Order o) => (o.State, o.Owed.Minor, (o.EnteredAt - TestPlatform.Start)?.TotalMinutes,
        (o.ExitedAt - TestPlatform.Start)?.TotalMinutes);

    async Task<List<Order>> ValidAsync() => [.. (await day.OrdersAsync()).Where(o => o.State is not OrderState.Void)];

    /// <summary>Two stays of an hour, unpaid and gone.</summary>
    async Task<(Order First, Order Last)> TwoAsync()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        await day.EnterAsync(Car, 70);
        await day.LeaveAsync(Car, 131);
        return await day.OrdersAsync() is [var first, var last] ? (first, last) : throw new InvalidOperationException();
    }

    [Fact]
    public async Task What_was_voided_stands_again_as_it_was()
    {
        var (first, _) = await TwoAsync();
        Assert.Equal((OrderState.Arrears, 700, 0, 61), Told(first));
        await VoidAsync(first);
        Assert.Equal(0, (await day.OrdersAsync())[0].Owed.Minor);
        Assert.True((await ReopenAsync(first)).Ok);
        Assert.Equal((OrderState.Arrears, 700, 0, 61), Told((await day.OrdersAsync())[0]));
        Assert.True((await ReopenAsync(first)).Ok);
    }

    [Fact]
    public async Task A_car_that_was_voided_while_in_is_in_again_and_leaves_like_any_other()
    {
        await day.EnterAsync(Car, 0);
        var order = await day.OrderAsync();
        await VoidAsync(order);
        Assert.True((await ReopenAsync(order)).Ok);
        Assert.Equal(OrderState.Parked, (await day.OrderAsync()).State);
        Assert.True((await ReopenAsync(order)).Ok);
        await day.LeaveAsync(Car, 61);
        Assert.Equal((OrderState.AwaitingPayment, 700, 0, 61), Told(await day.OrderAsync()));
    }

    /// <summary>A car that came in again after the first was struck out: no two open stays.</summary>
    [Fact]
    public async Task Where_the_car_has_come_in_again_nobody_knows_when_it_left()
    {
        await day.EnterAsync(Car, 0);
        var first = await day.OrderAsync();
        await VoidAsync(first);
        await day.EnterAsync(Car, 30);
        Assert.True((await ReopenAsync(first)).Ok);
        var orders = await day.OrdersAsync();
        Assert.Equal([OrderState.Unresolved, OrderState.Parked], orders.Select(o => o.State));
        Assert.True(orders[0].Anomalies.HasFlag(OrderAnomaly.NoExit));
    }

    [Fact]
    public async Task A_voided_stay_that_would_lie_over_another_stays_void()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var first = await day.OrderAsync();
        await VoidAsync(first);
        await day.PassAsync(City.EntryCamera, Car, 20);
        await day.PassAsync(City.ExitCamera, Car, 40);
        Assert.IsType<StaysOverlap>((await ReopenAsync(first)).Error);
    }

    [Fact]
    public async Task An_exit_that_was_none_is_taken_back_and_what_was_paid_counts_at_the_next()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        Assert.True((await day.CashAsync(await day.OrderAsync(), 700)).Ok);
        Assert.True((await ReopenAsync(await day.OrderAsync())).Ok);
        Assert.Equal((OrderState.Parked, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        day.Commands();
        await day.LeaveAsync(Car, 121);
        var order = await day.OrderAsync();
        Assert.Equal(OrderState.AwaitingPayment, order.State);
        Assert.Equal(order.Receivable - new Money(700), order.Owed);
        // An event that comes late reads the history again; what a person took back stays so.
        await day.PassAsync(City.EntryCamera, Car, 0.5);
        Assert.Single(await day.OrdersAsync());
    }

    [Fact]
    public async Task Two_stays_become_one_and_two_again()
    {
        var (first, last) = await TwoAsync();
        Assert.Equal(1400, first.Owed.Minor + last.Owed.Minor);
        var candidate = Assert.Single(await platform.Get<MergeOrders>().CandidatesAsync(clerk, first.Id, Ct));
        Assert.Equal(last.Id, candidate.Id);
        Assert.Equal(first.Id, (await MergeAsync(last, first)).Value);
        Assert.Equal(first.Id, (await MergeAsync(first, last)).Value);
        var one = Assert.Single(await ValidAsync());
        Assert.Equal((first.Id, 0, 131), (one.Id, Told(one).Item3, Told(one).Item4));
        Assert.IsType<PartOfAnother>((await ReopenAsync(last)).Error);
        Assert.Equal([PassageOutcome.Opened, PassageOutcome.TurnedBack, PassageOutcome.TurnedBack, PassageOutcome.Closed],
            (await day.PassagesAsync()).OrderBy(p => p.At).Select(p => p.Outcome));

        var second = (await SplitAsync(one, 61, 70)).Value;
        Assert.Equal(second, (await SplitAsync(one, 61, 70)).Value);
        var two = await ValidAsync();
        Assert.Equal([first.Id, second], two.Select(o => o.Id));
        Assert.Equal([700L, 700L], two.Select(o => o.Owed.Minor));
        Assert.Equal([PassageOutcome.Opened, PassageOutcome.Closed, PassageOutcome.Opened, PassageOutcome.Closed],
            (await day.PassagesAsync()).OrderBy(p => p.At).Select(p => p.Outcome));
        Assert.Equal([first.Id, first.Id, second, second], (await day.PassagesAsync()).OrderBy(p => p.At).Select(p => p.OrderId!.Value));
    }

    [Fact]
    public async Task The_one_that_was_paid_for_stays_and_no_more_is_asked_than_the_rest()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        await day.EnterAsync(Car, 70);
        await day.LeaveAsync(Car, 131);
        var (first, last) = ((await day.OrdersAsync())[0], (await day.OrdersAsync())[1]);
        Assert.True((await day.CashAsync(last, 700)).Ok);
        Assert.Equal(last.Id, (await MergeAsync(first, last)).Value);
        var one = Assert.Single(await ValidAsync());
        Assert.Equal((last.Id, new Money(700), 0), (one.Id, one.Received, Told(one).Item3));
        Assert.Equal(one.Receivable - new Money(700), one.Owed);
        Assert.IsType<MoneyReceived>((await SplitAsync(one, 61, 70)).Error);
    }

    [Fact]
    public async Task Two_that_were_both_paid_for_stay_two()
    {
        var (first, last) = await TwoAsync();
        foreach (var order in new[] { first, last })
            Assert.True((await day.CashAsync(order, 700)).Ok);
        Assert.IsType<MoneyReceived>((await MergeAsync(first, last)).Error);
    }

    [Fact]
    public async Task A_car_that_never_left_is_in_after_the_merge_and_late_events_leave_it_so()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        await day.EnterAsync(Car, 70);
        var (first, last) = ((await day.OrdersAsync())[0], (await day.OrdersAsync())[1]);
        Assert.Equal(first.Id, (await MergeAsync(first, last)).Value);
        Assert.Equal((OrderState.Parked, 0, 0, null), Told(Assert.Single(await ValidAsync())));
        await day.PassAsync(City.ExitCamera, Car, 61.2);
        await day.PassAsync(City.EntryCamera, Car, 70.3);
        Assert.All(await ValidAsync(), o => Assert.NotNull(o.EnteredAt));
        await day.LeaveAsync(Car, 181);
        var left = Assert.Single(await ValidAsync());
        Assert.Equal((OrderState.AwaitingPayment, Day.Minute(0), Day.Minute(181)), (left.State, left.EnteredAt, left.ExitedAt));
    }

    [Fact]
    public async Task One_that_is_still_in_is_split_and_the_second_is_in()
    {
        await day.EnterAsync(Car, 0);
        day.Until(200);
        var order = await day.OrderAsync();
        Assert.True((await SplitAsync(order, 61, 139)).Ok);
        Assert.Equal([(OrderState.Arrears, 700L, 0d, (double?)61), (OrderState.Parked, 0L, 139d, null)], (await ValidAsync()).Select(Told));
        await day.LeaveAsync(Car, 201);
        Assert.Equal([700L, 700L], (await ValidAsync()).Select(o => o.Owed.Minor));
    }

    [Theory]
    [InlineData(-1, 30, "LeftAt")]
    [InlineData(30, 20, "CameBackAt")]
    [InlineData(30, 61, "CameBackAt")]
    [InlineData(70, 80, "LeftAt")]
    public async Task A_stay_is_split_within_itself(double left, double back, string field)
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        Assert.Equal(field, Assert.IsType<InvalidField>((await SplitAsync(await day.OrderAsync(), left, back)).Error).Field);
    }

    [Fact]
    public async Task Others_stays_and_other_cars_are_not_merged()
    {
        var (first, last) = await TwoAsync();
        await day.EnterAsync("粤B99999", 140);
        Assert.IsType<NoMatch>((await MergeAsync(first, (await day.OrdersAsync())[2])).Error);
        Assert.IsType<NoMatch>((await MergeAsync(first, first)).Error);
        Assert.IsType<NotFound>((await platform.Get<MergeOrders>().RunAsync(
            City.RestrictedTo(City.South, OrderPermissions.Merge), first.Id, last.Id, "r", Ct)).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() =>
            platform.Get<MergeOrders>().RunAsync(City.User(OrderPermissions.Booth), first.Id, last.Id, "r", Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => platform.Get<ReopenOrder>().RunAsync(City.User(OrderPermissions.Void), first.Id, "r", Ct));
        Assert.Equal("Reason", Assert.IsType<InvalidField>((await platform.Get<SplitOrder>().RunAsync(
            clerk, new SplitRequest(first.Id, Day.Minute(20), Day.Minute(30), " "), Ct)).Error).Field);
    }

    /// <summary>A third stay lies between.</summary>
    [Fact]
    public async Task Stays_with_another_between_them_are_not_merged()
    {
        var (first, _) = await TwoAsync();
        await day.EnterAsync(Car, 140);
        await day.LeaveAsync(Car, 201);
        Assert.IsType<StaysOverlap>((await MergeAsync(first, (await day.OrdersAsync())[2])).Error);
    }

    /// <summary>No gate opens for a car that is gone.</summary>
    [Fact]
    public async Task Gates_hear_of_those_that_stand_there_alone()
    {
        var (first, last) = await TwoAsync();
        Assert.Equal(OrderState.AwaitingPayment, last.State);
        day.Commands();
        Assert.True((await MergeAsync(first, last)).Ok);
        Assert.Equal([DeviceCommand.ShowText], day.Commands());
        Assert.True((await SplitAsync((await ValidAsync())[0], 61, 70)).Ok);
        Assert.Equal([DeviceCommand.ShowText], day.Commands());
        await VoidAsync((await ValidAsync())[0]);
        Assert.True((await ReopenAsync(first)).Ok);
        Assert.Equal([], day.Commands());
    }

    Task<Result<Done>> PlateAsync(Actor who, Order order, string plate) =>
        platform.Get<CorrectPlate>().RunAsync(who, order.Id, new TypedPlate(plate), "the picture", Ct);

    async Task FreeAsync(string plate) => Assert.True((await platform.Get<SavePlateRules>().RunAsync(City.User(VehiclePermissions.ManageLists),
        new(null, PlateListKind.White, [plate], null, null, null), Ct)).Ok);

    [Fact]
    public async Task A_paid_stay_of_another_car_costs_what_that_one_pays()
    {
        const string Free = "粤B00001";
        await FreeAsync(Free);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        Assert.True((await day.CashAsync(order, 700)).Ok);
        Assert.IsType<WrongState>((await PlateAsync(City.User(OrderPermissions.Booth), order, Free)).Error);
        Assert.True((await PlateAsync(clerk, order, Free)).Ok);
        Assert.True((await PlateAsync(clerk, order, Free)).Ok);
        order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, Money.Zero, new Money(700), true), (order.State, order.Due, order.Received, order.IsOverpaid));
        Assert.True(order.Anomalies.HasFlag(OrderAnomaly.Overpaid));

        // It was that one after all.
        Assert.True((await PlateAsync(clerk, order, Car)).Ok);
        order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, new Money(700), false), (order.State, order.Due, order.Anomalies.HasFlag(OrderAnomaly.Overpaid)));
    }

    [Fact]
    public async Task A_free_stay_that_was_another_cars_is_owed_and_what_a_person_let_go_is_not()
    {
        const string Free = "粤B00001";
        await FreeAsync(Free);
        await day.EnterAsync(Free, 0);
        await day.LeaveAsync(Free, 61);
        Assert.True((await PlateAsync(clerk, await day.OrderAsync(), Car)).Ok);
        Assert.Equal((OrderState.Arrears, 700, 0, 61), Told(await day.OrderAsync()));

        await day.EnterAsync("粤B22222", 100);
        day.Until(300);
        var waived = (await day.OrdersAsync())[1];
        Assert.True((await platform.Get<SetExitTime>().RunAsync(clerk, new(waived.Id, Day.Minute(200), null, true, "a doctor"), Ct)).Ok);
        Assert.True((await PlateAsync(clerk, waived, "粤B22223")).Ok);
        Assert.Equal((OrderState.Completed, 0, 100, 200), Told((await day.OrdersAsync())[1]));
        Assert.IsType<StaysOverlap>((await PlateAsync(clerk, await ThirdAsync(), "粤B22223")).Error);
    }

    async Task<Order> ThirdAsync()
    {
        await day.PassAsync(City.EntryCamera, "粤B33333", 120);
        await day.PassAsync(City.ExitCamera, "粤B33333", 121);
        return (await day.OrdersAsync()).Single(o => o.Plate == "粤B33333");
    }
}
