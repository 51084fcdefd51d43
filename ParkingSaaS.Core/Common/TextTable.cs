using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace ParkingSaaS.Core.Common;

/// <summary>A row of a table that is not empty.</summary>
/// <param name="Line">The line where it begins, from 1; empty lines and comments count.</param>
/// <param name="Cells">Its cells, at least one, trimmed; those at the end that are empty are left out.</param>
public sealed record TableRow(int Line, IReadOnlyList<string> Cells)
{
    /// <summary>A cell, from 0; empty where the row is shorter.</summary>
    public string this[int cell] => cell < Cells.Count ? Cells[cell] : "";
}

/// <summary>The file is neither text nor a workbook, or is damaged.</summary>
public sealed record UnreadableFile() : Error("file.unreadable");

/// <summary>The workbook wants a password.</summary>
public sealed record ProtectedFile() : Error("file.protected");

/// <summary>The file, or what is packed in it, is larger than what is read.</summary>
public sealed record FileTooLarge() : Error("file.too-large");

/// <summary>A cell opens a quotation mark that nothing closes, so that no line after it can be told from it.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Cell">Its place in the row, from 1.</param>
public sealed record OpenQuote(int Line, int Cell) : Error("file.open-quote", Line, Cell);

/// <summary>Tables as people and spreadsheets hand them over: text whose cells commas, semicolons or tabs part, or a workbook.
/// <para>The first row with a separator says what parts the cells of all rows: a tab, if it has one, else the first comma or semicolon
/// in it outside quotes. Where that is a full-width one, as typed in Chinese, the narrow one parts as well, for people mix them; where it
/// is narrow, as spreadsheets write it, a full-width one is a part of the text.</para>
/// <para>A cell in quotes may hold separators, line breaks and, doubled, quotes. Rows that begin with # are comments.</para>
/// <para>A text that begins like a formula would be run as one by a spreadsheet. It is written with an apostrophe in front, which is taken
/// off again in reading.</para></summary>
public static partial class TextTable
{
    /// <summary>The most bytes that a workbook may unpack to, and the most cells that its sheets may span.</summary>
    const int MaxUnpacked = 64_000_000, MaxCells = 20_000_000;

    /// <summary>What a formula begins with; full-width signs are taken for the others by some programs.</summary>
    const string Openers = "=+-@\t\r\n＝＋－＠";

    static readonly string[] Dates = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日"];

    static readonly CsvReaderOptions Reading = new() { HasHeader = false, CommentPrefix = '#', TrimWhitespace = true, TrackLineNumbers = true };

    static readonly CsvWriterOptions Writing = new()
    {
        NewLine = "\n",
        ValidateFieldCount = false,
        ShouldQuote = (cell, _, _, _) => cell.IndexOfAny(",，;；\t") >= 0
    };

    // Old workbooks name their code page.
    static TextTable() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The text of an uploaded file, for <see cref="Read"/>: UTF-8, UTF-16 with its mark, GB 18030 as spreadsheets in China save it,
    /// or the first sheet of a workbook (.xlsx, .xls), a line for each row, in which days are as 2026-10-01, numbers have all their digits
    /// and line breaks are blanks. The content says what it is, not the name.</summary>
    /// <param name="max">The most bytes of it, and characters of its text.</param>
    /// <returns>The text; or <see cref="UnreadableFile"/>, <see cref="ProtectedFile"/> or <see cref="FileTooLarge"/>.</returns>
    public static Result<string> Open(byte[] file, int max)
    {
        if (file.Length > max)
            return new FileTooLarge();
        if (file is [(byte)'P', (byte)'K', 3, 4, ..] or [0xD0, 0xCF, 0x11, 0xE0, ..])
            return Workbook(file, max);
        var text = file switch
        {
            [0xFF, 0xFE, ..] => Decode(file, "utf-16"),
            [0xFE, 0xFF, ..] => Decode(file, "utf-16BE"),
            _ => Decode(file, "utf-8") ?? Decode(file, "GB18030")
        };
        return text is null || text.Contains('\0') ? new UnreadableFile() : text.TrimStart('\uFEFF');
    }

    /// <summary>The rows of a text.</summary>
    /// <param name="text">A table; the caller bounds its length.</param>
    /// <param name="comments">Rows that begin with # are comments, and left out.</param>
    /// <returns>The rows that are not empty and no comments; or <see cref="OpenQuote"/>.</returns>
    public static Result<List<TableRow>> Read(string text, bool comments = true)
    {
        text = text.TrimStart('\uFEFF').ReplaceLineEndings("\n"); // old programs end lines with CR alone
        var separator = Separator(text);
        if (separator > 127)
        {
            var narrow = separator == '，' ? ',' : ';';
            text = Tokens().Replace(text, t => t.Value == separator.ToString() ? narrow.ToString() : t.Value);
            separator = narrow;
        }
        var (rows, open) = (new List<TableRow>(), 0L);
        using var reader = CsvReader.FromText(text, Reading with
        {
            Separator = separator,
            OnMalformedRecord = r => open = r.Reason is CsvMalformedReason.UnterminatedQuote ? r.LineNumber : 0
        });
        while (reader.Read())
        {
            if (open > 0)
                return new OpenQuote((int)open, reader.FieldCount);
            var cells = Enumerable.Range(0, reader.FieldCount).Select(i => Meant(reader.GetString(i).Trim())).ToList();
            while (cells is [.., ""])
                cells.RemoveAt(cells.Count - 1);
            if (cells.Count > 0 && !(comments && cells[0].StartsWith('#')))
                rows.Add(new((int)reader.LineNumber, cells));
        }
        return rows;
    }

    /// <summary>The text of a table, parted by commas.</summary>
    public static string Write(IEnumerable<IEnumerable<string>> rows)
    {
        var text = new StringWriter();
        using (var writer = CsvWriter.Create(text, Writing))
            foreach (var row in rows)
                writer.WriteRecord([.. row.Select(c => c.Length > 0 && Openers.Contains(c[0]) ? "'" + c : c)]);
        return text.ToString();
    }

    /// <summary>A day in any of the ways in which spreadsheets write one.</summary>
    public static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(Midnight().Replace(text, ""), Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>The time that spreadsheets put behind a day.</summary>
    [GeneratedRegex("[ T]0?0:00(:00)?$")]
    private static partial Regex Midnight();

    static string Meant(string cell) => cell.Length > 1 && cell[0] == '\'' && Openers.Contains(cell[1]) ? cell[1..] : cell;

    static string? Decode(byte[] file, string encoding)
    {
        try
        {
            return Encoding.GetEncoding(encoding, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(file);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    static char Separator(string text)
    {
        var first = '\0';
        foreach (Match token in Tokens().Matches(text))
            switch (token.Value)
            {
                case "\t":
                    return '\t';
                case "\n" when first > 0:
                    return first;
                case "," or "，" or ";" or "；" when first == 0:
                    first = token.Value[0];
                    break;
            }
        return first > 0 ? first : ',';
    }

    /// <summary>Comments and cells in quotes, as wholes; outside of them separators and ends of lines.</summary>
    [GeneratedRegex("""^[ \t]*#.*|"(?<=(?:^|[,，;；\t])[ \t]*")(?>[^"]+|"")*"?|[,，;；\t\n]""", RegexOptions.Multiline)]
    private static partial Regex Tokens();

    static Result<string> Workbook(byte[] file, int max)
    {
        try
        {
            if (file[0] == 'P')
            {
                using var zip = new ZipArchive(new MemoryStream(file));
                if (zip.Entries.Sum(e => e.Length) > MaxUnpacked)
                    return new FileTooLarge();
            }
            // The package would try a password, as many thousand million times as the file wants it hashed.
            else if (Encoding.Unicode.GetString(file).Contains("EncryptedPackage", StringComparison.OrdinalIgnoreCase))
                return new ProtectedFile();
            using var sheet = ExcelReaderFactory.CreateReader(new MemoryStream(file));
            if ((long)sheet.RowCount * sheet.FieldCount > MaxCells)
                return new FileTooLarge();
            var (rows, empty, length) = (new List<string[]>(), 0, 0);
            while (sheet.Read())
            {
                string[] cells = [.. Enumerable.Range(0, sheet.FieldCount).Select(i => Written(sheet.GetValue(i)))];
                if (Array.TrueForAll(cells, c => c.Length == 0))
                {
                    empty++;
                    continue;
                }
                // A row keeps its number. Empty ones after the last, which a sheet may have a million of, are left out.
                for (; empty > 0; empty--, length++)
                    rows.Add([""]);
                rows.Add(cells);
                if ((length += cells.Sum(c => c.Length + 1)) > max)
                    return new FileTooLarge();
            }
            return Write(rows);
        }
        catch (InvalidPasswordException)
        {
            return new ProtectedFile();
        }
        // A damaged file makes the package stumble in more ways than it has exceptions for.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new UnreadableFile();
        }
    }

    static string Written(object? value) => value switch
    {
        DateTime time => time.ToString(time.TimeOfDay == default ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        double number when Math.Abs(number) < 1e15 => ((decimal)number).ToString("0.###############", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!.ReplaceLineEndings(" ").Trim()
    };
}
