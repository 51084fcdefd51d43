using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Shell;

/// <summary>Workbooks as Excel would judge them.</summary>
public sealed class XlsxTests
{
    static readonly XlsxColumn<object?>[] OneColumn = [new("Value", 20, x => x)];

    static async Task<MemoryStream> WriteAsync<T>(string sheet, IReadOnlyList<XlsxColumn<T>> columns, IEnumerable<T> rows, Currency? currency = null)
    {
        var file = new MemoryStream();
        await Xlsx.WriteAsync(file, sheet, currency ?? Currency.Yuan, columns, rows.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        file.Position = 0;
        return file;
    }

    /// <summary>The data rows' cells, after the validator had nothing to say.</summary>
    static List<Cell> Cells(Stream file, out WorkbookPart workbook)
    {
        var document = SpreadsheetDocument.Open(file, false);
        Assert.Empty(new OpenXmlValidator().Validate(document, TestContext.Current.CancellationToken).Select(e => $"{e.Path?.XPath}: {e.Description}"));
        workbook = document.WorkbookPart!;
        return [.. workbook.WorksheetParts.Single().Worksheet!.Descendants<Row>().Skip(1).SelectMany(r => r.Elements<Cell>())];
    }

    [Fact]
    public async Task Every_kind_of_cell_has_its_type()
    {
        object?[] values = ["粤B12345", 42, new Money(1234567), new DateOnly(2026, 11, 21), new DateTime(2026, 11, 21, 9, 30, 5), null];
        using var file = await WriteAsync("Orders", OneColumn, values);
        var cells = Cells(file, out var workbook);
        Assert.Equal(("粤B12345", CellValues.InlineString), (cells[0].InnerText, cells[0].DataType!.Value));
        Assert.All(cells.Skip(1), c => Assert.Null(c.DataType));
        Assert.Equal([("粤B12345", "General"), (42.0, "General"), (12345.67, "[$¥]#,##0.00"), (new DateTime(2026, 11, 21), @"yyyy\-mm\-dd"),
            (new DateTime(2026, 11, 21, 9, 30, 5), @"yyyy\-mm\-dd\ hh:mm:ss"), (null, "General")],
            SheetFile.Rows(file.ToArray()).Select(r => Assert.Single(r)).Select(c => (c.Value, c.Format)));
        var sheet = workbook.WorksheetParts.Single().Worksheet!;
        Assert.Equal(20, Assert.Single(sheet.Descendants<Column>()).Width!.Value);
        var pane = Assert.Single(sheet.Descendants<Pane>());
        Assert.Equal((1, "A2", PaneStateValues.Frozen), (pane.VerticalSplit!.Value, pane.TopLeftCell!.Value, pane.State!.Value));
        var heading = Assert.Single(sheet.Descendants<Row>().First().Elements<Cell>());
        var styles = workbook.WorkbookStylesPart!.Stylesheet!;
        var style = styles.CellFormats!.Elements<CellFormat>().ElementAt((int)heading.StyleIndex!.Value);
        Assert.NotNull(styles.Fonts!.Elements<Font>().ElementAt((int)style.FontId!.Value).Bold);
        Assert.Equal("FFDCE6F1", styles.Fills!.Elements<Fill>().ElementAt((int)style.FillId!.Value).PatternFill!.ForegroundColor!.Rgb!.Value);
    }

    [Theory]
    [InlineData("JPY", 1234567.0, "[$¥]#,##0")]
    [InlineData("CHF", 12345.67, "[$CHF\u00A0]#,##0.00")]
    [InlineData("TND", 1234.567, "[$TND\u00A0]#,##0.000")]
    public async Task Money_has_the_decimals_of_its_currency(string currency, double amount, string format)
    {
        using var file = await WriteAsync("x", OneColumn, [new Money(1234567)], Currency.Find(currency));
        Assert.Single(Cells(file, out _));
        Assert.Equal([new SheetFile.Cell(amount, format)], Assert.Single(SheetFile.Rows(file.ToArray())));
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://x\")")]
    [InlineData("+1")]
    [InlineData("@SUM(A1)")]
    [InlineData("-1+1")]
    [InlineData("\t=1+1")]
    [InlineData("\n=1+1")]
    [InlineData("<c>&amp;\"'")]
    [InlineData("  kept  ")]
    public async Task A_text_is_a_text_whatever_it_says(string text)
    {
        using var file = await WriteAsync("x", OneColumn, [text]);
        var cell = Assert.Single(Cells(file, out _));
        Assert.Equal((text, CellValues.InlineString), (cell.InnerText, cell.DataType!.Value));
        Assert.Null(cell.CellFormula);
    }

    [Fact]
    public async Task What_XML_cannot_say_is_replaced()
    {
        using var file = await WriteAsync("a/b:c*?[x] and much more than thirty-one", OneColumn,
            ["bell\u0007", "half\uD83D", "whole 🚗", "\uFFFE", "\r=1\r\n2"]);
        string[] texts = ["bell\uFFFD", "half\uFFFD", "whole 🚗", "\uFFFD", "\n=1\n2"];
        Assert.Equal(texts, Cells(file, out _).Select(c => c.InnerText));
        Assert.Equal(texts, SheetFile.Rows(file.ToArray()).Select(r => r[0].Value));
    }

    [Theory]
    [InlineData("a/b:c*?[x] and much more than thirty-one", "a b c   x  and much more than t")]
    [InlineData("'quoted'", " quoted ")]
    [InlineData("a\tb\u0007c", "a b c")]
    [InlineData("thirty characters and a half 🚗", "thirty characters and a half \U0001F697")]
    [InlineData("thirty characters and a half: 🚗", "thirty characters and a half  \uFFFD")]
    [InlineData("", "-")]
    [InlineData("??", "-")]
    public async Task A_sheets_name_is_one_that_Excel_takes(string name, string taken)
    {
        using var file = await WriteAsync(name, OneColumn, []);
        Assert.Empty(Cells(file, out var workbook));
        Assert.Equal(taken, workbook.Workbook!.Descendants<Sheet>().Single().Name!.Value);
    }

    [Fact]
    public async Task A_text_is_cut_to_what_a_cell_holds()
    {
        var most = new string('x', Xlsx.MaxText);
        using var file = await WriteAsync("x", OneColumn, [most, most + "y", most[1..] + "🚗"]);
        Assert.Equal([most, most, most[1..]], Cells(file, out _).Select(c => c.InnerText));
    }

    /// <summary>What is written leaves while rows still come.</summary>
    [Fact]
    public async Task Rows_are_not_kept()
    {
        using var file = new MemoryStream();
        var most = 0L;
        await Xlsx.WriteAsync(file, "x", Currency.Yuan, OneColumn, Rows(), TestContext.Current.CancellationToken);
        Assert.InRange(file.Length - most, 0, 200_000);
        Assert.InRange(most, 1_000_000, long.MaxValue);

        async IAsyncEnumerable<object?> Rows()
        {
            for (var i = 0; i < 100_000; i++)
                yield return $"{i * 7919L % 1_000_003:X} {i * 104_729L % 999_983:X}";
            most = file.Length;
            await Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Rows_that_no_sheet_holds_are_left_out()
    {
        using var file = await WriteAsync("x", OneColumn, Enumerable.Repeat<object?>(null, Xlsx.MaxRows + 2));
        using var sheet = SheetFile.Open(file);
        Assert.Equal(Xlsx.MaxRows + 1, sheet.RowCount);
    }

    [Fact]
    public async Task No_rows_are_a_valid_workbook_and_the_stream_need_not_seek()
    {
        using var file = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.NoCompression, leaveOpen: true))
            await Xlsx.WriteAsync(gzip, "x", Currency.Yuan, OneColumn, AsyncEnumerable.Empty<object?>(), TestContext.Current.CancellationToken);
        file.Position = 0;
        using var unzipped = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress))
            await gzip.CopyToAsync(unzipped, TestContext.Current.CancellationToken);
        unzipped.Position = 0;
        Assert.Empty(Cells(unzipped, out _));
    }
}
