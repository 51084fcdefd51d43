using System.Text;

namespace ParkingSaaS.Core.Common;

/// <summary>Plate texts as devices and people write them, brought to one form. The full grammar of mainland, Hong Kong,
/// police and embassy plates is not checked here: an unusual plate is still a car that parked.</summary>
public static class Plate
{
    /// <summary>The longest plate that is kept.</summary>
    public const int MaxLength = 16;

    /// <summary>Words for "no plate" that cameras write with a number behind them.</summary>
    static readonly string[] Words = ["无牌", "无车牌", "未识别", "UNKNOWN", "NOPLATE", "NULL"];

    /// <summary>Upper case, without spaces, dots and dashes. Null where there is no plate: what has no digit is a word for that
    /// (<c>无牌</c>, <c>车牌</c>, <c>unknown</c>, <c>NULL</c>), for plates of all forms have one; so is such a word with a number behind it, and what has
    /// no other digit than zero and no letter. The letters O and I in a plate are digits that were misread, see
    /// <see cref="Vehicles.PlateGrammar"/>, and count as such behind a province.</summary>
    public static string? Normalize(string? text) => Part(text) is { } plate && HasDigit(plate) && !plate.All(c => c == '0')
        && !Array.Exists(Words, word => plate.StartsWith(word, StringComparison.Ordinal))
        ? plate
        : null;

    static bool HasDigit(string plate) => plate.Any(char.IsAsciiDigit)
        || (plate.Length is 7 or 8 && !char.IsAscii(plate[0]) && plate[2..].Any(c => c is 'O' or 'I') && plate[1..].All(char.IsAsciiLetter));

    /// <summary>A part of a plate in the same form, such as its province, to search by. Null where there is none.</summary>
    public static string? Part(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var plate = new StringBuilder(text.Length);
        foreach (var c in string.Concat(text.Where(IsCharacter)).Normalize(NormalizationForm.FormKC))
            if (char.IsLetterOrDigit(c))
                plate.Append(char.ToUpperInvariant(c));
        return plate.Length > 0 ? plate.ToString() : null;
    }

    /// <summary>No plate has characters beyond the basic plane; halves of them, and U+FFFE, are no text that can be normalised.</summary>
    static bool IsCharacter(char c) => !char.IsSurrogate(c) && c < '\uFFFE';

    /// <summary>What a log may show of a plate: the first two and the last character.</summary>
    public static string Mask(string? plate) => plate is { Length: > 4 } p ? $"{p[..2]}***{p[^1]}" : "***";
}
