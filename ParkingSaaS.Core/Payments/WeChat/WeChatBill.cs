using System.Globalization;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>The file is no bill of WeChat Pay with all payments and refunds.</summary>
public sealed record NoBill() : Error("payments.no-bill");

/// <summary>A line of the bill cannot be read.</summary>
/// <param name="Line">From 1.</param>
public sealed record BillLineBroken(int Line) : Error("payments.bill-line-broken", Line);

/// <summary>The bill does not end as it should, or its lines do not come to its sums: a part of it is missing.</summary>
public sealed record BillIncomplete() : Error("payments.bill-incomplete");

/// <summary>The bill is of another day.</summary>
/// <param name="Day">The day of its first line that is none of the day asked for.</param>
public sealed record BillOfAnotherDay(DateOnly Day) : Error("payments.bill-of-another-day", Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

/// <summary>The bill is another merchant's.</summary>
public sealed record BillOfAnotherMerchant() : Error("payments.bill-of-another-merchant");

/// <summary>Reads a bill of WeChat Pay as it is published (type ALL): a heading, a line for each payment and refund, a heading and a line with their
/// sums. Values begin with a backtick, so that spreadsheets leave them alone. Who paid stands in it as well, and is left out.</summary>
static class WeChatBill
{
    /// <summary>Larger ones are not read; that is some 200,000 lines.</summary>
    public const int MaxBytes = 64 << 20;

    const string Count = "总交易单数", PaidSum = "订单总金额", RefundedSum = "申请退款总金额";

    /// <summary>The payments and refunds in it.</summary>
    /// <param name="bill">Whose they are to be.</param>
    public static Result<List<ChannelBillRow>> Read(byte[] file, Guid bill, ChannelAccount account, DateOnly day, CityZone zone)
    {
        if (!TextTable.Open(file, MaxBytes).Try(out var text, out var unreadable))
            return unreadable;
        if (!TextTable.Read(text, comments: false).Try(out var lines, out var open))
            return open;
        if (lines.Count == 0 || Columns(lines[0], "交易时间", "商户号", "微信订单号", "商户订单号", "货币种类", "微信退款单号", "商户退款单号", "订单金额", "申请退款金额")
            is not [var time, var merchant, var number, var order, var currency, var refundNumber, var refund, var amount, var back])
            return new NoBill();
        var sub = Columns(lines[0], "特约商户号") is [var place] ? place : -1;
        if (lines.Count < 3 || Columns(lines[^2], Count, PaidSum, RefundedSum) is not [var count, var paidSum, var refundedSum])
            return new BillIncomplete();
        var rows = new List<ChannelBillRow>();
        foreach (var line in lines.Skip(1).SkipLast(2))
        {
            string Cell(int at) => line[at].TrimStart('`');
            if (Cell(merchant) != account.MerchantId || (account.SubMerchantId is { } of && sub >= 0 && Cell(sub) != of))
                return new BillOfAnotherMerchant();
            if (!DateTime.TryParseExact(Cell(time), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
                || Fen(Cell(amount)) is not { } paid || Fen(Cell(back)) is not { } refunded || Cell(currency) != "CNY"
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
        return Sum(count) == rows.Count.ToString(CultureInfo.InvariantCulture) && Fen(Sum(paidSum)) == Paid(rows) && Fen(Sum(refundedSum)) == Refunded(rows)
            ? rows : new BillIncomplete();
    }

    /// <summary>What was paid of these.</summary>
    public static Money Paid(IEnumerable<ChannelBillRow> rows) => new(rows.Where(r => r.Amount > Money.Zero).Sum(r => r.Amount.Minor));

    /// <summary>What went back of these.</summary>
    public static Money Refunded(IEnumerable<ChannelBillRow> rows) => new(rows.Where(r => r.Amount < Money.Zero).Sum(r => -r.Amount.Minor));

    /// <summary>Where the columns stand; null where one is missing.</summary>
    static int[]? Columns(TableRow heading, params string[] names)
    {
        var places = names.Select(name => heading.Cells.ToList().IndexOf(name)).ToArray();
        return places.Contains(-1) ? null : places;
    }

    static Money? Fen(string yuan) =>
        decimal.TryParse(yuan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? Currency.Yuan.Exact(amount) : null;
}
