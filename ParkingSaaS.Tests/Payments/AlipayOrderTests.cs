using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Payments;

/// <summary>What we ask Alipay for, and what we make of its answers.</summary>
public sealed class AlipayOrderTests(Cluster cluster) : ChannelOrderTests(cluster)
{
    FakeAlipay alipay = null!;

    protected override string Method => "alipay";

    protected override IEnumerable<string> Told => alipay.Trades.Keys;

    protected override async Task<(FakeGateway, IPaymentChannel)> StartAsync(bool partner, TimeSpan patience)
    {
        alipay = await FakeAlipay.StartAsync(platform.Clock, partner);
        var client = Own(new AlipayClient(new AlipayPolicy { Address = alipay.Address, Patience = patience }, platform.Get<ChannelSecrets>(),
            platform.Get<ChannelLog>(), platform.Clock, NullLogger<AlipayClient>.Instance));
        return (alipay, new AlipayChannel(platform.Get<CitySessions>(), client, NullLogger<AlipayChannel>.Instance));
    }

    protected override void Seen(Guid id) => Trade(id).Status = "WAIT_BUYER_PAY";

    protected override string Pay(Guid id) => alipay.Pay(id).TradeNo;

    protected override string? StateAt(Guid id) => Trade(id).Status;

    FakeAlipay.Trade Trade(Guid id) => alipay.Trades[id.ToString("N")];

    [Theory, InlineData(false, false), InlineData(true, false), InlineData(false, true)]
    public async Task A_payment_is_prepared_as_published_and_its_code_is_kept(bool partner, bool escapes)
    {
        await ConnectAsync(partner);
        alipay.EscapesSlashes = escapes;
        var id = await BegunAsync();
        Assert.Empty(alipay.Refused);
        var trade = Trade(id);
        Assert.Equal(("7.00", Day.Minute(61 + 30).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", null)),
            (trade.Total, trade.Content["time_expire"]!.GetValue<string>()));
        Assert.StartsWith("https://parking.example.org/alpha/pay/alipay/", trade.Notify);
        var kept = await ChannelOrderAsync();
        Assert.Equal((FakeAlipay.CodeOf(id.ToString("N")), ChannelWay.Code, Day.Minute(61.25)), (kept.Address, kept.Way, kept.AskAt!.Value));
        Assert.Equal(PaymentState.Pending, await StateAsync());
    }

    public static TheoryData<string?, ChannelWay> Browsers => new()
    {
        { null, ChannelWay.Link }, { "alipay", ChannelWay.Link }, { "wechat", ChannelWay.Code }
    };

    [Theory, MemberData(nameof(Browsers))]
    public async Task A_phone_is_led_to_Alipays_page_but_not_from_WeChat(string? app, ChannelWay way)
    {
        await ConnectAsync(partner: true);
        var id = await BegunAsync(Computer with { OnPhone = true, App = app });
        var order = await ChannelOrderAsync();
        Assert.Equal(way, order.Way);
        if (way is ChannelWay.Code)
            return;
        Assert.Empty(alipay.Asked); // it hears of it by the driver alone
        Assert.Null(alipay.Open(new Uri(order.Address!)));
        Assert.Contains(Uri.EscapeDataString($"https://parking.example.org/alpha/pay/channel/{id}"), order.Address);
        Pay(id);
        day.Until(61.25);
        Assert.Equal(1, await Ask.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Succeeded, await StateAsync());
    }

    [Fact]
    public async Task What_nobody_scanned_is_unknown_there_and_fails_once_nobody_can_pay_it()
    {
        await ConnectAsync();
        await BegunAsync();
        day.Until(61 + 29);
        Assert.Equal(0, await Ask.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Pending, await StateAsync());
        day.Until(61 + 60);
        Assert.Equal(1, await Ask.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Failed, await StateAsync());
    }

    [Theory, InlineData("TRADE_CLOSED", PaymentState.Failed), InlineData("TRADE_FINISHED", PaymentState.Succeeded)]
    public async Task What_has_ended_there_ends_here(string status, PaymentState state)
    {
        await ConnectAsync();
        Trade(await BegunAsync()).Status = status;
        day.Until(61.25);
        Assert.Equal(1, await Ask.RunAsync("alpha", Ct));
        Assert.Equal(state, await StateAsync());
    }

    [Theory, InlineData("0.01"), InlineData("7.001"), InlineData("")]
    public async Task What_is_paid_but_is_another_amount_is_not_booked(string total)
    {
        await ConnectAsync();
        alipay.Pay(await BegunAsync()).Total = total;
        await NotBookedAsync();
    }
}
