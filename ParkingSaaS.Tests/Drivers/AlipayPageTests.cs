using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Drivers;

/// <summary>A driver chooses between WeChat Pay and Alipay, and pays by Alipay, without JavaScript.</summary>
public sealed class AlipayPageTests(Cluster cluster) : DriverPhone(cluster)
{
    const string Car = "粤B12345";
    const string Phone = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36";

    FakeAlipay alipay = null!;
    FakeWeChatPay wechat = null!;
    string orderPage = "";

    protected override string[] Settings => ["--Payments:Demo=false", $"--Payments:Alipay={alipay.Address}", $"--Payments:WeChat={wechat.Address}"];

    protected override async Task PrepareAsync()
    {
        alipay = Own(await FakeAlipay.StartAsync(platform.Clock));
        wechat = Own(await FakeWeChatPay.StartAsync(platform.Clock));
        await base.PrepareAsync();
        await SetUpAsync(wechat.Account with { Priority = 2 });
        await SetUpAsync(alipay.Account with { Priority = 1 });
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        orderPage = $"/alpha/pay/order/{(await day.OrderAsync()).Id}";
    }

    async Task SetUpAsync(ChannelAccountDetails account) =>
        Assert.Null((await web.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), account, Ct)).Error);

    async Task<string[]> OfferedAsync() =>
        [.. (await GetAsync(orderPage)).QuerySelectorAll("main form button.primary").Select(b => b.TextContent.Split(" · ")[1])];

    [Theory]
    [InlineData("", "Alipay,WeChat Pay")]
    [InlineData(" MicroMessenger/8.0.60", "WeChat Pay")]
    [InlineData(" NebulaSDK/1.8 AlipayClient/10.6.0", "Alipay")]
    public async Task Both_are_offered_by_priority_and_in_an_apps_own_browser_that_one(string app, string offered)
    {
        phone.DefaultRequestHeaders.UserAgent.ParseAdd(Phone + app);
        Assert.Equal(offered.Split(','), await OfferedAsync());
    }

    [Fact]
    public async Task In_a_browser_of_an_app_that_cannot_be_paid_by_the_others_are_offered()
    {
        phone.DefaultRequestHeaders.UserAgent.ParseAdd(Phone + " AlipayClient/10.6.0");
        await using (var s = await City.OpenAsync())
        {
            s.Db.Set<ChannelAccount>().Single(a => a.Kind == ChannelKind.Alipay).Enabled = false;
            await s.Db.SaveChangesAsync(Ct);
        }
        Assert.Equal(["WeChat Pay"], await OfferedAsync());
    }

    [Fact]
    public async Task A_computer_shows_a_code_and_goes_on_once_it_is_paid()
    {
        var channel = To(await SendAsync(await GetAsync(orderPage), orderPage));
        var page = await GetAsync(channel);
        Assert.StartsWith("data:image/svg+xml;base64,", page.QuerySelector("main img")!.GetAttribute("src"));
        Assert.Contains("Scan this code with Alipay", Text(page));
        var payment = Assert.Single(await day.PaymentsAsync());
        var trade = alipay.Pay(payment.Id);
        Assert.Equal("success", await (await alipay.CallAsync(new Uri(trade.Notify!), FakeAlipay.Notice(payment.Id.ToString("N"), trade)))
            .Content.ReadAsStringAsync(Ct));
        Assert.Equal(orderPage, To(await phone.GetAsync(channel, Ct)));
        Assert.Contains("Paid, the gate opens.", Text(await GetAsync(orderPage)));
        Assert.Equal(OrderState.Completed, (await day.OrderAsync()).State);
    }

    [Fact]
    public async Task A_phone_is_led_to_Alipays_page_which_leads_back_here()
    {
        phone.DefaultRequestHeaders.UserAgent.ParseAdd(Phone);
        var channel = To(await SendAsync(await GetAsync(orderPage), orderPage));
        var page = await GetAsync(channel);
        Assert.Equal("Open Alipay and pay", page.QuerySelector("main a.primary")!.TextContent);
        var link = page.QuerySelector("main a.primary")!.GetAttribute("href")!;
        Assert.Null(alipay.Open(new Uri(link)));
        Assert.Contains(Uri.EscapeDataString(new Uri(web.Address, channel).ToString()), link);
    }
}
