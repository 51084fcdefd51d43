using System.Net;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Drivers;

/// <summary>A driver pays by WeChat on the phone's pages, without JavaScript.</summary>
public sealed class ChannelPageTests(Cluster cluster) : DriverPhone(cluster)
{
    const string Car = "粤B12345";
    const string Phone = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36";

    FakeWeChatPay wechat = null!;
    string orderPage = "";

    protected override string[] Settings => ["--Payments:Demo=false", $"--Payments:WeChat={wechat.Address}", $"--Payments:WeChatAccounts={wechat.Address}"];

    protected override async Task PrepareAsync()
    {
        wechat = Own(await FakeWeChatPay.StartAsync(platform.Clock));
        await base.PrepareAsync();
        Assert.True((await web.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), wechat.Account, Ct)).Ok);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        orderPage = $"/alpha/pay/order/{(await day.OrderAsync()).Id}";
    }

    async Task<FakeWeChatPay.Order> NotifiedAsync()
    {
        var payment = Assert.Single(await day.PaymentsAsync());
        var order = wechat.Pay(payment.Id);
        Assert.Equal(HttpStatusCode.NoContent,
            (await wechat.CallAsync(order.Notify, wechat.Notice(wechat.Transaction(payment.Id.ToString("N"), order)))).StatusCode);
        return order;
    }

    [Fact]
    public async Task A_computer_shows_a_code_and_goes_on_once_it_is_paid()
    {
        var page = await GetAsync(orderPage);
        Assert.Contains("WeChat Pay", page.QuerySelector("main form button")!.TextContent);
        var channel = To(await SendAsync(page, orderPage));
        Assert.Equal($"/alpha/pay/channel/{Assert.Single(await day.PaymentsAsync()).Id}", channel);

        var answer = await phone.GetAsync(channel, Ct);
        Assert.Equal("5", answer.Headers.GetValues("Refresh").Single());
        page = await WebHost.PageAsync(answer, Ct);
        Assert.StartsWith("data:image/svg+xml;base64,", page.QuerySelector("main img")!.GetAttribute("src"));
        Assert.Contains("¥7.00", Text(page));
        Assert.Equal(orderPage, "/alpha/" + page.QuerySelector(".driver-back a")!.GetAttribute("href"));

        await NotifiedAsync();
        Assert.Equal(orderPage, To(await phone.GetAsync(channel, Ct)));
        Assert.Contains("Paid, the gate opens.", Text(await GetAsync(orderPage)));
        Assert.Equal((OrderState.Completed, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
    }

    [Fact]
    public async Task A_phone_shows_a_link_that_leads_back_here()
    {
        phone.DefaultRequestHeaders.UserAgent.ParseAdd(Phone);
        var channel = To(await SendAsync(await GetAsync(orderPage), orderPage));
        var link = (await GetAsync(channel)).QuerySelector("main a.primary")!.GetAttribute("href")!;
        Assert.StartsWith("https://wx.tenpay.com/", link);
        Assert.EndsWith("&redirect_url=" + Uri.EscapeDataString(new Uri(web.Address, channel).ToString()), link);
        var order = wechat.Orders.Values.Single();
        Assert.Equal(("h5", "127.0.0.1"), (order.Way, order.Body["scene_info"]!["payer_client_ip"]!.GetValue<string>()));
        await NotifiedAsync();
        Assert.Equal(orderPage, To(await phone.GetAsync(channel, Ct)));
    }

    /// <summary>The official account's secret becomes known, and the phone opens the page in WeChat.</summary>
    async Task<string> InWeChatAsync()
    {
        await using (var s = await City.OpenAsync())
        {
            var account = await s.Db.Set<ChannelAccount>().AsNoTracking().SingleAsync(Ct);
            wechat.AppSecret = "0123456789abcdef0123456789abcdef";
            Assert.True((await web.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels),
                ChannelAccountDetails.Of(account) with { AppSecret = wechat.AppSecret }, Ct)).Ok);
        }
        phone.DefaultRequestHeaders.UserAgent.ParseAdd(Phone + " MicroMessenger/8.0.60");
        return To(await SendAsync(await GetAsync(orderPage), orderPage));
    }

    [Fact]
    public async Task In_WeChat_the_page_asks_who_pays_and_hands_the_payment_over()
    {
        var channel = await InWeChatAsync();
        Assert.Empty(wechat.Orders);
        // The page leads there: as the answer to a form, the browser would not follow it.
        var signIn = new Uri((await phone.GetAsync(channel, Ct)).Headers.GetValues("Refresh").Single()["0;url=".Length..]);
        var asked = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(signIn.Query);
        Assert.Equal("https://open.weixin.qq.com/connect/oauth2/authorize", signIn.GetLeftPart(UriPartial.Path));
        Assert.Equal((FakeWeChatPay.AppId, "code", "snsapi_base", "#wechat_redirect"),
            ($"{asked["appid"]}", $"{asked["response_type"]}", $"{asked["scope"]}", signIn.Fragment));
        Assert.Equal(new Uri(web.Address, channel).ToString(), asked["redirect_uri"]);

        wechat.OpenIds["CODE1"] = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
        Assert.Equal(channel, To(await phone.GetAsync($"{channel}?code=CODE1&state={asked["state"]}", Ct)));
        var (number, order) = Assert.Single(wechat.Orders);
        Assert.Equal(("jsapi", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"), (order.Way, order.Body["payer"]!["openid"]!.GetValue<string>()));

        var answer = await phone.GetAsync(channel, Ct);
        Assert.False(answer.Headers.Contains("Refresh"));
        var page = await WebHost.PageAsync(answer, Ct);
        var call = page.QuerySelector("#pay-in-wechat")!;
        Assert.Equal(FakeWeChatPay.AppId, call.GetAttribute("data-app-id"));
        Assert.Equal($"prepay_id={FakeWeChatPay.PreparedOf(number)}", call.GetAttribute("data-package"));
        Assert.True(FakeWeChatPay.Takes(call.GetAttribute("data-time-stamp")!, call.GetAttribute("data-nonce-str")!, call.GetAttribute("data-package")!,
            call.GetAttribute("data-pay-sign")!));
        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync("/alpha/" + page.QuerySelector("main script")!.GetAttribute("src"), Ct)).StatusCode);
        Assert.Equal("5", (await phone.GetAsync(channel + "?answered=1", Ct)).Headers.GetValues("Refresh").Single());

        await NotifiedAsync();
        Assert.Equal(orderPage, To(await phone.GetAsync(channel, Ct)));
        await using var s = await City.OpenAsync();
        Assert.DoesNotContain("oUpF8uMuAJO", (await s.Db.Set<ChannelOrder>().AsNoTracking().SingleAsync(Ct)).Address);
        Assert.DoesNotContain(web.Logs.Lines, l => l.Contains(wechat.AppSecret!) || l.Contains("oUpF8uMuAJO"));
    }

    [Fact]
    public async Task Where_WeChat_does_not_say_who_pays_it_may_be_tried_again()
    {
        var channel = await InWeChatAsync();
        var page = await GetAsync(channel + "?code=FORGED&state=x");
        Assert.Contains("This way to pay cannot be reached now.", Text(page));
        Assert.Equal(channel, "/alpha/" + page.QuerySelector("main a.primary")!.GetAttribute("href"));
        Assert.Empty(wechat.Orders);
        wechat.Mood = Mood.Down;
        Assert.Contains("This way to pay cannot be reached now.", Text(await GetAsync(channel + "?code=CODE1&state=x")));
        wechat.Mood = Mood.Well;
        Assert.StartsWith("https://open.weixin.qq.com/", (await GetAsync(channel)).QuerySelector("main a.primary")!.GetAttribute("href"));
    }

    [Fact]
    public async Task What_was_begun_in_WeChat_is_a_code_elsewhere_that_leads_there()
    {
        var channel = await InWeChatAsync();
        using var computer = web.Browser();
        var page = await WebHost.PageAsync(await computer.GetAsync(channel, Ct), Ct);
        Assert.StartsWith("data:image/svg+xml;base64,", page.QuerySelector("main img")!.GetAttribute("src"));
    }

    [Fact]
    public async Task In_WeChat_without_the_official_accounts_secret_it_is_a_code()
    {
        phone.DefaultRequestHeaders.UserAgent.ParseAdd(Phone + " MicroMessenger/8.0.60");
        await SendAsync(await GetAsync(orderPage), orderPage);
        Assert.Equal("native", Assert.Single(wechat.Orders).Value.Way);
    }

    [Fact]
    public async Task A_channel_out_of_reach_is_said_and_another_try_goes_on_with_the_payment()
    {
        wechat.Mood = Mood.Down;
        var answer = await SendAsync(await GetAsync(orderPage), orderPage);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await WebHost.PageAsync(answer, Ct);
        Assert.Contains("This way to pay cannot be reached now.", Text(page));
        wechat.Mood = Mood.Well;
        Assert.StartsWith("/alpha/pay/channel/", To(await SendAsync(page, orderPage)));
        Assert.Single(await day.PaymentsAsync());
    }

    [Fact]
    public async Task A_payment_that_nobody_knows_has_no_page() =>
        Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync($"/alpha/pay/channel/{Guid.NewGuid()}", Ct)).StatusCode);

    [Fact]
    public async Task Where_no_account_takes_money_no_channel_is_offered()
    {
        await using (var s = await City.OpenAsync())
            await s.Db.Set<ChannelAccount>().ExecuteUpdateAsync(set => set.SetProperty(a => a.Enabled, false), Ct);
        Assert.Contains("No payment channel is set up here.", Text(await GetAsync(orderPage)));
    }
}
