namespace ParkingSaaS.Core.Common;

/// <summary>Texts in files that spreadsheets open: one that begins like a formula would be run as one. An apostrophe in front makes it a
/// text there, and is taken off again when the file comes back.</summary>
public static class CsvCell
{
    /// <summary>What a formula begins with; full-width signs are taken for the others by some programs.</summary>
    const string Openers = "=+-@\t\r\n＝＋－＠";

    /// <summary>As it is written.</summary>
    public static string Write(string text) => text.Length > 0 && Openers.Contains(text[0]) ? "'" + text : text;

    /// <summary>As it was meant.</summary>
    public static string Read(string cell) => cell.Length > 1 && cell[0] == '\'' && Openers.Contains(cell[1]) ? cell[1..] : cell;
}
