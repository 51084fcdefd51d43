using System.Net;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Payments;

/// <summary>What was said to and by WeChat Pay is kept with the payment, without what is secret or says who paid.</summary>
public sealed class ChannelLogTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";

    FakeWeChatPay wechat = null!;
    WebHost web = null!;

    protected override async Task PrepareAsync()
    {
        wechat = Own(await FakeWeChatPay.StartAsync(platform.Clock));
        web = Own(await WebHost.StartAsync(platform, Ct, null, $"--Payments:WeChat={wechat.Address}", "--Payments:KeepMessagesDays=30"));
        Assert.True((await web.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), wechat.Account, Ct)).Ok);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
    }

    async Task<Result<string>> BeginAsync(Guid id) => await web.Get<TakePayment>().BeginAsync(day.Driver,
        new PaymentRequest(id, (await day.OrderAsync()).Id, new Money(700))
        {
            Payer = new Payer("203.0.113.7", new Uri(web.Address, "/alpha/"), OnPhone: true)
        }, "wechat", Ct);

    async Task<List<ChannelMessage>> MessagesAsync()
    {
        await using var s = await City.OpenAsync();
        return [.. (await s.Db.Set<ChannelMessage>().AsNoTracking().ToListAsync(Ct)).OrderBy(m => m.Kind)];
    }

    /// <summary>They are written by the program itself, once its clock goes on.</summary>
    async Task<List<ChannelMessage>> WrittenAsync(int count)
    {
        platform.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.HoldsAsync(async () => (await MessagesAsync()).Count == count);
        return await MessagesAsync();
    }

    [Fact]
    public async Task What_was_asked_and_told_is_kept_without_who_paid()
    {
        var id = Guid.CreateVersion7();
        Assert.True((await BeginAsync(id)).Ok);
        var paid = wechat.Pay(id);
        var told = wechat.Transaction(id.ToString("N"), paid);
        told["payer"] = new System.Text.Json.Nodes.JsonObject { ["openid"] = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" };
        Assert.Equal(HttpStatusCode.NoContent, (await wechat.CallAsync(paid.Notify, wechat.Notice(told))).StatusCode);

        var messages = await WrittenAsync(2);
        Assert.Equal([(ChannelMessageKind.Order, 200, null), (ChannelMessageKind.Notice, (int?)null, (string?)null)],
            messages.Select(m => (m.Kind, m.Status, m.Problem)));
        Assert.All(messages, m => Assert.Equal((id, day.City.North.Id), (m.PaymentId, m.LotId)));
        Assert.Contains("\"out_trade_no\"", messages[0].Sent);
        Assert.Contains("\"h5_url\"", messages[0].Said);
        Assert.Contains(paid.TransactionId, messages[1].Said);
        var all = string.Concat(messages.Select(m => m.Sent + m.Said));
        Assert.All(new[] { "oUpF8uMuAJO", "203.0.113.7", wechat.ApiKey, "PRIVATE KEY" }, secret => Assert.DoesNotContain(secret, all));
    }

    [Theory]
    [InlineData(Mood.Down, null, "HttpRequestException")]
    [InlineData(Mood.Broken, 500, null)]
    [InlineData(Mood.Unsigned, 200, "serial")]
    public async Task What_is_no_answer_is_kept_as_well(Mood mood, int? status, string? problem)
    {
        wechat.Mood = mood;
        Assert.False((await BeginAsync(Guid.CreateVersion7())).Ok);
        Assert.Equal((status, problem), Assert.Single(await WrittenAsync(1)) is var m ? (m.Status, m.Problem) : default);
    }

    [Fact]
    public async Task What_fits_no_payment_is_kept_with_why_and_what_nobody_signed_is_not()
    {
        var id = Guid.CreateVersion7();
        Assert.True((await BeginAsync(id)).Ok);
        var paid = wechat.Pay(id);
        var told = wechat.Transaction(id.ToString("N"), paid);
        told["amount"]!["total"] = 1;
        var notice = wechat.Notice(told);
        Assert.Equal(HttpStatusCode.BadRequest, (await wechat.CallAsync(paid.Notify, notice)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await wechat.CallAsync(paid.Notify, notice, [])).StatusCode);
        Assert.Equal("total", (await WrittenAsync(2))[^1].Problem);
    }

    [Fact]
    public async Task What_a_stop_finds_unwritten_is_written()
    {
        Assert.True((await BeginAsync(Guid.CreateVersion7())).Ok);
        await web.DisposeAsync();
        Assert.Single(await MessagesAsync());
    }

    [Fact]
    public async Task It_is_deleted_after_as_long_as_the_setting_says()
    {
        Assert.True((await BeginAsync(Guid.CreateVersion7())).Ok);
        var log = web.Get<ChannelLog>();
        await WrittenAsync(1);
        DateTimeOffset old;
        await using (var s = await City.OpenAsync())
        {
            old = s.Now.AddDays(-30).AddMinutes(5);
            await s.Db.Set<ChannelMessage>().ExecuteUpdateAsync(set => set.SetProperty(m => m.At, old), Ct);
        }
        Assert.Equal(0, await log.ExpireAsync("alpha", Ct));
        await Eventually.HoldsAsync(async () =>
        {
            platform.Clock.Advance(TimeSpan.FromMinutes(5));
            return !(await MessagesAsync()).Exists(m => m.At <= old);
        });
    }

    [Fact]
    public void A_text_that_is_no_JSON_or_too_long_is_not_kept_as_it_is()
    {
        Assert.Equal("", ChannelMessage.Text("<xml>openid</xml>"u8));
        Assert.Equal("", ChannelMessage.Text(default));
        Assert.Equal(ChannelMessage.MaxText, ChannelMessage.Text(System.Text.Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('x', 5000)}\"}}")).Length);
        Assert.Equal("""{"a":[{"b":"停"}]}""", ChannelMessage.Text("""{"a":[{"b":"停","payer":{"openid":"x"}}],"user_received_account":"y"}"""u8));
    }
}
