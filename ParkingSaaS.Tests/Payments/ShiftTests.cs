using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Payments;

/// <summary>What a collector takes belongs to a shift, which is counted, handed in, and taken over by somebody else.</summary>
public sealed class ShiftTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    static readonly string[] Rights = [PaymentPermissions.Cash, PaymentPermissions.Shift, PaymentPermissions.Begin];

    Actor Collector => field ??= City.RestrictedTo(City.North, Rights);
    Actor Supervisor => field ??= City.User([.. Rights, PaymentPermissions.Shifts, PaymentPermissions.ConfirmShift]);

    async Task<Shift> ShiftAsync(Actor? of = null)
    {
        var person = (of ?? Collector).PersonId;
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Shift>().AsNoTracking().Where(x => x.CollectorId == person)
            .OrderByDescending(x => x.OpenedAt).ThenByDescending(x => x.Id).FirstAsync(Ct);
    }

    async Task<Guid> OpenShiftAsync(long cash, Actor? who = null)
    {
        var id = Guid.CreateVersion7();
        Assert.True((await platform.Get<OpenShift>().RunAsync(who ?? Collector, id, City.North.Id, new Money(cash), Ct)).Ok);
        return id;
    }

    /// <summary>A stay of ¥7.00 waits at the exit.</summary>
    async Task<Order> AtExitAsync(string plate = Car, double minute = 0)
    {
        await day.EnterAsync(plate, minute);
        await day.LeaveAsync(plate, minute + 61);
        return (await day.OrdersAsync()).Last(o => o.Plate == plate);
    }

    Task<Result<Done>> CashAsync(Order order, Actor? who = null, Guid? id = null) =>
        platform.Get<TakePayment>().CashAsync(who ?? Collector, new PaymentRequest(id ?? Guid.CreateVersion7(), order.Id, order.Owed), Ct);

    Task<Result<Done>> HandInAsync(Guid shift, long expected, long counted, string? why = null, Actor? who = null) =>
        platform.Get<HandInShift>().RunAsync(who ?? Collector, new HandIn(shift, new Money(expected), new Money(counted), why), Ct);

    Task<Result<Done>> DecideAsync(Guid shift, long counted, bool takenOver = true, string? note = null, Actor? who = null) =>
        platform.Get<DecideShift>().RunAsync(who ?? Supervisor, new ShiftDecision(shift, new Money(counted), takenOver, note), Ct);

    async Task<IReadOnlyList<ShiftSum>> SumsAsync(Shift shift)
    {
        await using var s = await City.OpenAsync();
        return await ShiftSum.OfAsync(s, shift, Ct);
    }

    async Task<List<ShiftOperationKind>> LogAsync(Guid shift)
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<ShiftOperation>().Where(o => o.ShiftId == shift).OrderBy(o => o.At).ThenBy(o => o.Id).Select(o => o.Kind).ToListAsync(Ct);
    }

    [Fact]
    public async Task Cash_is_in_the_shift_that_is_open_and_is_handed_in_and_taken_over()
    {
        var id = await OpenShiftAsync(20_000);
        Assert.True((await CashAsync(await AtExitAsync())).Ok);
        Assert.True((await HandInAsync(id, 20_700, 20_700)).Ok);
        var shift = await ShiftAsync();
        Assert.Equal((ShiftState.HandedIn, 20_700, 20_700, 0, platform.Clock.Now()),
            (shift.State, shift.Expected.Minor, shift.Counted.Minor, shift.Difference.Minor, shift.ClosedAt!.Value));
        Assert.Equal([new ShiftSum("cash", false, 1, new Money(700), Money.Zero)], await SumsAsync(shift));
        Assert.True((await DecideAsync(id, 20_700)).Ok);
        Assert.Equal((ShiftState.Confirmed, Supervisor.PersonId), ((await ShiftAsync()).State, (await ShiftAsync()).ConfirmedById));
        Assert.Equal([ShiftOperationKind.Opened, ShiftOperationKind.HandedIn, ShiftOperationKind.Confirmed], await LogAsync(id));
    }

    [Fact]
    public async Task Whoever_takes_cash_without_a_shift_is_not_stopped_one_begins()
    {
        var order = await AtExitAsync();
        var payment = Guid.CreateVersion7();
        Assert.True((await CashAsync(order, id: payment)).Ok);
        Assert.True((await CashAsync(order, id: payment)).Ok);
        var shift = await ShiftAsync();
        Assert.Equal((ShiftState.Open, false, 0), (shift.State, shift.FloatKnown, shift.Float.Minor));
        Assert.Equal(shift.Id, Assert.Single(await day.PaymentsAsync()).ShiftId);

        // The collector says later what lay in the drawer.
        var open = platform.Get<OpenShift>();
        Assert.Equal("Float", Assert.IsType<InvalidField>((await open.SetFloatAsync(Collector, shift.Id, new Money(-1), Ct)).Error).Field);
        Assert.Equal(new NotFound("shift"), (await open.SetFloatAsync(Supervisor, shift.Id, new Money(5_000), Ct)).Error);
        Assert.True((await open.SetFloatAsync(Collector, shift.Id, new Money(5_000), Ct)).Ok);
        Assert.True((await open.SetFloatAsync(Collector, shift.Id, new Money(5_000), Ct)).Ok);
        Assert.Equal([ShiftOperationKind.Begun, ShiftOperationKind.FloatSet], await LogAsync(shift.Id));
        Assert.True((await HandInAsync(shift.Id, 5_700, 5_700)).Ok);
        Assert.Equal(new ShiftMoved(), (await open.SetFloatAsync(Collector, shift.Id, new Money(6_000), Ct)).Error);
    }

    [Fact]
    public async Task A_person_has_one_open_shift_in_a_lot_and_may_have_another_elsewhere()
    {
        var (open, id) = (platform.Get<OpenShift>(), Guid.CreateVersion7());
        Assert.True((await open.RunAsync(Supervisor, id, City.North.Id, Money.Zero, Ct)).Ok);
        Assert.True((await open.RunAsync(Supervisor, id, City.North.Id, Money.Zero, Ct)).Ok);
        Assert.Equal(new ShiftOpenAlready(), (await open.RunAsync(Supervisor, Guid.CreateVersion7(), City.North.Id, Money.Zero, Ct)).Error);
        Assert.True((await open.RunAsync(Supervisor, Guid.CreateVersion7(), City.South.Id, Money.Zero, Ct)).Ok);
        // Out of reach, another's id, amounts that nobody has.
        Assert.Equal(new NotFound("lot"), (await open.RunAsync(Collector, Guid.CreateVersion7(), City.South.Id, Money.Zero, Ct)).Error);
        Assert.Equal(new NotFound("shift"), (await open.RunAsync(Collector, id, City.North.Id, Money.Zero, Ct)).Error);
        foreach (var amount in (long[])[-1, Shift.MaxCash.Minor + 1, long.MaxValue, long.MinValue])
            Assert.Equal("Float", Assert.IsType<InvalidField>(
                (await open.RunAsync(Collector, Guid.CreateVersion7(), City.North.Id, new Money(amount), Ct)).Error).Field);

        // Two browsers at once.
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => open.RunAsync(Collector, Guid.CreateVersion7(), City.North.Id, Money.Zero, Ct)));
        Assert.Single(both, r => r.Ok);
        Assert.All(both.Where(r => !r.Ok), r => Assert.Equal(new ShiftOpenAlready(), r.Error));
        await using var s = await City.OpenAsync();
        Assert.Equal(3, await s.Db.Set<Shift>().CountAsync(Ct));
    }

    [Fact]
    public async Task A_difference_is_explained_and_a_count_that_is_none_refused()
    {
        var id = await OpenShiftAsync(1_000);
        Assert.Equal("Explanation", Assert.IsType<InvalidField>((await HandInAsync(id, 1_000, 900)).Error).Field);
        Assert.Equal("Explanation", Assert.IsType<InvalidField>((await HandInAsync(id, 1_000, 1_100, " ")).Error).Field);
        Assert.Equal("Explanation", Assert.IsType<InvalidField>((await HandInAsync(id, 1_000, 900, new string('x', HandInShift.MaxText + 1))).Error).Field);
        foreach (var amount in (long[])[-1, Shift.MaxCash.Minor + 1, long.MaxValue])
            Assert.Equal("Counted", Assert.IsType<InvalidField>((await HandInAsync(id, 1_000, amount, "why")).Error).Field);
        Assert.Equal(new ExpectedChanged(new Money(1_000), Currency.Yuan), (await HandInAsync(id, 999, 999)).Error);
        Assert.Equal(new NotFound("shift"), (await HandInAsync(Guid.CreateVersion7(), 0, 0)).Error);
        Assert.Equal(ShiftState.Open, (await ShiftAsync()).State);
        Assert.True((await HandInAsync(id, 1_000, 900, " a torn note ")).Ok);
        var shift = await ShiftAsync();
        Assert.Equal((-100, "a torn note"), (shift.Difference.Minor, shift.Explanation));
        // Again changes nothing; another count is another matter.
        Assert.True((await HandInAsync(id, 1_000, 900, "a torn note")).Ok);
        Assert.Equal(new ShiftMoved(), (await HandInAsync(id, 1_000, 1_000)).Error);
        Assert.Equal([ShiftOperationKind.Opened, ShiftOperationKind.HandedIn], await LogAsync(id));
    }

    [Fact]
    public async Task Nobody_takes_over_what_is_their_own_or_what_they_handed_in_and_once_is_enough()
    {
        var id = await OpenShiftAsync(1_000, Supervisor);
        Assert.Equal(new ShiftMoved(), (await DecideAsync(id, 0)).Error); // it is open
        Assert.True((await HandInAsync(id, 1_000, 1_000, who: Supervisor)).Ok);
        Assert.Equal(new OwnShift(), (await DecideAsync(id, 1_000)).Error);
        var head = City.User(PaymentPermissions.ConfirmShift, PaymentPermissions.Shift);
        await Assert.ThrowsAsync<AccessDeniedException>(() => DecideAsync(id, 1_000, who: Collector));
        var south = City.RestrictedTo(City.South, PaymentPermissions.ConfirmShift);
        Assert.Equal(new NotFound("shift"), (await DecideAsync(id, 1_000, who: south)).Error);
        Assert.Equal(new ShiftMoved(), (await DecideAsync(id, 999, who: head)).Error);
        var both = await Task.WhenAll(DecideAsync(id, 1_000, who: head), DecideAsync(id, 1_000, who: City.User(PaymentPermissions.ConfirmShift)));
        Assert.Equal(new ShiftMoved(), Assert.Single(both, r => !r.Ok).Error);

        // For who has left somebody else hands in, says why, and is not the one who takes over.
        var left = await OpenShiftAsync(500);
        Assert.Equal(new NotFound("shift"), (await HandInAsync(left, 500, 500, "gone", City.User(PaymentPermissions.Shift))).Error);
        Assert.Equal("Explanation", Assert.IsType<InvalidField>((await HandInAsync(left, 500, 500, who: Supervisor)).Error).Field);
        Assert.True((await HandInAsync(left, 500, 500, "went home ill", Supervisor)).Ok);
        Assert.Equal(new OwnShift(), (await DecideAsync(left, 500)).Error);
        Assert.True((await DecideAsync(left, 500, who: head)).Ok);
        Assert.True((await DecideAsync(left, 500, who: head)).Ok);
        Assert.Equal([ShiftOperationKind.Opened, ShiftOperationKind.HandedIn, ShiftOperationKind.Confirmed], await LogAsync(left));
    }

    [Fact]
    public async Task What_is_given_back_is_counted_once_more_and_takes_no_more_money()
    {
        var id = await OpenShiftAsync(1_000);
        Assert.True((await HandInAsync(id, 1_000, 800, "don't know")).Ok);
        Assert.Equal("Note", Assert.IsType<InvalidField>((await DecideAsync(id, 800, takenOver: false)).Error).Field);
        Assert.True((await DecideAsync(id, 800, takenOver: false, "count again")).Ok);
        var closed = (await ShiftAsync()).ClosedAt;
        Assert.True((await CashAsync(await AtExitAsync())).Ok);
        Assert.NotEqual(id, (await ShiftAsync()).Id);
        Assert.True((await HandInAsync(id, 1_000, 1_000)).Ok);
        Assert.True((await DecideAsync(id, 1_000)).Ok);
        await using var s = await City.OpenAsync();
        var shift = await s.Db.Set<Shift>().AsNoTracking().SingleAsync(x => x.Id == id, Ct);
        Assert.Equal((0, "", closed), (shift.Difference.Minor, shift.Explanation, shift.ClosedAt));
        Assert.Equal([ShiftOperationKind.Opened, ShiftOperationKind.HandedIn, ShiftOperationKind.GivenBack, ShiftOperationKind.HandedIn,
            ShiftOperationKind.Confirmed], await LogAsync(id));
        Assert.Equal([], await ShiftSum.OfAsync(s, shift, Ct));
    }

    [Fact]
    public async Task A_scan_that_is_confirmed_after_the_hand_in_is_told_apart()
    {
        var id = await OpenShiftAsync(0);
        var order = await AtExitAsync();
        var shift = await ShiftAsync();
        await using (var s = await City.OpenAsync())
        {
            s.Db.AddRange(Scan(shift.Id, order, 300), Scan(shift.Id, order, 400));
            await s.Db.SaveChangesAsync(Ct);
        }
        var scans = (await day.PaymentsAsync()).OrderBy(p => p.Amount.Minor).ToList();
        Assert.Empty(await SumsAsync(shift));
        Assert.True((await ConfirmAsync(scans[0])).Ok);
        day.Until(70);
        Assert.True((await HandInAsync(id, 0, 0)).Ok);
        day.Until(71);
        Assert.True((await ConfirmAsync(scans[1])).Ok);
        shift = await ShiftAsync();
        Assert.Equal([new ShiftSum("scan", false, 1, new Money(300), Money.Zero), new ShiftSum("scan", true, 1, new Money(400), Money.Zero)],
            await SumsAsync(shift));
        Assert.Equal(ShiftState.HandedIn, shift.State);

        static Payment Scan(Guid shift, Order order, long minor) => new()
        {
            Id = Guid.CreateVersion7(),
            LotId = order.LotId,
            PayableId = order.Id,
            Method = "scan",
            Amount = new Money(minor),
            ShiftId = shift,
            CreatedAt = order.ExitedAt!.Value,
            QuotedAt = order.ExitedAt!.Value
        };

        Task<Result<Done>> ConfirmAsync(Payment p) => platform.Get<TakePayment>().ConfirmAsync(
            Actor.Channel(City.Code, "scan", PaymentPermissions.Confirm), p.Id, p.Amount, "S-1", Ct);
    }

    [Fact]
    public async Task Cash_that_is_paid_back_leaves_the_drawer_of_who_pays_it()
    {
        var id = await OpenShiftAsync(1_000, Supervisor);
        Assert.True((await CashAsync(await AtExitAsync(), Supervisor)).Ok);
        Assert.True((await PayBackAsync(Supervisor)).Ok);
        var shift = await ShiftAsync(Supervisor);
        Assert.Equal([new ShiftSum("cash", false, 2, new Money(700), new Money(500))], await SumsAsync(shift));
        Assert.True((await HandInAsync(id, 1_200, 1_200, who: Supervisor)).Ok);

        async Task<Result<Done>> PayBackAsync(Actor by)
        {
            var clerk = City.User(FinancePermissions.Ask, OrderPermissions.ChangeAmount);
            var order = await day.OrderAsync();
            Assert.True((await platform.Get<ChangeAmount>().RunAsync(clerk, order.Id, new Money(200), "slow", Ct)).Ok);
            var review = new ReviewRequest(Guid.CreateVersion7(), ReviewKind.Refund, order.Id, new Money(500), "cash", "slow");
            Assert.True((await platform.Get<AskReview>().RunAsync(clerk, review, Ct)).Ok);
            var finance = Actor.User(City.Code, by.PersonId!.Value, "user",
                new HashSet<string> { FinancePermissions.Reviews, FinancePermissions.ReviewAsFinance }, Scope.WholeCity);
            return await platform.Get<DecideReview>().RunAsync(finance, new ReviewAnswer(review.Id, ReviewSteps.Finance, true, null, "R-1"), Ct);
        }
    }

    [Fact]
    public async Task No_payment_gets_into_a_shift_while_it_is_handed_in()
    {
        for (var round = 0; round < 6; round++)
        {
            var id = await OpenShiftAsync(100);
            var orders = new List<Order>();
            for (var i = 0; i < 4; i++)
                orders.Add(await AtExitAsync($"粤B1000{i}", round * 100 + i));
            // Two browsers hand in what they see, again and again, while cars pay.
            var payments = orders.Select(o => CashAsync(o)).ToArray();
            var handIns = await Task.WhenAll(HandInAsUntilDoneAsync(id), HandInAsUntilDoneAsync(id));
            Assert.All(handIns, r => Assert.True(r.Ok || r.Error is ShiftMoved));
            Assert.Contains(handIns, r => r.Ok);
            Assert.All(await Task.WhenAll(payments), r => Assert.True(r.Ok));
            await using var s = await City.OpenAsync();
            var shift = await s.Db.Set<Shift>().AsNoTracking().SingleAsync(x => x.Id == id, Ct);
            Assert.Equal(shift.Expected, ShiftSum.Expected(shift, await ShiftSum.OfAsync(s, shift, Ct)));
            Assert.Equal(1, await s.Db.Set<ShiftOperation>().CountAsync(o => o.ShiftId == id && o.Kind == ShiftOperationKind.HandedIn, Ct));
            Assert.DoesNotContain(await day.PaymentsAsync(), p => p.ShiftId is null);
            // What came later opened the next one.
            if (await Shift.OpenOf(s, Collector.PersonId!.Value, City.North.Id).AsNoTracking().FirstOrDefaultAsync(Ct) is { } next)
                Assert.True((await HandInAsUntilDoneAsync(next.Id)).Ok);
        }
    }

    async Task<Result<Done>> HandInAsUntilDoneAsync(Guid id)
    {
        for (var expected = 100L; ;)
        {
            var result = await HandInAsync(id, expected, expected);
            if (result.Error is not ExpectedChanged changed)
                return result;
            expected = changed.Expected.Minor;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_a_drawer_holds_what_its_payments_say(int seed)
    {
        var random = new Random(seed);
        var (plate, minute, first) = (0, 0, 0L);
        var expected = new Dictionary<Guid, long>();
        Guid? open = null;
        for (var step = 0; step < 30; step++)
        {
            switch (random.Next(6))
            {
                case 0 when open is null:
                    first = random.Next(10) * 100;
                    open = await OpenShiftAsync(first);
                    expected[open.Value] = first;
                    break;
                case 1 when open is { } id:
                    expected[id] += 300 - first;
                    first = 300;
                    Assert.True((await platform.Get<OpenShift>().SetFloatAsync(Collector, id, new Money(300), Ct)).Ok);
                    break;
                case 2 when open is { } id:
                    var counted = Math.Max(0, expected[id] + random.Next(-1, 2) * 10);
                    Assert.Equal(new ExpectedChanged(new Money(expected[id]), Currency.Yuan), (await HandInAsync(id, expected[id] + 1, counted, "x")).Error);
                    Assert.True((await HandInAsync(id, expected[id], counted, "x")).Ok);
                    Assert.True((await DecideAsync(id, counted, takenOver: random.Next(2) == 0, "so")).Ok);
                    open = null;
                    break;
                default:
                    var order = await AtExitAsync($"粤B2{plate++:0000}", minute);
                    minute += 70;
                    Assert.True((await CashAsync(order)).Ok);
                    first = open is null ? 0 : first;
                    open ??= (await ShiftAsync()).Id;
                    expected[open.Value] = expected.GetValueOrDefault(open.Value) + order.Owed.Minor;
                    break;
            }
        }
        await using var s = await City.OpenAsync();
        var shifts = await s.Db.Set<Shift>().AsNoTracking().ToListAsync(Ct);
        Assert.Equal(expected.Keys.Order(), shifts.Select(x => x.Id).Order());
        foreach (var shift in shifts)
            Assert.Equal(expected[shift.Id], ShiftSum.Expected(shift, await ShiftSum.OfAsync(s, shift, Ct)).Minor);
        Assert.All(shifts.Where(x => x.State is not ShiftState.Open), x => Assert.Equal(expected[x.Id], x.Expected.Minor));

        // And the report per collector adds up to all that was taken.
        var today = s.City.Zone.Date(TestPlatform.Start);
        var report = await platform.Get<CollectorReport>().RunAsync(Supervisor, today, today.AddDays(2), City.North.Id, Ct);
        var row = Assert.Single(report.Value);
        Assert.Equal((shifts.Count, shifts.Count(x => x.State is not ShiftState.Confirmed)), (row.Shifts, row.Unconfirmed));
        Assert.Equal((await day.PaymentsAsync()).Sum(p => p.Amount.Minor), row.Sums.Sum(x => x.Left.Minor));
        Assert.Equal(shifts.Sum(x => x.Difference.Minor), row.Over.Minor - row.Short.Minor);
        Assert.Empty((await platform.Get<CollectorReport>().RunAsync(Supervisor, today, today.AddDays(2), City.South.Id, Ct)).Value);
        Assert.Equal("Period", Assert.IsType<InvalidField>(
            (await platform.Get<CollectorReport>().RunAsync(Supervisor, today, today.AddDays(-1), null, Ct)).Error).Field);
    }

    [Fact]
    public async Task A_receipt_that_is_printed_again_says_so()
    {
        Assert.True((await CashAsync(await AtExitAsync())).Ok);
        var payment = Assert.Single(await day.PaymentsAsync()).Id;
        var (prints, clerk, first) = (platform.Get<PrintReceipts>(), City.RestrictedTo(City.North, PaymentPermissions.Receipts), Guid.CreateVersion7());
        Assert.Equal(1, (await prints.RunAsync(clerk, first, payment, Ct)).Value);
        Assert.Equal(1, (await prints.RunAsync(clerk, first, payment, Ct)).Value);
        Assert.Equal(2, (await prints.RunAsync(clerk, Guid.CreateVersion7(), payment, Ct)).Value);
        var both = await Task.WhenAll(prints.RunAsync(clerk, Guid.CreateVersion7(), payment, Ct), prints.RunAsync(clerk, Guid.CreateVersion7(), payment, Ct));
        Assert.Equal([3, 4], both.Select(r => r.Value).Order());
        Assert.Equal(new NotFound("payment"), (await prints.RunAsync(clerk, Guid.CreateVersion7(), Guid.CreateVersion7(), Ct)).Error);
        var south = City.RestrictedTo(City.South, PaymentPermissions.Receipts);
        Assert.Equal(new NotFound("payment"), (await prints.RunAsync(south, Guid.CreateVersion7(), payment, Ct)).Error);
    }
}
