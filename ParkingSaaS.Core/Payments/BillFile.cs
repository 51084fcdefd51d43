using System.Globalization;
using System.IO.Compression;
using System.Text;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Payments.WeChat;

namespace ParkingSaaS.Core.Payments;

/// <summary>The file is no bill of the channel with all payments and refunds.</summary>
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

/// <summary>Reads a channel's bill of a day: text in UTF-8 or GB 18030, as it is or packed (zip, gzip).</summary>
static class BillFile
{
    /// <summary>Larger ones are not read; that is some 200,000 lines.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>The payments and refunds in it.</summary>
    /// <param name="bill">Whose they are to be.</param>
    public static Result<List<ChannelBillRow>> Read(byte[] file, Guid bill, ChannelAccount account, DateOnly day, CityZone zone)
    {
        if (!Unpack(file).Try(out var plain, out var packed))
            return packed;
        if (!TextTable.Open(plain, MaxBytes).Try(out var text, out var unreadable))
            return unreadable;
        return account.Kind is ChannelKind.Alipay ? AlipayBill.Read(text, bill, account, day, zone) : WeChatBill.Read(text, bill, account, day, zone);
    }

    static BillFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>What is packed: of several files that with the payments one by one, not that with their sums.</summary>
    static Result<byte[]> Unpack(byte[] file)
    {
        try
        {
            if (file is [0x1F, 0x8B, ..])
            {
                using var unpacked = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
                return Whole(unpacked);
            }
            if (file is not [(byte)'P', (byte)'K', 3, 4, ..])
                return file;
            // Alipay writes the names in Chinese without saying how.
            using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read, leaveOpen: false, Encoding.GetEncoding("GB18030"));
            if (zip.Entries.FirstOrDefault(e => e.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !e.Name.Contains("汇总")) is not { } entry)
                return new NoBill();
            using var packed = entry.Open();
            return Whole(packed);
        }
        catch (InvalidDataException)
        {
            return new UnreadableFile();
        }
    }

    /// <summary>No more of it than is read: what is packed may be without end.</summary>
    static Result<byte[]> Whole(Stream stream)
    {
        using var whole = new MemoryStream();
        var part = new byte[64 << 10];
        for (int read; (read = stream.Read(part)) > 0;)
        {
            if (whole.Length + read > MaxBytes)
                return new FileTooLarge();
            whole.Write(part, 0, read);
        }
        return whole.ToArray();
    }

    /// <summary>What was paid of these.</summary>
    public static Money Paid(IEnumerable<ChannelBillRow> rows) => new(rows.Where(r => r.Amount > Money.Zero).Sum(r => r.Amount.Minor));

    /// <summary>What went back of these.</summary>
    public static Money Refunded(IEnumerable<ChannelBillRow> rows) => new(rows.Where(r => r.Amount < Money.Zero).Sum(r => -r.Amount.Minor));

    /// <summary>Where the columns stand; null where one is missing.</summary>
    public static int[]? Columns(TableRow heading, params string[] names)
    {
        var places = names.Select(name => heading.Cells.ToList().IndexOf(name)).ToArray();
        return places.Contains(-1) ? null : places;
    }
}
