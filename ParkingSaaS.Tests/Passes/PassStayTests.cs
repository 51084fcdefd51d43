using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Passes;

/// <summary>What passes make of stays.</summary>
public sealed class PassStayTests(Cluster cluster) : DayTest(cluster)
{
    const string Second = "粤B54321";

    /// <summary>Minutes from 09:00, where the day begins, to the next midnight.</summary>
    const int Midnight = 15 * 60;

    Desk desk => field ??= new Desk(day);

    async Task<Order> OfAsync(string? plate) => (await day.OrdersAsync()).Last(o => o.Plate == plate);

    async Task<Order> StayAsync(double from, double to, string? plate = Desk.Car)
    {
        await day.EnterAsync(plate, from);
        await day.LeaveAsync(plate, to);
        return await OfAsync(plate);
    }

    Task<PassProduct> DaysAsync(string name = "日卡") =>
        desk.ProductAsync(desk.Details(name) with { Term = PassTerm.Day, Price = new Money(1000), MaxTerms = 60 });

    [Fact]
    public async Task A_covered_car_leaves_free_and_its_order_says_by_which_pass()
    {
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car));
        var order = await StayAsync(0, 61);
        Assert.Equal((OrderState.Completed, Money.Zero), (order.State, order.Receivable));
        Assert.Contains("\"pass\"", order.FeeLines);
        Assert.Contains($"\"{pass.Number}\"", order.FeeLines);
        Assert.Equal([DeviceCommand.OpenGate, DeviceCommand.OpenGate], day.Commands());
    }

    [Fact]
    public async Task A_pass_knows_its_car_however_the_plate_was_typed_or_read()
    {
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), "粤BOI234"));
        await day.EnterAsync("粤B0I234", 0);
        await day.LeaveAsync("粤BO1234", 61);
        Assert.Equal((OrderState.Completed, Money.Zero), ((await OfAsync("粤B01234")).State, (await OfAsync("粤B01234")).Receivable));
    }

    [Fact]
    public async Task What_is_not_paid_and_what_is_elsewhere_covers_nothing()
    {
        Assert.True((await desk.SellAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car))).Ok);
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details("南") with { LotIds = [day.City.South.Id] }), Desk.Car));
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details("别人的")), Second));
        Assert.Equal(new Money(700), (await StayAsync(0, 61)).Owed);
    }

    /// <summary>The pass ends at midnight; the 61 minutes after it are a stay of their own.</summary>
    [Fact]
    public async Task A_stay_that_outlasts_its_pass_is_charged_from_its_end()
    {
        await desk.ActiveAsync(Desk.Sale(await DaysAsync(), Desk.Car));
        var order = await StayAsync(Midnight - 600, Midnight + 61);
        Assert.Equal((OrderState.AwaitingPayment, new Money(700)), (order.State, order.Owed));
    }

    [Fact]
    public async Task A_stay_that_began_before_its_pass_is_charged_up_to_its_beginning()
    {
        await desk.ActiveAsync(Desk.SaleFrom(await desk.ProductAsync(desk.Details() with { MaxDaysAhead = 1 }), Desk.Today.AddDays(1), 1, Desk.Car));
        Assert.Equal(new Money(900), (await StayAsync(Midnight - 91, Midnight + 600)).Owed);
    }

    /// <summary>PAS-7.</summary>
    [Fact]
    public async Task Of_two_cars_on_one_place_the_one_that_came_first_is_covered_then_the_next()
    {
        var product = await desk.ProductAsync(desk.Details("一位多车") with { MaxPlates = 2, Places = 1 });
        await desk.ActiveAsync(Desk.Sale(product, Desk.Car, Second));
        await day.EnterAsync(Desk.Car, 0);
        await day.EnterAsync(Second, 10);
        await day.LeaveAsync(Desk.Car, 71);
        await day.LeaveAsync(Second, 300);
        Assert.Equal(Money.Zero, (await OfAsync(Desk.Car)).Receivable);
        // From 10 to 71 it stood there as a stranger; then the place was free.
        Assert.Equal(new Money(700), (await OfAsync(Second)).Receivable);
    }

    [Fact]
    public async Task Two_cars_that_leave_in_one_batch_share_one_place()
    {
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details("一位多车") with { MaxPlates = 2 }), Desk.Car, Second));
        day.Until(120);
        DeviceEvent Seen(Device camera, string plate, double minute) => new(camera.Id, camera.LotId, $"{plate}{minute}", "t", "{}",
            new PassageReport(Day.Minute(minute), true, plate, "blue", "small", 0.98, null, []));
        await day.RecordAsync([Seen(day.City.EntryCamera, Desk.Car, 0), Seen(day.City.EntryCamera, Second, 10),
            Seen(day.City.ExitCamera, Second, 71), Seen(day.City.ExitCamera, Desk.Car, 80)]);
        Assert.Equal((Money.Zero, new Money(700)), ((await OfAsync(Desk.Car)).Receivable, (await OfAsync(Second)).Receivable));
    }

    [Fact]
    public async Task A_car_whose_exit_was_missed_or_that_a_list_frees_takes_no_place()
    {
        var three = await desk.ProductAsync(desk.Details("一位多车") with { Scope = PassScope.City, MaxPlates = 3 });
        await desk.ActiveAsync(Desk.Sale(three, Desk.Car, Second, "粤B00001"));
        await day.EnterAsync("粤B00001", 0);
        Assert.True((await desk.Get<SavePlateRules>().RunAsync(day.City.User(VehiclePermissions.ManageLists),
            new(null, PlateListKind.White, ["粤B00001"], null, null, null), Ct)).Ok);
        // Nobody saw it leave the gate; now it is on the street.
        await day.EnterAsync(Second, 1);
        day.Until(5);
        await day.BerthAsync(true, 5, Second);
        day.Until(20);
        await day.BerthAsync(false, 20);
        Assert.Equal(Money.Zero, (await StayAsync(30, 200)).Receivable);
    }

    [Fact]
    public async Task A_car_that_parks_where_the_pass_does_not_hold_takes_no_place()
    {
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details("一位多车") with { MaxPlates = 2 }), Desk.Car, Second));
        await day.BerthAsync(true, 0, Second);
        Assert.Equal(Money.Zero, (await StayAsync(10, 71)).Receivable);
    }

    [Fact]
    public async Task A_berth_pass_covers_whatever_stands_there()
    {
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details("泊位") with { Binding = PassBinding.Berth, LotIds = [day.City.South.Id] }))
            with
        { BerthId = day.City.Berth1.Id });
        foreach (var (plate, minute) in new[] { (Desk.Car, 0), (null, 100) })
        {
            day.Until(minute);
            await day.BerthAsync(true, minute, plate);
            day.Until(minute + 61);
            await day.BerthAsync(false, minute + 61);
        }
        Assert.Equal([(OrderState.Completed, Money.Zero), (OrderState.Completed, Money.Zero)],
            (await day.OrdersAsync()).Select(o => (o.State, o.Receivable)));
        Assert.Equal(new Money(700), (await StayAsync(200, 261)).Owed);
    }

    [Fact]
    public async Task The_black_list_leaves_its_car_to_the_tariff()
    {
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car));
        await day.EnterAsync(Desk.Car, 0);
        Assert.True((await desk.Get<SavePlateRules>().RunAsync(day.City.User(VehiclePermissions.ManageLists),
            new(null, PlateListKind.Black, [Desk.Car], null, null, null, "owes"), Ct)).Ok);
        await day.LeaveAsync(Desk.Car, 61);
        Assert.Equal(new Money(700), (await OfAsync(Desk.Car)).Owed);
    }

    /// <summary>PAS-1: a group's lots are those of now.</summary>
    [Fact]
    public async Task A_pass_of_a_group_holds_in_the_lots_that_are_in_it_now()
    {
        var admin = day.City.User(LotPermissions.ManageAreas);
        var group = (await desk.Get<SaveLotGroup>().RunAsync(admin, new(null, "G", [day.City.South.Id]), Ct)).Value;
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details() with { Scope = PassScope.Group, LotGroupId = group }), Desk.Car));
        Assert.Equal(new Money(700), (await StayAsync(0, 61)).Owed);
        Assert.True((await desk.Get<SaveLotGroup>().RunAsync(admin, new(group, "G", [day.City.South.Id, day.City.North.Id]), Ct)).Ok);
        Assert.Equal(Money.Zero, (await StayAsync(100, 161)).Receivable);
    }

    [Fact]
    public async Task Two_passes_that_follow_one_another_cover_together()
    {
        await desk.ActiveAsync(Desk.Sale(await DaysAsync(), Desk.Car));
        await desk.ActiveAsync(Desk.SaleFrom(await desk.ProductAsync(desk.Details("月卡") with { MaxDaysAhead = 1 }), Desk.Today.AddDays(1), 1, Desk.Car));
        var order = await StayAsync(Midnight - 100, Midnight + 100);
        Assert.Equal(Money.Zero, order.Receivable);
    }

    [Fact]
    public async Task Of_a_cars_pass_and_its_berths_the_one_with_the_smaller_number_covers_the_time()
    {
        var cars = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details("全城") with { Scope = PassScope.City }), Desk.Car));
        var berths = desk.Details("泊位") with { Binding = PassBinding.Berth, LotIds = [day.City.South.Id] };
        Assert.True(cars.Number < (await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(berths)) with { BerthId = day.City.Berth1.Id })).Number);
        await day.BerthAsync(true, 0, Desk.Car);
        day.Until(61);
        await day.BerthAsync(false, 61);
        Assert.Equal([$"{cars.Number}"], JsonNode.Parse((await day.OrderAsync()).FeeLines!)!["lines"]!.AsArray().Select(l => (string?)l!["name"]));
    }

    [Fact]
    public async Task The_driver_who_asks_while_parked_sees_the_same()
    {
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car));
        await day.EnterAsync(Desk.Car, 0);
        day.Until(61);
        var stay = await desk.Get<DriverOrders>().FindAsync(Core.Tenancy.Actor.Driver("alpha", OrderPermissions.Pay), (await day.OrderAsync()).Id, Ct);
        Assert.Equal(Money.Zero, stay!.Owed);
    }
}
