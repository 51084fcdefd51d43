using System.Globalization;
using System.Text;

namespace ParkingSaaS.Core.Common;

/// <summary>Lists as text, as spreadsheets write them back.</summary>
public static class CsvText
{
    static readonly string[] Dates = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日"];
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text of a file: UTF-8 or, as spreadsheets in China save it, GB 18030.</summary>
    public static string Decode(byte[] file)
    {
        try
        {
            return Strict.GetString(file).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetString(file);
        }
    }

    /// <summary>A day in any of the ways in which spreadsheets write one.</summary>
    public static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>The cells of a line, which commas, semicolons or tabs part; a text with one of them stands in quotes.</summary>
    public static List<string> Cells(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                cell.Append(line[i++]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (!quoted && line[i] is ',' or '，' or ';' or '\t')
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
                cell.Append(line[i]);
        cells.Add(cell.ToString().Trim());
        return cells;
    }

    /// <summary>A text as a cell: in quotes where it would be parted.</summary>
    public static string Cell(string text) => text.AsSpan().IndexOfAny(",，;\t\"") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
