using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Invoices;

/// <summary>What we ask 诺诺, and what we make of its answers, silence and loss of them.</summary>
public sealed class NuonuoTests(Cluster cluster) : InvoiceDesk(cluster)
{
    async Task<Invoice> AskedAsync(InvoiceTitle? title = null)
    {
        await IssuerAsync();
        return await AskedAsync(Request(700, title ?? Company, await PaidAsync()));
    }

    [Fact]
    public async Task Accepted_is_not_issued_and_what_is_issued_has_its_number_and_link()
    {
        var invoice = await AskedAsync();
        Assert.Empty(nuonuo.Refused);
        Assert.Equal((InvoiceState.AtProvider, ""), (invoice.State, invoice.Number));
        Assert.Equal(["token", "queryInvoiceResult", "requestBillingNew"], nuonuo.Asked);
        Assert.Equal(0, await LaterAsync(1));
        nuonuo.Status = "2";
        Assert.Equal(1, await LaterAsync(1));
        invoice = await InvoiceAsync(invoice.Id);
        Assert.Equal((InvoiceState.Issued, FakeNuonuo.NumberOf(invoice.Serial), $"https://fp.example.org/{invoice.Serial}.pdf"),
            (invoice.State, invoice.Number, invoice.Pdf));
        Assert.Equal(platform.Clock.GetUtcNow(), invoice.IssuedAt);
        Assert.Equal(0, await LaterAsync(600));
        Assert.Single(nuonuo.Asked, "token"); // it is lent for a day
        Assert.Empty(nuonuo.Refused);
    }

    [Fact]
    public async Task What_the_tax_office_reads_comes_to_what_was_paid()
    {
        await IssuerAsync(nuonuo.Issuer with { Rate = 500 });
        var invoice = await AskedAsync(Request(2100, Person, await PaidAsync(), await PaidAsync("粤B22222", 100), await PaidAsync(Car, 200)));
        Assert.Empty(nuonuo.Refused);
        var order = nuonuo.Orders[invoice.Serial];
        Assert.Equal(("李四", "", "1", "13812345678"), (order["buyerName"]!.GetValue<string>(), order["buyerTaxNum"]!.GetValue<string>(),
            order["pushMode"]!.GetValue<string>(), order["buyerPhone"]!.GetValue<string>()));
        Assert.Equal(["0.33", "0.33", "0.33"], order["invoiceDetail"]!.AsArray().Select(l => l!["tax"]!.GetValue<string>()));
        Assert.All(order["invoiceDetail"]!.AsArray(), l => Assert.Equal("0.05", l!["taxRate"]!.GetValue<string>()));
    }

    [Theory, InlineData(Mood.Down), InlineData(Mood.Broken), InlineData(Mood.Slow)]
    public async Task While_it_is_out_of_reach_the_invoice_waits(Mood mood)
    {
        nuonuo.Mood = mood;
        var invoice = await AskedAsync();
        Assert.Equal(InvoiceState.Asked, invoice.State);
        Assert.NotNull(invoice.AskAt);
        nuonuo.Mood = Mood.Well;
        nuonuo.Status = "2";
        await LaterAsync(2);
        Assert.Equal(InvoiceState.AtProvider, (await InvoiceAsync(invoice.Id)).State);
        await LaterAsync(5);
        Assert.Equal(InvoiceState.Issued, (await InvoiceAsync(invoice.Id)).State);
        Assert.Single(nuonuo.Orders);
    }

    [Fact]
    public async Task A_lost_answer_makes_no_second_invoice()
    {
        nuonuo.LosesAnswers = true;
        var invoice = await AskedAsync();
        Assert.Equal(InvoiceState.Asked, invoice.State);
        Assert.Single(nuonuo.Orders);
        Assert.IsType<WrongInvoiceState>((await decide.GiveUpAsync(Clerk, invoice.Id, Ct)).Error); // it may yet be issued there
        nuonuo.Status = "2";
        await LaterAsync(2);
        Assert.Equal(InvoiceState.Issued, (await InvoiceAsync(invoice.Id)).State);
        Assert.Single(nuonuo.Asked, "requestBillingNew");
    }

    [Fact]
    public async Task It_is_asked_at_growing_distance()
    {
        var invoice = await AskedAsync();
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 4; i++)
        {
            var before = platform.Clock.GetUtcNow();
            platform.Clock.Advance((await InvoiceAsync(invoice.Id)).AskAt!.Value - before);
            waits.Add(platform.Clock.GetUtcNow() - before);
            await send.RunAsync(City.Code, Ct);
        }
        Assert.Equal([15, 30, 60, 120], waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public async Task What_fails_says_why_and_is_sent_again_as_another_one()
    {
        nuonuo.Status = "22";
        var invoice = await AskedAsync();
        await LaterAsync(1);
        var failed = await InvoiceAsync(invoice.Id);
        Assert.Equal((InvoiceState.Failed, nuonuo.Cause), (failed.State, failed.Problem));
        Assert.Null(failed.AskAt);
        nuonuo.Status = "2";
        Assert.True((await decide.AgainAsync(Clerk, invoice.Id, Person, Ct)).Ok);
        await LaterAsync(1);
        var issued = await InvoiceAsync(invoice.Id);
        Assert.Equal((InvoiceState.Issued, "李四", ""), (issued.State, issued.Buyer, issued.Problem));
        Assert.NotEqual(invoice.Serial, issued.Serial);
        Assert.Equal(2, nuonuo.Orders.Count);
    }

    [Fact]
    public async Task What_it_does_not_take_says_why_and_can_be_given_up()
    {
        nuonuo.Refusal = "企业未开通数电票";
        var invoice = await AskedAsync();
        Assert.Equal((InvoiceState.Failed, "企业未开通数电票"), (invoice.State, invoice.Problem));
        Assert.True((await decide.GiveUpAsync(Clerk, invoice.Id, Ct)).Ok);
        Assert.All(await LinesAsync(), l => Assert.True(l.Released));
    }

    [Fact]
    public async Task An_invoice_of_another_amount_is_not_believed()
    {
        var invoice = await AskedAsync();
        (nuonuo.Status, nuonuo.TooMuch) = ("2", 0.01m);
        await LaterAsync(1);
        Assert.Equal(InvoiceState.AtProvider, (await InvoiceAsync(invoice.Id)).State);
    }

    [Fact]
    public async Task Nobody_is_believed_who_says_that_it_is_issued_and_asking_is_done_sooner()
    {
        var invoice = await AskedAsync();
        for (var i = 0; i < 5; i++)
            await LaterAsync(10);
        Assert.True((await InvoiceAsync(invoice.Id)).AskAt > platform.Clock.GetUtcNow());
        var asked = nuonuo.Asked.Count;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => send.ToldAsync(City.Code, invoice.Id, Ct)));
        Assert.Equal(InvoiceState.AtProvider, (await InvoiceAsync(invoice.Id)).State);
        Assert.Equal(asked, nuonuo.Asked.Count);
        nuonuo.Status = "2";
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => send.RunAsync(City.Code, Ct)));
        Assert.Equal(InvoiceState.Issued, (await InvoiceAsync(invoice.Id)).State);
        Assert.Equal(asked + 1, nuonuo.Asked.Count);
        await send.ToldAsync(City.Code, invoice.Id, Ct);
        Assert.Equal(0, await LaterAsync(60));
    }

    [Fact]
    public async Task A_red_one_takes_it_back_and_what_was_paid_is_invoiced_again()
    {
        nuonuo.Status = "2";
        await IssuerAsync();
        var order = await PaidAsync();
        var id = (await AskedAsync(Request(700, Company, order))).Id;
        await LaterAsync(1);
        Assert.Equal("Reason", Assert.IsType<InvalidField>((await decide.ReverseAsync(Clerk, id, "", Ct)).Error).Field);
        nuonuo.LosesAnswers = true;
        Assert.True((await decide.ReverseAsync(Clerk, id, "refunded", Ct)).Ok);
        Assert.Equal(InvoiceState.Reversing, (await InvoiceAsync(id)).State);
        Assert.IsType<NothingToInvoice>((await AskAsync(Request(700, Person, order))).Error);
        Assert.Equal(1, await LaterAsync(1));
        var reversed = await InvoiceAsync(id);
        Assert.Equal((InvoiceState.Reversed, FakeNuonuo.NumberOf(reversed.ReverseSerial!)), (reversed.State, reversed.ReverseNumber));
        Assert.Single(nuonuo.Reversals);
        Assert.Empty(nuonuo.Refused);
        nuonuo.LosesAnswers = false;
        Assert.Equal(InvoiceState.AtProvider, (await AskedAsync(Request(700, Person, order))).State);
    }

    [Fact]
    public async Task A_red_one_that_is_refused_leaves_the_invoice_issued()
    {
        nuonuo.Status = "2";
        var id = (await AskedAsync()).Id;
        await LaterAsync(1);
        nuonuo.Refusal = "已超过可红冲期限";
        Assert.True((await decide.ReverseAsync(Clerk, id, "refunded", Ct)).Ok);
        var invoice = await InvoiceAsync(id);
        Assert.Equal((InvoiceState.Issued, "已超过可红冲期限"), (invoice.State, invoice.Problem));
        Assert.All(await LinesAsync(), l => Assert.False(l.Released));
        nuonuo.Refusal = null;
        Assert.True((await decide.ReverseAsync(Clerk, id, "refunded", Ct)).Ok);
        await LaterAsync(1);
        Assert.Equal(InvoiceState.Reversed, (await InvoiceAsync(id)).State);
    }

    [Fact]
    public async Task What_was_said_is_kept_without_the_buyer_and_without_secrets()
    {
        var invoice = await AskedAsync(Person);
        await LaterAsync(1);
        await using var s = await City.OpenAsync();
        var kept = await s.Db.Set<InvoiceMessage>().Where(m => m.InvoiceId == invoice.Id).OrderBy(m => m.At).ToListAsync(Ct);
        Assert.Equal([200, 200, 200], kept.Select(m => m.Status));
        var all = string.Concat(kept.Select(m => m.Sent + m.Said));
        Assert.Contains(FakeNuonuo.Goods, all);
        foreach (var secret in new[] { "李四", "13812345678", nuonuo.Secret })
            Assert.DoesNotContain(secret, all);
    }
}
