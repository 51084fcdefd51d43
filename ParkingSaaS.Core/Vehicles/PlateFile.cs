using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>A line of a file of plates.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Pattern">The plate, or a form with * and ?, normalised.</param>
/// <param name="Reason">Why; may be empty.</param>
/// <param name="From">The first day; null for always.</param>
/// <param name="Until">The last day; null for good.</param>
public sealed record PlateLine(int Line, string Pattern, string Reason, DateOnly? From, DateOnly? Until);

/// <summary>What is wrong with a line.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Problem">The part of the line, and the rule.</param>
public sealed record BadPlateLine(int Line, InvalidField Problem);

/// <summary>Plates as a <see cref="TextTable"/>: a row <c>粤B12345,reason,2026-01-01,2026-12-31</c> each, of which all but the plate may be
/// left out. Empty rows, comments and a heading do not count.</summary>
public static class PlateFile
{
    /// <summary>The most lines with plates.</summary>
    public const int MaxLines = 10_000;

    /// <summary>The most bytes, and characters, that are read.</summary>
    public const int MaxLength = 4_000_000;

    static readonly string[] Headings = ["plate", "车牌", "车牌号", "车牌号码", "号牌号码"];

    /// <summary>Reads all lines, and says of each that is wrong what it is.</summary>
    /// <returns>All lines; or <see cref="OpenQuote"/> where they cannot be told apart.</returns>
    public static Result<(List<PlateLine> Lines, List<BadPlateLine> Bad)> Read(string text)
    {
        if (!TextTable.Read(text).Try(out var rows, out var error))
            return error;
        var (lines, bad, seen) = (new List<PlateLine>(), new List<BadPlateLine>(), new HashSet<string>());
        foreach (var row in rows)
        {
            if (lines.Count + bad.Count == 0 && Headings.Contains(row[0], StringComparer.OrdinalIgnoreCase))
                continue;
            var pattern = SavePlateRules.Pattern(row[0]);
            var (reason, from, until) = (row[1], Day(row[2]), Day(row[3]));
            var problem = Check.That(SavePlateRules.IsValid(pattern), "Plate", pattern.Length == 0 ? "required" : "invalid")
                ?? Check.That(seen.Add(pattern), "Plate", "taken")
                ?? Check.Optional("Reason", reason, PlateRule.MaxReason)
                ?? Check.That(from is not null, "From", "invalid")
                ?? Check.That(until is not null, "Until", "invalid")
                ?? Check.That(until == default(DateOnly) || until >= from, "Until", "out-of-range")
                ?? Check.That(row.Cells.Count <= 4, "Line", "too-long");
            if (problem is not null)
                bad.Add(new(row.Line, problem));
            else
                lines.Add(new(row.Line, pattern, reason, Given(from), Given(until)));
        }
        return (lines, bad);
    }

    /// <summary>The day; the first of all where none is written, null where it is none.</summary>
    static DateOnly? Day(string text) => text.Length == 0 ? default(DateOnly)
        : TextTable.TryDay(text, out var day) ? day : null;

    static DateOnly? Given(DateOnly? day) => day == default(DateOnly) ? null : day;
}
