using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Payments;

/// <summary>An attendant scans the code that a driver's app shows.</summary>
public sealed class PaymentCodeTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    FakeWeChatPay wechat = null!;
    FakeAlipay alipay = null!;
    TakePaymentCode scan = null!;
    TakePayment payments = null!;
    AskPayments ask = null!;
    IPaymentChannel[] channels = [];

    Actor Attendant => field ??= City.User(PaymentPermissions.Cash);

    static string CodeOf(string method) => method is "wechat" ? "134567890123456789" : "28763443825664394";

    async Task ConnectAsync(bool partner = false)
    {
        wechat = Own(await FakeWeChatPay.StartAsync(platform.Clock, partner));
        alipay = Own(await FakeAlipay.StartAsync(platform.Clock, partner));
        var (sessions, secrets, log) = (platform.Get<CitySessions>(), platform.Get<ChannelSecrets>(), platform.Get<ChannelLog>());
        var patience = TimeSpan.FromSeconds(60);
        channels =
        [
            new WeChatPay(sessions, Own(new WeChatPayClient(new WeChatPayPolicy { Address = wechat.Address, Patience = patience }, secrets, log, platform.Clock,
                NullLogger<WeChatPayClient>.Instance)), NullLogger<WeChatPay>.Instance),
            new AlipayChannel(sessions, Own(new AlipayClient(new AlipayPolicy { Address = alipay.Address, Patience = patience }, secrets, log, platform.Clock,
                NullLogger<AlipayClient>.Instance)), NullLogger<AlipayChannel>.Instance)
        ];
        payments = new TakePayment(sessions, platform.Get<IEnumerable<IPayable>>(), channels, platform.Get<LiveFeed>());
        ask = new AskPayments(sessions, channels, payments);
        scan = new TakePaymentCode(sessions, channels, payments, ask);
        foreach (var account in new[] { wechat.Account, alipay.Account })
            Assert.Null((await platform.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), account, Ct)).Error);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Commands();
    }

    async Task<Result<PaymentState>> ScanAsync(Guid id, string code) =>
        await scan.RunAsync(Attendant, new PaymentRequest(id, (await day.OrderAsync()).Id, new Money(700)), code, Ct);

    /// <summary>What the channels say of payments by code.</summary>
    void Answer(string wechatSays, string alipaySays) => (wechat.CodeAnswer, alipay.CodeAnswer) = (wechatSays, alipaySays);

    void Pay(string method, Guid id)
    {
        if (method is "wechat")
            wechat.Pay(id);
        else
            alipay.Pay(id);
    }

    string? StateAt(string method, Guid id) => method is "wechat" ? wechat.Orders[id.ToString("N")].State : alipay.Trades[id.ToString("N")].Status;

    async Task BookedOnceAsync(Guid id, string method)
    {
        var payment = Assert.Single(await day.PaymentsAsync(), p => p.State is PaymentState.Succeeded);
        Assert.Equal((id, method, 700), (payment.Id, payment.Method, payment.Amount.Minor));
        Assert.Equal((OrderState.Completed, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        await using var s = await City.OpenAsync();
        var shift = await s.Db.Set<Shift>().SingleAsync(Ct);
        Assert.Equal((shift.Id, Attendant.PersonId), (payment.ShiftId!.Value, shift.CollectorId));
    }

    [Theory, InlineData("wechat", false), InlineData("wechat", true), InlineData("alipay", false), InlineData("alipay", true)]
    public async Task What_is_scanned_is_paid_at_once_in_the_shift_and_opens_the_gate(string method, bool partner)
    {
        await ConnectAsync(partner);
        var id = Guid.CreateVersion7();
        Assert.Equal(PaymentState.Succeeded, (await ScanAsync(id, CodeOf(method))).Value);
        Assert.Equal(PaymentState.Succeeded, (await ScanAsync(id, CodeOf(method))).Value);
        Assert.Empty(wechat.Refused);
        Assert.Empty(alipay.Refused);
        Assert.Single(wechat.Asked.Concat(alipay.Asked));
        Assert.Equal([DeviceCommand.OpenGate], day.Commands());
        await BookedOnceAsync(id, method);
    }

    [Theory, InlineData("wechat"), InlineData("alipay")]
    public async Task What_was_paid_by_code_goes_back_by_its_channel(string method)
    {
        await ConnectAsync();
        var id = Guid.CreateVersion7();
        Assert.Equal(PaymentState.Succeeded, (await ScanAsync(id, CodeOf(method))).Value);
        var paid = Assert.Single(await day.PaymentsAsync());
        var refund = new Payment
        {
            Id = Guid.CreateVersion7(),
            LotId = paid.LotId,
            PayableId = paid.PayableId,
            Method = method,
            Amount = new Money(-700),
            CreatedAt = paid.CreatedAt,
            QuotedAt = paid.CreatedAt
        };
        await using var s = await City.OpenAsync();
        var progress = await channels.Single(c => c.Code == method).RefundAsync(s.City, refund, paid, Ct);
        Assert.Equal(method is "wechat" ? PaymentState.Pending : PaymentState.Succeeded, progress.State);
        Assert.Equal(refund.Id.ToString("N"), Assert.Single(wechat.Refunds.Keys.Concat(alipay.Refunds.Keys)));
    }

    [Theory, InlineData("wechat"), InlineData("alipay")]
    public async Task Who_is_asked_for_the_password_is_waited_for(string method)
    {
        await ConnectAsync();
        Answer("USERPAYING", "10003");
        var id = Guid.CreateVersion7();
        Assert.Equal(PaymentState.Pending, (await ScanAsync(id, CodeOf(method))).Value);
        Assert.Equal(PaymentState.Pending, (await ScanAsync(id, CodeOf(method))).Value);
        Assert.Equal(PaymentState.Pending, (await scan.AskAsync(Attendant, id, giveUp: false, Ct)).Value);
        Pay(method, id);
        Assert.Equal(PaymentState.Succeeded, (await scan.AskAsync(Attendant, id, giveUp: false, Ct)).Value);
        Assert.Equal(PaymentState.Succeeded, (await scan.AskAsync(Attendant, id, giveUp: true, Ct)).Value);
        await BookedOnceAsync(id, method);
    }

    [Theory, InlineData("wechat"), InlineData("alipay")]
    public async Task What_is_given_up_is_reversed_and_the_driver_may_pay_otherwise(string method)
    {
        await ConnectAsync();
        Answer("USERPAYING", "10003");
        var id = Guid.CreateVersion7();
        Assert.Equal(PaymentState.Pending, (await ScanAsync(id, CodeOf(method))).Value);
        Assert.Equal(PaymentState.Failed, (await scan.AskAsync(Attendant, id, giveUp: true, Ct)).Value);
        Assert.True(StateAt(method, id) is "REVOKED" or "TRADE_CLOSED");
        Assert.Equal(new PaymentGivenUp(), (await ScanAsync(id, CodeOf(method))).Error);
        Answer("SUCCESS", "SUCCESS");
        var again = Guid.CreateVersion7();
        Assert.Equal(PaymentState.Succeeded, (await ScanAsync(again, CodeOf(method))).Value);
        await BookedOnceAsync(again, method);
    }

    [Theory, InlineData("wechat"), InlineData("alipay")]
    public async Task Where_the_booth_is_left_the_program_asks_and_reverses_after_a_minute(string method)
    {
        await ConnectAsync();
        Answer("USERPAYING", "10003");
        var id = Guid.CreateVersion7();
        Assert.Equal(PaymentState.Pending, (await ScanAsync(id, CodeOf(method))).Value);
        day.Until(61.5);
        Assert.Equal(0, await ask.RunAsync("alpha", Ct));
        day.Until(62.5);
        Assert.Equal(1, await ask.RunAsync("alpha", Ct));
        Assert.Equal(PaymentState.Failed, Assert.Single(await day.PaymentsAsync()).State);
        Assert.True(StateAt(method, id) is "REVOKED" or "TRADE_CLOSED");
    }

    [Theory, InlineData("wechat"), InlineData("alipay")]
    public async Task What_was_paid_meanwhile_is_not_reversed(string method)
    {
        await ConnectAsync();
        Answer("USERPAYING", "10003");
        var id = Guid.CreateVersion7();
        Assert.Equal(PaymentState.Pending, (await ScanAsync(id, CodeOf(method))).Value);
        Pay(method, id);
        day.Until(62.5);
        Assert.Equal(1, await ask.RunAsync("alpha", Ct));
        await BookedOnceAsync(id, method);
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "wechat", "NOTENOUGH", "payments.not-enough-money" }, { "wechat", "NOT_ENOUGH", "payments.not-enough-money" },
        { "wechat", "AUTHCODEEXPIRE", "payments.code-expired" }, { "wechat", "AUTH_CODE_INVALID", "payments.code-refused" },
        { "alipay", "ACQ.BUYER_BALANCE_NOT_ENOUGH", "payments.not-enough-money" }, { "alipay", "ACQ.PAYMENT_AUTH_CODE_INVALID", "payments.code-expired" },
        { "alipay", "ACQ.BUYER_ENABLE_STATUS_FORBID", "payments.code-refused" }
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task What_is_refused_is_said_in_words_and_has_failed(string method, string why, string code)
    {
        await ConnectAsync();
        Answer(why, why);
        Assert.Equal(code, (await ScanAsync(Guid.CreateVersion7(), CodeOf(method))).Error!.Code);
        Assert.Equal(PaymentState.Failed, Assert.Single(await day.PaymentsAsync()).State);
        Answer("SUCCESS", "SUCCESS");
        var again = Guid.CreateVersion7();
        Assert.Equal(PaymentState.Succeeded, (await ScanAsync(again, CodeOf(method))).Value);
        await BookedOnceAsync(again, method);
    }

    [Theory, InlineData("wechat", Mood.Down), InlineData("wechat", Mood.Unsigned), InlineData("alipay", Mood.Down), InlineData("alipay", Mood.WrongSignature)]
    public async Task Where_no_answer_comes_nobody_knows_and_it_is_asked(string method, Mood mood)
    {
        await ConnectAsync();
        (wechat.Mood, alipay.Mood) = (mood, mood);
        var id = Guid.CreateVersion7();
        Assert.Equal(PaymentState.Pending, (await ScanAsync(id, CodeOf(method))).Value);
        (wechat.Mood, alipay.Mood) = (Mood.Well, Mood.Well);
        // What came without its answer was taken; what never came is unknown there.
        var taken = mood is not Mood.Down;
        Assert.Equal(taken ? PaymentState.Succeeded : PaymentState.Failed, (await scan.AskAsync(Attendant, id, giveUp: true, Ct)).Value);
        Assert.Equal(taken ? 700 : 0, (await day.OrderAsync()).Received.Minor);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4711")]
    [InlineData("13456789012345678")]
    [InlineData("164567890123456789")]
    [InlineData("13456789012345678a")]
    [InlineData("2476344382566439")]
    [InlineData("3176344382566439")]
    [InlineData("2876344382566439428763443")]
    public async Task What_is_no_such_code_is_asked_of_nobody(string code)
    {
        await ConnectAsync();
        Assert.Equal(new NoPaymentCode(), (await ScanAsync(Guid.CreateVersion7(), code)).Error);
        Assert.Empty(await day.PaymentsAsync());
        Assert.Empty(wechat.Asked.Concat(alipay.Asked));
    }

    [Fact]
    public async Task It_needs_what_taking_cash_needs_and_a_payment_of_ones_own_kind_and_lot()
    {
        await ConnectAsync();
        var order = (await day.OrderAsync()).Id;
        await Assert.ThrowsAsync<AccessDeniedException>(() => scan.RunAsync(City.User(PaymentPermissions.View),
            new PaymentRequest(Guid.CreateVersion7(), order, new Money(700)), CodeOf("alipay"), Ct));
        Assert.Equal(new AmountChanged(new Money(700), Currency.Yuan), (await scan.RunAsync(Attendant,
            new PaymentRequest(Guid.CreateVersion7(), order, new Money(600)), CodeOf("alipay"), Ct)).Error);
        Answer("USERPAYING", "10003");
        var id = Guid.CreateVersion7();
        Assert.Equal(PaymentState.Pending, (await ScanAsync(id, CodeOf("alipay"))).Value);
        Assert.Equal(new NotFound("payment"), (await scan.AskAsync(City.RestrictedTo(City.South, PaymentPermissions.Cash), id, giveUp: true, Ct)).Error);
        Assert.True(await scan.OfferedAsync(Attendant, City.North.Id, Ct));

        // The driver's own phone begins another payment, and never goes on with this one.
        var own = Guid.CreateVersion7();
        Assert.Equal($"pay/channel/{own}", (await payments.BeginAsync(day.Driver, new PaymentRequest(own, order, new Money(700)), "alipay", Ct)).Value);
    }

    [Fact]
    public async Task The_code_is_kept_nowhere()
    {
        await ConnectAsync();
        Assert.Equal(PaymentState.Succeeded, (await ScanAsync(Guid.CreateVersion7(), CodeOf("alipay"))).Value);
        await platform.Get<ChannelLog>().WriteAsync("alpha", Ct);
        await using var s = await City.OpenAsync();
        var kept = await s.Db.Set<ChannelMessage>().SingleAsync(Ct);
        Assert.Contains("bar_code", kept.Sent);
        Assert.DoesNotContain(CodeOf("alipay"), kept.Sent);
    }
}
