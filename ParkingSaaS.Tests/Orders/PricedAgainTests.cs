using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>Stays that were priced already when something that their fee hangs on becomes known or is put right.</summary>
public sealed class PricedAgainTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    const string Misread = "粤B1234S";
    const string Other = "粤B54321";
    Actor attendant => field ??= day.City.RestrictedTo(day.City.North, OrderPermissions.Booth, OrderPermissions.Void);

    T Get<T>() where T : notnull => day.Platform.Get<T>();

    async Task FreeAsync(string plate) => Assert.True((await Get<SavePlateRules>().RunAsync(day.City.User(VehiclePermissions.ManageLists),
        new(null, PlateListKind.White, [plate], null, null, null), Ct)).Ok);

    Task GoOnWithinHalfAnHourAsync() => day.TariffAsync(t => t with { Reentry = new() { WithinMinutes = 30 } });

    async Task<List<OrderOperationKind>> LogAsync(Order order)
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<OrderOperation>().Where(o => o.OrderId == order.Id).OrderBy(o => o.Id).Select(o => o.Kind).ToListAsync(Ct);
    }

    async Task<int> WaitingAsync()
    {
        await using var s = await day.City.OpenAsync();
        return await OrderCases.Waiting(s).CountAsync(Ct);
    }

    async Task<Device> SecondSensorAsync()
    {
        await using var s = await day.City.OpenAsync();
        var sensor = new Device
        {
            Id = Guid.CreateVersion7(),
            LotId = day.City.South.Id,
            BerthId = day.City.Berth2.Id,
            Kind = DeviceKind.BerthSensor,
            Name = "sensor-2",
            Dialect = day.City.Sensor1.Dialect,
            SecretHash = day.City.Sensor1.SecretHash
        };
        s.Db.Add(sensor);
        await s.Db.SaveChangesAsync(Ct);
        return sensor;
    }

    int told;

    Task SeenAtSecondAsync(Device sensor, bool occupied, double minute) =>
        day.RecordAsync(new DeviceEvent(sensor.Id, sensor.LotId, $"second{++told}", "t", "{}", new BerthReport(Day.Minute(minute), true, occupied, Car)));

    [Fact]
    public async Task A_plate_put_right_at_the_exit_decides_what_is_paid_there()
    {
        await FreeAsync(Car);
        await day.EnterAsync(Misread, 0);
        await day.LeaveAsync(Misread, 61);
        var order = await day.OrderAsync();
        Assert.Equal(new Money(700), order.Owed);
        day.Commands();
        Assert.True((await Get<CorrectPlate>().RunAsync(attendant, order.Id, Car, "misread", Ct)).Ok);
        order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, Money.Zero, Car), (order.State, order.Owed, order.Plate));
        Assert.Contains("whiteList", order.FeeLines);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
    }

    [Fact]
    public async Task A_plate_put_right_in_arrears_decides_who_owes()
    {
        await FreeAsync(Car);
        await day.EnterAsync(Misread, 0);
        await day.LeaveAsync(Misread, 61);
        day.Until(200);
        Assert.Equal(1, (await Get<CloseWaiting>().RunAsync(day.City.Code, Ct)).Value);
        Assert.True((await Get<CorrectPlate>().RunAsync(attendant, (await day.OrderAsync()).Id, "粤B12346", "misread", Ct)).Ok);
        Assert.Equal((OrderState.Arrears, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Owed));
        day.Commands();
        Assert.True((await Get<CorrectPlate>().RunAsync(attendant, (await day.OrderAsync()).Id, Car, "misread", Ct)).Ok);
        Assert.Equal((OrderState.Completed, Money.Zero), ((await day.OrderAsync()).State, (await day.OrderAsync()).Owed));
        Assert.Empty(day.Commands());
    }

    /// <summary>Its gate has nobody before it any more.</summary>
    [Fact]
    public async Task A_car_that_was_let_out_or_has_paid_opens_no_gate_when_it_is_priced_again()
    {
        await FreeAsync(Car);
        await day.EnterAsync(Misread, 0);
        await day.LeaveAsync(Misread, 61);
        var order = await day.OrderAsync();
        Assert.True((await Get<OpenGateByHand>().RunAsync(attendant, new(Guid.CreateVersion7(), day.City.Exit.Id, "let out"), Ct)).Ok);
        day.Commands();
        Assert.True((await Get<CorrectPlate>().RunAsync(attendant, order.Id, Car, "misread", Ct)).Ok);
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
        Assert.Empty(day.Commands());

        await GoOnWithinHalfAnHourAsync();
        await day.EnterAsync(Other, 100);
        await day.EnterAsync(Other, 160);
        await day.LeaveAsync(Other, 180);
        var orders = (await day.OrdersAsync()).FindAll(o => o.Plate == Other);
        Assert.True((await day.CashAsync(orders[1], 500)).Ok);
        day.Commands();
        Assert.True((await Get<SetExitTime>().RunAsync(attendant, new(orders[0].Id, Day.Minute(150), null, false, "picture"), Ct)).Ok);
        Assert.True((await day.OrdersAsync()).Single(o => o.Id == orders[1].Id).Anomalies.HasFlag(OrderAnomaly.Contradicted));
        Assert.Empty(day.Commands());
    }

    /// <summary>A camera needs longer to read a plate than a sensor to see that the berth is free.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 61.5)]
    public async Task A_plate_that_is_known_only_after_the_berth_is_free_decides_what_is_owed(bool occupied, double minute)
    {
        await FreeAsync(Car);
        await day.BerthAsync(true, 0, replay: true);
        day.Until(62);
        await day.BerthAsync(false, 61, replay: true);
        Assert.Equal((OrderState.Arrears, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Owed));
        await day.BerthAsync(occupied, minute, Car, replay: true);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, Money.Zero, Car), (order.State, order.Owed, order.Plate));
    }

    [Theory]
    [InlineData(0, 200, OrderAnomaly.None)]
    [InlineData(500, 500, OrderAnomaly.Contradicted)]
    public async Task An_earlier_stay_on_another_berth_that_is_told_late_counts(long paid, long receivable, OrderAnomaly marked)
    {
        await GoOnWithinHalfAnHourAsync();
        var sensor = await SecondSensorAsync();
        day.Until(200);
        await day.BerthAsync(true, 60, Car, replay: true);
        await day.BerthAsync(false, 80, Car, replay: true);
        var later = await day.OrderAsync();
        Assert.Equal(new Money(500), later.Owed);
        if (paid > 0)
            Assert.True((await day.CashAsync(later, paid)).Ok);
        await SeenAtSecondAsync(sensor, true, 0);
        await SeenAtSecondAsync(sensor, false, 50);
        later = (await day.OrdersAsync())[1];
        Assert.Equal((new Money(receivable), marked), (later.Receivable, later.Anomalies & OrderAnomaly.Contradicted));
        Assert.Contains(paid > 0 ? OrderOperationKind.Contradicted : OrderOperationKind.PricedAgain, await LogAsync(later));
    }

    [Fact]
    public async Task An_exit_given_by_hand_and_a_stay_struck_out_count_for_the_stays_after()
    {
        await GoOnWithinHalfAnHourAsync();
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 60);
        await day.LeaveAsync(Car, 80);
        var orders = await day.OrdersAsync();
        Assert.Equal(new Money(500), orders[1].Owed);
        day.Commands();
        Assert.True((await Get<SetExitTime>().RunAsync(attendant, new(orders[0].Id, Day.Minute(50), null, false, "picture"), Ct)).Ok);
        Assert.Equal([new Money(500), new Money(200)], (await day.OrdersAsync()).Select(o => o.Owed));
        Assert.Equal([DeviceCommand.ShowText], day.Commands());
        Assert.True((await Get<VoidOrder>().RunAsync(attendant, orders[0].Id, "another car", Ct)).Ok);
        Assert.Equal(new Money(500), (await day.OrdersAsync())[1].Owed);
        Assert.Equal(OrderState.AwaitingPayment, (await day.OrdersAsync())[1].State);
        Assert.Equal([DeviceCommand.ShowText], day.Commands());
    }

    /// <summary>The earlier stay ended too long before; what was paid in advance is less than the whole stay would cost.</summary>
    [Fact]
    public async Task Who_paid_in_advance_and_left_in_time_is_not_marked_for_an_earlier_stay_that_changes_nothing()
    {
        await GoOnWithinHalfAnHourAsync();
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 60);
        day.Until(118);
        await day.CashAsync((await day.OrdersAsync())[1], 500);
        await day.LeaveAsync(Car, 125);
        Assert.Equal((OrderState.Completed, new Money(500)), ((await day.OrdersAsync())[1].State, (await day.OrdersAsync())[1].Receivable));
        await day.PassAsync(day.City.ExitCamera, Car, 20, replay: true);
        Assert.Equal(OrderAnomaly.None, (await day.OrdersAsync())[1].Anomalies);
    }

    /// <summary>C8.</summary>
    [Fact]
    public async Task A_contradiction_is_settled_with_a_reason_and_only_something_new_makes_another()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 120);
        await day.CashAsync(await day.OrderAsync(), 900);
        await day.PassAsync(day.City.ExitCamera, Car, 40, replay: true);
        var order = await day.OrderAsync();
        Assert.True(order.Anomalies.HasFlag(OrderAnomaly.Contradicted));
        Assert.Equal(1, await WaitingAsync());
        var keep = Get<KeepStay>();
        Task<Result<Done>> SettleAsync(Actor actor, string reason) => keep.RunAsync(actor, order.Id, OrderAnomaly.Contradicted, reason, Ct);
        Assert.Equal(new InvalidField("Reason", "required"), (await SettleAsync(attendant, " ")).Error);
        Assert.IsType<NotFound>((await SettleAsync(day.City.RestrictedTo(day.City.South, OrderPermissions.Booth), "x")).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => SettleAsync(day.City.RestrictedTo(day.City.North, OrderPermissions.View), "x"));
        Assert.True((await SettleAsync(attendant, "misread")).Ok);
        Assert.True((await SettleAsync(attendant, "misread")).Ok);
        Assert.Single(await LogAsync(order), OrderOperationKind.ContradictionSettled);
        Assert.Equal(0, await WaitingAsync());

        // What is told again, and what fits, says nothing new.
        await day.PassAsync(day.City.EntryCamera, Car, 0.5, replay: true);
        Assert.Equal(OrderAnomaly.None, (await day.OrderAsync()).Anomalies & OrderAnomaly.Contradicted);
        await day.PassAsync(day.City.EntryCamera, Car, 90, replay: true);
        Assert.Equal(OrderAnomaly.Contradicted, (await day.OrderAsync()).Anomalies & OrderAnomaly.Contradicted);
    }
}
