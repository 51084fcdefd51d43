using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Payments;

/// <summary>Bills of Alipay as it publishes them: fetched by the program, or brought by a person.</summary>
public sealed class AlipayBillTests(Cluster cluster) : PlatformTest(cluster)
{
    /// <summary>The day before the platform's first.</summary>
    static readonly DateOnly Yesterday = new(2026, 11, 20);
    static readonly Guid Known = Guid.CreateVersion7(), Back = Guid.CreateVersion7();

    FakeAlipay alipay = null!;
    FetchBills fetch = null!;
    Guid account;

    Actor Finance => field ??= City.User(PaymentPermissions.Bills);

    protected override async Task PrepareAsync()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        alipay = Own(await FakeAlipay.StartAsync(platform.Clock));
        var client = Own(new AlipayClient(new AlipayPolicy { Address = alipay.Address, Patience = TimeSpan.FromSeconds(60) },
            platform.Get<ChannelSecrets>(), platform.Get<ChannelLog>(), platform.Clock, NullLogger<AlipayClient>.Instance));
        fetch = new FetchBills(platform.Get<CitySessions>(), platform.Get<WeChatPayClient>(), client, NullLogger<FetchBills>.Instance);
        account = (await platform.Get<SaveChannelAccount>().RunAsync(City.User(PaymentPermissions.Channels), alipay.Account, Ct)).Value;
    }

    static string Line(string kind, string amount, string request) =>
        $"2026112022001401\t,{Known:N}\t,{kind}    ,North 停车费,2026-11-20 09:59:30,2026-11-20 10:00:00,\t,,,\t,张*(159****5620),{amount},{amount},0.00,0.00,"
        + $"0.00,0.00,0.00,,0.00,0.00,{request}\t,-0.04,0.00,";

    /// <summary>A bill with a payment of ¥7.00 and a refund of ¥5.00.</summary>
    static string Bill(string day = "2026年11月20日", string merchant = FakeAlipay.SellerId, int payments = 1) => string.Join("\r\n",
        "#支付宝业务明细查询", $"#账号：[{merchant}0156]", $"#起始日期：[{day} 00:00:00]   终止日期：[2026年11月21日 00:00:00]",
        "#-----------------------------------------业务明细列表----------------------------------------",
        "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,"
            + "支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注",
        Line("交易", "7.00", ""), Line("退款", "-5.00", Back.ToString("N")),
        "#-----------------------------------------业务明细列表结束------------------------------------",
        $"#交易合计：{payments}笔，商家实收共7.00元，商家优惠共0.00元", "#退款合计：1笔，商家实收退款共-5.00元，商家优惠退款共0.00元",
        "#导出时间：[2026年11月21日 06:27:10]", "");

    static byte[] Gb(string text) => Encoding.GetEncoding("GB18030").GetBytes(text);

    static byte[] Zip(string bill) => Packed.Zip(($"{FakeAlipay.SellerId}0156_20261120_业务明细(汇总).csv", Gb("#支付宝业务汇总查询\r\n门店编号,门店名称\r\n")),
        ($"{FakeAlipay.SellerId}0156_20261120_业务明细.csv", Gb(bill)));

    Task<Result<Done>> TakeAsync(byte[] file) => platform.Get<TakeBill>().RunAsync(Finance, account, Yesterday, file, Ct);

    async Task BothAreThereAsync()
    {
        await using var s = await City.OpenAsync();
        var bill = await s.Db.Set<ChannelBill>().AsNoTracking().SingleAsync(Ct);
        Assert.Equal((Yesterday, 2, 700, 500), (bill.Day, bill.Rows, bill.Paid.Minor, bill.Refunded.Minor));
        var rows = (await s.Db.Set<ChannelBillRow>().AsNoTracking().ToListAsync(Ct)).OrderByDescending(r => r.Amount).ToList();
        Assert.Equal([(Known, 700, "2026112022001401"), (Back, -500, "2026112022001401")],
            rows.Select(r => (r.PaymentId!.Value, (int)r.Amount.Minor, r.Number)));
        Assert.All(rows, r => Assert.Equal(new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero), r.At));
    }

    void At(int hour) =>
        platform.Clock.Advance(new CityZone("Asia/Shanghai").StartOf(Yesterday.AddDays(1)).AddHours(hour) - platform.Clock.GetUtcNow());

    [Fact]
    public async Task The_bill_of_yesterday_is_fetched_once_after_ten_as_soon_as_it_is_there()
    {
        At(9);
        alipay.Bills["2026-11-20"] = Zip(Bill());
        Assert.Equal(0, await fetch.RunAsync("alpha", Ct));
        Assert.Empty(alipay.Asked);
        At(10);
        alipay.Bills.Clear();
        Assert.Equal(0, await fetch.RunAsync("alpha", Ct));
        alipay.Bills["2026-11-20"] = Zip(Bill());
        alipay.Mood = Mood.WrongSignature;
        Assert.Equal(0, await fetch.RunAsync("alpha", Ct));
        alipay.Mood = Mood.Well;
        Assert.Equal(1, await fetch.RunAsync("alpha", Ct));
        Assert.Equal(0, await fetch.RunAsync("alpha", Ct));
        await BothAreThereAsync();
    }

    [Theory, InlineData("zip"), InlineData("GB18030"), InlineData("utf-8"), InlineData("gzip")]
    public async Task A_file_is_taken_once_however_it_is_packed(string form)
    {
        var file = form switch
        {
            "zip" => Zip(Bill()),
            "gzip" => Packed.Gzip(Gb(Bill())),
            "GB18030" => Gb(Bill()),
            _ => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Bill())]
        };
        Assert.Null((await TakeAsync(file)).Error);
        Assert.Null((await TakeAsync(file)).Error);
        await BothAreThereAsync();
    }

    public static TheoryData<string, Error> Wrong => new()
    {
        { Bill()[..700], new BillIncomplete() }, { Bill(payments: 2), new BillIncomplete() },
        { Bill("2026年10月20日"), new BillOfAnotherDay(new(2026, 10, 20)) }, { Bill(merchant: "2088000000000000"), new BillOfAnotherMerchant() },
        { Bill().Replace("7.00,7.00", "7.001,7.00"), new BillLineBroken(6) }, { Bill().Replace("交易    ", "转账"), new BillLineBroken(6) },
        { "plate,lot\n粤B12345,North", new NoBill() }
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task What_is_no_whole_bill_of_that_day_is_refused(string text, Error error)
    {
        Assert.Equal(error, (await TakeAsync(Zip(text))).Error);
        await using var s = await City.OpenAsync();
        Assert.False(await s.Db.Set<ChannelBill>().AnyAsync(Ct));
    }

    [Fact]
    public async Task What_is_packed_wrongly_is_said()
    {
        Assert.Equal(new UnreadableFile(), (await TakeAsync(Zip(Bill())[..200])).Error);
        Assert.Equal(new NoBill(), (await TakeAsync(Packed.Zip(("a.txt", Gb(Bill()))))).Error);
        Assert.Equal(new UnreadableFile(), (await TakeAsync([0x1F, 0x8B, 1, 2, 3])).Error);
        Assert.Equal(new FileTooLarge(), (await TakeAsync(Packed.Gzip(new byte[TakeBill.MaxBytes + 1]))).Error);
    }
}
