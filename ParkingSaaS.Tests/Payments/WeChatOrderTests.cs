using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Payments;

/// <summary>What we ask WeChat Pay for, and what we make of its answers.</summary>
public sealed class WeChatOrderTests(Cluster cluster) : ChannelOrderTests(cluster)
{
    FakeWeChatPay wechat = null!;

    protected override string Method => "wechat";

    protected override IEnumerable<string> Told => wechat.Orders.Keys;

    protected override async Task<(FakeGateway, IPaymentChannel)> StartAsync(bool partner, TimeSpan patience)
    {
        wechat = await FakeWeChatPay.StartAsync(platform.Clock, partner);
        var client = Own(new WeChatPayClient(new WeChatPayPolicy { Address = wechat.Address, Patience = patience }, platform.Get<ChannelSecrets>(),
            platform.Get<ChannelLog>(), platform.Clock, NullLogger<WeChatPayClient>.Instance));
        return (wechat, new WeChatPay(platform.Get<CitySessions>(), client, NullLogger<WeChatPay>.Instance));
    }

    protected override void Seen(Guid id) => Assert.Equal("NOTPAY", StateAt(id));

    protected override string Pay(Guid id) => wechat.Pay(id).TransactionId;

    protected override string? StateAt(Guid id) => wechat.Orders[id.ToString("N")].State;

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_order_is_asked_for_as_published_and_its_code_is_kept(bool partner)
    {
        await ConnectAsync(partner);
        var id = await BegunAsync();
        Assert.Empty(wechat.Refused);
        var order = wechat.Orders[id.ToString("N")];
        Assert.Equal(("native", 700), (order.Way, order.Body["amount"]!["total"]!.GetValue<int>()));
        Assert.StartsWith("https://parking.example.org/alpha/pay/wechat/", order.Notify.ToString());
        Assert.Equal(Day.Minute(61 + 30), DateTimeOffset.Parse(order.Body["time_expire"]!.GetValue<string>(), null));
        var kept = await ChannelOrderAsync();
        Assert.Equal((FakeWeChatPay.CodeOf(id.ToString("N")), ChannelWay.Code, Day.Minute(61.25)), (kept.Address, kept.Way, kept.AskAt!.Value));
        Assert.Equal(PaymentState.Pending, await StateAsync());
    }

    [Fact]
    public async Task On_a_phone_it_is_a_link_for_the_phones_address()
    {
        await ConnectAsync();
        var id = await BegunAsync(Computer with { OnPhone = true });
        var order = wechat.Orders[id.ToString("N")];
        Assert.Equal(("h5", "203.0.113.7"), (order.Way, order.Body["scene_info"]!["payer_client_ip"]!.GetValue<string>()));
        Assert.StartsWith("https://wx.tenpay.com/", (await ChannelOrderAsync()).Address);
    }

    [Fact]
    public async Task A_signature_of_long_ago_is_none() => await NoAnswerAsync(Mood.Stale);

    [Theory, InlineData("CLOSED"), InlineData("PAYERROR"), InlineData("REVOKED")]
    public async Task What_is_over_has_failed(string state)
    {
        await ConnectAsync();
        var id = await BegunAsync();
        wechat.Orders[id.ToString("N")].State = state;
        day.Until(61.25);
        Assert.Equal(1, await Ask.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Failed, await StateAsync());
    }

    [Theory, InlineData("total"), InlineData("mchid"), InlineData("appid"), InlineData("currency")]
    public async Task What_is_paid_but_does_not_fit_the_payment_is_not_booked(string field)
    {
        await ConnectAsync();
        var order = wechat.Pay(await BegunAsync());
        if (field is "total")
            order.Body["amount"]!["total"] = 1;
        else if (field is "currency")
            order.Currency = "USD";
        else
            order.Body[field] = "other";
        await NotBookedAsync();
    }
}
