using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Web.Shell;

/// <summary>A column of a spreadsheet.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Width">In characters.</param>
/// <param name="Value">A text, a whole number, <see cref="Money"/>, a <see cref="DateOnly"/>, a wall-clock <see cref="DateTime"/>,
/// or null for an empty cell.</param>
public sealed record XlsxColumn<T>(string Title, double Width, Func<T, object?> Value);

/// <summary>Writes an Excel workbook of one sheet row by row, so that a million rows need no more memory than one. Every cell has
/// a type: a text that begins with <c>=</c> stays a text and is never run as a formula.</summary>
public static class Xlsx
{
    /// <summary>The content type of a workbook.</summary>
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Rows that fit under the heading of a sheet.</summary>
    public const int MaxRows = 1_048_575;

    const string Main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const string Package = "http://schemas.openxmlformats.org/package/2006";
    const string Types = "application/vnd.openxmlformats-officedocument.spreadsheetml";

    /// <summary>Writes the workbook.</summary>
    /// <param name="to">Where to; it need not be able to seek.</param>
    /// <param name="sheet">The sheet's name; what Excel does not allow in it is replaced.</param>
    /// <param name="currency">What money in it is in.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows; those beyond <see cref="MaxRows"/> are left out.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task WriteAsync<T>(Stream to, string sheet, Currency currency, IReadOnlyList<XlsxColumn<T>> columns,
        IAsyncEnumerable<T> rows, CancellationToken ct)
    {
        using var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        Part(zip, "[Content_Types].xml", $"""<Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{Types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{Types}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{Types}.styles+xml"/></Types>""");
        Part(zip, "_rels/.rels", $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Office}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
        Part(zip, "xl/workbook.xml", $"""<workbook {Main} xmlns:r="{Office}"><sheets><sheet name="{SheetName(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>""");
        Part(zip, "xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="rId1" Type="{Office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{Office}/styles" Target="styles.xml"/></Relationships>""");
        // Cell formats by index: 0 text and whole numbers, 1 heading, 2 money, 3 instant, 4 date.
        Part(zip, "xl/styles.xml", $"""<styleSheet {Main}><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="166" formatCode="[${currency.Sign()}]#,##0{(currency.Digits == 0 ? "" : "." + new string('0', currency.Digits))}"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDCE6F1"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/><xf fontId="1" fillId="2" applyFont="1" applyFill="1"/><xf numFmtId="166" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>""");

        await using var stream = zip.CreateEntry("xl/worksheets/sheet1.xml", CompressionLevel.Fastest).Open();
        await using var xml = new StreamWriter(stream, new UTF8Encoding(false), 32 * 1024);
        xml.Write($"""<worksheet {Main}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>""");
        for (var i = 0; i < columns.Count; i++)
            xml.Write(string.Create(CultureInfo.InvariantCulture, $"<col min=\"{i + 1}\" max=\"{i + 1}\" width=\"{columns[i].Width}\" customWidth=\"1\"/>"));
        xml.Write("</cols><sheetData><row>");
        foreach (var column in columns)
            Text(xml, column.Title, 1);
        var count = 0;
        await foreach (var row in rows.WithCancellation(ct))
        {
            if (count++ == MaxRows)
                break;
            xml.Write("</row><row>");
            foreach (var column in columns)
                Cell(xml, column.Value(row), currency);
        }
        xml.Write("</row></sheetData></worksheet>");
    }

    static void Cell(StreamWriter xml, object? value, Currency currency)
    {
        switch (value)
        {
            case null: xml.Write("<c/>"); break;
            case string text: Text(xml, text, 0); break;
            case int or long: Number(xml, 0, Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case Money money: Number(xml, 2, currency.Amount(money)); break;
            case DateTime time: Number(xml, 3, (decimal)Math.Round(time.ToOADate(), 8)); break;
            case DateOnly date: Number(xml, 4, (decimal)date.ToDateTime(TimeOnly.MinValue).ToOADate()); break;
            default: throw new ArgumentException($"A cell cannot hold {value.GetType().Name}");
        }
    }

    static void Number(StreamWriter xml, int style, decimal value) =>
        xml.Write(string.Create(CultureInfo.InvariantCulture, $"<c s=\"{style}\"><v>{value}</v></c>"));

    static void Text(StreamWriter xml, string text, int style) =>
        xml.Write($"<c s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{Escape(text)}</t></is></c>");

    /// <summary>XML knows no control characters and no half surrogates; they become replacement characters.</summary>
    static string Escape(string text)
    {
        if (text.Any(c => char.IsSurrogate(c) || c < ' ' || c >= '\uFFFE'))
            text = string.Concat(text.EnumerateRunes().Select(r =>
                r.Value is < ' ' and not ('\t' or '\n' or '\r') or 0xFFFE or 0xFFFF ? "\uFFFD" : r.ToString()));
        // A bare carriage return would be read as a line feed.
        return SecurityElement.Escape(text).Replace("\r", "&#xD;", StringComparison.Ordinal);
    }

    static string SheetName(string name)
    {
        var allowed = new string([.. name.Select(c => "[]:*?/\\'".Contains(c) ? ' ' : c)]);
        return Escape(allowed.Length > 31 ? allowed[..31] : allowed);
    }

    static void Part(ZipArchive zip, string name, string xml)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Fastest).Open(), new UTF8Encoding(false));
        writer.Write("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + xml);
    }
}
