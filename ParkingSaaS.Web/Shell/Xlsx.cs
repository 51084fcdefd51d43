using System.Drawing;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Worksheets;

namespace ParkingSaaS.Web.Shell;

/// <summary>A column of a spreadsheet.</summary>
/// <param name="Width">In characters.</param>
/// <param name="Value">A text, a whole number, <see cref="Money"/>, a <see cref="DateOnly"/>, a wall-clock <see cref="DateTime"/>,
/// or null for an empty cell.</param>
public sealed record XlsxColumn<T>(string Title, double Width, Func<T, object?> Value);

/// <summary>Writes an Excel workbook of one sheet row by row, so that a million rows need no more memory than one. Every cell has
/// a type: a text that begins with <c>=</c> stays a text and is never run as a formula.</summary>
public static class Xlsx
{
    /// <summary>Rows that fit under the heading of a sheet.</summary>
    public const int MaxRows = 1_048_575;

    /// <summary>The most characters of a text; what is beyond is left out, for Excel would call the file damaged.</summary>
    public const int MaxText = 32_767;

    static readonly SpreadCheetahOptions Options = new() { PreserveStringWhitespace = true };

    /// <summary>Headers of an answer that is a workbook, to be saved under that name.</summary>
    public static void AsWorkbook(this HttpResponse response, string name)
    {
        response.ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(name + ".xlsx")}";
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>Answers with all rows of a list, and says in <c>X-Rows</c> how many there are, as some may be left out.</summary>
    /// <param name="title">Of the sheet and, with the city's time, of the file.</param>
    public static async Task WriteListAsync<T>(this HttpResponse response, CitySession s, string title, IReadOnlyList<XlsxColumn<T>> columns,
        IQueryable<T> rows, CancellationToken ct)
    {
        response.Headers["X-Rows"] = (await rows.CountAsync(ct)).ToString(CultureInfo.InvariantCulture);
        response.AsWorkbook($"{title} {s.City.Zone.Local(s.Now):yyyy-MM-dd HHmm}");
        await WriteAsync(response.BodyWriter.AsStream(), title, s.City.Currency, columns, rows.AsAsyncEnumerable(), ct);
    }

    /// <param name="to">Where to; it need not be able to seek.</param>
    /// <param name="sheet">The sheet's name; what Excel does not allow in it is replaced.</param>
    /// <param name="currency">What money in it is in.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows; those beyond <see cref="MaxRows"/> are left out.</param>
    public static async Task WriteAsync<T>(Stream to, string sheet, Currency currency, IReadOnlyList<XlsxColumn<T>> columns,
        IAsyncEnumerable<T> rows, CancellationToken ct)
    {
        await using var book = await Spreadsheet.CreateNewAsync(to, Options, ct);
        var layout = new WorksheetOptions { FrozenRows = 1 };
        for (var i = 0; i < columns.Count; i++)
            layout.Column(i + 1).Width = columns[i].Width;
        await book.StartWorksheetAsync(SheetName(sheet), layout, ct);
        var heading = book.AddStyle(new Style { Font = { Bold = true }, Fill = { Color = Color.FromArgb(0xDC, 0xE6, 0xF1) } });
        var decimals = currency.Digits == 0 ? "" : "." + new string('0', currency.Digits);
        var money = book.AddStyle(new Style { Format = NumberFormat.Custom($"[${currency.Sign()}]#,##0{decimals}") });
        var date = book.AddStyle(new Style { Format = NumberFormat.Custom("yyyy\\-mm\\-dd") });
        await book.AddHeaderRowAsync([.. columns.Select(c => Text(c.Title))], heading, ct);
        var (cells, count) = (new Cell[columns.Count], 0);
        await foreach (var row in rows.WithCancellation(ct))
        {
            if (count++ == MaxRows)
                break;
            for (var i = 0; i < cells.Length; i++)
                cells[i] = Of(columns[i].Value(row));
            await book.AddRowAsync(cells, ct);
        }
        await book.FinishAsync(ct);

        Cell Of(object? value) => value switch
        {
            null => default,
            string text => new(Text(text)),
            int number => new(number),
            long number => new(number),
            Money amount => new(currency.Amount(amount), money),
            DateTime time => new(time),
            DateOnly day => new(day.ToDateTime(TimeOnly.MinValue), date),
            _ => throw new ArgumentException($"A cell cannot hold {value.GetType().Name}")
        };
    }

    /// <summary>A cell's line breaks are line feeds; XML knows no other control characters and no half surrogates, which become
    /// replacement characters.</summary>
    static string Text(string text)
    {
        if (text.Any(c => char.IsSurrogate(c) || (c < ' ' && c != '\n') || c >= '\uFFFE'))
            text = string.Concat(text.Replace("\r\n", "\n").Replace('\r', '\n').EnumerateRunes().Select(r =>
                r.Value is < ' ' and not ('\t' or '\n') or 0xFFFE or 0xFFFF ? "\uFFFD" : r.ToString()));
        return text.Length <= MaxText ? text : text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];
    }

    static string SheetName(string name)
    {
        var allowed = new string([.. name.Select(c => "[]:*?/\\'".Contains(c) || char.IsControl(c) ? ' ' : c)]);
        return Text(string.IsNullOrWhiteSpace(allowed) ? "-" : allowed.Length > 31 ? allowed[..31] : allowed);
    }
}
