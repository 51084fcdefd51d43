using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Web.Tariffs;

/// <summary>A part of a fee as people read it: a line, or days in a row of which each costs the same for the same reasons.</summary>
/// <param name="Lines">Its lines.</param>
/// <param name="Days">How many days; 1 for a line of its own.</param>
sealed record FeePart(IReadOnlyList<FeeLine> Lines, int Days)
{
    /// <summary>Fewer are as soon read line by line.</summary>
    const int FewestDays = 3;

    /// <summary>More lines no day has that repeats.</summary>
    const int MostLines = 12;

    public decimal Amount => Lines.Sum(l => l.Amount);

    /// <summary>All lines, in their order.</summary>
    public static List<FeePart> Of(IReadOnlyList<FeeLine> lines)
    {
        var parts = new List<FeePart>();
        for (var at = 0; at < lines.Count; at += parts[^1].Lines.Count)
        {
            var (length, days) = Enumerable.Range(1, MostLines).Select(length => (Length: length, Days: DaysAt(lines, at, length)))
                .FirstOrDefault(x => x.Days >= FewestDays, (Length: 1, Days: 1));
            parts.Add(new FeePart([.. lines.Skip(at).Take(length * days)], days));
        }
        return parts;
    }

    /// <summary>How often so many lines come, each time a day later.</summary>
    static int DaysAt(IReadOnlyList<FeeLine> lines, int at, int length)
    {
        var days = 1;
        while (at + (days + 1) * length <= lines.Count && Enumerable.Range(at + (days - 1) * length, length).All(i => IsDayLater(lines[i], lines[i + length])))
            days++;
        return days;
    }

    static bool IsDayLater(FeeLine line, FeeLine next) => next == line with { From = line.From.AddDays(1), To = line.To.AddDays(1) };
}
