using System.Globalization;
using System.Text;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Calendars;

/// <summary>Days as text: a line <c>2026-10-01,holiday,国庆节</c> each, after a heading; lines that begin with # say where they are
/// from. The types are workday, restDay, holiday and special. Spreadsheets may write it back: 2026/10/1, semicolons, quotes, empty
/// cells.</summary>
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
            if (line.Length == 0 || line[0] == '#')
                continue;
            var cells = CsvText.Cells(line);
            if (cells.TrueForAll(c => c.Length == 0) || string.Join(',', cells.Take(3)).Equals(Heading, StringComparison.OrdinalIgnoreCase))
                continue;
            var (type, name) = (cells.ElementAtOrDefault(1) ?? "", CsvCell.Read(string.Join(',', cells.Skip(2)).TrimEnd(',')));
            if (!CsvText.TryDay(cells[0], out var date))
                return new BadCalendarLine(number, "date", cells[0]);
            if (!Enum.TryParse<DayKind>(type, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || char.IsDigit(type[0]))
                return new BadCalendarLine(number, "type", type);
            if (Check.Optional("Name", name, CalendarsMapping.MaxName) is not null)
                return new BadCalendarLine(number, "name", name);
            days[date] = new PaintedDay(date, kind, name);
        }
        return days.Values.ToArray();
    }

    /// <summary>Writes days.</summary>
    public static string Write(IEnumerable<PaintedDay> days)
    {
        var text = new StringBuilder(Heading).Append('\n');
        foreach (var day in days.OrderBy(d => d.Date))
            text.Append(CultureInfo.InvariantCulture, $"{day.Date:yyyy-MM-dd},{char.ToLowerInvariant(day.Kind.ToString()[0])}{day.Kind.ToString()[1..]},{CsvText.Cell(CsvCell.Write(day.Name))}\n");
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
