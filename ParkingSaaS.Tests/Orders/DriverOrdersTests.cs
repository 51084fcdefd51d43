using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>What a driver sees on the phone, and what paying there does.</summary>
public sealed class DriverOrdersTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    DriverOrders Orders => day.Platform.Get<DriverOrders>();
    Actor Driver => Actor.Driver(day.City.Code, OrderPermissions.Pay, PaymentPermissions.Begin);

    async Task<DriverStay> StayAsync() => (await Orders.FindAsync(Driver, (await day.OrderAsync()).Id, Ct))!;

    async Task<IReadOnlyList<DriverStay>> ByPlateAsync(string plate, Guid? lot = null) =>
        (await Orders.ByPlateAsync(Driver, plate, lot, Ct)).Value;

    [Fact]
    public async Task A_parked_car_is_priced_afresh_and_nothing_is_written()
    {
        await day.EnterAsync(Car, 0);
        day.Until(61);
        var before = (await day.OrderAsync()).RowVersion;
        var stay = Assert.Single(await ByPlateAsync("粤b 12345"));
        Assert.Equal((new Money(700), new Money(700), "粤B***5"), (stay.Fee!.Value, stay.Owed, stay.MaskedPlate));
        Assert.Equal(stay.Quote!.Total, stay.Fee);
        Assert.NotEmpty(stay.Quote.Lines);
        var after = await day.OrderAsync();
        Assert.Equal((before, Money.Zero, (string?)null), (after.RowVersion, after.Receivable, after.FeeLines));
    }

    [Fact]
    public async Task A_car_that_came_this_minute_owes_nothing()
    {
        await day.EnterAsync(Car, 0.5);
        Assert.Equal((Money.Zero, Money.Zero), ((await StayAsync()).Fee!.Value, (await StayAsync()).Owed));
    }

    [Fact]
    public async Task Only_the_whole_plate_finds_a_car()
    {
        await day.EnterAsync(Car, 0);
        await Assert.AllAsync(["粤B1234", "B12345", "粤B99999"], async plate => Assert.Empty(await ByPlateAsync(plate)));
    }

    [Fact]
    public async Task What_is_no_plate_is_refused() =>
        await Assert.AllAsync([null, "", "粤B", "%%%%%%%", "粤B1234567890123456"], async plate =>
            Assert.Equal("Plate", Assert.IsType<InvalidField>((await Orders.ByPlateAsync(Driver, plate, null, Ct)).Error).Field));

    [Fact]
    public async Task A_lot_finds_its_own_cars_only()
    {
        await day.EnterAsync(Car, 0);
        Assert.Single(await ByPlateAsync(Car, day.City.North.Id));
        Assert.Empty(await ByPlateAsync(Car, day.City.South.Id));
        Assert.Empty((await Orders.ByPlateAsync(Actor.Driver("beta", OrderPermissions.Pay), Car, null, Ct)).Value);
        Assert.Null(await Orders.FindAsync(Actor.Driver("beta", OrderPermissions.Pay), (await day.OrderAsync()).Id, Ct));
        Assert.Null(await Orders.LotAsync(Driver, day.Platform.Beta.North.Id, Ct));
    }

    [Fact]
    public async Task A_lane_shows_the_car_that_waits_there()
    {
        Assert.Null((await Orders.LaneAsync(Driver, day.City.Exit.Id, Ct))!.OrderId);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var place = (await Orders.LaneAsync(Driver, day.City.Exit.Id, Ct))!;
        Assert.Equal(("North", "Out", (await day.OrderAsync()).Id), (place.Lot, place.Name, place.OrderId));
        await day.CashAsync(await day.OrderAsync(), 700);
        Assert.Null((await Orders.LaneAsync(Driver, day.City.Exit.Id, Ct))!.OrderId);
        Assert.Null(await Orders.LaneAsync(Driver, Guid.NewGuid(), Ct));
    }

    [Fact]
    public async Task A_berth_shows_the_car_that_stands_on_it()
    {
        await day.BerthAsync(true, 0);
        var place = (await Orders.BerthAsync(Driver, day.City.Berth1.Id, Ct))!;
        Assert.Equal(("South", "1", (await day.OrderAsync()).Id), (place.Lot, place.Name, place.OrderId));
        Assert.Null((await Orders.BerthAsync(Driver, day.City.Berth2.Id, Ct))!.OrderId);
    }

    [Fact]
    public async Task Who_paid_in_advance_is_told_when_to_leave()
    {
        await day.EnterAsync(Car, 0);
        day.Until(61);
        await day.CashAsync(await day.OrderAsync(), 700);
        var stay = await StayAsync();
        Assert.Equal((Money.Zero, Day.Minute(76)), (stay.Owed, stay.LeaveBefore!.Value));
        Assert.Equal((new Money(700), TakePayment.Cash), (Assert.Single(stay.Payments).Amount, stay.Payments[0].Method));
        Assert.False(stay.GateOpens);
        day.Until(100);
        stay = await StayAsync();
        Assert.Null(stay.LeaveBefore);
        Assert.True(stay.Owed > Money.Zero);
    }

    [Fact]
    public async Task Who_paid_at_the_exit_is_told_that_the_gate_opens()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        Assert.False((await StayAsync()).GateOpens);
        await day.CashAsync(await day.OrderAsync(), 700);
        Assert.True((await StayAsync()).GateOpens);
        day.Until(90);
        Assert.False((await StayAsync()).GateOpens);
    }

    [Fact]
    public async Task Arrears_are_found_and_can_be_paid()
    {
        await day.BerthAsync(true, 0, Car);
        day.Until(61);
        await day.BerthAsync(false, 61, Car);
        var stay = Assert.Single(await ByPlateAsync(Car));
        Assert.Equal((OrderState.Arrears, new Money(700)), (stay.State, stay.Owed));
        Assert.True((await day.CashAsync(await day.OrderAsync(), 700)).Ok);
        Assert.Empty(await ByPlateAsync(Car));
        Assert.Equal((OrderState.Completed, false), ((await StayAsync()).State, (await StayAsync()).GateOpens));
    }

    [Fact]
    public async Task A_stay_without_an_entry_has_no_fee()
    {
        await day.LeaveAsync(Car, 0);
        var stay = await StayAsync();
        Assert.Equal((OrderState.Unresolved, (Money?)null, Money.Zero), (stay.State, stay.Fee, stay.Owed));
        Assert.Empty(await ByPlateAsync(Car));
    }

    [Fact]
    public async Task Nobody_looks_up_without_the_permission() => await Assert.ThrowsAsync<AccessDeniedException>(
        () => Orders.ByPlateAsync(day.City.User(OrderPermissions.View), Car, null, Ct));
}
