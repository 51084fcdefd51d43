using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>Whole stays through the front door of the device path: what each sequence of events comes to.</summary>
public sealed class StayTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    /// <summary>Of a minute: longer than a bound by as little.</summary>
    const double Moment = 1 / 600.0;

    [Fact]
    public async Task A_free_stay_opens_the_gate_at_once()
    {
        await day.EnterAsync("粤b·12345", 0);
        Assert.Equal(OrderState.Parked, (await day.OrderAsync()).State);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        await day.LeaveAsync(Car, 14);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, Money.Zero), (order.State, order.Receivable));
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
    }

    [Fact]
    public async Task What_is_owed_holds_the_gate_until_it_is_paid()
    {
        await day.EnterAsync(Car, 0);
        day.Commands();
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.AwaitingPayment, new Money(700)), (order.State, order.Owed));
        Assert.Contains("\"lines\"", order.FeeLines);
        Assert.Equal([DeviceCommand.ShowText], day.Commands());

        Assert.True((await day.CashAsync(order, 700)).Ok);
        order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, new Money(700)), (order.State, order.Received));
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
    }

    [Fact]
    public async Task A_car_soon_back_pays_only_what_its_longer_stay_adds()
    {
        await using (var s = await day.City.OpenAsync())
        {
            var version = await s.Db.Set<TariffVersion>().SingleAsync(TestContext.Current.CancellationToken);
            version.Definition = TariffJson.Write(TariffJson.Read(version.Definition).Tariff! with { Reentry = new() { WithinMinutes = 30 } });
            Assert.True((await s.SaveAsync(TestContext.Current.CancellationToken)).Ok);
        }
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 50);
        Assert.True((await day.CashAsync(await day.OrderAsync(), 500)).Ok);
        await day.EnterAsync(Car, 60);
        await day.LeaveAsync(Car, 80);
        // 70 minutes parked come to 7; alone the 20 would cost 5.
        Assert.Equal(new Money(200), (await day.OrdersAsync())[1].Receivable);
    }

    [Fact]
    public async Task A_repeated_message_changes_nothing()
    {
        await day.PassAsync(day.City.EntryCamera, Car, 0, "same");
        Assert.Equal(EventOutcome.Duplicate, (await day.PassAsync(day.City.EntryCamera, Car, 0, "same")).Outcome);
        Assert.Single(await day.PassagesAsync());
        await day.OrderAsync();
    }

    [Fact]
    public async Task A_message_repeated_within_a_batch_counts_once()
    {
        var e = new DeviceEvent(day.City.EntryCamera.Id, day.City.North.Id, "same", "t", "{}",
            new PassageReport(Day.Minute(0), false, Car, null, null, null, null, []));
        var results = await day.RecordAsync([e, e, e]);
        Assert.Equal([EventOutcome.Recorded, EventOutcome.Duplicate, EventOutcome.Duplicate], results.Select(r => r.Outcome));
        await day.OrderAsync();
    }

    [Fact]
    public async Task The_camera_reads_the_car_twice()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 0.5);
        await day.LeaveAsync(Car, 10);
        await day.LeaveAsync(Car, 10.5);
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
        Assert.Equal([PassageOutcome.Opened, PassageOutcome.Repeated, PassageOutcome.Closed, PassageOutcome.Repeated],
            (await day.PassagesAsync()).Select(p => p.Outcome));
    }

    [Fact]
    public async Task Waiting_at_the_exit_does_not_raise_the_fee_and_paying_lets_out_even_when_read_again()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 60);
        await day.LeaveAsync(Car, 63);
        var order = await day.OrderAsync();
        Assert.Equal((new Money(500), Day.Minute(60)), (order.Owed, order.ExitedAt));
        await day.CashAsync(order, 500);
        day.Commands();
        await day.LeaveAsync(Car, 65);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
    }

    [Fact]
    public async Task A_car_that_turns_back_at_the_exit_pays_for_the_longer_stay()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 60);
        await day.LeaveAsync(Car, 180);
        Assert.Equal(new Money(1300), (await day.OrderAsync()).Owed);
    }

    [Fact]
    public async Task Two_stays_within_minutes_are_two_stays()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 5);
        await day.EnterAsync(Car, 7);
        await day.LeaveAsync(Car, 10);
        var orders = await day.OrdersAsync();
        Assert.Equal([Day.Minute(5), Day.Minute(10)], orders.Select(o => o.ExitedAt!.Value));
        Assert.All(orders, o => Assert.Equal(OrderState.Completed, o.State));
    }

    [Fact]
    public async Task An_exit_without_an_entry_is_kept_and_holds_the_gate()
    {
        await day.LeaveAsync(Car, 0);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Unresolved, OrderAnomaly.NoEntry, null), (order.State, order.Anomalies, order.EnteredAt));
        Assert.Empty(day.Commands());
        await day.LeaveAsync(Car, 5);
        await day.OrderAsync();
    }

    [Fact]
    public async Task An_entry_that_comes_after_its_exit_completes_the_stay_for_the_car_at_the_gate()
    {
        day.Until(60);
        await day.PassAsync(day.City.ExitCamera, Car, 60);
        await day.PassAsync(day.City.EntryCamera, Car, 59);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, OrderAnomaly.Late), (order.State, order.Anomalies));
        Assert.Contains(DeviceCommand.OpenGate, day.Commands());
    }

    [Fact]
    public async Task A_replayed_entry_after_its_exit_becomes_arrears_because_the_car_is_gone()
    {
        day.Until(200);
        await day.PassAsync(day.City.ExitCamera, Car, 120);
        await day.PassAsync(day.City.EntryCamera, Car, 0, replay: true);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Arrears, new Money(900)), (order.State, order.Owed));
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task Whose_exit_was_told_by_a_camera_that_was_cut_off_is_gone()
    {
        await day.EnterAsync(Car, 0);
        day.Commands();
        day.Until(121);
        await day.PassAsync(day.City.ExitCamera, Car, 120, replay: true);
        Assert.Equal((OrderState.Arrears, new Money(900)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Owed));
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task A_second_entry_without_an_exit_leaves_the_first_unresolved_and_uncharged()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 600);
        var orders = await day.OrdersAsync();
        Assert.Equal([OrderState.Unresolved, OrderState.Parked], orders.Select(o => o.State));
        Assert.Equal(OrderAnomaly.NoExit, orders[0].Anomalies);
        await day.LeaveAsync(Car, 660);
        orders = await day.OrdersAsync();
        Assert.Equal([OrderState.Unresolved, OrderState.AwaitingPayment], orders.Select(o => o.State));
        Assert.Equal(new Money(500), orders[1].Owed);
    }

    [Fact]
    public async Task The_missing_exit_comes_late()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 600);
        day.Commands();
        await day.PassAsync(day.City.ExitCamera, Car, 60, replay: true);
        var orders = await day.OrdersAsync();
        Assert.Equal([OrderState.Arrears, OrderState.Parked], orders.Select(o => o.State));
        Assert.Equal((new Money(500), OrderAnomaly.Late, day.City.Exit.Id), (orders[0].Owed, orders[0].Anomalies, orders[0].ExitLaneId));
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task An_entry_that_falls_into_a_finished_stay_changes_nothing()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        await day.CashAsync(await day.OrderAsync(), 700);
        await day.PassAsync(day.City.EntryCamera, Car, 30, replay: true);
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
        Assert.Equal(PassageOutcome.Superseded, (await day.PassagesAsync())[^1].Outcome);
    }

    [Fact]
    public async Task A_car_that_stands_at_the_entry_is_one_stay_and_has_the_gate_opened_again_only_when_the_command_is_over()
    {
        for (var second = 0; second <= 300; second += 20)
            await day.EnterAsync(Car, second / 60.0);
        await day.LeaveAsync(Car, 60);
        var order = await day.OrderAsync();
        Assert.Equal((Day.Minute(0), Day.Minute(60), new Money(500)), (order.EnteredAt, order.ExitedAt, order.Owed));
        await using var s = await day.City.OpenAsync();
        var opened = await s.Db.Set<DeviceCommand>().Where(c => c.Type == DeviceCommand.OpenGate).OrderBy(c => c.CreatedAt).ToListAsync(Ct);
        Assert.Equal(8, opened.Count);
        Assert.All(opened.Zip(opened.Skip(1)), pair => Assert.True(pair.Second.CreatedAt >= pair.First.ExpiresAt));
    }

    [Fact]
    public async Task Readings_that_come_late_show_that_two_stays_were_one()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 1.5);
        Assert.Equal([OrderState.Unresolved, OrderState.Parked], (await day.OrdersAsync()).Select(o => o.State));
        await day.PassAsync(day.City.EntryCamera, Car, 0.75, replay: true);
        var orders = await day.OrdersAsync();
        var (one, other) = (Assert.Single(orders, o => o.State is OrderState.Parked), Assert.Single(orders, o => o.State is OrderState.Void));
        Assert.Equal((Day.Minute(0), OrderAnomaly.Late), (one.EnteredAt, one.Anomalies));
        Assert.All(await day.PassagesAsync(), p => Assert.Equal(one.Id, p.OrderId));
        await using var s = await day.City.OpenAsync();
        var merged = await s.Db.Set<OrderOperation>().SingleAsync(o => o.OrderId == other.Id && o.Kind == OrderOperationKind.Merged, Ct);
        Assert.Equal($"{one.Id:N}", merged.Detail);
    }

    [Fact]
    public async Task Of_two_stays_that_were_one_the_order_stays_that_began_it()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 1.5);
        await day.LeaveAsync(Car, 10);
        var first = (await day.OrdersAsync())[0].Id;
        await day.PassAsync(day.City.EntryCamera, Car, 0.75, replay: true);
        Assert.Equal([(first, Day.Minute(0), Day.Minute(10))],
            (await day.OrdersAsync()).Where(o => o.State is OrderState.Completed).Select(o => (o.Id, o.EnteredAt!.Value, o.ExitedAt!.Value)));
    }

    /// <summary>A lane for both ways has two cameras, and both may read a car.</summary>
    [Fact]
    public async Task Who_owes_reads_it_at_the_camera_that_saw_the_car_first()
    {
        var names = Enumerable.Range(0, 8).Select(n => $"cam-{(n % 2 == 0 ? "a" : "z")}{n}").ToList();
        var cameras = names.ConvertAll(name => new Device
        {
            Id = Guid.CreateVersion7(),
            LotId = City.North.Id,
            Name = name,
            Kind = name[4] == 'a' ? DeviceKind.EntryCamera : DeviceKind.ExitCamera,
            Dialect = DeviceDialect.Standard,
            LaneId = City.Exit.Id,
            SecretHash = ""
        });
        await using (var s = await City.OpenAsync())
        {
            s.Db.AddRange(cameras);
            await s.Db.SaveChangesAsync(Ct);
        }
        for (var n = 0; n < cameras.Count; n++)
        {
            var plate = $"粤B{n}2345";
            await day.EnterAsync(plate, 100 * n);
            day.Until(100 * n + 61);
            day.Commands();
            await day.PassAsync(cameras[n], plate, 100 * n + 61);
            await day.PassAsync(cameras[^(n + 1)], plate, 100 * n + 61.1);
            Assert.Equal([cameras[n].Id, cameras[n].Id], day.Platform.Link.Take().Select(c => c.DeviceId));
        }

        // Who was let out by hand was read by none: the exit's cameras come before the entry's, by their names.
        await day.EnterAsync(Car, 900);
        day.Until(961);
        day.Commands();
        Assert.True((await day.Platform.Get<PassByHand>().RunAsync(City.User(OrderPermissions.Booth),
            new PassByHandRequest(Guid.CreateVersion7(), City.Exit.Id, false, Car), Ct)).Ok);
        Assert.Equal([City.ExitCamera.Id], day.Platform.Link.Take().Select(c => c.DeviceId));
    }

    [Fact]
    public async Task A_car_at_the_exit_is_asked_to_pay_when_its_entry_is_told_late()
    {
        await day.LeaveAsync(Car, 120);
        await day.PassAsync(day.City.EntryCamera, Car, 0, replay: true);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.AwaitingPayment, new Money(900)), (order.State, order.Owed));
        Assert.Equal([DeviceCommand.ShowText], day.Commands());
        await day.CashAsync(order, 900);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
    }

    [Fact]
    public async Task Nobody_is_asked_to_pay_at_an_exit_where_the_next_car_stands()
    {
        await day.LeaveAsync(Car, 120);
        await day.LeaveAsync("粤B00002", 121);
        await day.PassAsync(day.City.EntryCamera, Car, 0, replay: true);
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task Nobody_is_asked_to_pay_where_the_next_car_stands_though_all_is_told_at_once()
    {
        day.Until(121);
        DeviceEvent Seen(Device camera, string plate, double minute) => new(camera.Id, camera.LotId, $"{plate}{minute}", "t", "{}",
            new PassageReport(Day.Minute(minute), minute < 100, plate, null, null, null, null, []));
        await day.RecordAsync([Seen(day.City.ExitCamera, Car, 120), Seen(day.City.ExitCamera, "粤B00002", 121), Seen(day.City.EntryCamera, Car, 0)]);
        Assert.Empty(day.Commands());
        Assert.Equal([Car, "粤B00002"], (await day.OrdersAsync()).Select(o => o.Plate!));
    }

    [Fact]
    public async Task At_a_lane_stands_who_was_read_there_last()
    {
        async Task<Guid?> AtExitAsync() =>
            (await day.Platform.Get<DriverOrders>().LaneAsync(Actor.Driver(day.City.Code, OrderPermissions.Pay), day.City.Exit.Id, Ct))!.OrderId;

        await day.EnterAsync(Car, 0);
        await day.EnterAsync("粤B00003", 55);
        await day.LeaveAsync(Car, 60);
        var orders = await day.OrdersAsync();
        Assert.Equal(orders[0].Id, await AtExitAsync());
        await day.LeaveAsync("粤B00002", 61);
        var stranger = Assert.Single(await day.OrdersAsync(), o => o.Plate == "粤B00002");
        Assert.Equal(stranger.Id, await AtExitAsync());
        await day.LeaveAsync("粤B00003", 62); // free
        Assert.Null(await AtExitAsync());
    }

    [Fact]
    public async Task What_contradicts_a_paid_stay_changes_nothing_and_marks_it()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        await day.CashAsync(await day.OrderAsync(), 700);
        await day.PassAsync(day.City.ExitCamera, Car, 20, replay: true);
        await day.PassAsync(day.City.EntryCamera, Car, 40, replay: true);
        var order = await day.OrderAsync();
        Assert.Equal((Day.Minute(0), Day.Minute(61), new Money(700), OrderState.Completed, OrderAnomaly.Contradicted),
            (order.EnteredAt, order.ExitedAt, order.Receivable, order.State, order.Anomalies));
        Assert.Equal([PassageOutcome.Superseded, PassageOutcome.Superseded], (await day.PassagesAsync())[2..].Select(p => p.Outcome));
        await using var s = await day.City.OpenAsync();
        Assert.Equal(1, await s.Db.Set<OrderOperation>().CountAsync(o => o.Kind == OrderOperationKind.Contradicted, Ct));
    }

    /// <summary>Who is back within half an hour goes on with the stay.</summary>
    [Theory]
    [InlineData(30, OrderAnomaly.Contradicted)]
    [InlineData(30 - Moment, OrderAnomaly.None)]
    public async Task A_stay_that_was_paid_is_marked_when_an_earlier_one_would_have_made_it_cheaper(double left, OrderAnomaly anomaly)
    {
        await day.TariffAsync(t => t with { Reentry = new() { WithinMinutes = 30 } });
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 60);
        await day.LeaveAsync(Car, 80);
        await day.CashAsync((await day.OrdersAsync())[1], 500);
        await day.PassAsync(day.City.ExitCamera, Car, left, replay: true);
        var orders = await day.OrdersAsync();
        Assert.Equal((OrderState.Arrears, OrderAnomaly.Late), (orders[0].State, orders[0].Anomalies));
        Assert.Equal((new Money(500), anomaly), (orders[1].Receivable, orders[1].Anomalies));
    }

    [Fact]
    public async Task A_stay_that_is_not_paid_yet_follows_an_earlier_one()
    {
        await day.TariffAsync(t => t with { Reentry = new() { WithinMinutes = 30 } });
        day.Until(200);
        await day.PassAsync(day.City.EntryCamera, Car, 60, replay: true);
        await day.PassAsync(day.City.ExitCamera, Car, 80, replay: true);
        Assert.Equal(new Money(500), (await day.OrderAsync()).Owed);
        await day.PassAsync(day.City.EntryCamera, Car, 0, replay: true);
        await day.PassAsync(day.City.ExitCamera, Car, 50, replay: true);
        Assert.Equal([new Money(500), new Money(200)], (await day.OrdersAsync()).Select(o => o.Owed));
    }

    [Fact]
    public async Task Stays_that_are_told_together_are_priced_one_after_the_other()
    {
        await day.TariffAsync(t => t with { Reentry = new() { WithinMinutes = 30 } });
        day.Until(200);
        (double Minute, bool Entering)[] events = [(0, true), (50, false), (60, true), (80, false)];
        await day.RecordAsync([.. events.Select((e, i) => new DeviceEvent((e.Entering ? day.City.EntryCamera : day.City.ExitCamera).Id, day.City.North.Id,
            $"b{i}", "t", "{}", new PassageReport(Day.Minute(e.Minute), true, Car, null, null, null, null, [])))]);
        Assert.Equal([new Money(500), new Money(200)], (await day.OrdersAsync()).Select(o => o.Owed));
    }

    [Fact]
    public async Task Who_turned_back_at_the_exit_has_not_left_whatever_is_told_late()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 60);
        await day.LeaveAsync(Car, 180);
        await day.PassAsync(day.City.EntryCamera, Car, 0.5, replay: true);
        var order = await day.OrderAsync();
        Assert.Equal((Day.Minute(180), OrderState.AwaitingPayment, new Money(1300)), (order.ExitedAt, order.State, order.Owed));
        Assert.Equal([PassageOutcome.Opened, PassageOutcome.TurnedBack, PassageOutcome.Closed, PassageOutcome.Repeated],
            (await day.PassagesAsync()).Select(p => p.Outcome));
    }

    [Fact]
    public async Task What_is_paid_at_the_exit_pays_for_the_whole_stay()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 60.5); // beyond the hour, within the minute
        await day.CashAsync(await day.OrderAsync(), 700);
        var order = await day.OrderAsync();
        Assert.Equal((new Money(700), new Money(700)), (order.Receivable, order.Received));
    }

    [Fact]
    public async Task Two_reports_of_one_instant_come_to_the_same_whichever_is_told_first()
    {
        day.Until(200);
        var (first, second) = ("粤B00004", "粤B00005");
        await day.PassAsync(day.City.EntryCamera, first, 10, replay: true);
        await day.PassAsync(day.City.ExitCamera, first, 10, replay: true);
        await day.PassAsync(day.City.ExitCamera, second, 10, replay: true);
        await day.PassAsync(day.City.EntryCamera, second, 10, replay: true);
        Assert.Equal([(OrderState.Completed, Day.Minute(10)), (OrderState.Completed, Day.Minute(10))],
            (await day.OrdersAsync()).Select(o => (o.State, o.ExitedAt!.Value)));
    }

    [Fact]
    public async Task Two_reports_of_a_berth_of_one_instant_come_to_the_same_whichever_is_told_first()
    {
        day.Until(200);
        await day.BerthAsync(occupied: true, 10, replay: true);
        await day.BerthAsync(occupied: false, 10, replay: true);
        await day.BerthAsync(occupied: false, 100, replay: true);
        await day.BerthAsync(occupied: true, 100, replay: true);
        Assert.Equal([(OrderState.Arrears, Day.Minute(10), Day.Minute(100)), (OrderState.Parked, Day.Minute(100), default)],
            (await day.OrdersAsync()).Select(o => (o.State, o.EnteredAt!.Value, o.ExitedAt ?? default)));
        Assert.All(await day.OrdersAsync(), o => Assert.True(o.Anomalies.HasFlag(OrderAnomaly.Doubtful)));
    }

    [Fact]
    public async Task A_camera_reads_again_within_the_minute_and_no_longer()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 1);
        Assert.Single(await day.OrdersAsync());
        await day.EnterAsync(Car, 2 + 1 / 600.0);
        Assert.Equal(2, (await day.OrdersAsync()).Count);
    }

    [Fact]
    public async Task A_car_may_stand_at_the_exit_for_a_quarter_of_an_hour_and_longer_while_it_is_read()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 10);
        await day.LeaveAsync(Car, 25);
        await day.LeaveAsync(Car, 26);
        Assert.Equal(Day.Minute(10), (await day.OrderAsync()).ExitedAt);
        await day.LeaveAsync(Car, 27 + 1 / 600.0);
        Assert.Equal(2, (await day.OrdersAsync()).Count);
    }

    /// <summary>Two stays of one car, told in every order: the stays that come out are the same.</summary>
    [Fact]
    public async Task The_order_of_arrival_does_not_matter()
    {
        (double Minute, bool Entering)[] events = [(0, true), (10, false), (100, true), (112, false)];
        var permutations = Permutations([0, 1, 2, 3]).ToList();
        Assert.Equal(24, permutations.Count);
        day.Until(200);
        for (var n = 0; n < permutations.Count; n++)
            foreach (var i in permutations[n])
                await day.PassAsync(events[i].Entering ? day.City.EntryCamera : day.City.ExitCamera, $"A{n:000}", events[i].Minute, replay: true);
        var orders = await day.OrdersAsync();
        for (var n = 0; n < permutations.Count; n++)
        {
            var stays = orders.Where(o => o.Plate == $"A{n:000}" && o.State is OrderState.Completed)
                .Select(o => (o.EnteredAt, o.ExitedAt)).ToList();
            Assert.True(stays.SequenceEqual([(Day.Minute(0), Day.Minute(10)), (Day.Minute(100), Day.Minute(112))]),
                $"{string.Join(",", permutations[n])}: "
                + string.Join("; ", orders.Where(o => o.Plate == $"A{n:000}").Select(o => $"{o.State} {o.EnteredAt:mm} {o.ExitedAt:mm}")));
        }
        Assert.Equal(48, orders.Count);
    }

    static IEnumerable<int[]> Permutations(int[] items) => items.Length == 1
        ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(i => i != first)]).Select(rest => (int[])[first, .. rest]));

    [Fact]
    public async Task A_car_that_left_unpaid_and_comes_back_owes_arrears()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        await day.EnterAsync(Car, 600);
        var orders = await day.OrdersAsync();
        Assert.Equal([OrderState.Arrears, OrderState.Parked], orders.Select(o => o.State));
        await day.CashAsync(orders[0], 700);
        Assert.Equal(OrderState.Completed, (await day.OrdersAsync())[0].State);
    }

    [Fact]
    public async Task A_car_without_a_plate_opens_an_order_and_its_exit_waits_for_a_person()
    {
        await day.EnterAsync("无牌车", 0);
        await day.LeaveAsync(null, 60);
        var orders = await day.OrdersAsync();
        Assert.Equal([OrderState.Parked, OrderState.Unresolved], orders.Select(o => o.State));
        Assert.Equal(OrderAnomaly.NoPlate, orders[0].Anomalies);
        Assert.Equal(OrderAnomaly.NoPlate | OrderAnomaly.NoEntry, orders[1].Anomalies);
    }

    /// <summary>What cameras write where they read nothing.</summary>
    [Fact]
    public async Task Cars_without_a_plate_are_never_taken_for_one_car_whatever_the_word_is()
    {
        string[] words = ["无车牌", "车牌", "NULL", "none", "未识别", "N/A", "粤B！！"];
        for (var i = 0; i < words.Length; i++)
            await day.EnterAsync(words[i], 5 * i);
        await day.LeaveAsync("无车牌", 60);
        var orders = await day.OrdersAsync();
        Assert.Equal(words.Length, orders.Count(o => o is { State: OrderState.Parked, Plate: null, Anomalies: OrderAnomaly.NoPlate }));
        Assert.Single(orders, o => o.State is OrderState.Unresolved && o.Anomalies == (OrderAnomaly.NoPlate | OrderAnomaly.NoEntry));
        Assert.Equal(words.Length + 1, orders.Count);
    }

    [Fact]
    public async Task A_stay_longer_than_a_tariff_can_say_waits_for_a_person()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 370 * 24 * 60);
        Assert.Equal(OrderState.Unresolved, (await day.OrderAsync()).State);
    }

    [Fact]
    public async Task On_street_leaving_unpaid_becomes_arrears()
    {
        await day.BerthAsync(occupied: true, 0);
        await day.BerthAsync(occupied: true, 1, Car);
        await day.BerthAsync(occupied: true, 30, Car);
        day.Until(61);
        await day.BerthAsync(occupied: false, 61);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Arrears, Car, new Money(700)), (order.State, order.Plate, order.Owed));
        Assert.Equal(OrderAnomaly.None, order.Anomalies);
        await day.BerthAsync(occupied: false, 62);
        await day.BerthAsync(occupied: false, 90);
        await day.OrderAsync();
        Assert.Empty(day.Commands());
    }

    [Theory]
    [InlineData(0, 1, 2, 3)]
    [InlineData(1, 0, 3, 2)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(0, 3, 1, 2)]
    [InlineData(2, 3, 0, 1)]
    [InlineData(0, 2, 1, 3)]
    [InlineData(0, 2, 3, 1)]
    [InlineData(1, 2, 0, 3)]
    public async Task A_sensor_that_was_cut_off_may_tell_in_any_order(params int[] order)
    {
        (double Minute, bool Occupied)[] events = [(0, true), (10, false), (100, true), (112, false)];
        day.Until(200);
        foreach (var i in order)
            await day.BerthAsync(events[i].Occupied, events[i].Minute, replay: true);
        var orders = await day.OrdersAsync();
        Assert.Equal([(Day.Minute(0), Day.Minute(10)), (Day.Minute(100), Day.Minute(112))],
            orders.Select(o => (o.EnteredAt!.Value, o.ExitedAt!.Value)));
        Assert.All(orders, o => Assert.Equal(OrderState.Completed, o.State));
    }

    [Fact]
    public async Task An_exit_is_never_charged_to_a_stay_that_others_followed()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 1440);
        await day.LeaveAsync(Car, 1441);
        await day.LeaveAsync(Car, 5 * 1440);
        var orders = await day.OrdersAsync();
        Assert.Equal([OrderState.Unresolved, OrderState.Completed, OrderState.Unresolved], orders.Select(o => o.State));
        Assert.Equal([OrderAnomaly.NoExit, OrderAnomaly.None, OrderAnomaly.NoEntry], orders.Select(o => o.Anomalies));
    }

    [Fact]
    public async Task A_short_stay_whose_entry_is_told_late_has_ended()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 10);
        await day.LeaveAsync(Car, 20);
        await day.PassAsync(day.City.EntryCamera, Car, 12, replay: true);
        Assert.Equal([(Day.Minute(0), Day.Minute(10)), (Day.Minute(12), Day.Minute(20))],
            (await day.OrdersAsync()).Select(o => (o.EnteredAt!.Value, o.ExitedAt!.Value)));
    }

    [Theory]
    [InlineData(61 + 30, true)]
    [InlineData(61 + 30 + Moment, false)]
    public async Task Who_paid_long_after_leaving_opens_no_gate_for_another(double minute, bool opens)
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        day.Until(minute);
        day.Commands();
        await day.CashAsync(order, 700);
        Assert.Equal(opens ? [DeviceCommand.OpenGate] : [], day.Commands());
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
    }

    /// <summary>7 yuan pay for an hour and a half.</summary>
    [Theory]
    [InlineData(89 + 15, 0)]
    [InlineData(89 + 15 + Moment, 200)]
    public async Task Who_paid_in_advance_has_a_quarter_of_an_hour_to_leave(double minute, long owed)
    {
        await day.EnterAsync(Car, 0);
        day.Until(89);
        Assert.True((await day.CashAsync(await day.OrderAsync(), 700)).Ok);
        day.Commands();
        await day.LeaveAsync(Car, minute);
        Assert.Equal(new Money(owed), (await day.OrderAsync()).Owed);
        Assert.Equal([owed == 0 ? DeviceCommand.OpenGate : DeviceCommand.ShowText], day.Commands());
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(2 + Moment, false)]
    public async Task What_is_told_within_two_minutes_moves_gates_and_what_is_older_none(double late, bool moves)
    {
        day.Until(late);
        await day.PassAsync(day.City.EntryCamera, Car, 0);
        Assert.Equal(moves ? [DeviceCommand.OpenGate] : [], day.Commands());
        day.Until(14 + late);
        await day.PassAsync(day.City.ExitCamera, Car, 14);
        Assert.Equal(moves ? [DeviceCommand.OpenGate] : [], day.Commands());
    }

    [Theory]
    [InlineData(15, OrderState.AwaitingPayment)]
    [InlineData(15 + Moment, OrderState.Arrears)]
    public async Task Whose_entry_is_told_late_stands_at_the_exit_for_a_quarter_of_an_hour(double late, OrderState state)
    {
        await day.LeaveAsync(Car, 120);
        day.Until(120 + late);
        await day.PassAsync(day.City.EntryCamera, Car, 0, replay: true);
        Assert.Equal((state, new Money(900)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Owed));
        Assert.Equal(state is OrderState.AwaitingPayment ? [DeviceCommand.ShowText] : [], day.Commands());
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(15 + Moment, false)]
    public async Task Who_owes_nothing_when_the_entry_is_told_late_is_let_out_for_a_quarter_of_an_hour(double late, bool opens)
    {
        await day.LeaveAsync(Car, 120);
        day.Until(120 + late);
        await day.PassAsync(day.City.EntryCamera, Car, 110, replay: true);
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
        Assert.Equal(opens ? [DeviceCommand.OpenGate] : [], day.Commands());
    }

    [Fact]
    public async Task A_free_berth_that_says_so_is_no_order()
    {
        await day.BerthAsync(occupied: false, 0);
        Assert.Empty(await day.OrdersAsync());
    }

    [Fact]
    public async Task Another_plate_in_a_berth_that_was_not_free_goes_on_with_the_stay_and_marks_it()
    {
        await day.BerthAsync(occupied: true, 0, "A1");
        day.Until(60);
        await day.BerthAsync(occupied: true, 30, "B2", replay: true);
        await day.BerthAsync(occupied: true, 40, "A1", replay: true);
        await day.BerthAsync(occupied: false, 60);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Arrears, "A1", new Money(500), OrderAnomaly.OtherPlate), (order.State, order.Plate, order.Owed, order.Anomalies));
        Assert.Equal(["A1", "B2", "A1", null], (await day.PassagesAsync()).Select(p => p.Plate));
    }

    [Fact]
    public async Task Another_plate_after_the_berth_was_free_is_the_next_car()
    {
        await day.BerthAsync(occupied: true, 0, "A1");
        day.Until(60);
        await day.BerthAsync(occupied: false, 10, replay: true);
        await day.BerthAsync(occupied: true, 11, "B2", replay: true);
        var orders = await day.OrdersAsync();
        Assert.Equal([("A1", OrderState.Completed, OrderAnomaly.None), ("B2", OrderState.Parked, OrderAnomaly.None)],
            orders.Select(o => (o.Plate!, o.State, o.Anomalies)));
    }

    [Fact]
    public async Task Another_plate_is_the_next_car_as_well_when_free_is_told_late()
    {
        await day.BerthAsync(occupied: true, 0, "A1");
        day.Until(60);
        await day.BerthAsync(occupied: true, 20, "B2");
        await day.BerthAsync(occupied: false, 10, replay: true);
        var orders = await day.OrdersAsync();
        Assert.Equal([("A1", Day.Minute(0), OrderState.Completed), ("B2", Day.Minute(20), OrderState.Parked)],
            orders.Select(o => (o.Plate!, o.EnteredAt!.Value, o.State)));
        Assert.All(orders, o => Assert.False(o.Anomalies.HasFlag(OrderAnomaly.OtherPlate)));
    }

    [Fact]
    public async Task A_time_ten_years_off_is_refused_and_kept_raw()
    {
        const double TenYears = 10 * 366 * 24 * 60;
        foreach (var minute in new[] { TenYears, -TenYears })
            Assert.Equal(new EventResult(EventOutcome.Refused, EventErrors.TimeOutOfRange),
                await day.PassAsync(day.City.EntryCamera, Car, minute));
        Assert.Empty(await day.OrdersAsync());
        Assert.Empty(await day.PassagesAsync());
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(10 + Moment, false)]
    [InlineData(-90 * 24 * 60, true)]
    [InlineData(-90 * 24 * 60 - Moment, false)]
    public async Task A_time_ten_minutes_ahead_or_ninety_days_old_is_taken_and_no_other(double minute, bool taken)
    {
        Assert.Equal(taken ? new(EventOutcome.Recorded) : new EventResult(EventOutcome.Refused, EventErrors.TimeOutOfRange),
            await day.PassAsync(day.City.EntryCamera, Car, minute));
        Assert.Equal(taken ? 1 : 0, (await day.OrdersAsync()).Count);
    }

    /// <summary>A plate has 16 characters at most, and 64 as it is written.</summary>
    [Theory]
    [InlineData(16, 0, true)]
    [InlineData(17, 0, false)]
    [InlineData(7, 57, true)]
    [InlineData(7, 58, false)]
    [InlineData(500, 0, false)]
    public async Task A_plate_that_is_too_long_is_refused(int characters, int spaces, bool taken)
    {
        var result = await day.PassAsync(day.City.EntryCamera, new string('7', characters) + new string(' ', spaces), 0);
        Assert.Equal(taken ? new(EventOutcome.Recorded) : new EventResult(EventOutcome.Refused, EventErrors.PlateTooLong), result);
        Assert.Equal(taken ? 1 : 0, (await day.OrdersAsync()).Count);
    }

    [Fact]
    public async Task A_device_bound_to_no_lane_is_refused()
    {
        var e = new DeviceEvent(day.City.Sensor1.Id, day.City.South.Id, "x", "t", "{}",
            new PassageReport(Day.Minute(0), false, Car, null, null, null, null, []));
        Assert.Equal(new EventResult(EventOutcome.Refused, EventErrors.NotBound), await day.RecordAsync(e));
    }

    /// <summary>The order with the money goes on, in the place of the one that was open.</summary>
    /// <summary>C1, C5: it stands there for three minutes.</summary>
    [Theory]
    [InlineData(new[] { 0, 20, 40, 60, 80, 100, 120, 140, 160, 180 })]
    [InlineData(new[] { 180, 160, 140, 120, 100, 80, 60, 40, 20, 0 })]
    [InlineData(new[] { 0, 80, 160, 120, 40, 20, 180, 140, 60, 100 })]
    public async Task A_car_without_a_plate_that_stands_at_a_lane_is_one(int[] seconds)
    {
        day.Until(10);
        foreach (var second in seconds)
            await day.PassAsync(City.EntryCamera, second % 40 == 0 ? null : "无牌车", second / 60.0, replay: true);
        var order = (await day.OrdersAsync()).Single(o => o.State is not OrderState.Void);
        Assert.Equal((OrderState.Parked, Day.Minute(0), null), (order.State, order.EnteredAt, order.Plate));
        Assert.All(await day.PassagesAsync(), p => Assert.Equal(order.Id, p.OrderId));
        await day.PassAsync(City.EntryCamera, null, 3 + 61 / 60.0, replay: true);
        Assert.Equal(2, (await day.OrdersAsync()).Count(o => o.State is OrderState.Parked));
    }

    [Fact]
    public async Task Its_gate_opens_once_and_again_only_after_the_commands_life()
    {
        for (var second = 0; second < 12; second += 2)
            await day.EnterAsync(null, second / 60.0);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        DeviceEvent Seen(string id, string? plate) => new(City.EntryCamera.Id, City.EntryCamera.LotId, id, "t", "{}",
            new PassageReport(Day.Minute(30), false, plate, "blue", "small", 0.98, null, []));
        day.Until(30);
        await day.RecordAsync([Seen("a", Car), Seen("b", Car), Seen("c", null), Seen("d", null)]);
        Assert.Equal([DeviceCommand.OpenGate, DeviceCommand.OpenGate], day.Commands());
    }

    /// <summary>A booth shows who stands at the gate and is kept out, of whom there is no order.</summary>
    [Fact]
    public async Task Pages_hear_of_every_car_that_is_read()
    {
        var heard = new List<LiveNotice>();
        using (day.Platform.Get<LiveFeed>().Subscribe(day.City.Code, heard.AddRange))
            await day.PassAsync(City.EntryCamera, Car, 0, "late", replay: true);
        Assert.Contains(new LiveNotice(LiveKind.Passage, City.North.Id, City.EntryCamera.Id), heard);
    }

    [Fact]
    public async Task A_gate_that_failed_is_told_again_as_soon_as_the_car_is_read_again()
    {
        await day.EnterAsync(Car, 0);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        await day.EnterAsync(Car, 5 / 60.0);
        Assert.Empty(day.Commands());
        Guid command;
        await using (var s = await City.OpenAsync())
            command = await s.Db.Set<DeviceCommand>().Select(c => c.Id).SingleAsync(Ct);
        await day.RecordAsync(new DeviceEvent(City.EntryCamera.Id, City.EntryCamera.LotId, "reply", "t", "{}", new ReplyReport(command, false, "jammed")));
        await day.EnterAsync(Car, 10 / 60.0);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
    }

    /// <summary>Of one second the sensor says both, in either order; what it says next tells what was.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_berth_that_was_free_and_occupied_at_one_instant_is_occupied_from_then_on_if_it_becomes_free_later(bool occupiedFirst)
    {
        day.Until(100);
        await day.BerthAsync(occupiedFirst, 0, replay: true);
        await day.BerthAsync(!occupiedFirst, 0, replay: true);
        await day.BerthAsync(false, 61, replay: true);
        var order = (await day.OrdersAsync()).Single(o => o.State is not OrderState.Void);
        Assert.Equal((Day.Minute(0), Day.Minute(61), new Money(700)), (order.EnteredAt, order.ExitedAt, order.Owed));
        Assert.True(order.Anomalies.HasFlag(OrderAnomaly.Doubtful));
    }

    [Fact]
    public async Task A_car_that_is_seen_once_more_as_it_leaves_its_berth_does_not_come_again()
    {
        day.Until(100);
        await day.BerthAsync(true, 0, Car, replay: true);
        await day.BerthAsync(false, 3, replay: true);
        await day.BerthAsync(true, 3, Car, replay: true);
        await day.BerthAsync(false, 20, replay: true);
        var order = (await day.OrdersAsync()).Single(o => o.State is not OrderState.Void);
        Assert.Equal((Day.Minute(0), Day.Minute(3)), (order.EnteredAt, order.ExitedAt));
        Assert.True(order.Anomalies.HasFlag(OrderAnomaly.Doubtful));
    }

    [Fact]
    public async Task Another_car_may_take_the_berth_in_the_second_in_which_it_is_left()
    {
        day.Until(100);
        await day.BerthAsync(true, 0, Car, replay: true);
        await day.BerthAsync(false, 3, replay: true);
        await day.BerthAsync(true, 3, "粤B54321", replay: true);
        await day.BerthAsync(false, 64, replay: true);
        Assert.Equal([(Car, Day.Minute(3)), ("粤B54321", Day.Minute(64))], (await day.OrdersAsync()).Select(o => (o.Plate!, o.ExitedAt!.Value)));
    }

    /// <summary>C9 in part: what a person has to pay back is marked.</summary>
    [Fact]
    public async Task A_stay_that_turns_out_shorter_than_was_paid_for_is_overpaid()
    {
        await day.EnterAsync(Car, 0);
        day.Until(180);
        await day.CashAsync(await day.OrderAsync(), 1300);
        Assert.Equal(OrderAnomaly.None, (await day.OrderAsync()).Anomalies);
        await day.PassAsync(City.ExitCamera, Car, 61, replay: true);
        var order = await day.OrderAsync();
        Assert.Equal((new Money(700), new Money(1300), true), (order.Receivable, order.Received, order.Anomalies.HasFlag(OrderAnomaly.Overpaid)));
    }

    [Fact]
    public async Task Two_orders_that_were_one_stay_become_the_one_that_was_paid_for()
    {
        await day.EnterAsync("粤B12345", 0);
        day.Until(16);
        var first = await day.OrderAsync();
        Assert.True((await day.CashAsync(first, 500)).Ok);
        await day.EnterAsync("粤B12345", 17);
        Assert.Equal(2, (await day.OrdersAsync()).Count);
        for (var minute = 1; minute <= 16; minute++)
            await day.PassAsync(City.EntryCamera, "粤B12345", minute, replay: true);
        var orders = await day.OrdersAsync();
        Assert.Equal((OrderState.Parked, new Money(500), Day.Minute(0)),
            orders.Where(o => o.Id == first.Id).Select(o => (o.State, o.Received, o.EnteredAt!.Value)).Single());
        Assert.Equal(OrderState.Void, orders.Single(o => o.Id != first.Id).State);
    }
}
