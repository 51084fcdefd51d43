using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>One car read twice at a lane with plates that look alike: the pair is marked, and a person says what it is.</summary>
public sealed class MisreadTests(Cluster cluster) : DayTest(cluster)
{
    const string Wrong = "浙B12845";
    const string Right = "浙B12345";

    Actor Booth => City.User(OrderPermissions.Booth);

    SettleMisread Settle => platform.Get<SettleMisread>();

    static double Second(double seconds) => seconds / 60;

    async Task<(Order Wrong, Order Right)> EnterTwiceAsync(double apart = 2, string wrong = Wrong)
    {
        await day.EnterAsync(wrong, 0);
        await day.EnterAsync(Right, Second(apart));
        return (await OrderAsync(wrong), await OrderAsync(Right));
    }

    async Task<Order> OrderAsync(string plate) => (await day.OrdersAsync()).Single(o => o.Plate == plate);

    async Task<OrderOperationKind[]> LogAsync(Order order)
    {
        await using var s = await City.OpenAsync();
        return [.. await s.Db.Set<OrderOperation>().Where(o => o.OrderId == order.Id).OrderBy(o => o.Id).Select(o => o.Kind).ToListAsync(Ct)];
    }

    [Fact]
    public async Task Two_readings_of_one_car_are_marked_and_joined_by_a_person()
    {
        var (wrong, right) = await EnterTwiceAsync();
        Assert.Equal((right.Id, wrong.Id), (wrong.MisreadOf, right.MisreadOf));
        Assert.All(new[] { wrong, right }, o => Assert.Equal((OrderAnomaly.Misread, OrderState.Parked), (o.Anomalies, o.State)));

        // The right one leaves and pays; the other would stay for ever.
        await day.LeaveAsync(Right, 40);
        await day.CashAsync(await OrderAsync(Right), 500);
        Assert.True((await Settle.SameCarAsync(Booth, right.Id, wrong.Id, "pictures", Ct)).Ok);
        (wrong, right) = (await OrderAsync(Wrong), await OrderAsync(Right));
        Assert.Equal((OrderState.Void, OrderState.Completed), (wrong.State, right.State));
        Assert.Equal((Money.Zero, new Money(500)), (wrong.Owed, right.Received));
        Assert.Equal((null, null, OrderAnomaly.Corrected), (wrong.MisreadOf, right.MisreadOf, right.Anomalies));
        Assert.Equal([OrderOperationKind.Entered, OrderOperationKind.Misread, OrderOperationKind.Merged], await LogAsync(wrong));
        Assert.Contains(OrderOperationKind.MisreadJoined, await LogAsync(right));
        Assert.All(await day.PassagesAsync(), p => Assert.Equal(right.Id, p.OrderId));
        await using var s = await City.OpenAsync();
        Assert.Equal(0, await s.Db.Set<Order>().CountAsync(Order.IsInLot, Ct));
    }

    [Fact]
    public async Task While_it_is_in_it_has_come_with_the_first_reading_and_saying_so_twice_changes_nothing()
    {
        var (wrong, right) = await EnterTwiceAsync();
        Assert.True((await Settle.SameCarAsync(Booth, right.Id, wrong.Id, "pictures", Ct)).Ok);
        Assert.Equal(wrong.EnteredAt, (await OrderAsync(Right)).EnteredAt);
        var log = await LogAsync(right);
        Assert.True((await Settle.SameCarAsync(Booth, right.Id, wrong.Id, "pictures", Ct)).Ok);
        Assert.Equal(new InvalidField("Reason", "required"), (await Settle.SameCarAsync(Booth, right.Id, wrong.Id, "", Ct)).Error);
        Assert.Equal(log, await LogAsync(right));
        Assert.Equal(EventOutcome.Recorded, (await day.PassAsync(City.EntryCamera, Right, Second(2), "again", replay: true)).Outcome);
        Assert.Equal(OrderAnomaly.Corrected, (await OrderAsync(Right)).Anomalies & (OrderAnomaly.Corrected | OrderAnomaly.Misread));
    }

    [Fact]
    public async Task What_left_under_the_wrong_plate_has_left()
    {
        var (wrong, right) = await EnterTwiceAsync();
        await day.LeaveAsync(Wrong, 40);
        Assert.True((await Settle.SameCarAsync(Booth, right.Id, wrong.Id, "pictures", Ct)).Ok);
        right = await OrderAsync(Right);
        Assert.Equal((OrderState.AwaitingPayment, Day.Minute(40), new Money(500)), (right.State, right.ExitedAt, right.Receivable));
        Assert.Equal(OrderState.Void, (await OrderAsync(Wrong)).State);
    }

    [Fact]
    public async Task A_person_may_say_that_they_are_two()
    {
        var (wrong, right) = await EnterTwiceAsync();
        Assert.True((await Settle.TwoCarsAsync(Booth, wrong.Id, right.Id, "pictures", Ct)).Ok);
        Assert.True((await Settle.TwoCarsAsync(Booth, wrong.Id, right.Id, "pictures", Ct)).Ok);
        Assert.All(await day.OrdersAsync(), o => Assert.Equal((OrderAnomaly.None, null, OrderState.Parked), (o.Anomalies, o.MisreadOf, o.State)));
        Assert.Equal([OrderOperationKind.Entered, OrderOperationKind.Misread, OrderOperationKind.TwoCars], await LogAsync(right));
        // Read once more, they are still two.
        await day.PassAsync(City.EntryCamera, Right, Second(4));
        Assert.All(await day.OrdersAsync(), o => Assert.Null(o.MisreadOf));
    }

    [Theory]
    [InlineData(10, Wrong, true)]
    [InlineData(10.1, Wrong, false)]
    [InlineData(2, "浙B12845D", false)] // two characters
    [InlineData(2, "浙B1234", true)] // one was not read
    [InlineData(2, "粤A00001", false)]
    public async Task Seconds_and_characters_are_the_lots(double apart, string other, bool marked)
    {
        var (wrong, right) = await EnterTwiceAsync(apart, other);
        Assert.Equal((marked, marked), (wrong.MisreadOf is not null, right.MisreadOf is not null));
    }

    [Theory]
    [InlineData(0, 1, 2, Wrong, false)]
    [InlineData(30, 1, 30, Wrong, true)]
    [InlineData(10, 2, 2, "浙B12846", true)]
    public async Task A_lot_may_set_them_otherwise(int seconds, int characters, double apart, string other, bool marked)
    {
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Lot>().ExecuteUpdateAsync(u => u.SetProperty(l => l.MisreadSeconds, seconds).SetProperty(l => l.MisreadCharacters, characters), Ct);
        Assert.Equal(marked, (await EnterTwiceAsync(apart, other)).Right.MisreadOf is not null);
    }

    [Fact]
    public async Task At_exits_too_but_not_across_lanes_or_ways()
    {
        await day.LeaveAsync(Wrong, 0);
        await day.LeaveAsync(Right, Second(3));
        Assert.All(await day.OrdersAsync(), o => Assert.True(o.Anomalies.HasFlag(OrderAnomaly.Misread)));
        await day.EnterAsync("粤A11111", 10);
        await day.LeaveAsync("粤A11112", 10 + Second(2));
        Assert.Null((await OrderAsync("粤A11111")).MisreadOf);
    }

    [Fact]
    public async Task A_third_reading_names_one_of_the_others_and_goes_to_the_one_that_stays()
    {
        var (wrong, right) = await EnterTwiceAsync();
        await day.EnterAsync("浙B12346", Second(4));
        var third = await OrderAsync("浙B12346");
        Assert.Equal((right.Id, true), (third.MisreadOf, third.Anomalies.HasFlag(OrderAnomaly.Misread)));
        Assert.True((await Settle.SameCarAsync(Booth, right.Id, wrong.Id, "pictures", Ct)).Ok);
        Assert.All(new[] { await OrderAsync(Right), await OrderAsync("浙B12346") }, o => Assert.True(o.Anomalies.HasFlag(OrderAnomaly.Misread)));
        Assert.True((await Settle.SameCarAsync(Booth, right.Id, third.Id, "pictures", Ct)).Ok);
        Assert.Equal([OrderState.Parked, OrderState.Void, OrderState.Void], (await day.OrdersAsync()).Select(o => o.State).Order());
        Assert.All(await day.OrdersAsync(), o => Assert.Equal((null, OrderAnomaly.None), (o.MisreadOf, o.Anomalies & OrderAnomaly.Misread)));
        Assert.All(await day.PassagesAsync(), p => Assert.Equal(right.Id, p.OrderId));
    }

    [Fact]
    public async Task A_reading_without_a_plate_may_be_the_car_that_is_read_a_moment_later()
    {
        await day.EnterAsync(null, 0);
        await day.EnterAsync(Right, Second(2));
        var (none, right) = ((await day.OrdersAsync()).Single(o => o.Plate is null), await OrderAsync(Right));
        Assert.Equal((right.Id, none.Id), (none.MisreadOf, right.MisreadOf));
        Assert.True((await Settle.SameCarAsync(Booth, right.Id, none.Id, "pictures", Ct)).Ok);
        Assert.Equal((OrderState.Void, none.EnteredAt), ((await day.OrdersAsync()).Single(o => o.Plate is null).State, (await OrderAsync(Right)).EnteredAt));
    }

    /// <summary>The second reading has no entry. Whoever stands at the exit is still the car that was read right: it pays, and the gate opens.</summary>
    [Theory]
    [InlineData(Right, Wrong)]
    [InlineData(Wrong, Right)]
    public async Task A_car_that_is_read_twice_as_it_leaves_is_one_at_the_exit(string first, string second)
    {
        await day.EnterAsync(Right, 0);
        await day.LeaveAsync(first, 61);
        await day.LeaveAsync(second, 61 + Second(2));
        var (wrong, right) = (await OrderAsync(Wrong), await OrderAsync(Right));
        Assert.Equal((right.Id, wrong.Id), (wrong.MisreadOf, right.MisreadOf));
        Assert.Equal((OrderState.Unresolved, OrderState.AwaitingPayment), (wrong.State, right.State));
        Assert.Equal(right.Id, (await platform.Get<DriverOrders>().LaneAsync(Actor.Driver(City.Code, OrderPermissions.Pay), City.Exit.Id, Ct))!.OrderId);
        day.Commands();
        Assert.True((await day.CashAsync(right, 700)).Ok);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        Assert.True((await Settle.SameCarAsync(Booth, right.Id, wrong.Id, "pictures", Ct)).Ok);
        Assert.Equal((OrderState.Void, OrderState.Completed), ((await OrderAsync(Wrong)).State, (await OrderAsync(Right)).State));
    }

    [Fact]
    public async Task The_car_that_has_an_entry_is_not_struck_out_for_one_that_has_none()
    {
        await day.EnterAsync(Right, 0);
        await day.LeaveAsync(Right, 61);
        await day.LeaveAsync(Wrong, 61 + Second(2));
        Assert.IsType<NoMatch>((await Settle.SameCarAsync(Booth, (await OrderAsync(Wrong)).Id, (await OrderAsync(Right)).Id, "pictures", Ct)).Error);
    }

    [Fact]
    public async Task Both_in_one_batch_and_the_later_one_told_first_are_found()
    {
        DeviceEvent Seen(string plate, double second, string id) => new(City.EntryCamera.Id, City.EntryCamera.LotId, id, "t", "{}",
            new PassageReport(Day.Minute(Second(second)), false, plate, "blue", "small", 0.9, null, []));
        await day.RecordAsync([Seen(Right, 2, "b"), Seen(Wrong, 0, "a")]);
        Assert.All(await day.OrdersAsync(), o => Assert.NotNull(o.MisreadOf));
    }

    [Fact]
    public async Task What_is_paid_is_not_struck_out_and_only_a_booth_decides()
    {
        var (wrong, right) = await EnterTwiceAsync();
        await day.LeaveAsync(Wrong, 40);
        await day.CashAsync(await OrderAsync(Wrong), 500);
        Assert.IsType<MoneyReceived>((await Settle.SameCarAsync(Booth, right.Id, wrong.Id, "pictures", Ct)).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => Settle.SameCarAsync(City.User(OrderPermissions.View), right.Id, wrong.Id, "pictures", Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Settle.TwoCarsAsync(City.User(OrderPermissions.View), right.Id, wrong.Id, "pictures", Ct));
        Assert.IsType<NotFound>((await Settle.TwoCarsAsync(City.RestrictedTo(City.South, OrderPermissions.Booth), wrong.Id, right.Id, "pictures", Ct)).Error);
        Assert.IsType<NotFound>((await Settle.SameCarAsync(platform.Beta.User(OrderPermissions.Booth), wrong.Id, right.Id, "pictures", Ct)).Error);
    }
}
