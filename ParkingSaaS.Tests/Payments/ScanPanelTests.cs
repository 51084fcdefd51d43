using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Payments;

namespace ParkingSaaS.Tests.Payments;

/// <summary>The field where a payment code is scanned.</summary>
public sealed class ScanPanelTests(Cluster cluster) : DayTest(cluster)
{
    const string Code = "28763443825664394";

    FakeAlipay alipay = null!;
    TakePaymentCode scan = null!;
    int done;

    protected override async Task PrepareAsync()
    {
        alipay = Own(await FakeAlipay.StartAsync(platform.Clock));
        var sessions = platform.Get<CitySessions>();
        var client = Own(new AlipayClient(new AlipayPolicy { Address = alipay.Address, Patience = TimeSpan.FromSeconds(60) }, platform.Get<ChannelSecrets>(),
            platform.Get<ChannelLog>(), platform.Clock, NullLogger<AlipayClient>.Instance));
        IPaymentChannel[] channels = [new AlipayChannel(sessions, client, NullLogger<AlipayChannel>.Instance)];
        var payments = new TakePayment(sessions, platform.Get<IEnumerable<IPayable>>(), channels, platform.Get<LiveFeed>());
        scan = new TakePaymentCode(sessions, channels, payments, new AskPayments(sessions, channels, payments));
        await day.EnterAsync("粤B12345", 0);
        await day.LeaveAsync("粤B12345", 61);
    }

    async Task SetUpAsync() =>
        Assert.Null((await platform.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), alipay.Account, Ct)).Error);

    async Task<IRenderedComponent<ScanPanel>> OpenAsync(PageContext context)
    {
        context.Services.AddSingleton(scan);
        var order = await day.OrderAsync();
        return context.Render<ScanPanel>(p => p.Add(x => x.OrderId, order.Id).Add(x => x.Kind, Payment.Order).Add(x => x.LotId, order.LotId)
            .Add(x => x.Amount, new Money(700)).Add(x => x.Done, () => done++));
    }

    static async Task ScanAsync(IRenderedComponent<ScanPanel> panel, string code)
    {
        await (await panel.WaitForElementAsync("input")).InputAsync(code);
        await panel.Find("form").SubmitAsync();
    }

    async Task<PaymentState> StateAsync() => (await day.PaymentsAsync()).OrderBy(p => p.Id).Last().State;

    [Fact]
    public async Task Without_a_channel_of_the_lot_there_is_no_field()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.Attendant));
        var panel = await OpenAsync(context);
        Assert.False(await scan.OfferedAsync(City.User(PaymentPermissions.Cash), City.North.Id, Ct));
        Assert.Empty(panel.FindAll("input"));
    }

    [Fact]
    public async Task A_code_is_paid_and_said_and_one_that_is_none_is_asked_for_again()
    {
        await SetUpAsync();
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.Attendant));
        var panel = await OpenAsync(context);
        await ScanAsync(panel, "4711");
        Assert.Equal("", panel.Find("input").GetAttribute("value"));
        alipay.CodeAnswer = "ACQ.PAYMENT_AUTH_CODE_INVALID";
        await ScanAsync(panel, Code);
        Assert.Equal((PaymentState.Failed, 0), (await StateAsync(), done));
        alipay.CodeAnswer = "SUCCESS";
        await ScanAsync(panel, Code);
        await panel.WaitForAssertionAsync(() => Assert.Equal(1, done));
        Assert.Equal(PaymentState.Succeeded, await StateAsync());
    }

    [Fact]
    public async Task Who_is_asked_for_the_password_is_waited_for()
    {
        await SetUpAsync();
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.Attendant));
        var panel = await OpenAsync(context);
        alipay.CodeAnswer = "10003";
        await ScanAsync(panel, Code);
        await panel.WaitForAssertionAsync(() => Assert.Contains("Waiting for the driver's password", panel.Find("[role=status]").TextContent));
        alipay.Pay(Guid.ParseExact(alipay.Trades.Keys.Single(), "N"));
        await Eventually.HoldsAsync(async () =>
        {
            platform.Clock.Advance(TimeSpan.FromSeconds(3));
            return await StateAsync() is PaymentState.Succeeded;
        });
        await panel.WaitForAssertionAsync(() => Assert.Equal(1, done));
        Assert.Single(panel.FindAll("form"));
    }

    [Fact]
    public async Task Given_up_it_is_reversed_and_another_code_may_be_scanned()
    {
        await SetUpAsync();
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.Attendant));
        var panel = await OpenAsync(context);
        alipay.CodeAnswer = "10003";
        await ScanAsync(panel, Code);
        await (await panel.WaitForElementAsync("button")).ClickAsync(new());
        await panel.WaitForElementAsync("form");
        Assert.Equal("TRADE_CLOSED", alipay.Trades.Values.Single().Status);
        Assert.Equal(PaymentState.Failed, await StateAsync());
        alipay.CodeAnswer = "SUCCESS";
        await ScanAsync(panel, Code);
        await panel.WaitForAssertionAsync(() => Assert.Equal(2, done));
        Assert.Equal(PaymentState.Succeeded, await StateAsync());
    }
}
