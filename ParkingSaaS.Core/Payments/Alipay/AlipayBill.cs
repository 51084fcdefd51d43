using System.Globalization;
using System.Text.RegularExpressions;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments.Alipay;

/// <summary>Reads a bill of Alipay as it is published (type trade): comments that say whose it is and of when, a heading, a line for each payment and
/// refund, comments that count both. Who paid stands in it as well, and is left out.</summary>
static partial class AlipayBill
{
    /// <summary>The payments and refunds in it.</summary>
    /// <param name="bill">Whose they are to be.</param>
    public static Result<List<ChannelBillRow>> Read(string text, Guid bill, ChannelAccount account, DateOnly day, CityZone zone)
    {
        if (!TextTable.Read(text).Try(out var lines, out var open))
            return open;
        if (lines.Count == 0 || BillFile.Columns(lines[0], "支付宝交易号", "商户订单号", "业务类型", "完成时间", "订单金额（元）", "退款批次号/请求号")
            is not [var number, var order, var kind, var time, var amount, var request])
            return new NoBill();
        if (!Account().Match(text).Groups[1].Value.StartsWith(account.MerchantId, StringComparison.Ordinal))
            return new BillOfAnotherMerchant();
        if (Begin().Match(text) is not { Success: true } begin
            || !DateOnly.TryParseExact(begin.Groups[1].Value, "yyyy年MM月dd日", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first))
            return new NoBill();
        if (first != day)
            return new BillOfAnotherDay(first);
        var rows = new List<ChannelBillRow>();
        foreach (var line in lines.Skip(1))
        {
            var isRefund = line[kind] is "退款";
            if ((!isRefund && line[kind] is not "交易") || Currency.Yuan.Read(line[amount]) is not { } moved || moved == Money.Zero
                || !DateTime.TryParseExact(line[time], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
                return new BillLineBroken(line.Line);
            rows.Add(new ChannelBillRow
            {
                Id = Guid.CreateVersion7(),
                BillId = bill,
                At = zone.Instant(local),
                Number = line[number],
                PaymentId = Guid.TryParseExact(line[isRefund ? request : order], "N", out var ours) ? ours : null,
                Amount = isRefund == moved > Money.Zero ? Money.Zero - moved : moved
            });
        }
        return Count("交易") == rows.Count(r => r.Amount > Money.Zero) && Count("退款") == rows.Count(r => r.Amount < Money.Zero) ? rows : new BillIncomplete();

        int Count(string what) => Counts().Matches(text).FirstOrDefault(m => m.Groups[1].Value == what) is { } found
            && int.TryParse(found.Groups[2].Value, CultureInfo.InvariantCulture, out var count) ? count : -1;
    }

    /// <summary>The merchant's number, and four digits of the account.</summary>
    [GeneratedRegex(@"^#账号：\[(\d+)\]", RegexOptions.Multiline)]
    private static partial Regex Account();

    [GeneratedRegex(@"^#起始日期：\[(\d{4}年\d\d月\d\d日)", RegexOptions.Multiline)]
    private static partial Regex Begin();

    [GeneratedRegex(@"^#(交易|退款)合计：(\d+)笔", RegexOptions.Multiline)]
    private static partial Regex Counts();
}
