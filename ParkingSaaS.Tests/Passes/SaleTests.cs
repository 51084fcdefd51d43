using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Passes;

namespace ParkingSaaS.Tests.Passes;

/// <summary>Products, and sales off line from the form to the money.</summary>
public sealed class SaleTests(Cluster cluster) : DayTest(cluster)
{
    Desk desk => field ??= new Desk(day);

    /// <summary>PAS-2, PAS-4: a clerk's sale is reviewed, then paid, and only then counts.</summary>
    [Fact]
    public async Task A_sale_off_line_is_reviewed_then_paid_then_counts()
    {
        var product = await desk.ProductAsync(desk.Details() with { Reviewed = true });
        var id = (await desk.SellAsync(Desk.Sale(product, "粤b·12345"))).Value;
        Assert.Equal(PassState.PendingReview, (await desk.PassAsync(id)).State);
        Assert.Equal(new WrongPassState(PassState.PendingReview), (await desk.PayAsync(id)).Error);
        Assert.Equal(new SamePerson(), (await desk.Get<ReviewPass>().RunAsync(WithReview(desk.Clerk), id, true, null, Ct)).Error);
        Assert.True((await desk.Get<ReviewPass>().RunAsync(desk.Manager, id, true, null, Ct)).Ok);
        Assert.Equal(PassState.AwaitingPayment, (await desk.PassAsync(id)).State);
        Assert.True((await desk.PayAsync(id)).Ok);
        var pass = await desk.PassAsync(id);
        Assert.Equal((PassState.Active, Desk.Today, new DateOnly(2026, 12, 20)), (pass.State, pass.From, pass.Until));
        Assert.True(pass.Number > 100000);
        Assert.Equal([PassOperationKind.Sold, PassOperationKind.Agreed, PassOperationKind.Paid], await desk.OperationsAsync(id));
        var payment = Assert.Single(await day.PaymentsAsync());
        Assert.Equal((new Money(30000), "pass", day.City.North.Id), (payment.Amount, payment.Kind, payment.LotId));
    }

    Actor WithReview(Actor clerk) =>
        Actor.User(day.City.Code, Guid.Parse(clerk.Id), clerk.Name, new HashSet<string> { PassPermissions.Review }, Scope.WholeCity);

    [Fact]
    public async Task What_the_reviewer_refuses_is_over()
    {
        var id = (await desk.SellAsync(Desk.Sale(await desk.ProductAsync(desk.Details() with { Reviewed = true }), Desk.Car))).Value;
        Assert.Equal(new InvalidField("Reason", "required"), (await desk.Get<ReviewPass>().RunAsync(desk.Manager, id, false, " ", Ct)).Error);
        Assert.True((await desk.Get<ReviewPass>().RunAsync(desk.Manager, id, false, "no such holder", Ct)).Ok);
        Assert.Equal(new WrongPassState(PassState.Refused), (await desk.Get<ReviewPass>().RunAsync(desk.Manager, id, true, null, Ct)).Error);
        Assert.Equal(new WrongPassState(PassState.Refused), (await desk.PayAsync(id)).Error);
        Assert.Empty(await day.PaymentsAsync());
    }

    [Fact]
    public async Task Two_who_review_at_once_do_it_once()
    {
        var id = (await desk.SellAsync(Desk.Sale(await desk.ProductAsync(desk.Details() with { Reviewed = true }), Desk.Car))).Value;
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => desk.Get<ReviewPass>().RunAsync(desk.Manager, id, i % 2 == 0, "seen", Ct)));
        Assert.Single(results, r => r.Ok);
        Assert.All(results.Where(r => !r.Ok), r => Assert.True(r.Error is ChangedMeanwhile or WrongPassState, r.Error!.Code));
        Assert.Equal(2, (await desk.OperationsAsync(id)).Count);
    }

    [Fact]
    public async Task A_second_click_on_sell_and_on_pay_changes_nothing()
    {
        var sale = Desk.Sale(await desk.ProductAsync(), Desk.Car);
        var ids = await Task.WhenAll(desk.SellAsync(sale), desk.SellAsync(sale), desk.SellAsync(sale));
        Assert.All(ids, r => Assert.Equal(sale.Id, r.Value));
        var payment = Guid.CreateVersion7();
        Assert.True((await desk.PayAsync(sale.Id, payment)).Ok);
        Assert.True((await desk.PayAsync(sale.Id, payment)).Ok);
        Assert.Equal(new NothingOwed(), (await desk.PayAsync(sale.Id)).Error);
        Assert.Single(await day.PaymentsAsync());
        Assert.Equal([PassOperationKind.Sold, PassOperationKind.Paid], await desk.OperationsAsync(sale.Id));
    }

    [Fact]
    public async Task One_plate_has_one_pass_in_a_lot_at_a_time()
    {
        var product = await desk.ProductAsync();
        var pass = await desk.ActiveAsync(Desk.Sale(product, Desk.Car));
        Assert.Equal(new PassOverlap(Desk.Car, pass.Number), (await desk.SellAsync(Desk.Sale(product, Desk.Car))).Error);
        var city = await desk.ProductAsync(desk.Details("全市") with { Scope = PassScope.City, LotIds = [], MaxDaysAhead = 60 });
        Assert.Equal(new PassOverlap(Desk.Car, pass.Number), (await desk.SellAsync(Desk.SaleFrom(city, new(2026, 12, 20), 1, Desk.Car))).Error);
        Assert.True((await desk.SellAsync(Desk.SaleFrom(city, new(2026, 12, 21), 1, Desk.Car))).Ok);
        var south = await desk.ProductAsync(desk.Details("南") with { LotIds = [day.City.South.Id] });
        Assert.True((await desk.SellAsync(Desk.Sale(south, Desk.Car))).Ok);
    }

    [Fact]
    public async Task Of_two_sales_at_once_for_one_plate_one_wins()
    {
        var product = await desk.ProductAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => desk.SellAsync(Desk.Sale(product, Desk.Car))));
        Assert.Single(results, r => r.Ok);
        Assert.All(results.Where(r => !r.Ok), r => Assert.IsType<PassOverlap>(r.Error));
    }

    [Fact]
    public async Task A_sale_that_is_wrong_is_refused_and_says_what_is_wrong()
    {
        var product = await desk.ProductAsync(desk.Details() with { MaxPlates = 2, Vehicles = [VehicleKind.Small], MaxDaysAhead = 10, MaxTerms = 6 });
        var good = Desk.Sale(product, Desk.Car);
        async Task RefusedAsync(Error error, PassSale sale) => Assert.Equal(error, (await desk.SellAsync(sale)).Error);
        await RefusedAsync(new InvalidField("Holder", "required"), good with { Holder = " " });
        await RefusedAsync(new InvalidField("Phone", "required"), good with { Phone = "" });
        await RefusedAsync(new InvalidField("Phone", "invalid"), good with { Phone = "call me" });
        await RefusedAsync(new InvalidField("Plates", "required"), good with { Plates = [" "] });
        await RefusedAsync(new InvalidField("Plates", "no-plate"), good with { Plates = ["粤"] });
        await RefusedAsync(new InvalidField("Plates", "out-of-range"), good with { Plates = [Desk.Car, "粤B11111", "粤B22222"] });
        await RefusedAsync(new PlateTwice(Desk.Car), good with { Plates = [Desk.Car, "粤 B12345"] });
        await RefusedAsync(new InvalidField("Terms", "out-of-range"), good with { Terms = 0 });
        await RefusedAsync(new InvalidField("Terms", "out-of-range"), good with { Terms = 7 });
        await RefusedAsync(new InvalidField("From", "out-of-range"), good with { From = Desk.Today.AddDays(-8) });
        await RefusedAsync(new InvalidField("From", "out-of-range"), good with { From = Desk.Today.AddDays(11) });
        await RefusedAsync(new NotForVehicle(VehicleKind.Large), good with { Vehicle = VehicleKind.Large });
        await RefusedAsync(new NotFound("lot"), good with { LotId = day.City.South.Id });
        await RefusedAsync(new NotFound("product"), good with { ProductId = Guid.NewGuid() });
        await RefusedAsync(new AmountChanged(new Money(30000), Currency.Yuan), good with { Price = new Money(29999) });
        Assert.True((await desk.SellAsync(good with { From = Desk.Today.AddDays(-7) })).Ok);
    }

    [Fact]
    public async Task What_is_withdrawn_or_not_on_sale_is_not_sold()
    {
        var product = await desk.ProductAsync();
        Assert.True((await desk.Get<WithdrawPassProduct>().RunAsync(desk.Manager, product.Id, Ct)).Ok);
        Assert.True((await desk.Get<WithdrawPassProduct>().RunAsync(desk.Manager, product.Id, Ct)).Ok);
        Assert.Equal(new NotForSale("月卡"), (await desk.SellAsync(Desk.Sale(product, Desk.Car))).Error);
        var later = await desk.ProductAsync(desk.Details() with { SaleFrom = Desk.Today.AddDays(1) });
        Assert.Equal(new NotForSale("月卡"), (await desk.SellAsync(Desk.Sale(later, Desk.Car))).Error);
        var over = await desk.ProductAsync(desk.Details("旧") with { SaleUntil = Desk.Today.AddDays(-1) });
        Assert.Equal(new NotForSale("旧"), (await desk.SellAsync(Desk.Sale(over, Desk.Car))).Error);
        var phone = await desk.ProductAsync(desk.Details("线上") with { OnLine = true, OffLine = false });
        Assert.Equal(new NotForSale("线上"), (await desk.SellAsync(Desk.Sale(phone, Desk.Car))).Error);
    }

    [Fact]
    public async Task A_berth_pass_is_sold_for_a_berth_of_its_lots()
    {
        var product = await desk.ProductAsync(desk.Details("泊位") with { Binding = PassBinding.Berth, LotIds = [day.City.South.Id] });
        Assert.Equal(new InvalidField("BerthId", "required"), (await desk.SellAsync(Desk.Sale(product))).Error);
        Assert.Equal(new NotFound("berth"), (await desk.SellAsync(Desk.Sale(product) with { BerthId = Guid.NewGuid() })).Error);
        var pass = await desk.ActiveAsync(Desk.Sale(product) with { BerthId = day.City.Berth1.Id });
        Assert.Equal(day.City.South.Id, pass.LotId);
        Assert.IsType<PassOverlap>((await desk.SellAsync(Desk.Sale(product) with { BerthId = day.City.Berth1.Id })).Error);
        Assert.True((await desk.SellAsync(Desk.Sale(product) with { BerthId = day.City.Berth2.Id })).Ok);
    }

    [Fact]
    public async Task A_product_that_is_wrong_is_refused()
    {
        async Task RefusedAsync(string field, string rule, PassProductDetails details) =>
            Assert.Equal(new InvalidField(field, rule), (await desk.Get<SavePassProduct>().RunAsync(desk.Manager, details, Ct)).Error);
        var good = desk.Details();
        await RefusedAsync("Name", "required", good with { Name = " " });
        await RefusedAsync("Price", "out-of-range", good with { Price = Money.Zero });
        await RefusedAsync("Price", "out-of-range", good with { Price = new Money(-1) });
        await RefusedAsync("LotIds", "required", good with { LotIds = [] });
        await RefusedAsync("Vehicles", "required", good with { Vehicles = [] });
        await RefusedAsync("PlateGroupIds", "required", good with { PlateGroupIds = [] });
        await RefusedAsync("LotGroupId", "required", good with { Scope = PassScope.Group });
        await RefusedAsync("Places", "out-of-range", good with { Places = 2 });
        await RefusedAsync("MaxTerms", "out-of-range", good with { MaxTerms = 0 });
        await RefusedAsync("OfferPercent", "out-of-range", good with { OfferPercent = 100 });
        await RefusedAsync("SaleUntil", "out-of-range", good with { SaleFrom = Desk.Today, SaleUntil = Desk.Today.AddDays(-1) });
        await RefusedAsync("GraceDays", "out-of-range", good with { GraceDays = -1 });
        await RefusedAsync("OffLine", "required", good with { OffLine = false });
        var product = await desk.ProductAsync();
        await RefusedAsync("Name", "taken", good);
        await desk.SellAsync(Desk.Sale(product, Desk.Car));
        await RefusedAsync("Binding", "invalid", good with { Id = product.Id, Binding = PassBinding.Berth });
        Assert.True((await desk.Get<SavePassProduct>().RunAsync(desk.Manager,
            good with { Id = product.Id, Seen = PassProductDetails.Of(product), Price = new Money(1) }, Ct)).Ok);
    }

    [Fact]
    public async Task Who_sees_one_lot_sells_and_manages_there_only()
    {
        var north = day.City.RestrictedTo(day.City.North, PassPermissions.Products, PassPermissions.Sell, PassPermissions.View);
        Assert.Equal(new InvalidField("Scope", "invalid"),
            (await desk.Get<SavePassProduct>().RunAsync(north, desk.Details() with { Scope = PassScope.City }, Ct)).Error);
        Assert.Equal(new NotFound("lot"), (await desk.Get<SavePassProduct>().RunAsync(north, desk.Details() with { LotIds = [day.City.South.Id] }, Ct)).Error);
        Assert.True((await desk.Get<SavePassProduct>().RunAsync(north, desk.Details(), Ct)).Ok);
        var south = await desk.ProductAsync(desk.Details("南") with { LotIds = [day.City.South.Id] });
        var city = await desk.ProductAsync(desk.Details("全市") with { Scope = PassScope.City });
        Assert.Equal(new NotFound("product"), (await desk.SellAsync(Desk.Sale(south, Desk.Car), north)).Error);
        Assert.Equal(new NotFound("product"), (await desk.Get<WithdrawPassProduct>().RunAsync(north, city.Id, Ct)).Error);
        var sold = await desk.SellAsync(Desk.Sale(city, Desk.Car), north);
        Assert.Equal(day.City.North.Id, (await desk.PassAsync(sold.Value)).LotId);
        await using var s = await desk.Get<CitySessions>().OpenAsync(day.City.RestrictedTo(day.City.South, PassPermissions.View), PassPermissions.View, Ct);
        Assert.Equal(0, await s.Db.Set<Pass>().CountAsync(Ct) + await s.Db.Set<PassPlate>().CountAsync(Ct)
            + await s.Db.Set<PassPeriod>().CountAsync(Ct) + await s.Db.Set<PassOperation>().CountAsync(Ct));
    }

    [Fact]
    public async Task Nobody_does_what_he_may_not()
    {
        var product = await desk.ProductAsync();
        var nobody = day.City.User(PassPermissions.View);
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.SellAsync(Desk.Sale(product, Desk.Car), nobody));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<SellPass>().BuyAsync(nobody, Desk.Sale(product, Desk.Car), Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<ReviewPass>().RunAsync(desk.Clerk, product.Id, true, null, Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<SavePassProduct>().RunAsync(desk.Clerk, desk.Details(), Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<WithdrawPassProduct>().RunAsync(desk.Clerk, product.Id, Ct));
    }

    [Fact]
    public async Task Groups_of_lots_are_named_once_and_stay_while_a_product_names_them()
    {
        var admin = day.City.User(LotPermissions.ManageAreas);
        var groups = desk.Get<SaveLotGroup>();
        Assert.Equal(new InvalidField("LotIds", "required"), (await groups.RunAsync(admin, new(null, "G", []), Ct)).Error);
        Assert.Equal(new NotFound("lot"), (await groups.RunAsync(admin, new(null, "G", [Guid.NewGuid()]), Ct)).Error);
        var id = (await groups.RunAsync(admin, new(null, "G", [day.City.North.Id]), Ct)).Value;
        Assert.Equal(new InvalidField("Name", "taken"), (await groups.RunAsync(admin, new(null, "G", [day.City.South.Id]), Ct)).Error);
        var north = day.City.RestrictedTo(day.City.North, LotPermissions.ManageAreas);
        Assert.Equal(new NotFound("group"), (await groups.RunAsync(north, new(null, "H", [day.City.North.Id]), Ct)).Error);
        await desk.ProductAsync(desk.Details() with { Scope = PassScope.Group, LotGroupId = id });
        Assert.Equal(new StillUsed("G"), (await desk.Get<RemoveLotGroup>().RunAsync(admin, id, Ct)).Error);
        var other = (await groups.RunAsync(admin, new(null, "H", [day.City.North.Id]), Ct)).Value;
        Assert.True((await desk.Get<RemoveLotGroup>().RunAsync(admin, other, Ct)).Ok);
    }

    [Fact]
    public async Task Which_lot_gets_the_money_is_chosen_by_the_clerk()
    {
        await desk.ProductAsync(desk.Details() with { Scope = PassScope.City });
        await using var context = new PageContext(day.Platform, await day.City.SignInAsync(Roles.City));
        var form = context.Render<SaleForm>(p => p.Add(f => f.Id, Guid.CreateVersion7()));
        Assert.Equal("-1", (await form.WaitForElementAsync("select[aria-label=Lot]")).GetAttribute("value"));
        await form.Find("#Plates").ChangeAsync(Desk.Car);
        await form.Find("#Holder").ChangeAsync("张三");
        await form.Find("#Phone").ChangeAsync("13800000000");
        await form.Find("form").SubmitAsync();
        Assert.Contains("Lot", form.Find(".message-error").TextContent);
        await using (var s = await day.City.OpenAsync())
            Assert.Empty(await s.Db.Set<Pass>().ToListAsync(Ct));
        await form.Find("select[aria-label=Lot]").ChangeAsync("1");
        await form.Find("form").SubmitAsync();
        await form.WaitForAssertionAsync(() => Assert.Empty(form.FindAll(".message-error")));
        await using (var s = await day.City.OpenAsync())
            Assert.Equal(day.City.South.Id, (await s.Db.Set<Pass>().SingleAsync(Ct)).LotId);
    }

    [Theory]
    [InlineData("9999-12-31")]
    [InlineData("0001-01-01")]
    public async Task A_first_day_that_nobody_means_has_no_price_and_is_refused(string date)
    {
        await desk.ProductAsync();
        await using var context = new PageContext(day.Platform, await day.City.SignInAsync(Roles.City));
        var form = context.Render<SaleForm>(p => p.Add(f => f.Id, Guid.CreateVersion7()));
        await form.WaitForElementAsync(".offer");
        await form.Find("#From").ChangeAsync(date);
        Assert.Empty(form.FindAll(".offer"));
        await form.Find("form").SubmitAsync();
        Assert.Single(form.FindAll(".message-error"));
    }
}
