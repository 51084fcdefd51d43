using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Shell;

/// <summary>Workbooks as Excel would judge them.</summary>
public sealed class XlsxTests
{
    static readonly XlsxColumn<object?>[] OneColumn = [new("Value", 20, x => x)];

    static async Task<MemoryStream> WriteAsync<T>(string sheet, IReadOnlyList<XlsxColumn<T>> columns, IEnumerable<T> rows)
    {
        var file = new MemoryStream();
        await Xlsx.WriteAsync(file, sheet, Currency.Yuan, columns, rows.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
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
        Assert.Equal(["42", "12345.67", "46347"], cells.Skip(1).Take(3).Select(c => c.InnerText));
        Assert.Equal(new DateTime(2026, 11, 21, 9, 30, 5), DateTime.FromOADate(double.Parse(cells[4].InnerText, CultureInfo.InvariantCulture)), TimeSpan.FromMilliseconds(1));
        Assert.Equal("", cells[5].InnerText);
        var formats = workbook.WorkbookStylesPart!.Stylesheet!.CellFormats!.Elements<CellFormat>().Select(f => f.NumberFormatId?.Value ?? 0).ToList();
        Assert.Equal([0u, 0u, 166u, 165u, 164u], cells.Take(5).Select(c => formats[(int)(c.StyleIndex?.Value ?? 0)]));
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://x\")")]
    [InlineData("+1")]
    [InlineData("@SUM(A1)")]
    [InlineData("-1+1")]
    [InlineData("\t=1+1")]
    [InlineData("\r=1+1")]
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
        using var file = await WriteAsync("a/b:c*?[x] and much more than thirty-one", OneColumn, ["bell\u0007", "half\uD83D", "whole 🚗", "\uFFFE"]);
        Assert.Equal(["bell\uFFFD", "half\uFFFD", "whole 🚗", "\uFFFD"], Cells(file, out var workbook).Select(c => c.InnerText));
        Assert.Equal("a b c   x  and much more than t", workbook.Workbook!.Descendants<Sheet>().Single().Name!.Value);
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
