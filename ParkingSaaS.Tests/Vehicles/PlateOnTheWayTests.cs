using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>What a plate's form tells where a device does not, and that one car is one car however it was read.</summary>
public sealed class PlateOnTheWayTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B02341";

    [Fact]
    public async Task Where_a_device_says_nothing_the_plate_does()
    {
        (string? Plate, string? Colour, string? Vehicle, PlateColour Expected, VehicleKind Kind)[] seen =
        [
            ("粤B12345", null, null, PlateColour.Blue, VehicleKind.Small),
            ("粤B23456", "unknown", "large", PlateColour.Yellow, VehicleKind.Large),
            ("粤B34567", "yellow", null, PlateColour.Yellow, VehicleKind.Large),
            ("粤B45678", "yellow", "small", PlateColour.Yellow, VehicleKind.Small),
            ("粤B56789", "blue", "coach", PlateColour.Blue, VehicleKind.Large),
            ("粤B67890", "black", "motorcycle", PlateColour.Black, VehicleKind.Other),
            ("粤BD12345", null, null, PlateColour.Green, VehicleKind.Small),
            ("粤BD23456", "blue", null, PlateColour.Blue, VehicleKind.Small),
            ("粤B12345D", null, null, PlateColour.YellowGreen, VehicleKind.Large),
            ("粤B1234学", null, null, PlateColour.Yellow, VehicleKind.Small),
            ("粤B1234挂", null, null, PlateColour.Yellow, VehicleKind.Large),
            ("京A1234警", "", "spaceship", PlateColour.White, VehicleKind.Small),
            ("AB1234", null, null, PlateColour.Unknown, VehicleKind.Small),
            (null, null, null, PlateColour.Unknown, VehicleKind.Small)
        ];
        await Assert.AllAsync(seen, async (car, minute) =>
        {
            day.Until(minute);
            var result = await day.RecordAsync(new DeviceEvent(day.City.EntryCamera.Id, day.City.North.Id, $"{minute}", "t", "{}",
                new PassageReport(Day.Minute(minute), false, car.Plate, car.Colour, car.Vehicle, null, null, [])));
            Assert.Equal(EventOutcome.Recorded, result.Outcome);
            var order = Assert.Single(await day.OrdersAsync(), o => o.EnteredAt == Day.Minute(minute));
            Assert.Equal((car.Plate, car.Expected, car.Kind), (order.Plate, order.Colour, order.Vehicle));
        });
        Assert.Equal(seen.Length, (await day.OrdersAsync()).Count);
    }

    [Theory]
    [InlineData("粤BO234I", Car)]
    [InlineData(Car, "粤BO234I")]
    [InlineData("粤B·O2341", "粤Ｂ０２３４Ｉ")]
    public async Task A_car_that_was_read_with_letters_for_digits_is_the_same_at_the_other_end(string entering, string leaving)
    {
        await day.EnterAsync(entering, 0);
        await day.LeaveAsync(leaving, 61);
        var order = await day.OrderAsync();
        Assert.Equal((Car, OrderState.AwaitingPayment, new Money(700)), (order.Plate, order.State, order.Owed));
        // What was read stays to be seen.
        Assert.Equal([Plate.Normalize(entering), Plate.Normalize(leaving)], (await day.PassagesAsync()).Select(p => p.Plate));
    }

    [Fact]
    public async Task Drivers_lists_groups_and_attendants_know_the_car_by_either_form()
    {
        await day.EnterAsync("粤BO2341", 0);
        var driver = Actor.Driver(day.City.Code, OrderPermissions.Pay, PaymentPermissions.Begin);
        Assert.Single((await day.Platform.Get<DriverOrders>().ByPlateAsync(driver, "粤BO234I", null, Ct)).Value);
        Assert.Single((await day.Platform.Get<DriverOrders>().ByPlateAsync(driver, Car, null, Ct)).Value);
        var admin = day.City.User(VehiclePermissions.ManageLists);
        Assert.True((await day.Platform.Get<SavePlateRules>().RunAsync(admin, new(null, PlateListKind.White, ["粤BO234I"], null, null, null), Ct)).Ok);
        day.Until(61);
        Assert.Equal(PassageOutcome.Closed, (await day.Platform.Get<PassByHand>().RunAsync(day.City.User(OrderPermissions.Booth),
            new(Guid.CreateVersion7(), day.City.Exit.Id, false, "粤b 0234i"), Ct)).Value.Outcome);
        Assert.Equal((OrderState.Completed, Money.Zero), ((await day.OrderAsync()).State, (await day.OrderAsync()).Receivable));
    }

    [Fact]
    public async Task What_has_no_form_stays_as_it_was_read()
    {
        string[] plates = ["OI1234", "港OI123", "0OIIOI"];
        foreach (var plate in plates)
            await day.EnterAsync(plate, 0);
        foreach (var plate in plates)
            await day.LeaveAsync(plate, 61);
        Assert.Equal(plates.Order(StringComparer.Ordinal).Select(p => (p, OrderState.AwaitingPayment)),
            (await day.OrdersAsync()).OrderBy(o => o.Plate, StringComparer.Ordinal).Select(o => (o.Plate!, o.State)));
    }

    [Fact]
    public async Task A_berths_camera_and_a_corrected_plate_bring_their_colour()
    {
        await day.BerthAsync(true, 0);
        Assert.Equal(PlateColour.Unknown, (await day.OrderAsync()).Colour);
        await day.BerthAsync(true, 1, "粤B12345");
        Assert.Equal(PlateColour.Blue, (await day.OrderAsync()).Colour);
        var booth = day.City.User(OrderPermissions.Booth);
        Assert.True((await day.Platform.Get<CorrectPlate>().RunAsync(booth, (await day.OrderAsync()).Id, "粤BDO2345", "misread", Ct)).Ok);
        Assert.Equal(("粤BD02345", PlateColour.Green), ((await day.OrderAsync()).Plate, (await day.OrderAsync()).Colour));
    }
}
