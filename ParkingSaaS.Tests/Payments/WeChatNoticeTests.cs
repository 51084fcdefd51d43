using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Payments;

/// <summary>WeChat Pay calls the running program back, as it should and as it should not.</summary>
public sealed class WeChatNoticeTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    FakeWeChatPay wechat = null!;
    WebHost web = null!;

    protected override async Task PrepareAsync()
    {
        wechat = Own(await FakeWeChatPay.StartAsync(platform.Clock));
        web = Own(await WebHost.StartAsync(platform, Ct, null, $"--Payments:WeChat={wechat.Address}"));
        Assert.True((await web.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), wechat.Account, Ct)).Ok);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
    }

    /// <summary>A driver who owes 7 yuan at the exit was sent to WeChat.</summary>
    async Task<Guid> BegunAsync()
    {
        var id = Guid.CreateVersion7();
        Assert.True((await web.Get<TakePayment>().BeginAsync(day.Driver, new PaymentRequest(id, (await day.OrderAsync()).Id, new Money(700))
        {
            Payer = new Payer("203.0.113.7", new Uri(web.Address, "/alpha/"), OnPhone: false)
        }, "wechat", Ct)).Ok);
        return id;
    }

    async Task<FakeWeChatPay.Order> PaidAsync() => wechat.Pay(await BegunAsync());

    JsonObject Told(FakeWeChatPay.Order order) => wechat.Transaction(order.Body["out_trade_no"]!.GetValue<string>(), order);

    async Task<HttpStatusCode> NotifyAsync(FakeWeChatPay.Order order) => (await wechat.CallAsync(order.Notify, wechat.Notice(Told(order)))).StatusCode;

    async Task<int> OpenedAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<DeviceCommand>().CountAsync(c => c.Type == DeviceCommand.OpenGate && c.DeviceId == City.ExitGate.Id, Ct);
    }

    async Task BookedOnceAsync(FakeWeChatPay.Order paid)
    {
        var payment = Assert.Single(await day.PaymentsAsync());
        Assert.Equal((PaymentState.Succeeded, paid.TransactionId), (payment.State, payment.Reference));
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
    public async Task A_notification_pays_the_order_and_opens_the_gate()
    {
        var paid = await PaidAsync();
        Assert.Equal(HttpStatusCode.NoContent, await NotifyAsync(paid));
        await BookedOnceAsync(paid);
        Assert.Equal(1, await OpenedAsync());
        Assert.Contains(web.Logs.Lines, l => l.Contains("ChannelAdded city=alpha"));
    }

    [Fact]
    public async Task Told_a_hundred_times_it_counts_once()
    {
        var paid = await PaidAsync();
        var notice = wechat.Notice(Told(paid));
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct },
            async (_, _) => Assert.Equal(HttpStatusCode.NoContent, (await wechat.CallAsync(paid.Notify, notice)).StatusCode));
        await BookedOnceAsync(paid);
        Assert.Equal(1, await OpenedAsync());
    }

    /// <summary>What of a notification can be wrong: how its transaction, body and headers are spoilt, and what it is refused for.</summary>
    public static TheoryData<string, string> Forged => new()
    {
        { "amount", "total" }, { "currency", "currency" }, { "merchant", "mchid" }, { "app", "appid" }, { "another order", "out_trade_no" },
        { "no order", "out_trade_no" }, { "no amount", "currency" }, { "no number", "transaction_id" },
        { "broken tag", "resource" }, { "another key", "resource" }, { "another algorithm", "resource" }, { "short nonce", "resource" },
        { "no text", "resource" }, { "half", "signature" }, { "changed", "signature" }, { "stale", "timestamp" }, { "early", "timestamp" },
        { "no time", "timestamp" }, { "unknown serial", "serial" }, { "no headers", "serial" }, { "probe", "signature" }, { "no signature", "signature" }
    };

    [Theory, MemberData(nameof(Forged))]
    public async Task What_is_wrong_changes_nothing(string what, string why)
    {
        var paid = await PaidAsync();
        var told = Told(paid);
        switch (what)
        {
            case "amount": told["amount"]!["total"] = 1; break;
            case "currency": told["amount"]!["currency"] = "USD"; break;
            case "merchant": told["mchid"] = "1900000999"; break;
            case "app": told["appid"] = "wxother"; break;
            case "another order": told["out_trade_no"] = Guid.NewGuid().ToString("N"); break;
            case "no order": told["out_trade_no"] = "4711"; break;
            case "no amount": told.Remove("amount"); break;
            case "no number": told.Remove("transaction_id"); break;
        }
        var body = what is "another key" ? wechat.Notice(told, new string('k', 32)) : what is "no text" ? "<xml/>"u8.ToArray() : wechat.Notice(told);
        if (what is "broken tag" or "another algorithm" or "short nonce")
            body = Spoil(body, what);
        var headers = what switch
        {
            "stale" => wechat.Sign(body, ago: TimeSpan.FromSeconds(301)),
            "early" => wechat.Sign(body, ago: TimeSpan.FromSeconds(-301)),
            "unknown serial" => wechat.Sign(body, FakeWeChatPay.KeyId + "9"),
            "no headers" => [],
            _ => wechat.Sign(body)
        };
        switch (what)
        {
            case "half": body = body[..(body.Length / 2)]; break;
            case "changed": body[^3] ^= 1; break;
            case "no time": headers["Wechatpay-Timestamp"] = "99999999999999999999"; break;
            case "probe": headers["Wechatpay-Signature"] = "WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"]; break;
            case "no signature": headers.Remove("Wechatpay-Signature"); break;
        }
        var answer = await wechat.CallAsync(paid.Notify, body, headers);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal($$"""{"code":"FAIL","message":"{{why}}"}""", await answer.Content.ReadAsStringAsync(Ct));
        await NothingBookedAsync();
        Assert.Contains(web.Logs.Lines, l => l.Contains("A notification of WeChat Pay") && l.Contains(why));
        Assert.DoesNotContain(web.Logs.Lines, l => l.Contains(wechat.ApiKey) || l.Contains("PRIVATE KEY"));

        Assert.Equal(HttpStatusCode.NoContent, await NotifyAsync(paid));
        await BookedOnceAsync(paid);
    }

    static byte[] Spoil(byte[] notice, string what)
    {
        var whole = JsonNode.Parse(notice)!;
        var resource = whole["resource"]!;
        var cipher = Convert.FromBase64String(resource["ciphertext"]!.GetValue<string>());
        cipher[^1] ^= 1;
        _ = what switch
        {
            "broken tag" => resource["ciphertext"] = Convert.ToBase64String(cipher),
            "another algorithm" => resource["algorithm"] = "AEAD_SM4_GCM",
            _ => resource["nonce"] = "short"
        };
        return Encoding.UTF8.GetBytes(whole.ToJsonString());
    }

    [Fact]
    public async Task Accepted_is_not_paid()
    {
        var id = await BegunAsync();
        var order = wechat.Orders[id.ToString("N")];
        Assert.Equal(HttpStatusCode.NoContent, await NotifyAsync(order));
        await NothingBookedAsync();
    }

    [Fact]
    public async Task Another_account_another_city_and_too_much_are_refused()
    {
        var paid = await PaidAsync();
        var notice = wechat.Notice(Told(paid));
        Task<HttpResponseMessage> ToAsync(string address) => wechat.CallAsync(new Uri(web.Address, address), notice);
        Assert.Equal(HttpStatusCode.NotFound, (await ToAsync($"/alpha/pay/wechat/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ToAsync(paid.Notify.AbsolutePath.Replace("alpha", "beta"))).StatusCode);

        // The same merchant under another account: the payment was not begun with it.
        var other = (await web.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels),
            wechat.Account with { LotId = City.South.Id }, Ct)).Value;
        Assert.Equal(HttpStatusCode.BadRequest, (await ToAsync($"/alpha/pay/wechat/{other}")).StatusCode);

        var large = new byte[TakeWeChatNotice.MaxBytes + 1];
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await wechat.CallAsync(paid.Notify, large)).StatusCode);
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
        Assert.Equal(HttpStatusCode.NoContent, await NotifyAsync(second));
        Assert.Equal(HttpStatusCode.NoContent, await NotifyAsync(first));
        Assert.Equal(HttpStatusCode.NoContent, await NotifyAsync(second));
        Assert.Equal((OrderState.Completed, new Money(1400)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal(2, (await day.PaymentsAsync()).Count(p => p.State is PaymentState.Succeeded));
        Assert.Equal(1, await OpenedAsync());
    }

    [Fact]
    public async Task Told_a_day_late_it_counts()
    {
        var paid = await PaidAsync();
        wechat.Mood = Mood.Down;
        day.Until(61 + 25 * 60);
        Assert.Equal(HttpStatusCode.NoContent, await NotifyAsync(paid));
        await BookedOnceAsync(paid);
    }

    [Fact]
    public async Task An_account_that_is_switched_off_still_hears_what_was_paid()
    {
        var paid = await PaidAsync();
        await using (var s = await City.OpenAsync())
            await s.Db.Set<ChannelAccount>().ExecuteUpdateAsync(set => set.SetProperty(a => a.Enabled, false), Ct);
        Assert.Equal(HttpStatusCode.NoContent, await NotifyAsync(paid));
        await BookedOnceAsync(paid);
    }

    [Fact]
    public async Task The_program_asks_by_itself_where_nothing_is_told()
    {
        var paid = await PaidAsync();
        platform.Clock.Advance(ChannelOrder.FirstWait);
        await Eventually.HoldsAsync(async () => (await day.OrderAsync()).State is OrderState.Completed);
        await BookedOnceAsync(paid);
    }
}
