using System.Globalization;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>Reads a bill of WeChat Pay as it is published (type ALL): a heading, a line for each payment and refund, a heading and a line with their
/// sums. Values begin with a backtick, so that spreadsheets leave them alone. Who paid stands in it as well, and is left out.</summary>
static class WeChatBill
{
    const string Count = "总交易单数", PaidSum = "订单总金额", RefundedSum = "申请退款总金额";

    /// <summary>The payments and refunds in it.</summary>
    /// <param name="bill">Whose they are to be.</param>
    public static Result<List<ChannelBillRow>> Read(string text, Guid bill, ChannelAccount account, DateOnly day, CityZone zone)
    {
        if (!TextTable.Read(text, comments: false).Try(out var lines, out var open))
            return open;
        if (lines.Count == 0 || BillFile.Columns(lines[0], "交易时间", "商户号", "微信订单号", "商户订单号", "货币种类", "微信退款单号", "商户退款单号", "订单金额", "申请退款金额")
            is not [var time, var merchant, var number, var order, var currency, var refundNumber, var refund, var amount, var back])
            return new NoBill();
        var sub = BillFile.Columns(lines[0], "特约商户号") is [var place] ? place : -1;
        if (lines.Count < 3 || BillFile.Columns(lines[^2], Count, PaidSum, RefundedSum) is not [var count, var paidSum, var refundedSum])
            return new BillIncomplete();
        var rows = new List<ChannelBillRow>();
        foreach (var line in lines.Skip(1).SkipLast(2))
        {
            string Cell(int at) => line[at].TrimStart('`');
            if (Cell(merchant) != account.MerchantId || (account.SubMerchantId is { } of && sub >= 0 && Cell(sub) != of))
                return new BillOfAnotherMerchant();
            if (!DateTime.TryParseExact(Cell(time), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
                || Currency.Yuan.Read(Cell(amount)) is not { } paid || Currency.Yuan.Read(Cell(back)) is not { } refunded || Cell(currency) != "CNY"
                || (paid == Money.Zero) == (refunded == Money.Zero))
                return new BillLineBroken(line.Line);
            if (DateOnly.FromDateTime(local) != day)
                return new BillOfAnotherDay(DateOnly.FromDateTime(local));
            var isRefund = refunded > Money.Zero;
            rows.Add(new ChannelBillRow
            {
                Id = Guid.CreateVersion7(),
                BillId = bill,
                At = zone.Instant(local),
                Number = Cell(isRefund ? refundNumber : number),
                PaymentId = Guid.TryParseExact(Cell(isRefund ? refund : order), "N", out var ours) ? ours : null,
                Amount = isRefund ? Money.Zero - refunded : paid
            });
        }
        string Sum(int at) => lines[^1][at].TrimStart('`');
        return Sum(count) == rows.Count.ToString(CultureInfo.InvariantCulture) && Currency.Yuan.Read(Sum(paidSum)) == BillFile.Paid(rows)
            && Currency.Yuan.Read(Sum(refundedSum)) == BillFile.Refunded(rows) ? rows : new BillIncomplete();
    }
}
