using System.Globalization;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Calendars;

/// <summary>Days as a <see cref="TextTable"/>: a row <c>2026-10-01,holiday,国庆节</c> each, after a heading; comments say where they are
/// from. The types are workday, restDay, holiday and special. Spreadsheets may write it back: 2026/10/1, semicolons, quotes, empty
/// cells.</summary>
public static class CalendarFile
{
    /// <summary>The most characters that are read: ten years of days with names.</summary>
    public const int MaxLength = 200_000;

    static readonly string[] Heading = ["date", "type", "name"];

    /// <summary>Reads days. A date that stands there twice, and otherwise, is refused.</summary>
    public static Result<PaintedDay[]> Read(string text)
    {
        if (text.Length > MaxLength)
            return new InvalidField("File", "too-long");
        if (!TextTable.Read(text).Try(out var rows, out var error))
            return error;
        var days = new SortedDictionary<DateOnly, PaintedDay>();
        foreach (var row in rows)
        {
            if (row.Cells.Take(3).SequenceEqual(Heading, StringComparer.OrdinalIgnoreCase))
                continue;
            var (type, name) = (row[1], string.Join(',', row.Cells.Skip(2)));
            if (!TextTable.TryDay(row[0], out var date))
                return new BadCalendarLine(row.Line, "date", row[0]);
            if (!Enum.TryParse<DayKind>(type, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || !char.IsLetter(type[0]))
                return new BadCalendarLine(row.Line, "type", type);
            if (Check.Optional("Name", name, CalendarsMapping.MaxName) is not null)
                return new BadCalendarLine(row.Line, "name", name);
            var day = new PaintedDay(date, kind, name);
            if (days.TryGetValue(date, out var before) && before != day)
                return new BadCalendarLine(row.Line, "repetition", row[0]);
            days[date] = day;
        }
        return days.Values.ToArray();
    }

    public static string Write(IEnumerable<PaintedDay> days) => TextTable.Write(
        [Heading, .. days.OrderBy(d => d.Date).Select(d => new[] { d.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), TypeOf(d.Kind), d.Name })]);

    static string TypeOf(DayKind kind) => char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..];
}

/// <summary>A published arrangement of a year's holidays. Id is the file's name in Templates.</summary>
/// <param name="Id">For example <c>cn-2026</c>.</param>
/// <param name="Source">The notice.</param>
/// <param name="Days">Days off, and make-up workdays.</param>
public sealed record HolidayTemplate(string Id, string Source, int Year, IReadOnlyList<PaintedDay> Days)
{
    /// <summary>All that come with the product.</summary>
    public static IReadOnlyList<HolidayTemplate> All { get; } = [.. ReadAll()];

    static IEnumerable<HolidayTemplate> ReadAll()
    {
        const string prefix = "calendars/";
        var assembly = typeof(HolidayTemplate).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var text = reader.ReadToEnd();
            var days = CalendarFile.Read(text).Value;
            yield return new(name[prefix.Length..], text[..text.IndexOf('\n')].TrimStart('#', ' '), days[0].Date.Year, days);
        }
    }
}
