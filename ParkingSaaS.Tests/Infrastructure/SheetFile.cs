using System.Globalization;
using System.Reflection;
using System.Text;
using ExcelDataReader;
using Microsoft.AspNetCore.Components.Forms;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Workbooks as somebody else reads and writes them.</summary>
public static class SheetFile
{
    // Old workbooks name their code page, and the reader asks for one in any case.
    static SheetFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Reads a workbook cell by cell.</summary>
    public static IExcelDataReader Open(Stream file) => ExcelReaderFactory.CreateReader(file);

    /// <summary>A cell, and how a spreadsheet shows it.</summary>
    public readonly record struct Cell(object? Value, string? Format)
    {
        public override string ToString() => Convert.ToString(Value, CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>The rows below the heading.</summary>
    public static List<List<Cell>> Rows(byte[] file)
    {
        using var sheet = Open(new MemoryStream(file));
        Assert.Equal(1, sheet.ResultsCount);
        Assert.True(sheet.Read());
        var rows = new List<List<Cell>>();
        while (sheet.Read())
            rows.Add([.. Enumerable.Range(0, sheet.FieldCount).Select(i => new Cell(sheet.GetValue(i), sheet.GetNumberFormatString(i)))]);
        return rows;
    }

    /// <summary>A workbook of one sheet; its first row is a heading.</summary>
    public static async Task<byte[]> OfAsync(string[] heading, params object?[][] rows)
    {
        var file = new MemoryStream();
        await Xlsx.WriteAsync(file, "Sheet", Currency.Yuan, [.. heading.Select((h, i) => new XlsxColumn<object?[]>(h, 12, r => i < r.Length ? r[i] : null))],
            rows.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        return file.ToArray();
    }

    /// <summary>One that another program wrote: <c>plates.xls</c> by NPOI, <c>protected.xlsx</c>, whose password is secret, by EPPlus.</summary>
    public static byte[] Sample(string name)
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("files/" + name)!;
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}

/// <summary>A file that somebody chose in a form.</summary>
public sealed class ChosenFile(string name, byte[] content) : IBrowserFile
{
    public string Name => name;
    public DateTimeOffset LastModified => default;
    public long Size => content.Length;
    public string ContentType => "";

    public Stream OpenReadStream(long maxAllowedSize, CancellationToken cancellationToken) =>
        Size > maxAllowedSize ? throw new IOException("Too large") : new MemoryStream(content);
}
