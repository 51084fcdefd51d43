using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Tests.Passes;

namespace ParkingSaaS.Tests.Payments;

/// <summary>What was paid too much by WeChat goes back by WeChat, once, however it tells of it.</summary>
public sealed class WeChatRefundTests(Cluster cluster) : ChannelRefundTests(cluster)
{
    FakeWeChatPay wechat = null!;

    protected override string Method => "wechat";

    protected override IEnumerable<string> Taken => wechat.Refunds.Keys;

    protected override async Task<(FakeGateway, IPaymentChannel)> StartAsync(bool partner)
    {
        wechat = await FakeWeChatPay.StartAsync(platform.Clock, partner);
        var client = Own(new WeChatPayClient(new WeChatPayPolicy { Address = wechat.Address, Patience = TimeSpan.FromSeconds(60) },
            platform.Get<ChannelSecrets>(), platform.Get<ChannelLog>(), platform.Clock, NullLogger<WeChatPayClient>.Instance));
        return (wechat, new WeChatPay(platform.Get<CitySessions>(), client, NullLogger<WeChatPay>.Instance));
    }

    protected override void Pay(Guid id) => wechat.Pay(id);

    protected override void Refuse(string why) => wechat.RefundRefusal = why;

    protected override void Back(Guid refundId) => wechat.Refunds[refundId.ToString("N")].State = "SUCCESS";

    TakeWeChatNotice Notices => field ??= new TakeWeChatNotice(platform.Get<CitySessions>(), Payments, PayBack, platform.Get<ChannelSecrets>(),
        platform.Get<ChannelLog>(), platform.Clock);

    async Task<FakeWeChatPay.Refund> AgreedAsync(ReviewRequest request)
    {
        Assert.Null((await AskAsync(request)).Error);
        Assert.Null((await AgreeAsync(request)).Error);
        return wechat.Refunds[request.Id.ToString("N")];
    }

    async Task<string> NotifyAsync(System.Text.Json.Nodes.JsonObject told)
    {
        var body = wechat.Notice(told);
        var signed = wechat.Sign(body);
        var result = await Notices.RunAsync("alpha", AccountId, WeChatSignature.Read(name => signed.GetValueOrDefault(name)), body, Ct);
        return result.Error is NoticeRefused refused ? refused.Part : result.Ok ? "taken" : result.Error!.Code;
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_is_approved_is_on_its_way_until_WeChat_tells_that_it_is_back(bool partner)
    {
        await ConnectAsync(partner);
        var request = await WantedAsync(await OverpaidAsync(), 500);
        Assert.Null((await AskAsync(request)).Error);
        Assert.Empty(wechat.Refunds);
        Assert.Null((await AgreeAsync(request)).Error);
        Assert.Null((await AgreeAsync(request)).Error);
        Assert.Equal("RESOURCE_NOT_EXISTS", Assert.Single(wechat.Refused).Split(": ")[1]); // it asked first whether it is known
        var refund = Assert.Single(wechat.Refunds).Value;
        Assert.Equal($"https://parking.example.org/alpha/pay/wechat/{AccountId}", refund.Notify.ToString());
        await StandsAsync(request, PaymentState.Pending, 700);

        refund.State = "SUCCESS";
        Assert.Equal("taken", await NotifyAsync(wechat.Ended(refund)));
        Assert.Equal("taken", await NotifyAsync(wechat.Ended(refund)));
        await StandsAsync(request, PaymentState.Succeeded, 200);
        Assert.Equal(refund.RefundId, (await RefundAsync(request.Id)).Reference);
        Assert.False((await day.OrderAsync()).Anomalies.HasFlag(OrderAnomaly.Overpaid));
        Assert.Equal(0, await Job.RunAsync("alpha", Ct));
    }

    [Fact]
    public async Task Of_one_payment_several_parts_go_back_and_never_more_than_it_was()
    {
        await ConnectAsync();
        var id = await OverpaidAsync(due: 0);
        foreach (var amount in new[] { 300, 300 })
        {
            var part = await WantedAsync(id, amount);
            (await AgreedAsync(part)).State = "SUCCESS";
            Assert.Equal("taken", await NotifyAsync(wechat.Ended(wechat.Refunds[part.Id.ToString("N")])));
        }
        Assert.Equal(new RefundAboveOverpaid(new Money(100), Currency.Yuan), (await AskAsync(await WantedAsync(id, 101))).Error);

        // The stay is paid once more, in cash: that is too much as well, but no part of this payment.
        var cash = await CashAsync(300);
        Assert.Equal(new RefundAbovePayment(new Money(100), Currency.Yuan), (await AskAsync(await WantedAsync(id, 101))).Error);
        Assert.Equal(new NotFound("payment"), (await AskAsync(await WantedAsync(cash, 100))).Error);
        await using var s = await City.OpenAsync();
        Assert.Equal([new Refundable(id, "wechat", Day.Minute(61), new Money(100))], await PayBack.OfAsync(s, [(await day.OrderAsync()).Id], Ct));
    }

    /// <summary>Cash that comes although nothing is owed: it was begun before.</summary>
    async Task<Guid> CashAsync(long amount)
    {
        await DueAsync(100 + amount);
        var id = Guid.CreateVersion7();
        Assert.Null((await day.CashAsync(await day.OrderAsync(), amount, id)).Error);
        await DueAsync(0);
        return id;
    }

    [Theory, InlineData("ABNORMAL"), InlineData("CLOSED")]
    public async Task What_WeChat_cannot_pay_back_has_failed_and_a_person_pays(string state)
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        var refund = await AgreedAsync(request);
        refund.State = state;
        Assert.Equal("taken", await NotifyAsync(wechat.Ended(refund)));
        Assert.Equal("taken", await NotifyAsync(wechat.Ended(refund)));
        await StandsAsync(request, PaymentState.Failed, 700);
        Assert.Equal(state, (await RefundAsync(request.Id)).Reference);
        await using (var s = await City.OpenAsync())
            Assert.Equal(1, await s.Db.Set<OrderOperation>().CountAsync(o => o.Kind == OrderOperationKind.RefundFailed, Ct));

        var byHand = request with { Id = Guid.CreateVersion7(), Method = "transfer", PaymentId = null };
        Assert.Null((await AskAsync(byHand)).Error);
        Assert.Null((await Decide(PayBack).RunAsync(Finance, new ReviewAnswer(byHand.Id, ReviewSteps.Finance, true, null, "T-1"), Ct)).Error);
        Assert.Equal(200, (await day.OrderAsync()).Received.Minor);
    }

    [Fact]
    public async Task Money_that_is_back_counts_although_WeChat_had_said_that_it_cannot_be()
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        var refund = await AgreedAsync(request);
        refund.State = "ABNORMAL";
        Assert.Equal("taken", await NotifyAsync(wechat.Ended(refund)));
        refund.State = "SUCCESS";
        Assert.Equal("taken", await NotifyAsync(wechat.Ended(refund)));
        await StandsAsync(request, PaymentState.Succeeded, 200);
    }

    [Fact]
    public async Task Many_who_approve_and_many_notifications_at_once_pay_back_once()
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        Assert.Null((await AskAsync(request)).Error);
        var said = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => AgreeAsync(request), Ct)));
        Assert.Contains(said, r => r.Ok);
        var refund = Assert.Single(wechat.Refunds).Value;
        refund.State = "SUCCESS";
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => NotifyAsync(wechat.Ended(refund)), Ct))),
            answer => Assert.Equal("taken", answer));
        await StandsAsync(request, PaymentState.Succeeded, 200);
    }

    [Fact]
    public async Task What_is_on_its_way_back_is_not_paid_back_again_and_may_turn_out_to_be_owed()
    {
        await ConnectAsync();
        var id = await OverpaidAsync();
        var request = await WantedAsync(id, 500);
        var refund = await AgreedAsync(request);
        Assert.Equal(new RefundAboveOverpaid(Money.Zero, Currency.Yuan), (await AskAsync(await WantedAsync(id, 100))).Error);
        Assert.Equal(new RefundAboveOverpaid(Money.Zero, Currency.Yuan),
            (await AskAsync(await WantedAsync(id, 100) with { Method = "cash", PaymentId = null })).Error);

        await DueAsync(600);
        refund.State = "SUCCESS";
        Assert.Equal("taken", await NotifyAsync(wechat.Ended(refund)));
        await StandsAsync(request, PaymentState.Succeeded, 200);
        Assert.Equal((OrderState.Arrears, 400), ((await day.OrderAsync()).State, (await day.OrderAsync()).Owed.Minor));
    }

    [Theory]
    [InlineData("refund", "refund")]
    [InlineData("total", "total")]
    [InlineData("merchant", "mchid")]
    [InlineData("another refund", "out_refund_no")]
    [InlineData("another payment", "out_trade_no")]
    public async Task A_notification_that_does_not_fit_changes_nothing(string what, string why)
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        var refund = await AgreedAsync(request);
        refund.State = "SUCCESS";
        var told = wechat.Ended(refund);
        switch (what)
        {
            case "refund" or "total": told["amount"]![what] = 499; break;
            case "merchant": told["mchid"] = "1900000999"; break;
            case "another refund": told["out_refund_no"] = Guid.NewGuid().ToString("N"); break;
            case "another payment": told["out_trade_no"] = Guid.NewGuid().ToString("N"); break;
        }
        Assert.Equal(why, await NotifyAsync(told));
        await StandsAsync(request, PaymentState.Pending, 700);
    }

    [Theory, InlineData("SUCCESS"), InlineData("ABNORMAL")]
    public async Task A_pass_is_over_when_its_money_is_back(string state)
    {
        await ConnectAsync();
        var desk = new Desk(day);
        var review = new ReviewCancel(platform.Get<PassChange>(), PayBack, platform.Get<LiveFeed>());
        var sold = (await desk.SellAsync(Desk.Sale(await desk.ProductAsync(), Car))).Value;
        var (period, id, refundId) = (Assert.Single(await desk.PeriodsAsync(sold)), Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.True((await Payments.BeginAsync(day.Driver, new PaymentRequest(id, period.Id, period.Price) { Kind = PassPayments.Code }, "wechat", Ct)).Ok);
        wechat.Pay(id);
        Assert.True((await Payments.ConfirmAsync(WeChatPay.ActorOf("alpha"), id, period.Price, "tx", Ct)).Ok);
        Assert.True((await platform.Get<AskCancel>().RunAsync(desk.Clerk, sold, "sold the car", Ct)).Ok);
        var back = (await desk.PassAsync(sold)).Refund;
        Assert.True((await review.ServiceAsync(desk.Clerk, sold, back, null, Ct)).Ok);

        Task<Result<Done>> PayBackAsync(Guid refund) => review.RefundByChannelAsync(desk.Manager, sold, refund, id, back, Ct);
        Assert.IsType<SamePerson>((await review.RefundByChannelAsync(desk.Clerk, sold, refundId, id, back, Ct)).Error);
        Assert.Null((await PayBackAsync(refundId)).Error);
        Assert.Null((await PayBackAsync(refundId)).Error);
        Assert.Equal(new RefundUnderWay(), (await PayBackAsync(Guid.CreateVersion7())).Error);
        Assert.Equal(new RefundUnderWay(), (await review.RefundAsync(desk.Manager, sold, back, "cash", "R-1", Ct)).Error);
        Assert.Equal(new RefundUnderWay(), (await review.RefuseAsync(desk.Manager, sold, "no", Ct)).Error);
        Assert.Equal(PassState.CancelAgreed, (await desk.PassAsync(sold)).State);

        var refund = Assert.Single(wechat.Refunds).Value;
        refund.State = state;
        Assert.Equal("taken", await NotifyAsync(wechat.Ended(refund)));
        Assert.Equal("taken", await NotifyAsync(wechat.Ended(refund)));
        var done = state is "SUCCESS";
        Assert.Equal(done ? PassState.Cancelled : PassState.CancelAgreed, (await desk.PassAsync(sold)).State);
        if (!done)
            Assert.Null((await review.RefundAsync(desk.Manager, sold, back, "cash", "R-1", Ct)).Error);
    }

    [Fact]
    public async Task Another_channel_says_nothing_of_it()
    {
        await ConnectAsync();
        var request = await WantedAsync(await OverpaidAsync(), 500);
        await AgreedAsync(request);
        var other = Actor.Channel("alpha", "demo", PaymentPermissions.Confirm);
        Assert.Equal(new NotFound("payment"), (await PayBack.SettleAsync(other, request.Id, new ChannelProgress(PaymentState.Succeeded, "x"), Ct)).Error);
        await StandsAsync(request, PaymentState.Pending, 700);
    }
}
