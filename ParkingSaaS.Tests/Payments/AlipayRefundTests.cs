using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Payments;

/// <summary>What was paid too much by Alipay goes back by Alipay: mostly at once, and it says so only where the money has moved.</summary>
public sealed class AlipayRefundTests(Cluster cluster) : ChannelRefundTests(cluster)
{
    FakeAlipay alipay = null!;

    protected override string Method => "alipay";

    protected override IEnumerable<string> Taken => alipay.Refunds.Keys;

    protected override async Task<(FakeGateway, IPaymentChannel)> StartAsync(bool partner)
    {
        alipay = await FakeAlipay.StartAsync(platform.Clock, partner);
        alipay.RefundsLater = true;
        var client = Own(new AlipayClient(new AlipayPolicy { Address = alipay.Address, Patience = TimeSpan.FromSeconds(60) },
            platform.Get<ChannelSecrets>(), platform.Get<ChannelLog>(), platform.Clock, NullLogger<AlipayClient>.Instance));
        return (alipay, new AlipayChannel(platform.Get<CitySessions>(), client, NullLogger<AlipayChannel>.Instance));
    }

    protected override void Pay(Guid id) => alipay.Pay(id);

    protected override void Refuse(string why) => alipay.RefundRefusal = why;

    protected override void Back(Guid refundId) => alipay.Refunds[refundId.ToString("N")].Back = true;

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_moves_at_once_is_back_at_once(bool partner)
    {
        await ConnectAsync(partner);
        alipay.RefundsLater = false;
        var id = await OverpaidAsync();
        var request = await WantedAsync(id, 500);
        Assert.Null((await AskAsync(request)).Error);
        Assert.Null((await AgreeAsync(request)).Error);
        Assert.Null((await AgreeAsync(request)).Error);
        Assert.Empty(alipay.Refused);
        Assert.Equal(("5.00", id.ToString("N")), Assert.Single(alipay.Refunds).Value is var r ? (r.Amount, r.TradeNumber) : default);
        await StandsAsync(request, PaymentState.Succeeded, 200);
        Assert.Equal(alipay.Trades.Values.Single().TradeNo, (await RefundAsync(request.Id)).Reference);
        Assert.False((await day.OrderAsync()).Anomalies.HasFlag(OrderAnomaly.Overpaid));
        day.Until(63);
        Assert.Equal(0, await Job.RunAsync("alpha", Ct));
    }

    [Fact]
    public async Task A_payment_that_went_back_as_a_whole_is_closed_there_and_stays_paid_here()
    {
        await ConnectAsync();
        alipay.RefundsLater = false;
        var id = await OverpaidAsync(due: 0);
        foreach (var amount in new[] { 300, 400 })
        {
            var part = await WantedAsync(id, amount);
            Assert.Null((await AskAsync(part)).Error);
            Assert.Null((await AgreeAsync(part)).Error);
        }
        Assert.Equal("TRADE_CLOSED", alipay.Trades.Values.Single().Status);
        Assert.Equal(0, (await day.OrderAsync()).Received.Minor);
        Assert.Equal(PaymentState.Succeeded, (await RefundAsync(id)).State);
        Assert.NotNull((await AskAsync(await WantedAsync(id, 1))).Error);
    }

    [Fact]
    public async Task Above_what_was_paid_is_refused_there_as_well()
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        alipay.Refunds["elsewhere"] = new() { TradeNumber = alipay.Trades.Keys.Single(), Amount = "3.00" };
        Assert.Null((await AskAsync(request)).Error);
        Assert.Null((await AgreeAsync(request)).Error);
        await StandsAsync(request, PaymentState.Failed, 700);
        Assert.Equal("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", (await RefundAsync(request.Id)).Reference);
    }

    [Fact]
    public async Task A_fault_of_Alipay_is_not_its_last_word()
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        Refuse("ACQ.SYSTEM_ERROR");
        Assert.Null((await AskAsync(request)).Error);
        Assert.Null((await AgreeAsync(request)).Error);
        await StandsAsync(request, PaymentState.Pending, 700);
        alipay.RefundRefusal = null;
        alipay.RefundsLater = false;
        day.Until(62.25);
        Assert.Equal(1, await Job.RunAsync("alpha", Ct));
        await StandsAsync(request, PaymentState.Succeeded, 200);
    }

    [Fact]
    public async Task What_says_another_amount_is_not_booked()
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        alipay.Refunds[request.Id.ToString("N")] = new() { TradeNumber = alipay.Trades.Keys.Single(), Amount = "4.99", Back = true };
        Assert.Null((await AskAsync(request)).Error);
        Assert.Null((await AgreeAsync(request)).Error);
        await StandsAsync(request, PaymentState.Pending, 700);
    }
}
