using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;

namespace ParkingSaaS.Tests.Orders;

/// <summary>The watchdog over stays: what it freezes, what that means for money, and how a person ends it.</summary>
public sealed class FreezeTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    const double Hour = 60;
    const double Days = 24 * Hour;

    Actor Clerk => field ??= City.User(OrderPermissions.Booth, OrderPermissions.Void, OrderPermissions.ChangeAmount, OrderPermissions.Reopen);

    async Task<int> WatchAsync() => (await platform.Get<FreezeStays>().RunAsync(City.Code, Ct)).Value;

    async Task<Order> OrderAsync(string plate = Car) => (await day.OrdersAsync()).Single(o => o.Plate == plate);

    Task<Result<Done>> KeepAsync(Order order) => platform.Get<KeepStay>().RunAsync(Clerk, order.Id, OrderAnomaly.Frozen, "looked at it", Ct);

    async Task<int> WaitingAsync()
    {
        await using var s = await City.OpenAsync();
        return await OrderCases.Waiting(s).CountAsync(Ct);
    }

    async Task LongestAsync(int? hours)
    {
        await using var s = await City.OpenAsync();
        await s.Db.Set<Lot>().ExecuteUpdateAsync(u => u.SetProperty(l => l.LongestStayHours, hours), Ct);
    }

    [Theory]
    [InlineData(null, 7 * Days, 0)]
    [InlineData(null, 7 * Days + 1, 1)]
    [InlineData(30, 30 * Hour, 0)]
    [InlineData(30, 30 * Hour + 1, 1)]
    [InlineData(2, 2 * Hour + 1, 1)]
    public async Task A_stay_longer_than_the_lot_says_is_frozen_once(int? hours, double minutes, int frozen)
    {
        await LongestAsync(hours);
        await day.EnterAsync(Car, 0);
        day.Until(minutes);
        Assert.Equal(frozen, await WatchAsync());
        Assert.Equal(0, await WatchAsync());
        var order = await OrderAsync();
        Assert.Equal((frozen == 1, OrderState.Parked), (order.IsFrozen, order.State));
        Assert.Equal(frozen, await WaitingAsync());
    }

    /// <summary>A thousand stays of up to forty hours, and one of fifty.</summary>
    [Fact]
    public async Task A_lots_habit_is_what_all_but_one_in_a_thousand_of_its_stays_are_shorter_than()
    {
        ForgeBooks();
        platform.Clock.Advance(TimeSpan.FromDays(30));
        await using (var s = await City.OpenAsync())
        {
            for (var i = 0; i < 1_001; i++)
                s.Db.Add(new Order
                {
                    Id = Guid.CreateVersion7(),
                    LotId = City.North.Id,
                    State = OrderState.Completed,
                    EnteredAt = Day.Minute(i),
                    ExitedAt = Day.Minute(i + (i == 1_000 ? 50 * Hour : 40 * Hour * i / 999)),
                    BusinessDate = new DateOnly(2026, 11, 25),
                    CreatedAt = Day.Minute(i)
                });
            await s.Db.SaveChangesAsync(Ct);
            Assert.Equal(TimeSpan.FromHours(40), await FreezeStays.HabitAsync(s, City.North.Id, Ct));
            Assert.Equal(FreezeStays.WithoutHabit, await FreezeStays.HabitAsync(s, City.South.Id, Ct));
        }
        await day.EnterAsync(Car, 30 * Days);
        day.Until(30 * Days + 40 * Hour);
        Assert.Equal(0, await WatchAsync());
        day.Until(30 * Days + 40 * Hour + 1);
        Assert.Equal(1, await WatchAsync());
    }

    [Fact]
    public async Task Nothing_is_paid_for_it_nor_asked_until_a_person_keeps_it_and_then_it_is_not_frozen_for_that_again()
    {
        await day.EnterAsync(Car, 0);
        day.Until(8 * Days);
        await WatchAsync();
        var order = await OrderAsync();
        Assert.IsType<StayChecked>((await day.CashAsync(order, 700)).Error);
        var stay = (await platform.Get<DriverOrders>().FindAsync(Actor.Driver(City.Code, OrderPermissions.Pay), order.Id, Ct))!;
        Assert.Equal((true, (Money?)null, Money.Zero), (stay.IsChecked, stay.Fee, stay.Owed));

        var keep = platform.Get<KeepStay>();
        Assert.Equal("Reason", Assert.IsType<InvalidField>((await keep.RunAsync(Clerk, order.Id, OrderAnomaly.Frozen, " ", Ct)).Error).Field);
        await Assert.ThrowsAsync<AccessDeniedException>(() =>
            keep.RunAsync(City.User(OrderPermissions.View), order.Id, OrderAnomaly.Frozen, "r", Ct));
        Assert.True((await KeepAsync(order)).Ok);
        Assert.True((await KeepAsync(order)).Ok);
        Assert.Equal(0, await WatchAsync());
        Assert.Equal((false, StayDoubt.TooLong), ((await OrderAsync()).IsFrozen, (await OrderAsync()).Doubts));
        Assert.Equal(0, await WaitingAsync());

        // Another reason is another matter.
        await day.BerthAsync(true, 8 * Days - 60, Car);
        Assert.Equal(1, await WatchAsync());
    }

    [Fact]
    public async Task A_car_that_does_stand_there_pays_at_the_exit_and_goes()
    {
        await day.EnterAsync(Car, 0);
        day.Until(8 * Days);
        await WatchAsync();
        day.Commands();
        await day.LeaveAsync(Car, 8 * Days + 1);
        var order = await OrderAsync();
        Assert.Equal(OrderState.AwaitingPayment, order.State);
        Assert.True((await day.CashAsync(order, order.Owed.Minor)).Ok);
        Assert.Contains(DeviceCommand.OpenGate, day.Commands());
        Assert.Equal((OrderState.Completed, OrderAnomaly.None), ((await OrderAsync()).State, (await OrderAsync()).Anomalies & OrderAnomaly.Frozen));
        Assert.Equal(0, await WaitingAsync());
        Assert.Equal(0, await WatchAsync());
    }

    [Fact]
    public async Task What_left_unpaid_after_far_too_long_is_not_demanded_until_a_person_has_looked()
    {
        await day.EnterAsync(Car, 0);
        day.Until(9 * Days);
        await day.PassAsync(City.ExitCamera, Car, 8 * Days);
        Assert.Equal(OrderState.Arrears, (await OrderAsync()).State);
        Assert.Equal(1, await DebtorsAsync());
        Assert.Equal(1, await WatchAsync());
        Assert.Equal(0, await DebtorsAsync());
        Assert.Equal(1, await WaitingAsync());
        var order = await OrderAsync();
        Assert.IsType<StayChecked>((await day.CashAsync(order, order.Owed.Minor)).Error);
        Assert.True((await platform.Get<ChangeAmount>().RunAsync(Clerk, order.Id, new Money(500), "it left the first day", Ct)).Ok);
        Assert.Equal(1, await DebtorsAsync());
        Assert.Equal(0, await WatchAsync());
        Assert.True((await day.CashAsync(order, 500)).Ok);
    }

    async Task<int> DebtorsAsync()
    {
        await using var s = await City.OpenAsync();
        return await new ArrearsFilter().Apply(s, [], owners: false).CountAsync(Ct);
    }

    [Fact]
    public async Task Whoever_has_come_in_elsewhere_since_has_left()
    {
        await day.EnterAsync(Car, 0);
        day.Until(90);
        Assert.Equal(0, await WatchAsync());
        await day.BerthAsync(true, 80, Car);
        Assert.Equal(1, await WatchAsync());
        var order = (await day.OrdersAsync())[0];
        Assert.Equal((true, StayDoubt.SeenElsewhere), (order.IsFrozen, order.Doubts));
        Assert.True((await platform.Get<SetExitTime>().RunAsync(Clerk, new ExitTimeRequest(order.Id, Day.Minute(61), null, false, "seen elsewhere"), Ct)).Ok);
        order = (await day.OrdersAsync())[0];
        Assert.Equal((OrderState.Arrears, new Money(700), false), (order.State, order.Owed, order.IsFrozen));
        Assert.Equal(0, await WatchAsync());
    }

    [Fact]
    public async Task A_berth_that_is_free_holds_nobodys_stay()
    {
        await day.BerthAsync(true, 0, Car);
        day.Until(30);
        Assert.Equal(0, await WatchAsync());
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Berth>().ExecuteUpdateAsync(u => u.SetProperty(b => b.Occupied, false).SetProperty(b => b.StateAt, Day.Minute(20)), Ct);
        Assert.Equal(1, await WatchAsync());
        Assert.Equal(StayDoubt.BerthTaken, (await OrderAsync()).Doubts);
    }

    [Fact]
    public async Task Cars_that_stand_for_nothing_may_stand()
    {
        Assert.True((await platform.Get<SavePlateRules>().RunAsync(City.User(VehiclePermissions.ManageLists),
            new(null, PlateListKind.White, [Car], null, null, null), Ct)).Ok);
        await day.EnterAsync(Car, 0);
        day.Until(60 * Days);
        Assert.Equal(0, await WatchAsync());
    }

    [Fact]
    public async Task Another_plate_is_another_car()
    {
        await day.EnterAsync(Car, 0);
        day.Until(90);
        await day.BerthAsync(true, 80, Car);
        await WatchAsync();
        var order = (await day.OrdersAsync())[0];
        Assert.True((await platform.Get<CorrectPlate>().RunAsync(Clerk, order.Id, new TypedPlate("粤B12346"), "picture", Ct)).Ok);
        Assert.Equal((false, StayDoubt.None), ((await OrderAsync("粤B12346")).IsFrozen, (await OrderAsync("粤B12346")).Doubts));
        Assert.Equal(0, await WatchAsync());
    }

    [Fact]
    public async Task What_is_voided_and_comes_back_was_looked_at()
    {
        await day.EnterAsync(Car, 0);
        day.Until(8 * Days);
        await WatchAsync();
        Assert.True((await platform.Get<VoidOrder>().RunAsync(Clerk, (await OrderAsync()).Id, "r", Ct)).Ok);
        Assert.True((await platform.Get<ReopenOrder>().RunAsync(Clerk, (await OrderAsync()).Id, "r", Ct)).Ok);
        Assert.Equal(0, await WatchAsync());
        Assert.False((await OrderAsync()).IsFrozen);
    }
}
