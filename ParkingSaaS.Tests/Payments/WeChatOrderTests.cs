using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Payments;

/// <summary>What we ask WeChat Pay for: orders, what became of them, and to close them; and what we make of its answers.</summary>
public sealed class WeChatOrderTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    static readonly Payer Computer = new("203.0.113.7", new Uri("https://parking.example.org/alpha/"), OnPhone: false);

    FakeWeChatPay wechat = null!;
    WeChatPayClient client = null!;
    TakePayment payments = null!;
    AskWeChatPay ask = null!;

    async Task ConnectAsync(bool partner = false, Mood mood = Mood.Well, TimeSpan? patience = null)
    {
        wechat = Own(await FakeWeChatPay.StartAsync(platform.Clock, partner));
        wechat.Mood = mood;
        client = Own(new WeChatPayClient(new WeChatPayPolicy { Address = wechat.Address, Patience = patience ?? TimeSpan.FromSeconds(60) },
            platform.Get<ChannelSecrets>(), platform.Get<ChannelLog>(), platform.Clock, NullLogger<WeChatPayClient>.Instance));
        var sessions = platform.Get<CitySessions>();
        payments = new TakePayment(sessions, platform.Get<IEnumerable<IPayable>>(),
            [new WeChatPay(sessions, client, NullLogger<WeChatPay>.Instance)], platform.Get<LiveFeed>());
        ask = new AskWeChatPay(sessions, client, payments, NullLogger<AskWeChatPay>.Instance);
        Assert.True((await platform.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), wechat.Account, Ct)).Ok);
    }

    /// <summary>A car that owes 7 yuan stands at the exit.</summary>
    async Task AtExitAsync()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Commands();
    }

    async Task<Result<string>> BeginAsync(Guid id, Payer? payer = null) => await payments.BeginAsync(day.Driver,
        new PaymentRequest(id, (await day.OrderAsync()).Id, new Money(700)) { Payer = payer ?? Computer }, "wechat", Ct);

    async Task<Guid> BegunAsync(Payer? payer = null)
    {
        await AtExitAsync();
        var id = Guid.CreateVersion7();
        Assert.Equal($"pay/channel/{id}", (await BeginAsync(id, payer)).Value);
        return id;
    }

    async Task<ChannelOrder> ChannelOrderAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<ChannelOrder>().AsNoTracking().SingleAsync(Ct);
    }

    async Task<PaymentState> StateAsync() => Assert.Single(await day.PaymentsAsync()).State;

    async Task BookedOnceAsync(Guid id, params string[] commands)
    {
        var payment = Assert.Single(await day.PaymentsAsync());
        Assert.Equal((PaymentState.Succeeded, wechat.Orders[id.ToString("N")].TransactionId, "wechat"), (payment.State, payment.Reference, payment.Method));
        Assert.Equal((OrderState.Completed, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal(commands, day.Commands());
        await using var s = await City.OpenAsync();
        Assert.Equal("money:wechat", (await s.Db.Set<Posting>().SingleAsync(p => p.PaymentId == id, Ct)).Debit);
    }

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
    public async Task A_double_click_is_one_order()
    {
        await ConnectAsync();
        await AtExitAsync();
        var id = Guid.CreateVersion7();
        Assert.All(await Task.WhenAll(BeginAsync(id), BeginAsync(id), BeginAsync(id)), begun => Assert.Equal($"pay/channel/{id}", begun.Value));
        Assert.Equal(id.ToString("N"), Assert.Single(wechat.Orders).Key);
        Assert.Single(await day.PaymentsAsync());
        Assert.Empty(wechat.Refused);
    }

    [Theory]
    [InlineData(Mood.Down)]
    [InlineData(Mood.Broken)]
    [InlineData(Mood.UnknownSerial)]
    [InlineData(Mood.Stale)]
    [InlineData(Mood.WrongSignature)]
    [InlineData(Mood.Unsigned)]
    public async Task What_WeChat_did_not_sign_is_no_answer_and_the_driver_is_told(Mood mood)
    {
        await ConnectAsync(mood: mood);
        await AtExitAsync();
        var id = Guid.CreateVersion7();
        Assert.Equal(new ChannelUnavailable(), (await BeginAsync(id)).Error);
        Assert.Equal(PaymentState.Pending, await StateAsync());
        Assert.Null((await ChannelOrderAsync()).Address);

        wechat.Mood = Mood.Well;
        Assert.Equal($"pay/channel/{id}", (await BeginAsync(id)).Value);
        Assert.Single(await day.PaymentsAsync());
    }

    [Theory, InlineData(Mood.Slow), InlineData(Mood.Silent)]
    public async Task Who_answers_too_late_or_only_half_does_not_answer(Mood mood)
    {
        await ConnectAsync(mood: mood, patience: TimeSpan.FromMilliseconds(500));
        await AtExitAsync();
        Assert.Equal(new ChannelUnavailable(), (await BeginAsync(Guid.CreateVersion7()).InTimeAsync()).Error);
        Assert.Equal(PaymentState.Pending, await StateAsync());
    }

    [Fact]
    public async Task Who_fails_again_and_again_is_not_asked_for_a_while()
    {
        await ConnectAsync(mood: Mood.Down);
        await AtExitAsync();
        for (var i = 0; i < 20; i++)
            Assert.Equal(new ChannelUnavailable(), (await BeginAsync(Guid.CreateVersion7())).Error);
        Assert.InRange(wechat.Asked.Count, 6, 19);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_paid_order_whose_notification_never_comes_is_found_by_asking(bool partner)
    {
        await ConnectAsync(partner);
        var id = await BegunAsync();
        wechat.Pay(id);
        day.Until(61.24);
        Assert.Equal(0, await ask.RunAsync("alpha", Ct));
        day.Until(61.25);
        Assert.Equal(1, await ask.RunAsync("alpha", Ct));
        Assert.Equal(0, await ask.RunAsync("alpha", Ct));
        await BookedOnceAsync(id, DeviceCommand.OpenGate);
        Assert.Null((await ChannelOrderAsync()).AskAt);
    }

    [Fact]
    public async Task What_is_not_paid_is_asked_at_growing_distance_and_closed_before_it_is_given_up()
    {
        await ConnectAsync();
        await BegunAsync();
        var asked = new List<double>();
        for (var minute = 61.25; minute <= 61 + 40; minute += 0.25)
        {
            day.Until(minute);
            var before = wechat.Asked.Count;
            await ask.RunAsync("alpha", Ct);
            Assert.Equal(0, await platform.Get<GiveUpPayments>().RunAsync("alpha", Ct));
            if (wechat.Asked.Count > before)
                asked.Add(minute - 61);
        }
        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 16, 24, 32], asked);
        Assert.EndsWith("/close", wechat.Asked.ToArray()[^2]);
        Assert.Equal("CLOSED", wechat.Orders.Values.Single().State);
        Assert.Equal(PaymentState.Failed, await StateAsync());
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task What_closing_says_is_paid_is_booked()
    {
        await ConnectAsync();
        var id = await BegunAsync();
        wechat.Pay(id);
        day.Until(61 + 31);
        Assert.Equal(1, await ask.RunAsync("alpha", Ct));
        Assert.Equal("ORDERPAID", wechat.Refused.Single().Split(": ")[1]);
        await BookedOnceAsync(id); // half an hour at the gate: nobody stands there any more
    }

    [Theory, InlineData("CLOSED"), InlineData("PAYERROR"), InlineData("REVOKED")]
    public async Task What_is_over_has_failed(string state)
    {
        await ConnectAsync();
        var id = await BegunAsync();
        wechat.Orders[id.ToString("N")].State = state;
        day.Until(61.25);
        Assert.Equal(1, await ask.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Failed, await StateAsync());
    }

    [Fact]
    public async Task An_order_that_never_arrived_waits_and_then_fails()
    {
        await ConnectAsync(mood: Mood.Down);
        await AtExitAsync();
        Assert.Equal(new ChannelUnavailable(), (await BeginAsync(Guid.CreateVersion7())).Error);
        wechat.Mood = Mood.Well;
        day.Until(62);
        Assert.Equal(0, await ask.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Pending, await StateAsync());
        day.Until(61 + 31);
        Assert.Equal(1, await ask.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Failed, await StateAsync());
    }

    [Fact]
    public async Task While_WeChat_does_not_answer_nothing_is_given_up_for_a_day()
    {
        await ConnectAsync();
        await BegunAsync();
        wechat.Mood = Mood.Down;
        day.Until(61 + 23 * 60);
        Assert.Equal(0, await ask.RunAsync("alpha", Ct));
        Assert.Equal(0, await platform.Get<GiveUpPayments>().RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Pending, await StateAsync());
        day.Until(61 + 24 * 60 + 1);
        Assert.Equal(1, await platform.Get<GiveUpPayments>().RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Failed, await StateAsync());
    }

    [Theory, InlineData("total"), InlineData("mchid"), InlineData("appid"), InlineData("currency")]
    public async Task What_is_paid_but_does_not_fit_the_payment_is_not_booked(string field)
    {
        await ConnectAsync();
        var id = await BegunAsync();
        var order = wechat.Pay(id);
        if (field is "total")
            order.Body["amount"]!["total"] = 1;
        else if (field is "currency")
            order.Currency = "USD";
        else
            order.Body[field] = "other";
        day.Until(61.25);
        Assert.Equal(0, await ask.RunAsync("alpha", Ct));
        Assert.Equal((OrderState.AwaitingPayment, Money.Zero), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal(PaymentState.Pending, await StateAsync());
    }

    [Fact]
    public async Task Without_an_account_of_the_lot_WeChat_takes_nothing()
    {
        await ConnectAsync();
        await AtExitAsync();
        await using (var s = await City.OpenAsync())
            await s.Db.Set<ChannelAccount>().ExecuteUpdateAsync(set => set.SetProperty(a => a.LotId, City.South.Id), Ct);
        Assert.Equal(new UnknownChannel("wechat"), (await BeginAsync(Guid.CreateVersion7())).Error);
        Assert.Empty(await day.PaymentsAsync());
        Assert.Empty(wechat.Asked);
    }
}
