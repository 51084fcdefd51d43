using System.Globalization;
using System.Text;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Calendars;

/// <summary>Days as text: a line <c>2026-10-01,holiday,国庆节</c> each, after a heading; lines that begin with # say where they are
/// from. The types are workday, restDay, holiday and special.</summary>
public static class CalendarFile
{
    /// <summary>The most characters that are read: ten years of days with names.</summary>
    public const int MaxLength = 200_000;

    const string Heading = "date,type,name";

    /// <summary>Reads days; the last line about a date counts.</summary>
    public static Result<PaintedDay[]> Read(string text)
    {
        if (text.Length > MaxLength)
            return new InvalidField("File", "too-long");
        var days = new SortedDictionary<DateOnly, PaintedDay>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim().TrimStart('\uFEFF');
            if (line.Length == 0 || line[0] == '#' || line.Equals(Heading, StringComparison.OrdinalIgnoreCase))
                continue;
            var parts = line.Split(',', 3, StringSplitOptions.TrimEntries);
            if (parts.Length < 2 || !DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                || !Enum.TryParse<DayKind>(parts[1], ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || char.IsDigit(parts[1][0])
                || Check.Optional("Name", parts.ElementAtOrDefault(2), CalendarsMapping.MaxName) is not null)
                return new BadCalendarLine(number);
            days[date] = new PaintedDay(date, kind, CsvCell.Read(parts.ElementAtOrDefault(2) ?? ""));
        }
        return days.Values.ToArray();
    }

    /// <summary>Writes days.</summary>
    public static string Write(IEnumerable<PaintedDay> days)
    {
        var text = new StringBuilder(Heading).Append('\n');
        foreach (var day in days.OrderBy(d => d.Date))
            text.Append(CultureInfo.InvariantCulture, $"{day.Date:yyyy-MM-dd},{char.ToLowerInvariant(day.Kind.ToString()[0])}{day.Kind.ToString()[1..]},{CsvCell.Write(day.Name)}\n");
        return text.ToString();
    }
}

/// <summary>A published arrangement of a year's holidays. Id is the file's name in Templates.</summary>
/// <param name="Id">For example <c>cn-2026</c>.</param>
/// <param name="Source">The notice.</param>
/// <param name="Year">The year.</param>
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
