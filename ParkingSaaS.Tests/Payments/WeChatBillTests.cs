using System.Text;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Payments;

namespace ParkingSaaS.Tests.Payments;

/// <summary>Bills of WeChat Pay as it publishes them: fetched by the program, or brought by a person.</summary>
public sealed class WeChatBillTests(Cluster cluster) : PlatformTest(cluster)
{
    /// <summary>The day before the platform's first.</summary>
    static readonly DateOnly Yesterday = new(2026, 11, 20);
    static readonly Guid Known = Guid.CreateVersion7(), Back = Guid.CreateVersion7();

    FakeWeChatPay wechat = null!;
    FetchBills fetch = null!;
    Guid account;

    Actor Finance => field ??= City.User(PaymentPermissions.Bills);

    async Task ConnectAsync(bool partner = false)
    {
        wechat = Own(await FakeWeChatPay.StartAsync(platform.Clock, partner));
        var client = Own(new WeChatPayClient(new WeChatPayPolicy { Address = wechat.Address, Patience = TimeSpan.FromSeconds(60) },
            platform.Get<ChannelSecrets>(), platform.Get<ChannelLog>(), platform.Clock, NullLogger<WeChatPayClient>.Instance));
        fetch = new FetchBills(platform.Get<CitySessions>(), client, platform.Get<AlipayClient>(), NullLogger<FetchBills>.Instance);
        account = (await platform.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), wechat.Account, Ct)).Value;
    }

    /// <summary>The clock goes to an hour of the platform's first day.</summary>
    void At(int hour) =>
        platform.Clock.Advance(new CityZone("Asia/Shanghai").StartOf(Yesterday.AddDays(1)).AddHours(hour) - platform.Clock.GetUtcNow());

    static string Line(string day, string number, string paid, string refundNumber, string back, string merchant) =>
        $"`{day} 10:00:00,`{FakeWeChatPay.AppId},`{merchant},`{FakeWeChatPay.SubMerchantId},`,`4200000001,`{number},`oUpF8uMuAJO,`NATIVE,`SUCCESS,`OTHERS,`CNY,"
        + $"`{paid},`0.00,`5030000001,`{refundNumber},`{back},`0.00,`,`,`North 停车费,`,`0.04000,`0.60%,`{paid},`{back},`";

    /// <summary>A bill with a payment of ¥7.00 and a refund of ¥5.00.</summary>
    static string Bill(string day = "2026-11-20", string merchant = FakeWeChatPay.MerchantId, string sums = "`2,`7.00,`5.00,`0.00,`0.04000,`7.00,`5.00") =>
        string.Join("\r\n",
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,"
                + "退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注",
            Line(day, Known.ToString("N"), "7.00", "0", "0.00", merchant),
            Line(day, Known.ToString("N"), "0.00", Back.ToString("N"), "5.00", merchant),
            "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额", sums, "");

    Task<Result<Done>> TakeAsync(byte[]? file, DateOnly? day = null) => platform.Get<TakeBill>().RunAsync(Finance, account, day ?? Yesterday, file, Ct);

    async Task<(ChannelBill? Bill, List<ChannelBillRow> Rows)> TakenAsync()
    {
        await using var s = await City.OpenAsync();
        return (await s.Db.Set<ChannelBill>().AsNoTracking().SingleOrDefaultAsync(Ct),
            [.. (await s.Db.Set<ChannelBillRow>().AsNoTracking().ToListAsync(Ct)).OrderByDescending(r => r.Amount)]);
    }

    async Task BothAreThereAsync()
    {
        var (bill, rows) = await TakenAsync();
        Assert.Equal((Yesterday, 2, 700, 500), (bill!.Day, bill.Rows, bill.Paid.Minor, bill.Refunded.Minor));
        Assert.Equal([(Known, 700, "4200000001"), (Back, -500, "5030000001")], rows.Select(r => (r.PaymentId!.Value, (int)r.Amount.Minor, r.Number)));
        Assert.All(rows, r => Assert.Equal(new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero), r.At));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_bill_of_yesterday_is_fetched_once_after_ten(bool partner)
    {
        await ConnectAsync(partner);
        wechat.Bills["2026-11-20"] = Encoding.UTF8.GetBytes(Bill());
        At(9);
        Assert.Equal(0, await fetch.RunAsync("alpha", Ct));
        Assert.Empty(wechat.Asked);
        At(10);
        Assert.Equal(1, await fetch.RunAsync("alpha", Ct));
        Assert.Equal(0, await fetch.RunAsync("alpha", Ct));
        Assert.Equal(["GET /v3/bill/tradebill", "GET /v3/billdownload/file"], wechat.Asked);
        await BothAreThereAsync();
    }

    /// <summary>Days on which the account was paid into, and no others.</summary>
    [Fact]
    public async Task A_program_that_was_off_catches_up()
    {
        await ConnectAsync();
        await using (var s = await City.OpenAsync())
        {
            foreach (var ago in new[] { 0, 2, FetchBills.Days })
            {
                var id = Guid.CreateVersion7();
                s.Db.Add(new Payment
                {
                    Id = id,
                    LotId = City.North.Id,
                    PayableId = id,
                    Method = "wechat",
                    Amount = new Money(1),
                    State = PaymentState.Succeeded,
                    CreatedAt = s.Now,
                    QuotedAt = s.Now,
                    PaidAt = s.Now,
                    BusinessDate = Yesterday.AddDays(-ago)
                });
                s.Db.Add(new ChannelOrder { PaymentId = id, LotId = City.North.Id, AccountId = account, Way = ChannelWay.Code, Notify = "n" });
            }
            await s.Db.SaveChangesAsync(Ct);
        }
        foreach (var at in new[] { Yesterday, Yesterday.AddDays(-2) })
            wechat.Bills[$"{at:yyyy-MM-dd}"] = Encoding.UTF8.GetBytes(Bill($"{at:yyyy-MM-dd}"));
        At(10);
        Assert.Equal(2, await fetch.RunAsync("alpha", Ct));
        Assert.Equal(0, await fetch.RunAsync("alpha", Ct));
        await using var after = await City.OpenAsync();
        Assert.Equal([Yesterday.AddDays(-2), Yesterday], await after.Db.Set<ChannelBill>().OrderBy(b => b.Day).Select(b => b.Day).ToListAsync(Ct));
    }

    [Fact]
    public async Task What_is_not_there_yet_comes_later_and_a_day_without_trade_is_empty()
    {
        await ConnectAsync();
        At(10);
        wechat.Mood = Mood.Down;
        Assert.Equal(0, await fetch.RunAsync("alpha", Ct));
        wechat.Mood = Mood.Well;
        wechat.Bills["2026-11-20"] = [];
        Assert.Equal(0, await fetch.RunAsync("alpha", Ct));
        wechat.Bills["2026-11-20"] = Encoding.UTF8.GetBytes(Bill());
        wechat.HalvesBills = true;
        Assert.Equal(0, await fetch.RunAsync("alpha", Ct));
        Assert.Null((await TakenAsync()).Bill);
        wechat.Bills.Clear();
        Assert.Equal(1, await fetch.RunAsync("alpha", Ct));
        Assert.Equal(0, (await TakenAsync()).Bill!.Rows);
    }

    [Theory, InlineData("utf-8"), InlineData("mark"), InlineData("GB18030"), InlineData("gzip")]
    public async Task A_file_is_taken_once_whatever_wrote_it(string encoding)
    {
        await ConnectAsync();
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var file = encoding switch
        {
            "gzip" => Packed.Gzip(Encoding.UTF8.GetBytes(Bill())),
            "mark" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Bill())],
            _ => Encoding.GetEncoding(encoding).GetBytes(Bill())
        };
        Assert.Null((await TakeAsync(file)).Error);
        Assert.Null((await TakeAsync(file)).Error);
        await BothAreThereAsync();
        var other = Bill(sums: "`1,`7.00,`0.00,`0.00,`0.04000,`7.00,`0.00").Split("\r\n").ToList();
        other.RemoveAt(2);
        Assert.Equal(new BillKnown(), (await TakeAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", other)))).Error);
    }

    public static TheoryData<string, Error> Wrong => new()
    {
        { Bill()[..600], new BillIncomplete() }, { Bill(sums: "`3,`7.00,`5.00,`0.00,`0.04000,`7.00,`5.00"), new BillIncomplete() },
        { Bill(sums: "`2,`7.00,`5.00,`0.00,`0.04000,`7.01,`5.00"), new BillIncomplete() }, { Bill("2026-10-20"), new BillOfAnotherDay(new(2026, 10, 20)) },
        { Bill("2026-11-21"), new BillOfAnotherDay(new(2026, 11, 21)) }, { Bill(merchant: "1900000999"), new BillOfAnotherMerchant() },
        { Bill().Replace("`7.00,`0.00,`", "`7.001,`0.00,`"), new BillLineBroken(2) }, { Bill().Replace("`CNY", "`USD"), new BillLineBroken(2) },
        { "plate,lot\n粤B12345,North", new NoBill() }, { "\0\u0001", new UnreadableFile() }
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task What_is_no_whole_bill_of_that_day_is_refused(string text, Error error)
    {
        await ConnectAsync();
        Assert.Equal(error, (await TakeAsync(Encoding.UTF8.GetBytes(text))).Error);
        Assert.Null((await TakenAsync()).Bill);
    }

    [Fact]
    public async Task What_is_missing_or_not_over_is_said_at_its_field()
    {
        await ConnectAsync();
        var file = Encoding.UTF8.GetBytes(Bill());
        Assert.Equal(new InvalidField("File", "required"), (await TakeAsync(null)).Error);
        Assert.Equal("Day", Assert.IsType<InvalidField>((await TakeAsync(file, Yesterday.AddDays(1))).Error).Field);
        var take = platform.Get<TakeBill>();
        Assert.Equal(new InvalidField("AccountId", "required"), (await take.RunAsync(Finance, null, Yesterday, file, Ct)).Error);
        Assert.Equal(new NotFound("channel-account"), (await take.RunAsync(Finance, Guid.NewGuid(), Yesterday, file, Ct)).Error);
        var elsewhere = City.RestrictedTo(City.North, PaymentPermissions.Bills);
        Assert.Equal(new NotFound("channel-account"), (await take.RunAsync(elsewhere, account, Yesterday, file, Ct)).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => take.RunAsync(City.User(PaymentPermissions.Channels), account, Yesterday, file, Ct));
    }

    [Fact]
    public async Task The_page_counts_what_is_not_booked_here()
    {
        await ConnectAsync();
        await using (var s = await City.OpenAsync())
        {
            s.Db.Add(new Payment
            {
                Id = Known,
                LotId = City.North.Id,
                PayableId = Guid.CreateVersion7(),
                Method = "wechat",
                Amount = new Money(700),
                State = PaymentState.Succeeded,
                CreatedAt = TestPlatform.Start,
                QuotedAt = TestPlatform.Start
            });
            await s.Db.SaveChangesAsync(Ct);
        }
        Assert.Null((await TakeAsync(Encoding.UTF8.GetBytes(Bill()))).Error);
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<BillsPage>();
        await page.WaitForAssertionAsync(() => Assert.Equal("1", page.Find("td .badge").TextContent.Trim()));
    }
}
