using System.Text;

namespace ParkingSaaS.Core.Common;

/// <summary>Plate texts as devices and people write them, brought to one form. The full grammar of mainland, Hong Kong,
/// police and embassy plates is not checked here: an unusual plate is still a car that parked.</summary>
public static class Plate
{
    /// <summary>The longest plate that is kept.</summary>
    public const int MaxLength = 16;

    /// <summary>Upper case, without spaces, dots and dashes. Null where there is no plate: what has no digit is a word for that
    /// (<c>无牌</c>, <c>车牌</c>, <c>unknown</c>, <c>NULL</c>), for plates of all forms have one.</summary>
    public static string? Normalize(string? text) => Part(text) is { } plate && plate.Any(char.IsAsciiDigit) ? plate : null;

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
