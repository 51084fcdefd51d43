using System.Text;

namespace ParkingSaaS.Core.Common;

/// <summary>The checks that every form and request needs before its own rules. Null means acceptable.</summary>
public static class Check
{
    /// <summary>The first year of a day that anybody means. Days before <see cref="LastYear"/> is over can be counted on from without leaving the
    /// calendar.</summary>
    public const int FirstYear = 2000;

    /// <summary>The last year of a day that anybody means.</summary>
    public const int LastYear = 2100;

    /// <summary>All fields that are not acceptable, as the first with <see cref="InvalidField.More"/>; null where none is. Of a field, what is said of it
    /// first.</summary>
    public static InvalidField? All(params ReadOnlySpan<InvalidField?> fields)
    {
        var invalid = new List<InvalidField>();
        foreach (var field in fields)
            foreach (var one in field?.All ?? [])
                if (!invalid.Exists(i => i.Field == one.Field))
                    invalid.Add(one with { More = [] });
        return invalid is [var first, .. var more] ? first with { More = more } : null;
    }

    /// <summary>A text that must be there, without control characters, broken UTF-16 (PostgreSQL keeps neither) and non-characters (no such text can be
    /// normalised).</summary>
    /// <param name="field">The field's name as the caller knows it.</param>
    /// <param name="text">What was entered.</param>
    /// <param name="max">The longest that is kept, in UTF-16 units.</param>
    public static InvalidField? Required(string field, string? text, int max) =>
        string.IsNullOrWhiteSpace(text) ? new(field, "required") : Optional(field, text, max);

    /// <summary>A text that may be empty.</summary>
    public static InvalidField? Optional(string field, string? text, int max) =>
        text is null ? null
        : text.Trim().Length > max ? new(field, "too-long") { Wanted = "length", Bounds = [max] }
        : text.Any(c => char.IsControl(c) || c >= '\uFFFE') || text.EnumerateRunes().Contains(Rune.ReplacementChar)
            ? new(field, "invalid") { Wanted = "characters" }
        : null;

    /// <summary>A number within bounds, both included. NaN is never within.</summary>
    public static InvalidField? Range(string field, double? number, double min, double max) =>
        number is null || (number >= min && number <= max) ? null : new(field, "out-of-range") { Wanted = "range", Bounds = [min, max] };

    /// <summary>Whether somebody may mean that day: one from <see cref="FirstYear"/> to <see cref="LastYear"/>.</summary>
    public static bool IsDay(DateOnly day) => day.Year is >= FirstYear and <= LastYear;

    /// <summary>A day, or none.</summary>
    public static InvalidField? Day(string field, DateOnly? day) =>
        day is not { } given || IsDay(given) ? null : new(field, "out-of-range") { Wanted = "day", Bounds = [FirstYear, LastYear] };

    /// <summary>A period of days, both included.</summary>
    /// <param name="most">The longest, in days.</param>
    public static InvalidField? Period(string field, DateOnly from, DateOnly to, int most) => Day(field, from) ?? Day(field, to)
        ?? (to < from || to.DayNumber - from.DayNumber >= most ? new(field, "out-of-range") { Bounds = [most] } : null);

    /// <summary>Any other rule.</summary>
    /// <param name="wanted">See <see cref="InvalidField.Wanted"/>; null where field and rule say it.</param>
    public static InvalidField? That(bool holds, string field, string rule, string? wanted = null) =>
        holds ? null : wanted is null ? new(field, rule) : new(field, rule) { Wanted = wanted };

    /// <summary>A number of things, at most as many.</summary>
    public static InvalidField? Most(string field, int count, int most) =>
        count <= most ? null : new(field, "too-long") { Wanted = "most", Bounds = [most] };

    /// <summary>Words where a plate is wanted; an empty text is no plate and no fault.</summary>
    public static InvalidField? Plate(string field, string? text) =>
        That(string.IsNullOrWhiteSpace(text) || Common.Plate.Normalize(text) is not null, field, "no-plate", "plate-or-nothing");

    /// <summary>Words where plates are wanted, as <see cref="Plate"/>.</summary>
    /// <param name="other">What may stand there as well; null for nothing.</param>
    public static InvalidField? Plates(string field, IEnumerable<string?> texts, Func<string?, bool>? other = null) =>
        Each(field, "no-plate", texts, t => other?.Invoke(t) is true || Plate(field, t) is null);

    /// <summary>Of many texts the first for which a rule does not hold, with its number, from 1, and what it begins with.</summary>
    public static InvalidField? Each<T>(string field, string rule, IEnumerable<T> texts, Func<T, bool> holds) =>
        texts.Select((text, i) => (Text: text, Number: i + 1)).FirstOrDefault(t => !holds(t.Text)) is { Number: > 0 } wrong
            ? new(field, rule) { Wanted = "plate-among", Bounds = [wrong.Number, string.Concat($"{wrong.Text}".Trim().EnumerateRunes().Take(MaxQuoted))] }
            : null;

    /// <summary>As much of a text tells which it is, in characters.</summary>
    const int MaxQuoted = 32;
}
