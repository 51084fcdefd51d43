using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Passes;

/// <summary>What becomes of a pass after its sale: renewed, another plate, suspended, cancelled and paid back.</summary>
public sealed class ChangeTests(Cluster cluster) : DayTest(cluster)
{
    const string Other = "粤B54321";
    Desk desk => field ??= new Desk(day);

    static DateOnly Nov(int d) => new DateOnly(2026, 10, 31).AddDays(d);

    async Task<Result<Done>> RenewAsync(Pass pass, int terms = 1, Guid? id = null, long? minor = null)
    {
        var product = await desk.ProductAsync(pass.ProductId);
        await using var s = await day.City.OpenAsync();
        var price = RenewPass.Offer(pass.Until, pass.TermDay, product, s.City.Zone.Date(s.Now), terms).Price;
        return await desk.Get<RenewPass>().RunAsync(desk.Clerk,
            new PassRenewal(id ?? Guid.CreateVersion7(), pass.Id, terms, minor is { } m ? new Money(m) : price), Ct);
    }

    /// <summary>What an hour in the North lot costs the car now; 7 yuan where nothing covers it.</summary>
    async Task<Money> HourAsync(string plate = Desk.Car)
    {
        var minute = (day.Platform.Clock.GetUtcNow() - TestPlatform.Start).TotalMinutes;
        await day.EnterAsync(plate, minute + 1);
        await day.LeaveAsync(plate, minute + 62);
        return (await day.OrdersAsync()).Last(o => o.Plate == plate).Receivable;
    }

    /// <summary>PAS-4.</summary>
    [Fact]
    public async Task A_renewal_continues_the_pass_once_it_is_paid()
    {
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car));
        var id = Guid.CreateVersion7();
        Assert.Equal(new AmountChanged(new Money(30000), Currency.Yuan), (await RenewAsync(pass, minor: 1)).Error);
        Assert.True((await RenewAsync(pass, id: id)).Ok);
        Assert.True((await RenewAsync(pass, id: id)).Ok);
        Assert.Equal(new RenewalOpen(), (await RenewAsync(pass)).Error);
        Assert.Equal(new DateOnly(2026, 12, 20), (await desk.PassAsync(pass.Id)).Until);
        Assert.True((await desk.PayAsync(pass.Id)).Ok);
        Assert.Equal(new DateOnly(2027, 1, 20), (await desk.PassAsync(pass.Id)).Until);
        Assert.Equal([PassOperationKind.Sold, PassOperationKind.Paid, PassOperationKind.Renewed, PassOperationKind.Paid], await desk.OperationsAsync(pass.Id));
        desk.At(new(2027, 1, 19));
        Assert.Equal(Money.Zero, await HourAsync());
    }

    /// <summary>PAS-8: days of grace cover only through the renewal that is made in them.</summary>
    [Fact]
    public async Task Within_the_days_of_grace_a_renewal_begins_at_the_old_end_later_today()
    {
        var product = await desk.ProductAsync(desk.Details() with { GraceDays = 3, Term = PassTerm.Day, Price = new Money(1000) });
        var pass = await desk.ActiveAsync(Desk.Sale(product, Desk.Car));
        desk.At(Nov(23));
        Assert.Equal(new Money(700), await HourAsync());
        var minute = (day.Platform.Clock.GetUtcNow() - TestPlatform.Start).TotalMinutes;
        await day.EnterAsync(Desk.Car, minute + 1);
        desk.At(Nov(24), 12);
        Assert.True((await RenewAsync(pass, 5)).Ok);
        Assert.True((await desk.PayAsync(pass.Id)).Ok);
        Assert.Equal((Nov(22), Nov(26)), (await desk.PeriodsAsync(pass.Id)).Select(p => (p.From, p.Until)).Last());
        await day.LeaveAsync(Desk.Car, (day.Platform.Clock.GetUtcNow() - TestPlatform.Start).TotalMinutes + 1);
        Assert.Equal([new Money(700), Money.Zero], (await day.OrdersAsync()).Select(o => o.Receivable));
        desk.At(Nov(30));
        Assert.True((await RenewAsync(await desk.PassAsync(pass.Id), 1)).Ok);
        Assert.Equal(Nov(30), (await desk.PeriodsAsync(pass.Id))[^1].From);
    }

    [Fact]
    public async Task What_is_withdrawn_too_long_or_not_active_is_not_renewed()
    {
        var product = await desk.ProductAsync();
        var sold = (await desk.SellAsync(Desk.Sale(product, Desk.Car))).Value;
        Assert.Equal(new WrongPassState(PassState.AwaitingPayment), (await RenewAsync(await desk.PassAsync(sold))).Error);
        Assert.True((await desk.PayAsync(sold)).Ok);
        Assert.Equal(new InvalidField("Terms", "out-of-range"), (await RenewAsync(await desk.PassAsync(sold), 13)).Error);
        Assert.True((await desk.Get<WithdrawPassProduct>().RunAsync(desk.Manager, product.Id, Ct)).Ok);
        Assert.Equal(new NotForSale("月卡"), (await RenewAsync(await desk.PassAsync(sold))).Error);
    }

    [Fact]
    public async Task A_renewal_keeps_the_day_of_the_month_that_a_short_one_does_not_have()
    {
        var product = await desk.ProductAsync(desk.Details() with { MaxDaysAhead = 30 });
        var pass = await desk.ActiveAsync(Desk.SaleFrom(product, new DateOnly(2026, 11, 30), 3, Desk.Car));
        Assert.Equal((new DateOnly(2027, 2, 28), 30), (pass.Until, pass.TermDay));
        Assert.Null((await desk.Get<RenewPass>().RunAsync(desk.Clerk, new(Guid.CreateVersion7(), pass.Id, 1, new Money(30000)), Ct)).Error);
        Assert.Null((await desk.PayAsync(pass.Id)).Error);
        pass = await desk.PassAsync(pass.Id);
        Assert.Equal((new DateOnly(2027, 3, 29), null), (pass.Until, pass.TermDay));
    }

    [Fact]
    public async Task A_changed_plate_counts_from_then_on_and_the_old_one_up_to_then()
    {
        var product = await desk.ProductAsync();
        var pass = await desk.ActiveAsync(Desk.Sale(product, Desk.Car));
        var change = desk.Get<ChangePassPlate>();
        await day.EnterAsync(Desk.Car, 0);
        await day.EnterAsync(Other, 1);
        day.Until(90);
        Assert.Equal(new InvalidField("Plates", "no-plate"), (await change.RunAsync(desk.Clerk, pass.Id, Desk.Car, "?", Ct)).Error);
        Assert.Equal(new InvalidField("Plates", "out-of-range"), (await change.RunAsync(desk.Clerk, pass.Id, null, Other, Ct)).Error);
        Assert.Equal(new InvalidField("Plates", "required"), (await change.RunAsync(desk.Clerk, pass.Id, Desk.Car, null, Ct)).Error);
        Assert.Equal(new NotFound("plate"), (await change.RunAsync(desk.Clerk, pass.Id, Other, Desk.Car, Ct)).Error);
        Assert.True((await change.RunAsync(desk.Clerk, pass.Id, Desk.Car, "粤b 54321", Ct)).Ok);
        Assert.Equal(new NotFound("plate"), (await change.RunAsync(desk.Clerk, pass.Id, Desk.Car, Other, Ct)).Error);
        await day.LeaveAsync(Desk.Car, 100);
        await day.LeaveAsync(Other, 152);
        // 10 minutes after the change, and 89 before it.
        Assert.Equal([Money.Zero, new Money(700)], (await day.OrdersAsync()).Select(o => o.Receivable));
        var second = await desk.ActiveAsync(Desk.Sale(product, Desk.Car));
        Assert.Equal(new PassOverlap(Other, pass.Number), (await change.RunAsync(desk.Clerk, second.Id, Desk.Car, Other, Ct)).Error);
    }

    [Fact]
    public async Task A_plate_of_no_known_form_is_sold_to_once_somebody_says_that_it_is_foreign()
    {
        var product = await desk.ProductAsync();
        Assert.Equal(new ForeignPlate("ABC1234"), (await desk.SellAsync(Desk.Sale(product, "ABC 1234"))).Error);
        var pass = await desk.ActiveAsync(Desk.Sale(product, "ABC 1234") with { Foreign = true });
        var change = desk.Get<ChangePassPlate>();
        Assert.Equal(new ForeignPlate("BMW4711"), (await change.RunAsync(desk.Clerk, pass.Id, "ABC1234", "B-MW 4711", Ct)).Error);
        Assert.True((await change.RunAsync(desk.Clerk, pass.Id, "ABC1234", new TypedPlate("B-MW 4711", Foreign: true), Ct)).Ok);
        var batch = new PassBatch(Guid.CreateVersion7(), product.Id, $"{Desk.Car},Li,13800000000\nXYZ-99,Wu,13800000001", product.Price);
        var answer = (await desk.Get<SellPasses>().RunAsync(desk.Clerk, batch, Ct)).Value;
        Assert.Equal((2, "XYZ99"), (answer.Sold, string.Join(' ', answer.Foreign)));
    }

    [Fact]
    public async Task Plates_come_and_go_on_a_pass_of_several()
    {
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details() with { MaxPlates = 2, Places = 2 }), Desk.Car));
        var change = desk.Get<ChangePassPlate>();
        Assert.True((await change.RunAsync(desk.Clerk, pass.Id, null, Other, Ct)).Ok);
        Assert.Equal(new PlateTwice(Other), (await change.RunAsync(desk.Clerk, pass.Id, Desk.Car, Other, Ct)).Error);
        Assert.Equal(Money.Zero, await HourAsync(Other));
        Assert.True((await change.RunAsync(desk.Clerk, pass.Id, Desk.Car, null, Ct)).Ok);
        Assert.Equal(new Money(700), await HourAsync());
    }

    [Fact]
    public async Task Only_plates_of_its_groups_are_sold_to()
    {
        var group = await desk.Get<SavePlateGroup>().RunAsync(day.City.User(VehiclePermissions.ManageGroups), new(null, "员工", null, [Desk.Car]), Ct);
        Assert.Null(group.Error);
        var product = await desk.ProductAsync(desk.Details() with { PlateGroupIds = [group.Value] });
        Assert.Equal(new NotForVehicle(Other), (await desk.SellAsync(Desk.Sale(product, Other))).Error);
        var pass = await desk.ActiveAsync(Desk.Sale(product, Desk.Car));
        Assert.Equal(new NotForVehicle(Other), (await desk.Get<ChangePassPlate>().RunAsync(desk.Clerk, pass.Id, Desk.Car, Other, Ct)).Error);
    }

    [Fact]
    public async Task Suspended_days_do_not_cover_and_are_added()
    {
        var days = await desk.ProductAsync(desk.Details() with { Term = PassTerm.Day, MaxTerms = 60, Price = new Money(1000) });
        var pass = await desk.ActiveAsync(Desk.Sale(days, Desk.Car) with { Terms = 5, Price = new Money(5000) });
        Assert.True((await RenewAsync(pass, 5)).Ok);
        Assert.True((await desk.PayAsync(pass.Id)).Ok);
        Assert.Equal(new InvalidField("Reason", "required"), (await desk.Get<SuspendPass>().RunAsync(desk.Clerk, pass.Id, "", Ct)).Error);
        Assert.Equal(new WrongPassState(PassState.Active), (await desk.Get<ResumePass>().RunAsync(desk.Clerk, pass.Id, Ct)).Error);
        desk.At(Nov(22));
        Assert.True((await desk.Get<SuspendPass>().RunAsync(desk.Clerk, pass.Id, "away", Ct)).Ok);
        Assert.Equal(new WrongPassState(PassState.Suspended), (await desk.Get<SuspendPass>().RunAsync(desk.Clerk, pass.Id, "away", Ct)).Error);
        Assert.Equal(Money.Zero, await HourAsync()); // from tomorrow on
        desk.At(Nov(29));
        Assert.Equal(new Money(700), await HourAsync());
        desk.At(Nov(30), 20);
        Assert.True((await desk.Get<ResumePass>().RunAsync(desk.Clerk, pass.Id, Ct)).Ok);
        Assert.Equal(Money.Zero, await HourAsync());
        // Two of ten days were used; eight are left from today.
        Assert.Equal([(Nov(21), Nov(32)), (Nov(33), Nov(37))], (await desk.PeriodsAsync(pass.Id)).Select(p => (p.From, p.Until)));
        Assert.Equal(Nov(37), (await desk.PassAsync(pass.Id)).Until);
        desk.At(Nov(37));
        Assert.Equal(Money.Zero, await HourAsync());
        desk.At(Nov(38));
        Assert.Equal(new Money(700), await HourAsync());
        Assert.Equal(new PassOver(), (await desk.Get<SuspendPass>().RunAsync(desk.Clerk, pass.Id, "late", Ct)).Error);
    }

    [Fact]
    public async Task Who_changes_his_mind_on_the_same_day_loses_and_gains_nothing()
    {
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car));
        Assert.True((await desk.Get<SuspendPass>().RunAsync(desk.Clerk, pass.Id, "away", Ct)).Ok);
        Assert.True((await desk.Get<ResumePass>().RunAsync(desk.Clerk, pass.Id, Ct)).Ok);
        Assert.Equal(pass.Until, (await desk.PassAsync(pass.Id)).Until);
        await using var s = await day.City.OpenAsync();
        Assert.False(await s.Db.Set<PassPause>().AnyAsync(Ct));
    }

    async Task<Pass> AskedAsync()
    {
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car));
        desk.At(Nov(30));
        Assert.True((await desk.Get<AskCancel>().RunAsync(desk.Clerk, pass.Id, "sold the car", Ct)).Ok);
        return await desk.PassAsync(pass.Id);
    }

    /// <summary>PAS-5: 30 days for 300 yuan, 20 of them left.</summary>
    [Fact]
    public async Task Customer_service_then_finance_review_a_wish_to_cancel_and_what_is_left_is_paid_back_once()
    {
        var pass = await AskedAsync();
        Assert.Equal((PassState.CancelAsked, new Money(20000)), (pass.State, pass.Refund));
        var review = desk.Get<ReviewCancel>();
        Assert.Equal(new WrongPassState(PassState.CancelAsked), (await review.RefundAsync(desk.Manager, pass.Id, pass.Refund, "cash", "r1", Ct)).Error);
        Assert.Equal(new RefundAbovePaid(new Money(30000), Currency.Yuan),
            (await review.ServiceAsync(desk.Clerk, pass.Id, new Money(30001), "kind", Ct)).Error);
        Assert.Equal(new InvalidField("Amount", "out-of-range"), (await review.ServiceAsync(desk.Clerk, pass.Id, new Money(-1), "kind", Ct)).Error);
        Assert.Equal(new InvalidField("Reason", "required"), (await review.ServiceAsync(desk.Clerk, pass.Id, new Money(25000), null, Ct)).Error);
        Assert.True((await review.ServiceAsync(desk.Clerk, pass.Id, new Money(20000), null, Ct)).Ok);
        Assert.Equal(new SamePerson(), (await review.RefundAsync(desk.Clerk, pass.Id, new Money(20000), "cash", "r1", Ct)).Error);
        Assert.Equal(new SamePerson(), (await review.RefuseAsync(desk.Clerk, pass.Id, "no", Ct)).Error);
        Assert.Equal(new AmountChanged(new Money(20000), Currency.Yuan),
            (await review.RefundAsync(desk.Manager, pass.Id, new Money(1), "cash", "r1", Ct)).Error);
        Assert.Equal(new InvalidField("Reference", "required"), (await review.RefundAsync(desk.Manager, pass.Id, pass.Refund, "cash", " ", Ct)).Error);
        Assert.Equal(new InvalidField("Method", "invalid"), (await review.RefundAsync(desk.Manager, pass.Id, pass.Refund, "gold", "r1", Ct)).Error);
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => review.RefundAsync(desk.Manager, pass.Id, pass.Refund, "transfer", "T-1", Ct)));
        Assert.Single(results, r => r.Ok);
        Assert.All(results.Where(r => !r.Ok), r => Assert.True(r.Error is ChangedMeanwhile or WrongPassState, r.Error!.Code));
        Assert.Equal(PassState.Cancelled, (await desk.PassAsync(pass.Id)).State);
        Assert.Equal([new Money(30000), new Money(-20000)], (await day.PaymentsAsync()).OrderBy(p => p.PaidAt).Select(p => p.Amount));
        Assert.Equal(
            [PassOperationKind.Sold, PassOperationKind.Paid, PassOperationKind.CancelAsked, PassOperationKind.CancelAgreed, PassOperationKind.Refunded],
            await desk.OperationsAsync(pass.Id));
        var income = await desk.Get<DailyIncome>().RunAsync(day.City.User(ReportPermissions.Income), Nov(21), Nov(30), null, Ct);
        Assert.Equal([("cash", new Money(30000)), ("transfer", new Money(-20000))], income.Value.Select(r => (r.Method, r.Amount)));
        desk.At(Nov(31));
        Assert.Equal(new Money(700), await HourAsync());
    }

    [Fact]
    public async Task The_day_of_the_wish_is_covered_the_next_is_not()
    {
        await AskedAsync();
        Assert.Equal(Money.Zero, await HourAsync());
        desk.At(Nov(31));
        Assert.Equal(new Money(700), await HourAsync());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Who_is_turned_down_gets_the_days_of_asking_back(bool byFinance)
    {
        var pass = await AskedAsync();
        desk.At(Nov(33));
        if (byFinance)
            Assert.True((await desk.Get<ReviewCancel>().ServiceAsync(desk.Clerk, pass.Id, pass.Refund, null, Ct)).Ok);
        Assert.True((byFinance ? await desk.Get<ReviewCancel>().RefuseAsync(desk.Manager, pass.Id, "no", Ct)
            : await desk.Get<ReviewCancel>().ServiceAsync(desk.Manager, pass.Id, null, "no", Ct)).Ok);
        var after = await desk.PassAsync(pass.Id);
        Assert.Equal((PassState.Active, pass.Until.AddDays(2), Money.Zero), (after.State, after.Until, after.Refund));
        Assert.Equal(Money.Zero, await HourAsync());
        // It may be asked for again, by whoever reviewed before.
        Assert.True((await desk.Get<AskCancel>().RunAsync(desk.Clerk, pass.Id, "again", Ct)).Ok);
    }

    [Fact]
    public async Task A_suspended_pass_is_paid_back_from_its_first_day_of_rest_and_its_renewal_whole()
    {
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car));
        Assert.True((await RenewAsync(pass)).Ok);
        Assert.True((await desk.PayAsync(pass.Id)).Ok);
        desk.At(Nov(22));
        Assert.True((await desk.Get<SuspendPass>().RunAsync(desk.Clerk, pass.Id, "away", Ct)).Ok);
        desk.At(Nov(40));
        Assert.True((await desk.Get<AskCancel>().RunAsync(desk.Clerk, pass.Id, "gone", Ct)).Ok);
        Assert.Equal(new Money(28000 + 30000), (await desk.PassAsync(pass.Id)).Refund);
        Assert.True((await desk.Get<ReviewCancel>().ServiceAsync(desk.Clerk, pass.Id, null, "no", Ct)).Ok);
        Assert.Equal(PassState.Suspended, (await desk.PassAsync(pass.Id)).State);
    }

    [Fact]
    public async Task Nobody_changes_what_he_may_not()
    {
        var id = Guid.NewGuid();
        var nobody = day.City.User(PassPermissions.View);
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<RenewPass>().RunAsync(nobody, new(id, id, 1, default), Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<ChangePassPlate>().RunAsync(nobody, id, null, Other, Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<SuspendPass>().RunAsync(nobody, id, "r", Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<ResumePass>().RunAsync(nobody, id, Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<AskCancel>().RunAsync(nobody, id, "r", Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<ReviewCancel>().ServiceAsync(nobody, id, default, "r", Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<ReviewCancel>().RefundAsync(nobody, id, default, "cash", "r", Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<ReviewCancel>().RefuseAsync(nobody, id, "r", Ct));
        var north = day.City.RestrictedTo(day.City.South, PassPermissions.Sell);
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car));
        Assert.Equal(new NotFound("pass"), (await desk.Get<SuspendPass>().RunAsync(north, pass.Id, "r", Ct)).Error);
    }
}
