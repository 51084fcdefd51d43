using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;

namespace ParkingSaaS.Tests.Orders;

/// <summary>What people do to orders: at the booth, and afterwards.</summary>
public sealed class ByHandTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    Actor attendant => field ??= day.City.RestrictedTo(day.City.North, OrderPermissions.Booth, OrderPermissions.Void, PaymentPermissions.Cash);
    Actor elsewhere => field ??= day.City.RestrictedTo(day.City.South, OrderPermissions.Booth, OrderPermissions.Void);

    T Get<T>() where T : notnull => day.Platform.Get<T>();

    Task<Result<PassedByHand>> PassAsync(bool entering, string? plate, Guid? id = null, Actor? by = null) => Get<PassByHand>().RunAsync(
        by ?? attendant, new PassByHandRequest(id ?? Guid.CreateVersion7(), entering ? day.City.Entry.Id : day.City.Exit.Id, entering, plate), Ct);

    async Task<List<OrderOperation>> OperationsAsync(Order order)
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<OrderOperation>().Where(o => o.OrderId == order.Id).OrderBy(o => o.Id).ToListAsync(Ct);
    }

    async Task<int> CommandCountAsync()
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<DeviceCommand>().CountAsync(Ct);
    }

    static void IsNotFound<T>(Result<T> result) => Assert.IsType<NotFound>(result.Error);

    [Fact]
    public async Task A_stay_by_hand_is_priced_and_holds_the_gate_like_any_other()
    {
        Assert.Equal(PassageOutcome.Opened, (await PassAsync(true, "粤b 12345")).Value.Outcome);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        day.Until(61);
        Assert.Equal(PassageOutcome.Closed, (await PassAsync(false, Car)).Value.Outcome);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.AwaitingPayment, new Money(700), Car), (order.State, order.Owed, order.Plate));
        Assert.Equal([DeviceCommand.ShowText], day.Commands());
        Assert.Equal([(OrderOperationKind.Entered, "restricted"), (OrderOperationKind.Exited, "restricted")],
            (await OperationsAsync(order)).Select(o => (o.Kind, o.By)));
    }

    /// <summary>The camera's clock runs ahead, so what the attendant sees now is between what was known.</summary>
    [Fact]
    public async Task A_car_let_in_by_hand_can_make_two_orders_the_one_that_was_paid_for()
    {
        await day.EnterAsync(Car, 0);
        day.Until(16);
        var first = await day.OrderAsync();
        Assert.True((await day.CashAsync(first, 500)).Ok);
        await day.PassAsync(day.City.EntryCamera, Car, 17);
        for (var minute = 1; minute < 16; minute++)
            await day.PassAsync(day.City.EntryCamera, Car, minute, replay: true);
        Assert.Equal(2, (await day.OrdersAsync()).Count);
        var passed = await PassAsync(true, Car);
        Assert.Equal(first.Id, passed.Value.Order!.Id);
        var orders = await day.OrdersAsync();
        Assert.Equal((OrderState.Parked, new Money(500), Day.Minute(0)),
            orders.Where(o => o.Id == first.Id).Select(o => (o.State, o.Received, o.EnteredAt!.Value)).Single());
        Assert.Equal(OrderState.Void, orders.Single(o => o.Id != first.Id).State);
    }

    [Fact]
    public async Task A_second_click_is_the_same_passage_even_without_a_plate()
    {
        var id = Guid.CreateVersion7();
        var (first, again) = ((await PassAsync(true, "", id)).Value, (await PassAsync(true, "", id)).Value);
        Assert.Equal((first.Outcome, first.Order!.Id), (again.Outcome, again.Order!.Id));
        Assert.Equal(OrderAnomaly.NoPlate, (await day.OrderAsync()).Anomalies);
        Assert.Single(await day.PassagesAsync());
        Assert.Single(day.Commands());
    }

    [Fact]
    public async Task What_the_camera_read_a_moment_ago_is_not_entered_twice()
    {
        await day.EnterAsync(Car, 0);
        day.Until(0.5);
        Assert.Equal(PassageOutcome.Repeated, (await PassAsync(true, Car)).Value.Outcome);
        await day.OrderAsync();
    }

    [Fact]
    public async Task A_car_that_has_not_left_is_let_in_once_somebody_says_so()
    {
        await day.EnterAsync(Car, 0);
        day.Until(60);
        var came = new CityZone("Asia/Shanghai").Local(Day.Minute(0));
        Assert.Equal(new AlreadyIn(Car, $"{came:HH:mm}"), (await PassAsync(true, Car)).Error);
        day.Until(24 * 60 + 60);
        Assert.Equal(new AlreadyIn(Car, $"{came:yyyy-MM-dd HH:mm}"), (await PassAsync(true, Car)).Error);
        Assert.Single(await day.PassagesAsync());
        var again = new PassByHandRequest(Guid.CreateVersion7(), day.City.Entry.Id, true, Car, Again: true);
        Assert.Equal(PassageOutcome.Opened, (await Get<PassByHand>().RunAsync(attendant, again, Ct)).Value.Outcome);
        Assert.Equal([OrderState.Unresolved, OrderState.Parked], (await day.OrdersAsync()).Select(o => o.State));
        // Out it goes unasked, and in again.
        day.Until(24 * 60 + 61);
        Assert.Equal(PassageOutcome.Closed, (await PassAsync(false, Car)).Value.Outcome);
        day.Until(24 * 60 + 90);
        Assert.Equal(PassageOutcome.Opened, (await PassAsync(true, Car)).Value.Outcome);
    }

    [Fact]
    public async Task Lanes_out_of_reach_and_of_the_wrong_direction_are_refused()
    {
        IsNotFound(await PassAsync(true, Car, by: elsewhere));
        Assert.Equivalent(new WrongLane("Out"), (await Get<PassByHand>().RunAsync(attendant,
            new PassByHandRequest(Guid.CreateVersion7(), day.City.Exit.Id, true, Car), Ct)).Error);
        IsNotFound(await Get<PassByHand>().RunAsync(attendant,
            new PassByHandRequest(Guid.CreateVersion7(), day.Platform.Beta.Entry.Id, true, Car), Ct));
        Assert.Equal(new InvalidField("Plate", "too-long"), (await PassAsync(true, new string('A', 500))).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => PassAsync(true, Car, by: day.City.User(OrderPermissions.View)));
        Assert.Empty(await day.OrdersAsync());
        Assert.Empty(await day.PassagesAsync());
    }

    [Fact]
    public async Task Opening_the_gate_for_a_reason_turns_what_is_owed_into_arrears()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Commands();
        var request = new OpenGateRequest(Guid.CreateVersion7(), day.City.Exit.Id, " Ambulance ");
        Assert.True((await Get<OpenGateByHand>().RunAsync(attendant, request, Ct)).Ok);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        Assert.True((await Get<OpenGateByHand>().RunAsync(attendant, request, Ct)).Ok);
        Assert.Empty(day.Commands());

        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Arrears, new Money(700)), (order.State, order.Owed));
        var opened = Assert.Single(await OperationsAsync(order), o => o.Kind == OrderOperationKind.GateOpened);
        Assert.Equal(("restricted", "Ambulance", new Money(700)), (opened.By, opened.Detail, opened.Amount));
        await using var s = await day.City.OpenAsync();
        var command = await s.Db.Set<DeviceCommand>().SingleAsync(c => c.Type == DeviceCommand.OpenGate && c.DeviceId == day.City.ExitGate.Id, Ct);
        Assert.Equal(("Ambulance", order.Id, "restricted"), (command.Reason, command.OrderId, command.By));
    }

    [Fact]
    public async Task A_gate_opens_only_with_a_reason_and_within_reach()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        var before = await CommandCountAsync();
        Assert.Equal(new InvalidField("Reason", "required"), (await Get<OpenGateByHand>().RunAsync(attendant,
            new OpenGateRequest(Guid.CreateVersion7(), day.City.Exit.Id, " "), Ct)).Error);
        IsNotFound(await Get<OpenGateByHand>().RunAsync(elsewhere, new OpenGateRequest(Guid.CreateVersion7(), day.City.Exit.Id, "x"), Ct));
        IsNotFound(await Get<OpenGateByHand>().RunAsync(attendant, new OpenGateRequest(Guid.CreateVersion7(), day.Platform.Beta.Exit.Id, "x"), Ct));
        Assert.Equal(OrderState.AwaitingPayment, (await day.OrderAsync()).State);
        Assert.Equal(before, await CommandCountAsync());
    }

    [Fact]
    public async Task A_misread_exit_is_joined_with_its_entry_and_priced()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync("粤B12346", 61);
        day.Commands();
        var orders = await day.OrdersAsync();
        var (entry, exit) = (orders[0], orders[1]);
        Assert.True((await Get<MatchExit>().RunAsync(attendant, exit.Id, entry.Id, "looked", Ct)).Ok);
        Assert.Equal([DeviceCommand.ShowText], day.Commands());
        Assert.True((await Get<MatchExit>().RunAsync(attendant, exit.Id, entry.Id, "looked", Ct)).Ok);
        Assert.Empty(day.Commands());

        orders = await day.OrdersAsync();
        Assert.Equal((OrderState.AwaitingPayment, Car, new Money(700), Day.Minute(61), OrderAnomaly.Corrected),
            (orders[0].State, orders[0].Plate, orders[0].Owed, orders[0].ExitedAt!.Value, orders[0].Anomalies));
        Assert.Equal((OrderState.Void, Money.Zero), (orders[1].State, orders[1].Owed));
        Assert.Equal([entry.Id, entry.Id], (await day.PassagesAsync()).Select(p => p.OrderId!.Value));
        Assert.Single(await OperationsAsync(entry), o => o.Kind == OrderOperationKind.ExitMatched && o.Detail == "粤B12346: looked");
        Assert.Single(await OperationsAsync(exit), o => o.Kind == OrderOperationKind.MatchedToEntry && o.Detail == Car);

        Assert.True((await day.CashAsync(orders[0], 700)).Ok);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        Assert.Equal(OrderState.Completed, (await day.OrdersAsync())[0].State);
    }

    /// <summary>C3: the exit camera's clock is an hour slow, so the car left before it came.</summary>
    [Fact]
    public async Task An_exit_by_a_slow_clock_is_joined_with_its_entry_at_the_time_at_which_it_was_told()
    {
        await day.EnterAsync(Car, 40);
        day.Until(101);
        await day.PassAsync(day.City.ExitCamera, Car, 31);
        var orders = await day.OrdersAsync();
        var (exit, entry) = (orders.Single(o => o.EnteredAt is null), orders.Single(o => o.ExitedAt is null));
        Assert.True(exit.Anomalies.HasFlag(OrderAnomaly.ClockWrong));
        var candidate = Assert.Single(await Get<ExitCandidates>().RunAsync(attendant, exit.Id, Ct));
        Assert.Equal((entry.Id, 0), (candidate.OrderId, candidate.Distance));
        Assert.Equal(new InvalidField("Reason", "required"), (await Get<MatchExit>().RunAsync(attendant, exit.Id, entry.Id, null, Ct)).Error);
        Assert.True((await Get<MatchExit>().RunAsync(attendant, exit.Id, entry.Id, "slow clock", Ct)).Ok);
        entry = (await day.OrdersAsync()).Single(o => o.Id == entry.Id);
        Assert.Equal((Day.Minute(101), new Money(700), OrderState.AwaitingPayment), (entry.ExitedAt, entry.Owed, entry.State));
        Assert.True(entry.Anomalies.HasFlag(OrderAnomaly.ClockWrong));
        Assert.True((await Get<MatchExit>().RunAsync(attendant, exit.Id, entry.Id, "slow clock", Ct)).Ok);
    }

    [Fact]
    public async Task A_car_without_a_plate_that_owes_nothing_is_let_out_by_the_match()
    {
        await day.EnterAsync(null, 0);
        await day.LeaveAsync(Car, 10);
        day.Commands();
        var orders = await day.OrdersAsync();
        Assert.True((await Get<MatchExit>().RunAsync(attendant, orders[1].Id, orders[0].Id, "looked", Ct)).Ok);
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        var entry = (await day.OrdersAsync())[0];
        Assert.Equal((OrderState.Completed, Car), (entry.State, entry.Plate));
    }

    [Fact]
    public async Task Only_the_two_halves_of_one_stay_match()
    {
        await day.LeaveAsync("A1", 0);
        await day.EnterAsync("B2", 5);
        await day.EnterAsync("C3", 6);
        var orders = await day.OrdersAsync();
        var match = Get<MatchExit>();
        Assert.IsType<EntryAfterExit>((await match.RunAsync(attendant, orders[0].Id, orders[1].Id, "looked", Ct)).Error);
        Assert.Equivalent(new WrongState(OrderState.Parked), (await match.RunAsync(attendant, orders[1].Id, orders[2].Id, "looked", Ct)).Error);
        Assert.IsType<NoMatch>((await match.RunAsync(attendant, orders[0].Id, orders[0].Id, "looked", Ct)).Error);
        IsNotFound(await match.RunAsync(elsewhere, orders[0].Id, orders[1].Id, "looked", Ct));
        IsNotFound(await match.RunAsync(attendant, Guid.NewGuid(), orders[1].Id, "looked", Ct));
        Assert.Equal(orders.Select(o => o.RowVersion), (await day.OrdersAsync()).Select(o => o.RowVersion));
    }

    [Fact]
    public async Task The_candidates_are_the_open_plates_most_alike()
    {
        string[] plates = ["粤B12399", "粤B12345", "粤A99999", "粤B1234", "浙C00001", "粤B12344"];
        for (var i = 0; i < plates.Length; i++)
            await day.EnterAsync(plates[i], i);
        await day.LeaveAsync("粤B12346", 60);
        var exit = (await day.OrdersAsync()).Single(o => o.State == OrderState.Unresolved);
        var found = await Get<ExitCandidates>().RunAsync(attendant, exit.Id, Ct);
        Assert.Equal([("粤B12344", 1), ("粤B1234", 1), ("粤B12345", 1), ("粤B12399", 2), ("粤A99999", 6)], found.Select(c => (c.Plate!, c.Distance)));
        Assert.Equal([true, true, true, true, false], found.Select(c => c.Near));
        Assert.Empty(await Get<ExitCandidates>().RunAsync(elsewhere, exit.Id, Ct));
        Assert.Empty(await Get<ExitCandidates>().RunAsync(attendant, found[0].OrderId, Ct));
    }

    [Fact]
    public async Task An_entry_given_by_hand_prices_the_stay_once()
    {
        const double month = 30 * 24 * 60;
        await day.LeaveAsync(Car, month + 61);
        day.Commands();
        var order = await day.OrderAsync();
        var set = Get<SetEntryTime>();
        Assert.IsType<EntryAfterExit>((await set.RunAsync(attendant, new(order.Id, Day.Minute(month + 62), "ticket"), Ct)).Error);
        Assert.Equal(new InvalidField("Reason", "required"), (await set.RunAsync(attendant, new(order.Id, Day.Minute(month), ""), Ct)).Error);
        Assert.IsType<NoFee>((await set.RunAsync(attendant, new(order.Id, Day.Minute(month - 380 * 24 * 60), "ticket"), Ct)).Error);
        IsNotFound(await set.RunAsync(elsewhere, new(order.Id, Day.Minute(month), "ticket"), Ct));
        Assert.Equal(OrderState.Unresolved, (await day.OrderAsync()).State);

        Assert.True((await set.RunAsync(attendant, new(order.Id, Day.Minute(month), "ticket"), Ct)).Ok);
        Assert.True((await set.RunAsync(attendant, new(order.Id, Day.Minute(month), "ticket"), Ct)).Ok);
        order = await day.OrderAsync();
        Assert.Equal((OrderState.AwaitingPayment, new Money(700), OrderAnomaly.Corrected), (order.State, order.Owed, order.Anomalies));
        Assert.NotNull(order.TariffVersionId);
        Assert.Single(await OperationsAsync(order), o => o.Kind == OrderOperationKind.EntrySet && o.Detail == "ticket");
        Assert.Equal([DeviceCommand.ShowText], day.Commands());
        Assert.Equivalent(new WrongState(OrderState.AwaitingPayment), (await set.RunAsync(attendant, new(order.Id, Day.Minute(month + 1), "x"), Ct)).Error);
    }

    [Fact]
    public async Task A_missing_exit_is_given_and_the_stay_is_arrears()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 600);
        var order = (await day.OrdersAsync())[0];
        var set = Get<SetExitTime>();
        Task<Result<Done>> SetAsync(double minute, string reason = "a picture", Guid? lane = null, Actor? by = null, bool waived = false) =>
            set.RunAsync(by ?? attendant, new(order.Id, Day.Minute(minute), lane ?? day.City.Exit.Id, waived, reason), Ct);
        Assert.IsType<EntryAfterExit>((await SetAsync(-1)).Error);
        Assert.Equal(new InvalidField("ExitedAt", "out-of-range"), (await SetAsync(601)).Error);
        Assert.Equal(new InvalidField("Reason", "required"), (await SetAsync(61, "")).Error);
        Assert.Equivalent(new WrongLane("In"), (await SetAsync(61, lane: day.City.Entry.Id)).Error);
        IsNotFound(await SetAsync(61, lane: day.Platform.Beta.Exit.Id));
        IsNotFound(await SetAsync(61, by: elsewhere));
        await Assert.ThrowsAsync<AccessDeniedException>(() => SetAsync(61, by: day.City.User(OrderPermissions.Booth), waived: true));
        Assert.Equal(OrderState.Unresolved, (await day.OrdersAsync())[0].State);
        day.Commands();

        Assert.True((await SetAsync(61)).Ok);
        Assert.True((await SetAsync(61)).Ok);
        order = (await day.OrdersAsync())[0];
        Assert.Equal((OrderState.Arrears, new Money(700), OrderAnomaly.Corrected, day.City.Exit.Id),
            (order.State, order.Owed, order.Anomalies, order.ExitLaneId));
        Assert.Single(await OperationsAsync(order), o => o.Kind == OrderOperationKind.ExitSet && o.Detail == "a picture");
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task A_car_that_is_long_gone_is_let_out_and_its_fee_may_be_let_go()
    {
        await day.EnterAsync(Car, 0);
        day.Until(600);
        var order = await day.OrderAsync();
        Assert.True((await Get<SetExitTime>().RunAsync(attendant, new(order.Id, Day.Minute(300), null, Waived: true, "breakdown"), Ct)).Ok);
        order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, Money.Zero, Day.Minute(300)), (order.State, order.Receivable, order.ExitedAt));
        Assert.Contains("breakdown", order.FeeLines);
        // What a camera tells of it later does not undo what a person decided.
        await day.PassAsync(day.City.EntryCamera, Car, 0.5, replay: true);
        order = await day.OrderAsync();
        Assert.Equal((OrderState.Completed, Money.Zero, Day.Minute(300)), (order.State, order.Receivable, order.ExitedAt));
    }

    [Fact]
    public async Task An_exit_is_not_given_over_the_next_stay()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync(Car, 100);
        await day.LeaveAsync(Car, 110);
        day.Until(200);
        var order = (await day.OrdersAsync())[0];
        Assert.IsType<StaysOverlap>((await Get<SetExitTime>().RunAsync(attendant, new(order.Id, Day.Minute(105), null, Waived: false, "guess"), Ct)).Error);
    }

    [Fact]
    public async Task A_berth_s_stay_is_not_ended_within_the_next_one()
    {
        await day.BerthAsync(occupied: true, 0, "粤A10001");
        day.Until(300);
        await day.BerthAsync(occupied: false, 90);
        await day.BerthAsync(occupied: true, 100, "粤A10002");
        var clerk = day.City.RestrictedTo(day.City.South, OrderPermissions.Booth);
        var order = (await day.OrdersAsync())[1];
        Assert.True((await Get<SetExitTime>().RunAsync(clerk, new(order.Id, Day.Minute(200), null, Waived: false, "seen"), Ct)).Ok);
        Assert.Equal(OrderState.Arrears, (await day.OrdersAsync())[1].State);
    }

    [Fact]
    public async Task A_car_does_not_pay_twice_for_the_same_time()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 10);
        await day.LeaveAsync(Car, 90);
        var exit = (await day.OrdersAsync()).Single(o => o.State == OrderState.Unresolved);
        Assert.IsType<StaysOverlap>((await Get<SetEntryTime>().RunAsync(attendant, new(exit.Id, Day.Minute(5), "said so"), Ct)).Error);
        Assert.True((await Get<SetEntryTime>().RunAsync(attendant, new(exit.Id, Day.Minute(10), "said so"), Ct)).Ok);
    }

    [Fact]
    public async Task A_misread_plate_is_put_right_unless_another_car_has_it()
    {
        await day.EnterAsync("粤B1234S", 0);
        await day.EnterAsync("粤B99999", 1);
        var order = (await day.OrdersAsync())[0];
        var correct = Get<CorrectPlate>();
        Assert.Equivalent(new PlateTaken("粤B99999"), (await correct.RunAsync(attendant, order.Id, "粤B 99999", "misread", Ct)).Error);
        Assert.Equal(new InvalidField("Plate", "required"), (await correct.RunAsync(attendant, order.Id, " ", "misread", Ct)).Error);
        Assert.Equal(new InvalidField("Plate", "no-plate"), (await correct.RunAsync(attendant, order.Id, "abc", "misread", Ct)).Error);
        Assert.Equal(new InvalidField("Plate", "no-plate"), (await PassAsync(true, "粤B！！")).Error);
        IsNotFound(await correct.RunAsync(elsewhere, order.Id, Car, "misread", Ct));
        Assert.True((await correct.RunAsync(attendant, order.Id, Car, "misread", Ct)).Ok);
        Assert.True((await correct.RunAsync(attendant, order.Id, Car, "misread", Ct)).Ok);
        Assert.Single(await OperationsAsync(order), o => o.Kind == OrderOperationKind.PlateCorrected && o.Detail == $"粤B1234S → {Car}: misread");
        await day.LeaveAsync(Car, 61);
        Assert.Equal(OrderState.AwaitingPayment, (await day.OrdersAsync())[0].State);
        await day.CashAsync((await day.OrdersAsync())[0], 700);
        Assert.Equivalent(new WrongState(OrderState.Completed), (await correct.RunAsync(attendant, order.Id, "X1", "misread", Ct)).Error);
    }

    [Fact]
    public async Task A_plate_of_no_known_form_is_taken_once_somebody_says_that_it_is_foreign()
    {
        Assert.Equal(new ForeignPlate("B-MW 4711"), (await PassAsync(true, "B-MW 4711")).Error);
        Assert.Empty(await day.OrdersAsync());
        Assert.True((await Get<PassByHand>().RunAsync(attendant, new(Guid.CreateVersion7(), day.City.Entry.Id, true, "B-MW 4711", Foreign: true), Ct)).Ok);
        var order = (await day.OrdersAsync()).Single();
        Assert.Equal("BMW4711", order.Plate);

        var correct = Get<CorrectPlate>();
        Assert.True((await correct.RunAsync(attendant, order.Id, "b mw 4711", "misread", Ct)).Ok); // it has it already
        Assert.Equal(new ForeignPlate("ABC123"), (await correct.RunAsync(attendant, order.Id, "ABC 123", "misread", Ct)).Error);
        Assert.Equal("BMW4711", (await day.OrdersAsync()).Single().Plate);
        Assert.True((await correct.RunAsync(attendant, order.Id, new TypedPlate("ABC 123", Foreign: true), "misread", Ct)).Ok);
        Assert.Equal("ABC123", (await day.OrdersAsync()).Single().Plate);
    }

    [Theory]
    [InlineData(false, "粤B1234S")]
    [InlineData(true, "ABC123")]
    public async Task The_dialog_asks_whether_a_plate_is_foreign(bool yes, string plate)
    {
        await day.EnterAsync("粤B1234S", 0);
        var who = await day.City.SignInAsync(Roles.City);
        await using var context = new PageContext(day.Platform, who);
        var dialog = context.Render<MudDialogProvider>();
        var order = await day.OrderAsync();
        var form = context.Render<PlateForm>(p => p.Add(f => f.OrderId, order.Id));
        await form.Find("#Plate").ChangeAsync("ABC 123");
        var submitted = form.Find("form").SubmitAsync();
        var buttons = await dialog.WaitForElementsAsync(".mud-dialog button");
        await buttons.Single(b => b.TextContent.Trim() == (yes ? "Take it as a foreign plate" : "Cancel")).ClickAsync();
        await submitted.InTimeAsync();
        Assert.Equal(plate, (await day.OrderAsync()).Plate);
        Assert.Empty(form.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task An_order_is_struck_out_with_a_reason_but_not_once_money_came()
    {
        await day.EnterAsync(Car, 0);
        await day.EnterAsync("浙A00001", 1);
        var orders = await day.OrdersAsync();
        var strike = Get<VoidOrder>();
        Assert.Equal(new InvalidField("Reason", "required"), (await strike.RunAsync(attendant, orders[0].Id, null, Ct)).Error);
        IsNotFound(await strike.RunAsync(elsewhere, orders[0].Id, "x", Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(
            () => strike.RunAsync(day.City.RestrictedTo(day.City.North, OrderPermissions.Booth), orders[0].Id, "x", Ct));
        Assert.True((await strike.RunAsync(attendant, orders[0].Id, "no car", Ct)).Ok);
        Assert.True((await strike.RunAsync(attendant, orders[0].Id, "no car", Ct)).Ok);
        Assert.Single(await OperationsAsync(orders[0]), o => o.Kind == OrderOperationKind.Voided && o.Detail == "no car");

        day.Until(61);
        await day.CashAsync(orders[1], 500);
        Assert.Equivalent(new MoneyReceived(new Money(500), Currency.Yuan), (await strike.RunAsync(attendant, orders[1].Id, "x", Ct)).Error);
        Assert.Equal([OrderState.Void, OrderState.Parked], (await day.OrdersAsync()).Select(o => o.State));
    }

    [Fact]
    public async Task Who_waits_at_the_exit_for_more_than_two_hours_is_gone()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Until(61 + 120);
        Assert.Equal(0, (await Get<CloseWaiting>().RunAsync(day.City.Code, Ct)).Value);
        day.Until(61 + 121);
        Assert.Equal(1, (await Get<CloseWaiting>().RunAsync(day.City.Code, Ct)).Value);
        Assert.Equal(0, (await Get<CloseWaiting>().RunAsync(day.City.Code, Ct)).Value);
        var order = await day.OrderAsync();
        Assert.Equal((OrderState.Arrears, new Money(700)), (order.State, order.Owed));
        Assert.Single(await OperationsAsync(order), o => o.Kind == OrderOperationKind.LeftUnpaid && o.By == "close-waiting");
    }

    [Fact]
    public async Task Two_people_at_once_change_an_order_once()
    {
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            Get<SetEntryTime>().RunAsync(attendant, new(order.Id, Day.Minute(i), "said so"), Ct)));
        Assert.Equal(1, results.Count(r => r.Ok));
        Assert.Single(await OperationsAsync(order), o => o.Kind == OrderOperationKind.EntrySet);
    }
}
