using System.IO.Compression;
using System.Text;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Common;

/// <summary>Tables as people paste, and spreadsheets save them.</summary>
public sealed class TextTableTests
{
    /// <summary>A row each with its line, its cells parted by |.</summary>
    static string Of(string text) => string.Join('\n', TextTable.Read(text).Value.Select(r => $"{r.Line}:{string.Join('|', r.Cells)}"));

    [Theory]
    [InlineData("a,b，c;d\n1,2", "1:a|b，c;d\n2:1|2")]
    [InlineData("a;b,c；d\n1;2", "1:a|b,c；d\n2:1|2")]
    [InlineData("a,b;c\td,e\n1\t2", "1:a,b;c|d,e\n2:1|2")]
    [InlineData("a，b,c;d\n1,2，3", "1:a|b|c;d\n2:1|2|3")]
    [InlineData("a；b;c，d\n1;2；3", "1:a|b|c，d\n2:1|2|3")]
    [InlineData("# x, y\n\n\"q;r\"\none\n\"a；\n；b\";c\n1;2，3", "3:q;r\n4:one\n5:a；\n；b|c\n7:1|2，3")]
    [InlineData("a，\"b，\"\"，c\"，5\"，d", "1:a|b，\"，c|5\"|d")]
    [InlineData("one\ntwo", "1:one\n2:two")]
    public void The_first_row_that_is_parted_says_by_what(string text, string rows) => Assert.Equal(rows, Of(text));

    [Theory]
    [InlineData(" a , \" b \" ,\u3000c", "1:a|b|c")]
    [InlineData("a,b,,\r\n,,\r\n\r\n,x", "1:a|b\n4:|x")]
    [InlineData("\"a\r\nb\",\"c\"\"d\"\r\ne", "1:a\nb|c\"d\n3:e")]
    [InlineData("a,5\" b,\"c\"d\ne", "1:a|5\" b|cd\n2:e")]
    [InlineData("\uFEFFa,b\n  # c,\"d\n\"#e\"\nf", "1:a|b\n4:f")]
    [InlineData("'=a,'＋b,'c,'", "1:=a|＋b|'c|'")]
    [InlineData("", "")]
    public void Cells_are_what_was_meant(string text, string rows) => Assert.Equal(rows, Of(text));

    [Fact]
    public void A_quotation_mark_that_is_not_closed_is_named() =>
        Assert.Equal(new OpenQuote(3, 2), TextTable.Read("a,b\n\nc,\"d\ne,f\n").Error);

    [Theory]
    [InlineData("=1+1")]
    [InlineData("＝1+1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠a")]
    public void What_begins_like_a_formula_has_an_apostrophe_in_the_file_only(string text)
    {
        var file = TextTable.Write([["x", text]]);
        Assert.Equal($"x,'{text}\n", file);
        Assert.Equal($"1:x|{text}", Of(file));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        const string odd = "a,b，c;d；e\tf\"g\nh";
        Assert.Equal($"1:{odd}|x\n3:x|{odd}\n5:y", Of(TextTable.Write([[odd, "x"], ["x", odd], ["y"]])));
    }

    public static TheoryData<byte[]> Encoded => [.. new[]
    {
        Encoding.UTF8.GetBytes("粤B12345；欠费"), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("粤B12345；欠费")],
        [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("粤B12345；欠费")],
        [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("粤B12345；欠费")],
        CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes("粤B12345；欠费")
    }];

    [Theory, MemberData(nameof(Encoded))]
    public void Spreadsheets_save_in_many_encodings(byte[] file) => Assert.Equal("粤B12345；欠费", TextTable.Open(file, 100).Value);

    [Fact]
    public async Task A_workbook_is_the_rows_of_its_sheet()
    {
        var file = await SheetFile.OfAsync(["a", "b", "c", "d"],
            ["粤B1", new DateOnly(2026, 10, 1), 13800000001, new Money(30)],
            [],
            ["=1,2", "x；\"y\"", "two\nlines", new DateTime(2026, 10, 1, 8, 30, 0)],
            ["#x", null, null, null],
            ["last"], []);
        Assert.Equal("1:a|b|c|d\n2:粤B1|2026-10-01|13800000001|0.3\n4:=1,2|x；\"y\"|two lines|2026-10-01 08:30:00\n6:last",
            Of(TextTable.Open(file, 10_000).Value));
    }

    [Fact]
    public void An_old_workbook_is_read_too() => Assert.Equal(
        "1:车牌|原因|首日|末日\n3:粤B12345|欠费，多次;\"a\"|2026-01-01\n4:粤B00001|13800000001||2026-12-31", Of(TextTable.Open(SheetFile.Sample("plates.xls"), 10_000).Value));

    [Fact]
    public async Task What_is_no_table_is_refused_in_words()
    {
        var book = await SheetFile.OfAsync(["a"], ["粤B12345"]);
        Assert.True(TextTable.Open(book, 10_000).Ok);
        var old = SheetFile.Sample("plates.xls");
        foreach (var file in new[] { book[..^30], book[..(book.Length / 2)], old[..600], old[..1100], "PK\u0003\u0004 and no more"u8.ToArray(),
            Packed("word/document.xml", 10), [0x89, .. "PNG\0\0\0\0"u8], [.. "text\0"u8],
            [0xFF, 0xFE, 0x41], [0xFF, 0xFE, 0x00, 0xD8], [0x81, 0xFF, 0xFF] })
            Assert.Equal(new UnreadableFile(), TextTable.Open(file, 10_000).Error);
        Assert.Equal(new ProtectedFile(), TextTable.Open(SheetFile.Sample("protected.xlsx"), 10_000).Error);
        Assert.Equal("", TextTable.Open([], 10_000).Value);
    }

    /// <summary>A byte of a workbook is turned at a time; whatever that makes of it, the answer is an answer.</summary>
    [Fact]
    public async Task A_damaged_workbook_never_throws()
    {
        var random = new Random(7);
        byte[][] files =
            [await SheetFile.OfAsync(["a", "b"], ["粤B12345", new DateOnly(2026, 1, 1)]), SheetFile.Sample("plates.xls"), SheetFile.Sample("protected.xlsx")];
        foreach (var whole in files)
            for (var i = 0; i < 300; i++)
            {
                var file = (byte[])whole.Clone();
                file[random.Next(4, file.Length)] ^= (byte)random.Next(1, 256);
                var read = TextTable.Open(file, 10_000);
                Assert.True(read.Ok || read.Error is UnreadableFile or ProtectedFile or FileTooLarge);
            }
    }

    /// <summary>What looks back from each place to the begin of the text, or tries a password as often as the file wants it hashed, is not
    /// done in time.</summary>
    [Fact]
    public async Task What_is_made_to_take_long_does_not()
    {
        foreach (var part in new[] { " ", "\"", "\"\",", " \"", "\t#\n", "a，\n\"" })
            await Task.Run(() => TextTable.Read("，" + string.Concat(Enumerable.Repeat(part, 2_000_000 / part.Length))),
                TestContext.Current.CancellationToken).InTimeAsync();
        var usual = Encoding.Latin1.GetString(SheetFile.Sample("protected.xlsx"));
        var slow = usual.Replace("spinCount=\"100000\"", "spinCount=\"999999\"");
        Assert.NotEqual(usual, slow);
        await Task.Run(() => Assert.All(Enumerable.Repeat(Encoding.Latin1.GetBytes(slow), 300),
            file => Assert.Equal(new ProtectedFile(), TextTable.Open(file, 10_000).Error)), TestContext.Current.CancellationToken).InTimeAsync();
    }

    [Fact]
    public async Task A_file_is_bounded_by_what_it_unpacks_to()
    {
        var book = await SheetFile.OfAsync(["a"], [new string('x', 5000)]);
        Assert.True(TextTable.Open(book, 6000).Ok);
        Assert.Equal(new FileTooLarge(), TextTable.Open(book, 5000).Error);
        Assert.Equal(new FileTooLarge(), TextTable.Open(book, book.Length - 1).Error);
        Assert.Equal(new FileTooLarge(), TextTable.Open(Packed("xl/workbook.xml", 65_000_000), 1_000_000).Error);
        Assert.Equal(new FileTooLarge(), TextTable.Open("abcd"u8.ToArray(), 3).Error);
        Assert.Equal("abcd", TextTable.Open("abcd"u8.ToArray(), 4).Value);
        Assert.Equal(new FileTooLarge(), (await new ChosenFile("a.csv", "abcd"u8.ToArray()).ReadTableAsync(3)).Error);
        Assert.Equal("abcd", (await new ChosenFile("a.csv", "abcd"u8.ToArray()).ReadTableAsync(4)).Value);
    }

    /// <summary>A cell far out makes a sheet of thousands of millions of cells.</summary>
    [Fact]
    public async Task A_sheet_is_bounded_by_the_cells_it_spans()
    {
        var book = await SheetFile.OfAsync(["a"], ["b"]);
        using var file = new MemoryStream();
        file.Write(book);
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry("xl/worksheets/sheet1.xml")!.Delete();
            using var sheet = new StreamWriter(zip.CreateEntry("xl/worksheets/sheet1.xml").Open());
            sheet.Write("""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"""
                + """<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>""");
        }
        var read = await Task.Run(() => TextTable.Open(file.ToArray(), 1_000_000), TestContext.Current.CancellationToken).InTimeAsync();
        Assert.Equal(new FileTooLarge(), read.Error);
    }

    static byte[] Packed(string name, int length)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
            entry.Write(new byte[length]);
        }
        return file.ToArray();
    }
}
