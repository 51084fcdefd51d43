using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Passes;

namespace ParkingSaaS.Tests.Passes;

/// <summary>What happens by itself, what happens in bulk, and what drivers do on their phones.</summary>
public sealed class UpkeepAndBatchTests(Cluster cluster) : DayTest(cluster)
{
    const string Other = "粤B54321";
    Desk desk => field ??= new Desk(day);
    Actor driver => field ??= Actor.Driver("alpha", PassPermissions.Buy, OrderPermissions.Pay, PaymentPermissions.Begin);
    static readonly Actor channel = Actor.Channel("alpha", "phone", PaymentPermissions.Confirm);

    static DateOnly Nov(int d) => new DateOnly(2026, 10, 31).AddDays(d);

    Task<Result<int>> UpkeepAsync() => desk.Get<PassUpkeep>().RunAsync("alpha", Ct);

    PassProductDetails Phone => desk.Details() with { OnLine = true, GraceDays = 3 };

    /// <summary>PAS-8.</summary>
    [Fact]
    public async Task A_pass_that_renews_by_itself_has_its_next_term_laid_ready_once()
    {
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(Phone), Desk.Car) with { AutoRenew = true });
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details("不续")), Other));
        desk.At(pass.Until.AddDays(-8));
        Assert.Equal(0, (await UpkeepAsync()).Value);
        desk.At(pass.Until.AddDays(-7));
        var runs = await Task.WhenAll(UpkeepAsync(), UpkeepAsync(), UpkeepAsync());
        Assert.Equal(1, runs.Sum(r => r.Value));
        Assert.Equal(0, (await UpkeepAsync()).Value);
        var renewal = (await desk.PeriodsAsync(pass.Id))[^1];
        Assert.Equal((pass.Until.AddDays(1), PassPeriodState.Open, true), (renewal.From, renewal.State, renewal.Renewal));
        Assert.True((await desk.PayAsync(pass.Id)).Ok);
        Assert.Equal(0, (await UpkeepAsync()).Value);
        Assert.Equal(renewal.Until, (await desk.PassAsync(pass.Id)).Until);
    }

    [Fact]
    public async Task Whether_a_pass_renews_by_itself_is_said_at_any_time()
    {
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(Phone), Desk.Car) with { AutoRenew = true });
        var switches = desk.Get<SwitchAutoRenew>();
        Assert.True((await switches.RunAsync(desk.Clerk, pass.Id, false, Ct)).Ok);
        Assert.True((await switches.RunAsync(desk.Clerk, pass.Id, false, Ct)).Ok);
        desk.At(pass.Until);
        Assert.Equal(0, (await UpkeepAsync()).Value);
        Assert.True((await switches.RunAsync(desk.Clerk, pass.Id, true, Ct)).Ok);
        Assert.Equal(1, (await UpkeepAsync()).Value);
        Assert.Equal(
        [
            PassOperationKind.Sold, PassOperationKind.Paid, PassOperationKind.AutoRenewOff, PassOperationKind.AutoRenewOn,
            PassOperationKind.RenewalReady
        ], await desk.OperationsAsync(pass.Id));
        await Assert.ThrowsAsync<AccessDeniedException>(() => switches.RunAsync(desk.Manager, pass.Id, false, Ct));
    }

    /// <summary>A company's clerk serves a pass of his lot, also after its product moved elsewhere.</summary>
    [Fact]
    public async Task A_pass_outlives_a_change_of_its_products_lots()
    {
        var product = await desk.ProductAsync(desk.Details() with { MaxPlates = 2 });
        var pass = await desk.ActiveAsync(Desk.Sale(product, Desk.Car));
        Assert.True((await desk.Get<SavePassProduct>().RunAsync(desk.Manager,
            desk.Details() with { Id = product.Id, MaxPlates = 2, LotIds = [day.City.South.Id] }, Ct)).Ok);
        var north = day.City.RestrictedTo(day.City.North, PassPermissions.Sell);
        Assert.True((await desk.Get<ChangePassPlate>().RunAsync(north, pass.Id, null, Other, Ct)).Ok);
        Assert.True((await desk.Get<RenewPass>().RunAsync(north, new PassRenewal(Guid.CreateVersion7(), pass.Id, 1, new Money(30000)), Ct)).Ok);
        Assert.True((await desk.PayAsync(pass.Id)).Ok);
    }

    [Fact]
    public async Task A_renewal_that_nobody_pays_lapses_with_the_days_of_grace_and_late_money_counts()
    {
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(Phone), Desk.Car) with { AutoRenew = true });
        desk.At(pass.Until);
        Assert.Equal(1, (await UpkeepAsync()).Value);
        var payment = Guid.CreateVersion7();
        var renewal = (await desk.PeriodsAsync(pass.Id))[^1];
        var payments = new TakePayment(desk.Get<CitySessions>(), desk.Get<IEnumerable<IPayable>>(), [new Channel()], desk.Get<LiveFeed>());
        Assert.True((await payments.BeginAsync(driver, new PaymentRequest(payment, renewal.Id, renewal.Price) { Kind = PassPayments.Code }, "phone", Ct)).Ok);
        desk.At(pass.Until.AddDays(3));
        Assert.Equal(0, (await UpkeepAsync()).Value);
        desk.At(pass.Until.AddDays(4));
        Assert.Equal(1, (await UpkeepAsync()).Value);
        Assert.Equal(0, (await UpkeepAsync()).Value);
        Assert.Equal(PassPeriodState.Lapsed, (await desk.PeriodsAsync(pass.Id))[^1].State);
        Assert.Equal(new WrongPassState(PassState.Lapsed), (await payments.BeginAsync(driver,
            new PaymentRequest(Guid.CreateVersion7(), renewal.Id, renewal.Price) { Kind = PassPayments.Code }, "phone", Ct)).Error);
        Assert.True((await payments.ConfirmAsync(channel, payment, renewal.Price, "tx", Ct)).Ok);
        Assert.True((await payments.ConfirmAsync(channel, payment, renewal.Price, "tx", Ct)).Ok);
        Assert.Equal(renewal.Until, (await desk.PassAsync(pass.Id)).Until);
    }

    PassRenewal Renewal(Pass pass, PassProduct product, int terms = 1) =>
        new(Guid.CreateVersion7(), pass.Id, terms, PassOffer.Of(product, pass.Until.AddDays(1), terms).Price);

    TakePayment Payments => new(desk.Get<CitySessions>(), desk.Get<IEnumerable<IPayable>>(), [new Channel()], desk.Get<LiveFeed>());

    /// <summary>A driver goes to the channel's page for it.</summary>
    async Task<Guid> BeginAsync(PassRenewal renewal)
    {
        var payment = Guid.CreateVersion7();
        Assert.True((await Payments.BeginAsync(driver, new PaymentRequest(payment, renewal.Id, renewal.Price) { Kind = PassPayments.Code }, "phone", Ct)).Ok);
        return payment;
    }

    async Task<PassPeriodState> StateAsync(PassRenewal renewal) => (await desk.PeriodsAsync(renewal.PassId)).Single(p => p.Id == renewal.Id).State;

    /// <summary>Who types a plate on a phone is nobody in particular.</summary>
    [Fact]
    public async Task A_strangers_renewal_blocks_neither_the_owner_nor_the_clerk()
    {
        var product = await desk.ProductAsync(Phone);
        var pass = await desk.ActiveAsync(Desk.Sale(product, Desk.Car));
        var (stranger, owner, clerk) = (Renewal(pass, product, 12), Renewal(pass, product), Renewal(pass, product, 2));
        var renew = desk.Get<RenewPass>();
        Assert.True((await renew.BuyAsync(driver, stranger, Ct)).Ok);
        Assert.True(Assert.Single((await desk.Get<DriverPasses>().ByPlateAsync(driver, Desk.Car, null, Ct)).Value).MayRenew);
        Assert.True((await renew.BuyAsync(driver, owner, Ct)).Ok);
        Assert.Equal((PassPeriodState.Lapsed, PassPeriodState.Open), (await StateAsync(stranger), await StateAsync(owner)));
        Assert.True((await renew.RunAsync(desk.Clerk, clerk, Ct)).Ok);
        Assert.Equal((PassPeriodState.Lapsed, PassPeriodState.Open), (await StateAsync(owner), await StateAsync(clerk)));
        // What a clerk laid is not a stranger's to take away.
        Assert.Equal(new RenewalOpen(), (await renew.BuyAsync(driver, Renewal(pass, product), Ct)).Error);
        Assert.False(Assert.Single((await desk.Get<DriverPasses>().ByPlateAsync(driver, Desk.Car, null, Ct)).Value).MayRenew);
        Assert.True((await desk.PayAsync(pass.Id)).Ok);
        Assert.Equal(new DateOnly(2027, 2, 20), (await desk.PassAsync(pass.Id)).Until);
        Assert.Equal(2, (await desk.OperationsAsync(pass.Id)).Count(o => o == PassOperationKind.RenewalReplaced));
    }

    [Fact]
    public async Task A_renewal_on_the_phone_lapses_after_its_hour_but_not_while_it_is_being_paid()
    {
        var product = await desk.ProductAsync(Phone);
        var pass = await desk.ActiveAsync(Desk.Sale(product, Desk.Car));
        var renewal = Renewal(pass, product);
        Assert.True((await desk.Get<RenewPass>().BuyAsync(driver, renewal, Ct)).Ok);
        Assert.Equal(TestPlatform.Start.AddHours(1), (await desk.Get<DriverPasses>().PeriodAsync(driver, renewal.Id, Ct))!.PayBefore);
        day.Until(59);
        Assert.Equal(0, (await UpkeepAsync()).Value);
        var payment = await BeginAsync(renewal);
        day.Until(61);
        Assert.Equal(0, (await UpkeepAsync()).Value);
        day.Until(90);
        Assert.Equal(1, await desk.Get<GiveUpPayments>().RunAsync("alpha", Ct));
        Assert.Equal(1, (await UpkeepAsync()).Value);
        Assert.Equal(PassPeriodState.Lapsed, await StateAsync(renewal));
        // The money comes all the same, and counts once.
        Assert.True((await Payments.ConfirmAsync(channel, payment, renewal.Price, "tx", Ct)).Ok);
        Assert.True((await Payments.ConfirmAsync(channel, payment, renewal.Price, "tx", Ct)).Ok);
        Assert.Equal(new DateOnly(2027, 1, 20), (await desk.PassAsync(pass.Id)).Until);
    }

    [Fact]
    public async Task Money_for_a_renewal_that_another_one_replaced_buys_the_days_after_it()
    {
        var product = await desk.ProductAsync(Phone);
        var pass = await desk.ActiveAsync(Desk.Sale(product, Desk.Car));
        var (owner, second, third) = (Renewal(pass, product), Renewal(pass, product), Renewal(pass, product));
        Assert.True((await desk.Get<RenewPass>().BuyAsync(driver, owner, Ct)).Ok);
        var underWay = await BeginAsync(owner);
        Assert.True((await desk.Get<RenewPass>().BuyAsync(driver, second, Ct)).Ok);
        Assert.True((await desk.PayAsync(pass.Id)).Ok);
        Assert.Equal(PassPeriodState.Paid, await StateAsync(second));
        Assert.True((await desk.Get<RenewPass>().BuyAsync(driver, third with { Price = product.Price }, Ct)).Ok);
        Assert.True((await Payments.ConfirmAsync(channel, underWay, owner.Price, "tx", Ct)).Ok);
        var periods = await desk.PeriodsAsync(pass.Id);
        Assert.Equal([(new DateOnly(2026, 12, 21), new DateOnly(2027, 1, 20)), (new(2027, 1, 21), new(2027, 2, 20))],
            periods.Where(p => p is { Renewal: true, State: PassPeriodState.Paid }).Select(p => (p.From, p.Until)));
        Assert.Equal((new DateOnly(2027, 2, 20), PassPeriodState.Lapsed), ((await desk.PassAsync(pass.Id)).Until, await StateAsync(third)));
    }

    sealed class Channel : IPaymentChannel
    {
        public string Code => "phone";

        public Task<int?> PriorityAsync(CitySession s, Guid lotId, CancellationToken ct) => Task.FromResult<int?>(0);

        public Task<Result<string>> BeginAsync(City city, Payment payment, Payer payer, CancellationToken ct) =>
            Task.FromResult<Result<string>>($"phone/{payment.Id}");

        public Task<ChannelProgress> RefundAsync(City city, Payment refund, Payment paid, CancellationToken ct) => Task.FromResult(ChannelProgress.Open);
    }

    /// <summary>PAS-2: what a driver chose and did not pay blocks nobody.</summary>
    [Fact]
    public async Task A_sale_that_nobody_pays_lapses_and_stands_in_nobodys_way()
    {
        var product = await desk.ProductAsync(Phone);
        var sale = Desk.Sale(product, Desk.Car);
        Assert.True((await desk.Get<SellPass>().BuyAsync(driver, sale, Ct)).Ok);
        Assert.True((await desk.Get<SellPass>().BuyAsync(driver, sale, Ct)).Ok);
        var counter = (await desk.SellAsync(Desk.Sale(product, Desk.Car))).Value;
        day.Until(59);
        Assert.Equal(0, (await UpkeepAsync()).Value);
        day.Until(61);
        Assert.Equal(1, (await UpkeepAsync()).Value);
        Assert.Equal((PassState.Lapsed, PassState.AwaitingPayment), ((await desk.PassAsync(sale.Id)).State, (await desk.PassAsync(counter)).State));
        desk.At(Nov(36));
        Assert.Equal(1, (await UpkeepAsync()).Value);
        Assert.Equal(PassState.Lapsed, (await desk.PassAsync(counter)).State);
        Assert.Equal(new WrongPassState(PassState.Lapsed), (await desk.PayAsync(counter)).Error);
    }

    [Fact]
    public async Task Two_choices_on_the_phone_for_one_plate_end_as_one_pass()
    {
        var product = await desk.ProductAsync(Phone);
        var (first, second) = (Desk.Sale(product, Desk.Car), Desk.Sale(product, Desk.Car));
        Assert.True((await desk.Get<SellPass>().BuyAsync(driver, first, Ct)).Ok);
        Assert.True((await desk.Get<SellPass>().BuyAsync(driver, second, Ct)).Ok);
        Assert.True((await desk.PayAsync(first.Id)).Ok);
        Assert.IsType<PassOverlap>((await desk.PayAsync(second.Id)).Error);
    }

    [Fact]
    public async Task A_driver_buys_what_is_sold_on_phones_from_today_on_and_finds_it_by_the_whole_plate()
    {
        var product = await desk.ProductAsync(Phone with { MaxDaysAhead = 5 });
        await desk.ProductAsync(desk.Details("柜台"));
        Assert.Equal(["月卡"], (await desk.Get<DriverPasses>().ProductsAsync(driver, Ct)).Select(p => p.Name));
        Assert.Equal(new InvalidField("From", "out-of-range"),
            (await desk.Get<SellPass>().BuyAsync(driver, Desk.SaleFrom(product, Nov(20), 1, Desk.Car), Ct)).Error);
        var sale = Desk.SaleFrom(product, Nov(23), 1, Desk.Car);
        Assert.True((await desk.Get<SellPass>().BuyAsync(driver, sale, Ct)).Ok);
        Assert.Empty((await desk.Get<DriverPasses>().ByPlateAsync(driver, Desk.Car, null, Ct)).Value);
        Assert.True((await desk.PayAsync(sale.Id)).Ok);
        var found = Assert.Single((await desk.Get<DriverPasses>().ByPlateAsync(driver, "粤b·12345", null, Ct)).Value);
        Assert.Equal((Nov(23), true, false), (found.From, found.MayRenew, found.EndsSoon));
        Assert.Equal(["粤B***5"], found.MaskedPlates);
        Assert.Equal(new InvalidField("Plate", "invalid"), (await desk.Get<DriverPasses>().ByPlateAsync(driver, "粤", null, Ct)).Error);
        Assert.Empty((await desk.Get<DriverPasses>().ByPlateAsync(driver, "粤B1234", null, Ct)).Value);
    }

    [Fact]
    public async Task A_driver_is_reminded_where_the_plate_is_looked_up_and_renews()
    {
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(Phone), Desk.Car));
        await day.EnterAsync(Desk.Car, 0);
        var order = await day.OrderAsync();
        Assert.Null((await desk.Get<DriverOrders>().FindAsync(driver, order.Id, Ct))!.PassEnds);
        desk.At(pass.Until.AddDays(-7));
        Assert.Equal(pass.Id, (await desk.Get<DriverOrders>().FindAsync(driver, order.Id, Ct))!.PassEnds!.PassId);
        desk.At(pass.Until.AddDays(3));
        Assert.True(Assert.Single((await desk.Get<DriverPasses>().ByPlateAsync(driver, Desk.Car, null, Ct)).Value).EndsSoon);
        var product = await desk.ProductAsync(pass.ProductId);
        var price = PassOffer.Of(product, pass.Until.AddDays(1), 1).Price;
        Assert.True((await desk.Get<RenewPass>().BuyAsync(driver, new PassRenewal(Guid.CreateVersion7(), pass.Id, 1, price), Ct)).Ok);
        Assert.True((await desk.PayAsync(pass.Id)).Ok);
        Assert.Null((await desk.Get<DriverOrders>().FindAsync(driver, order.Id, Ct))!.PassEnds);
        Assert.Equal(Money.Zero, (await desk.Get<DriverOrders>().FindAsync(driver, order.Id, Ct))!.Owed);
        desk.At(new(2027, 6, 1));
        Assert.Empty((await desk.Get<DriverPasses>().ByPlateAsync(driver, Desk.Car, null, Ct)).Value);
    }

    Task<Result<PassBatchAnswer>> BatchAsync(PassProduct product, string text, Guid? id = null, Actor? actor = null) =>
        desk.Get<SellPasses>().RunAsync(actor ?? desk.Clerk, new PassBatch(id ?? Guid.CreateVersion7(), product.Id, text, new Money(30000)), Ct);

    /// <summary>PAS-6.</summary>
    [Fact]
    public async Task A_company_buys_many_reviewed_and_paid_at_once()
    {
        var product = await desk.ProductAsync(desk.Details() with { Reviewed = true, MaxPlates = 2 });
        var id = Guid.CreateVersion7();
        const string Text = "\uFEFF车牌,持有人,电话\r\n粤B12345,张三,13800000001\r\n\r\n\"粤B54321\r\n粤BD00001\",\"李四\",13800000002\n";
        Assert.Equal(2, (await BatchAsync(product, Text, id)).Value.Sold);
        Assert.Equal(2, (await BatchAsync(product, Text, id)).Value.Sold);
        var settle = desk.Get<SettlePasses>();
        Assert.Equal(new NothingOwed(), (await settle.PayAsync(desk.Cashier, id, new Money(60000), "T-9", Ct)).Error);
        Assert.Equal(2, (await settle.AgreeAsync(desk.Manager, id, Ct)).Value);
        Assert.Equal(0, (await settle.AgreeAsync(desk.Manager, id, Ct)).Value);
        Assert.Equal(new AmountChanged(new Money(60000), Currency.Yuan), (await settle.PayAsync(desk.Cashier, id, new Money(1), "T-9", Ct)).Error);
        Assert.Equal(new InvalidField("Reference", "required"), (await settle.PayAsync(desk.Cashier, id, new Money(60000), "", Ct)).Error);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => settle.PayAsync(desk.Cashier, id, new Money(60000), "T-9", Ct)));
        Assert.Single(results, r => r.Ok);
        Assert.Equal([new Money(30000), new Money(30000)], (await day.PaymentsAsync()).Select(p => p.Amount));
        await using var s = await day.City.OpenAsync();
        Assert.Equal([("张三", PassState.Active), ("李四", PassState.Active)],
            (await s.Db.Set<Pass>().OrderBy(p => p.Number).ToListAsync(Ct)).Select(p => (p.Holder, p.State)));
        Assert.Equal(3, await s.Db.Set<PassPlate>().CountAsync(Ct));
    }

    [Fact]
    public async Task A_batch_is_pasted_or_uploaded()
    {
        var product = await desk.ProductAsync();
        Assert.Equal(1, (await BatchAsync(product, "粤B00001，张三；王五，13800000001")).Value.Sold);
        Assert.Equal(1, (await BatchAsync(product, "粤B00002；李,四；13800000002")).Value.Sold);
        Assert.Equal(1, (await BatchAsync(product, "粤B00003\t\"赵,\"\"六\"\"\"\t13800000003")).Value.Sold);
        var book = await SheetFile.OfAsync(["车牌", "持有人", "电话"], ["粤B00004", "钱七", 13800000004], [], ["粤B00005", "孙八"]);
        var answer = (await BatchAsync(product, TextTable.Open(book, SellPasses.MaxLength).Value)).Value;
        Assert.Equal([new PassBatchProblem(4, new InvalidField("Phone", "required"))], answer.Problems);
        book = await SheetFile.OfAsync(["车牌", "持有人", "电话"], ["粤B00004", "钱七", 13800000004]);
        Assert.Equal(1, (await BatchAsync(product, TextTable.Open(book, SellPasses.MaxLength).Value)).Value.Sold);
        Assert.Equal(new OpenQuote(2, 2), (await BatchAsync(product, "粤B00006,周九,13800000006\n粤B00007,\"吴十,13800000007")).Error);
        Assert.Equal(new InvalidField("Text", "too-long"), (await BatchAsync(product, new string(' ', SellPasses.MaxLength + 1))).Error);
        await using var s = await day.City.OpenAsync();
        Assert.Equal([("张三；王五", "+8613800000001"), ("李,四", "+8613800000002"), ("赵,\"六\"", "+8613800000003"), ("钱七", "+8613800000004")],
            (await s.Db.Set<Pass>().OrderBy(p => p.Number).ToListAsync(Ct)).Select(p => (p.Holder, p.Phone)));
    }

    [Fact]
    public async Task The_form_shows_what_is_in_the_file()
    {
        await desk.ProductAsync();
        var who = await day.City.SignInAsync(Roles.City);
        await using var context = new PageContext(day.Platform, who);
        var form = context.Render<BatchForm>(p => p.Add(f => f.Id, Guid.CreateVersion7()));
        await form.WaitForElementAsync("[type=file]");
        var file = form.FindComponent<InputFile>();
        file.UploadFiles(InputFileContent.CreateFromBinary(await SheetFile.OfAsync(["车牌", "持有人", "电话"], ["粤B00004", "钱七", 13800000004]), "passes.xlsx"));
        Assert.Equal("车牌,持有人,电话\n粤B00004,钱七,13800000004\n", form.Find("#Text").GetAttribute("value"));
        file.UploadFiles(InputFileContent.CreateFromBinary(SheetFile.Sample("protected.xlsx"), "passes.xlsx"));
        Assert.Contains(context.Services.GetRequiredService<ISnackbar>().ShownSnackbars,
            m => m.Message == "The workbook is protected by a password. Save it without one.");
    }

    [Fact]
    public async Task A_batch_with_a_wrong_line_sells_nothing_and_names_every_wrong_line()
    {
        var product = await desk.ProductAsync();
        var known = await desk.ActiveAsync(Desk.Sale(product, Other));
        var answer = (await BatchAsync(product, """
            粤B00001,张三,13800000001
            粤B00002,,13800000001
            粤B00003,王五,12
            粤B00001,赵六,13800000002
            粤B54321,钱七,13800000003
            粤B00009 粤B00008,孙八,13800000003
            """)).Value;
        Assert.Equal(0, answer.Sold);
        Assert.Equal([(2, new InvalidField("Holder", "required")), (3, new InvalidField("Phone", "invalid")), (4, new PlateTwice("粤B00001")),
            (5, new PassOverlap(Other, known.Number)), (6, (Error)new InvalidField("Plates", "out-of-range"))], answer.Problems.Select(p => (p.Line, p.Error)));
        Assert.Equal(new InvalidField("Text", "required"), (await BatchAsync(product, " \n")).Error);
        Assert.Equal(new InvalidField("Text", "required"), (await BatchAsync(product, "车牌,持有人,电话")).Error);
        Assert.Equal(new InvalidField("Text", "too-long"),
            (await BatchAsync(product, string.Join('\n', Enumerable.Range(0, 1001).Select(i => $"粤B{i:00000},a,13800000000")))).Error);
        await using var s = await day.City.OpenAsync();
        Assert.Equal(1, await s.Db.Set<Pass>().CountAsync(Ct));
    }

    [Fact]
    public async Task Nobody_does_in_bulk_what_he_may_not()
    {
        var product = await desk.ProductAsync(desk.Details() with { Reviewed = true });
        await Assert.ThrowsAsync<AccessDeniedException>(() => BatchAsync(product, "x", actor: day.City.User(PassPermissions.View)));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<SettlePasses>().AgreeAsync(desk.Clerk, Guid.NewGuid(), Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<SettlePasses>().PayAsync(desk.Clerk, Guid.NewGuid(), default, "r", Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => desk.Get<DriverPasses>().ProductsAsync(desk.Clerk, Ct));
        var id = Guid.CreateVersion7();
        Assert.Equal(1, (await BatchAsync(product, "粤B00001,张三,13800000001", id, Both())).Value.Sold);
        Assert.Equal(new SamePerson(), (await desk.Get<SettlePasses>().AgreeAsync(Both(), id, Ct)).Error);
    }

    readonly Guid both = Guid.CreateVersion7();

    Actor Both() => Actor.User("alpha", both, "both", new HashSet<string> { PassPermissions.Sell, PassPermissions.Review }, Scope.WholeCity);
}
