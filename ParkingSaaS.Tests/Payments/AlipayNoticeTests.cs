using System.Net;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Payments;

/// <summary>Alipay calls the running program back, as it should and as it should not.</summary>
public sealed class AlipayNoticeTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    FakeAlipay alipay = null!;
    WebHost web = null!;

    protected override async Task PrepareAsync()
    {
        alipay = Own(await FakeAlipay.StartAsync(platform.Clock));
        web = Own(await WebHost.StartAsync(platform, Ct, null, $"--Payments:Alipay={alipay.Address}"));
        Assert.True((await web.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), alipay.Account, Ct)).Ok);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
    }

    /// <summary>A driver who owes 7 yuan at the exit was sent to Alipay.</summary>
    async Task<Guid> BegunAsync()
    {
        var id = Guid.CreateVersion7();
        Assert.True((await web.Get<TakePayment>().BeginAsync(day.Driver, new PaymentRequest(id, (await day.OrderAsync()).Id, new Money(700))
        {
            Payer = new Payer("203.0.113.7", new Uri(web.Address, "/alpha/"), OnPhone: false)
        }, "alipay", Ct)).Ok);
        return id;
    }

    async Task<FakeAlipay.Trade> PaidAsync() => alipay.Pay(await BegunAsync());

    static Dictionary<string, string> Notice(FakeAlipay.Trade trade) => FakeAlipay.Notice(trade.Content["out_trade_no"]!.GetValue<string>(), trade);

    async Task<string> NotifyAsync(FakeAlipay.Trade trade, Dictionary<string, string>? notice = null) =>
        await (await alipay.CallAsync(new Uri(trade.Notify!), notice ?? Notice(trade))).Content.ReadAsStringAsync(Ct);

    async Task<int> OpenedAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<DeviceCommand>().CountAsync(c => c.Type == DeviceCommand.OpenGate && c.DeviceId == City.ExitGate.Id, Ct);
    }

    async Task BookedOnceAsync(FakeAlipay.Trade paid)
    {
        var payment = Assert.Single(await day.PaymentsAsync());
        Assert.Equal((PaymentState.Succeeded, paid.TradeNo), (payment.State, payment.Reference));
        Assert.Equal((OrderState.Completed, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        await using var s = await City.OpenAsync();
        Assert.Equal(1, await s.Db.Set<Posting>().CountAsync(p => p.PaymentId == payment.Id, Ct));
    }

    async Task NothingBookedAsync()
    {
        Assert.Equal((OrderState.AwaitingPayment, Money.Zero), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.All(await day.PaymentsAsync(), p => Assert.Equal(PaymentState.Pending, p.State));
        Assert.Equal(0, await OpenedAsync());
    }

    [Fact]
    public async Task Told_a_hundred_times_it_counts_once_and_opens_the_gate()
    {
        var paid = await PaidAsync();
        var notice = Notice(paid);
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct },
            async (_, _) => Assert.Equal("success", await NotifyAsync(paid, notice)));
        await BookedOnceAsync(paid);
        Assert.Equal(1, await OpenedAsync());
    }

    /// <summary>What of a notification can be wrong, and what it is refused for.</summary>
    public static TheoryData<string, string> Forged => new()
    {
        { "amount", "total_amount" }, { "too exact an amount", "total_amount" }, { "no amount", "total_amount" }, { "currency", "trans_currency" },
        { "seller", "seller_id" }, { "app", "app_id" }, { "another order", "out_trade_no" }, { "no order", "out_trade_no" }, { "no number", "trade_no" },
        { "changed", "sign" }, { "added", "sign" }, { "removed", "sign" }, { "no signature", "sign" }, { "no base64", "sign" }, { "nothing", "sign" }
    };

    [Theory, MemberData(nameof(Forged))]
    public async Task What_is_wrong_changes_nothing(string what, string why)
    {
        var paid = await PaidAsync();
        var notice = Notice(paid);
        switch (what)
        {
            case "amount": notice["total_amount"] = "0.01"; break;
            case "too exact an amount": notice["total_amount"] = "7.000001"; break;
            case "no amount": notice.Remove("total_amount"); break;
            case "currency": notice["trans_currency"] = "USD"; break;
            case "seller": notice["seller_id"] = "2088000000000000"; break;
            case "app": notice["app_id"] = "2021000000000000"; break;
            case "another order": notice["out_trade_no"] = Guid.NewGuid().ToString("N"); break;
            case "no order": notice["out_trade_no"] = "4711"; break;
            case "no number": notice.Remove("trade_no"); break;
        }
        FakeAlipay.Signed(notice);
        switch (what)
        {
            case "changed": notice["total_amount"] = "0.01"; break;
            case "added": notice["passback_params"] = "x"; break;
            case "removed": notice.Remove("subject"); break;
            case "no signature": notice.Remove("sign"); break;
            case "no base64": notice["sign"] = "*" + notice["sign"]; break;
            case "nothing": notice.Clear(); break;
        }
        var answer = await alipay.CallAsync(new Uri(paid.Notify!), notice);
        Assert.Equal((HttpStatusCode.BadRequest, "failure"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct)));
        await NothingBookedAsync();
        Assert.Contains(web.Logs.Lines, l => l.Contains("A notification of Alipay") && l.Contains(why));

        Assert.Equal("success", await NotifyAsync(paid));
        await BookedOnceAsync(paid);
    }

    [Fact]
    public async Task Waiting_is_not_paid_and_finished_is()
    {
        var trade = alipay.Trades[(await BegunAsync()).ToString("N")];
        trade.Status = "WAIT_BUYER_PAY";
        Assert.Equal("success", await NotifyAsync(trade));
        await NothingBookedAsync();
        trade.Status = "TRADE_FINISHED";
        Assert.Equal("success", await NotifyAsync(trade));
        await BookedOnceAsync(trade);
    }

    [Fact]
    public async Task Closed_before_it_was_paid_has_failed_and_money_that_comes_all_the_same_counts()
    {
        var trade = alipay.Trades[(await BegunAsync()).ToString("N")];
        trade.Status = "TRADE_CLOSED";
        Assert.Equal("success", await NotifyAsync(trade));
        Assert.Equal(PaymentState.Failed, Assert.Single(await day.PaymentsAsync()).State);
        trade.Status = "TRADE_SUCCESS";
        Assert.Equal("success", await NotifyAsync(trade));
        await BookedOnceAsync(trade);
    }

    [Fact]
    public async Task Closed_after_all_of_it_went_back_changes_nothing_of_the_payment()
    {
        var paid = await PaidAsync();
        Assert.Equal("success", await NotifyAsync(paid));
        paid.Status = "TRADE_CLOSED";
        var back = Notice(paid);
        back["refund_fee"] = "7.00";
        Assert.Equal("success", await NotifyAsync(paid, FakeAlipay.Signed(back)));
        await BookedOnceAsync(paid);
    }

    [Fact]
    public async Task Another_account_another_city_another_kind_and_too_much_are_refused()
    {
        var paid = await PaidAsync();
        var notice = Notice(paid);
        Task<HttpResponseMessage> ToAsync(string address) => alipay.CallAsync(new Uri(web.Address, address), notice);
        var own = new Uri(paid.Notify!).AbsolutePath;
        Assert.Equal(HttpStatusCode.NotFound, (await ToAsync($"/alpha/pay/alipay/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ToAsync(own.Replace("alpha", "beta"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ToAsync(own.Replace("alipay", "wechat"))).StatusCode);

        // The same merchant under another account: the payment was not begun with it.
        var other = (await web.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels),
            alipay.Account with { LotId = City.South.Id }, Ct)).Value;
        Assert.Equal(HttpStatusCode.BadRequest, (await ToAsync($"/alpha/pay/alipay/{other}")).StatusCode);

        notice["body"] = new string('x', TakeAlipayNotice.MaxBytes);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await ToAsync(own)).StatusCode);
        await NothingBookedAsync();
    }

    [Fact]
    public async Task Of_two_payments_the_later_may_be_told_first_and_both_count()
    {
        var first = await PaidAsync();
        // Begun so long ago that nobody goes on with it.
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Payment>().ExecuteUpdateAsync(set => set.SetProperty(p => p.CreatedAt, p => p.CreatedAt - GiveUpPayments.MaxWait), Ct);
        var second = await PaidAsync();
        Assert.All(new[] { await NotifyAsync(second), await NotifyAsync(first), await NotifyAsync(second) }, answer => Assert.Equal("success", answer));
        Assert.Equal((OrderState.Completed, new Money(1400)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal(1, await OpenedAsync());
    }

    [Fact]
    public async Task What_was_asked_and_told_is_kept_without_who_paid()
    {
        var paid = await PaidAsync();
        Assert.Equal("success", await NotifyAsync(paid));
        List<ChannelMessage> messages = [];
        platform.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.HoldsAsync(async () =>
        {
            await using var s = await City.OpenAsync();
            return (messages = await s.Db.Set<ChannelMessage>().AsNoTracking().OrderBy(m => m.At).ThenBy(m => m.Id).ToListAsync(Ct)).Count == 2;
        });
        Assert.Equal([ChannelMessageKind.Order, ChannelMessageKind.Notice], messages.Select(m => m.Kind).Order());
        var all = string.Concat(messages.Select(m => m.Sent + m.Said));
        Assert.All(new[] { paid.TradeNo, "qr_code", "total_amount" }, text => Assert.Contains(text, all));
        Assert.All(new[] { "159****5620", "2088101117955611", "ALIPAYACCOUNT", "PRIVATE KEY" }, secret => Assert.DoesNotContain(secret, all));
    }

    [Fact]
    public async Task The_program_asks_by_itself_where_nothing_is_told()
    {
        var paid = await PaidAsync();
        platform.Clock.Advance(OpenQuestion.FirstWait);
        await Eventually.HoldsAsync(async () => (await day.OrderAsync()).State is OrderState.Completed);
        await BookedOnceAsync(paid);
    }
}
