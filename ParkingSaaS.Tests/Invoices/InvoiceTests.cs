using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Passes;

namespace ParkingSaaS.Tests.Invoices;

/// <summary>What can be invoiced, by whom, and that no fen stands on two invoices; written by people, without a provider.</summary>
public sealed class InvoiceTests(Cluster cluster) : InvoiceDesk(cluster)
{
    /// <summary>People write its invoices.</summary>
    IssuerDetails ByHand => nuonuo.Issuer with { Provider = "", AppKey = "", AppSecret = null };

    async Task<Money> LeftAsync(Order order)
    {
        await using var s = await City.OpenAsync();
        return (await Invoiceable.OfOrderAsync(s, order.Id, Ct))!.Left;
    }

    Task<Result<Done>> EnterAsync(Guid id, string number, string? reason = null) => decide.EnterAsync(Clerk, id, number, "", reason, Ct);

    [Fact]
    public async Task What_was_paid_can_be_invoiced_once()
    {
        await IssuerAsync(ByHand);
        var order = await PaidAsync();
        var request = Request(700, Company, order);
        var invoice = await AskedAsync(request);
        Assert.Equal((InvoiceState.Asked, 700, 58, "深圳示例科技有限公司", "91440300MA5TEXT005"),
            (invoice.State, invoice.Gross.Minor, invoice.Tax.Minor, invoice.Buyer, invoice.BuyerTaxNumber));
        Assert.Equal(request.Id, (await AskAsync(request)).Value);
        Assert.IsType<NothingToInvoice>((await AskAsync(Request(700, Person, order))).Error);
        Assert.Single(await InvoicesAsync());
        Assert.Equal(Money.Zero, await LeftAsync(order));
    }

    [Fact]
    public async Task Two_browsers_at_once_get_one_invoice()
    {
        await IssuerAsync(ByHand);
        var (one, two) = (await PaidAsync(), await PaidAsync("粤B22222", 100));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync(Request(1400, Person, i % 2 == 0 ? [one, two] : [two, one]))));
        Assert.Single(answers, a => a.Ok);
        Assert.All(answers.Where(a => !a.Ok), a => Assert.IsType<NothingToInvoice>(a.Error));
        Assert.Equal(1400, (await LinesAsync()).Sum(l => l.Gross.Minor));
    }

    [Fact]
    public async Task A_stay_that_is_not_over_or_owes_cannot_be_invoiced()
    {
        await IssuerAsync(ByHand);
        await day.EnterAsync(Car, 0);
        Assert.IsType<NothingToInvoice>((await AskAsync(Request(700, Person, await day.OrderAsync()))).Error);
        await day.LeaveAsync(Car, 61);
        Assert.IsType<NothingToInvoice>((await AskAsync(Request(700, Person, await day.OrderAsync()))).Error);
        Assert.Empty(await InvoicesAsync());
    }

    [Fact]
    public async Task Neither_what_was_let_go_nor_what_goes_back_is_invoiced()
    {
        await IssuerAsync(ByHand);
        var order = await PaidAsync();
        var clerk = City.User(OrderPermissions.ChangeAmount, FinancePermissions.Ask);
        Assert.True((await platform.Get<ChangeAmount>().RunAsync(clerk, order.Id, new Money(200), "broken gate", Ct)).Ok);
        Assert.Equal(new Money(200), await LeftAsync(order)); // 500 too much are not for parking
        Assert.Equal(new Money(200), Assert.IsType<AmountChanged>((await AskAsync(Request(700, Person, order))).Error).Owed);
        Assert.Equal(200, (await AskedAsync(Request(200, Person, order))).Gross.Minor);
    }

    [Fact]
    public async Task Many_stays_stand_on_one_invoice_whose_lines_come_to_its_sums()
    {
        await IssuerAsync(ByHand);
        Order[] orders = [await PaidAsync(), await PaidAsync("粤B22222", 100), await PaidAsync(Car, 200)];
        var invoice = await AskedAsync(Request(2100, Person, orders));
        var lines = await LinesAsync();
        Assert.Equal(orders.Select(o => o.Id).Order(), lines.Select(l => l.PayableId).Order());
        Assert.Equal((2100, 174, 1926), (invoice.Gross.Minor, invoice.Tax.Minor, invoice.Net.Minor));
        Assert.Equal((2100, 174), (lines.Sum(l => l.Gross.Minor), lines.Sum(l => l.Tax.Minor)));
    }

    [Fact]
    public async Task A_pass_is_invoiced_with_all_that_was_paid_for_it()
    {
        await IssuerAsync(ByHand);
        var desk = new Desk(day);
        var pass = await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details("Monthly")), Car));
        var price = (await desk.PeriodsAsync(pass.Id)).Sum(p => p.Price.Minor);
        Assert.True(price > 0);
        var item = new InvoiceItem(PassPayments.Code, pass.Id);
        var invoice = await AskedAsync(new InvoiceRequest(Guid.CreateVersion7(), [item], new Money(price), Person));
        Assert.Equal(price, invoice.Gross.Minor);
        Assert.IsType<NothingToInvoice>((await AskAsync(new InvoiceRequest(Guid.CreateVersion7(), [item], new Money(price), Person))).Error);
    }

    [Theory]
    [InlineData("", "91440300MA5TEXT005", "", "", "Name")]
    [InlineData("Company", "91440300MA5TEXT001", "", "", "TaxNumber")]
    [InlineData("Company", "", "", "", "TaxNumber")]
    [InlineData("Company", "91440300MA5TEXT005", "no mail", "", "Mail")]
    [InlineData("Company", "91440300MA5TEXT005", "", "12", "Phone")]
    [InlineData("Company\u0007", "91440300MA5TEXT005", "", "", "Name")]
    public async Task A_title_that_is_none_is_refused_beside_its_field(string name, string number, string mail, string phone, string field)
    {
        await IssuerAsync(ByHand);
        var title = new InvoiceTitle(TitleKind.Company, name, number, "", "", mail, phone);
        Assert.Equal(field, Assert.IsType<InvalidField>((await AskAsync(Request(700, title, await PaidAsync()))).Error).Field);
        Assert.Empty(await InvoicesAsync());
    }

    [Fact]
    public async Task The_nearest_issuer_issues_and_lots_of_others_stand_on_no_invoice_with_it()
    {
        var order = await PaidAsync();
        Assert.IsType<NoIssuer>((await AskAsync(Request(700, Person, order))).Error);
        await IssuerAsync(ByHand);
        Assert.IsType<IssuerOverlap>((await SaveAsync(ByHand with { Name = "Other" })).Error);
        await IssuerAsync(ByHand with { Name = "South", LotId = City.South.Id });
        await IssuerAsync(ByHand with { Name = "North", LotId = City.North.Id, Rate = 500 });
        var invoice = await AskedAsync(Request(700, Person, order));
        await using var s = await City.OpenAsync();
        Assert.Equal("North", (await s.Db.Set<Issuer>().SingleAsync(i => i.Id == invoice.IssuerId, Ct)).Name);
        Assert.Equal((500, 33), (invoice.Rate, invoice.Tax.Minor));

        day.Until(100);
        await day.BerthAsync(true, 100, "粤B33333");
        day.Until(161);
        await day.BerthAsync(false, 161);
        var south = (await day.OrdersAsync()).Single(o => o.Plate == "粤B33333");
        Assert.True((await day.CashAsync(south, south.Owed.Minor)).Ok);
        var north = await PaidAsync("粤B22222", 200);
        Assert.IsType<DifferentIssuers>((await AskAsync(Request(700 + south.Owed.Minor, Person, north, south))).Error);
    }

    [Fact]
    public async Task A_seller_whose_number_stands_on_invoices_keeps_it()
    {
        var id = (await SaveAsync(ByHand)).Value;
        await AskedAsync(Request(700, Person, await PaidAsync()));
        Assert.IsType<IssuerInUse>((await SaveAsync(ByHand with { Id = id, TaxNumber = "91440300MA5TEXT005" })).Error);
        Assert.True((await SaveAsync(ByHand with { Id = id, Name = "Renamed" })).Ok);
    }

    [Theory]
    [InlineData("TaxNumber"), InlineData("Rate"), InlineData("TaxCode"), InlineData("LotId"), InlineData("AppKey"), InlineData("AppSecret"),
        InlineData("Provider")]
    public async Task An_issuer_that_is_none_is_refused_beside_its_field(string field)
    {
        var good = nuonuo.Issuer;
        var bad = field switch
        {
            "TaxNumber" => good with { TaxNumber = "123" },
            "Rate" => good with { Rate = 10000 },
            "TaxCode" => good with { TaxCode = "304" },
            "LotId" => good with { LotId = City.North.Id, CompanyId = Guid.NewGuid() },
            "AppKey" => good with { AppKey = "" },
            "AppSecret" => good with { AppSecret = "" },
            _ => good with { Provider = "nobody" }
        };
        Assert.Equal(field, Assert.IsType<InvalidField>((await SaveAsync(bad)).Error).Field);
    }

    [Fact]
    public async Task Secrets_lie_sealed()
    {
        await IssuerAsync();
        await using var s = await City.OpenAsync();
        var issuer = await s.Db.Set<Issuer>().SingleAsync(Ct);
        Assert.DoesNotContain(nuonuo.Secret, issuer.AppSecret);
        Assert.Equal(nuonuo.Secret, platform.Get<ChannelSecrets>().Open(issuer.Id, issuer.AppSecret));
    }

    [Fact]
    public async Task A_person_enters_what_was_written_elsewhere_and_what_took_it_back()
    {
        await IssuerAsync(ByHand);
        var order = await PaidAsync();
        var id = (await AskedAsync(Request(700, Person, order))).Id;
        Assert.Equal("Number", Assert.IsType<InvalidField>((await EnterAsync(id, "12")).Error).Field);
        Assert.True((await EnterAsync(id, "12345678")).Ok);
        Assert.True((await EnterAsync(id, "12345678")).Ok);
        Assert.Equal((InvoiceState.Issued, "12345678"), ((await InvoiceAsync(id)).State, (await InvoiceAsync(id)).Number));

        Assert.Equal("Reason", Assert.IsType<InvalidField>((await EnterAsync(id, "87654321", " ")).Error).Field);
        Assert.True((await EnterAsync(id, "87654321", "wrong title")).Ok);
        Assert.True((await EnterAsync(id, "87654321", "wrong title")).Ok);
        var reversed = await InvoiceAsync(id);
        Assert.Equal((InvoiceState.Reversed, "87654321", "wrong title"), (reversed.State, reversed.ReverseNumber, reversed.ReverseReason));
        Assert.Equal(new Money(700), await LeftAsync(order));
        Assert.NotEqual(id, (await AskedAsync(Request(700, Company, order))).Id);
        await using var s = await City.OpenAsync();
        Assert.Equal([InvoiceOperationKind.Asked, InvoiceOperationKind.Issued, InvoiceOperationKind.Reversed],
            await s.Db.Set<InvoiceOperation>().Where(o => o.InvoiceId == id).OrderBy(o => o.Id).Select(o => o.Kind).ToListAsync(Ct));
    }

    [Fact]
    public async Task What_nobody_has_written_yet_is_given_up_and_asked_for_again()
    {
        await IssuerAsync(ByHand);
        var order = await PaidAsync();
        var id = (await AskedAsync(Request(700, Person, order))).Id;
        Assert.True((await decide.GiveUpAsync(Clerk, id, Ct)).Ok);
        Assert.True((await decide.GiveUpAsync(Clerk, id, Ct)).Ok);
        Assert.IsType<WrongInvoiceState>((await EnterAsync(id, "12345678")).Error);
        Assert.Equal(InvoiceState.Asked, (await AskedAsync(Request(700, Company, order))).State);
    }
}
