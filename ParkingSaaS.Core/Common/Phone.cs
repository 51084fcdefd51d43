using System.Text;

namespace ParkingSaaS.Core.Common;

/// <summary>Telephone numbers as people write them, brought to one form: E.164, <c>+8613812345678</c>.</summary>
public static class Phone
{
    /// <summary>The longest number that is kept: a plus and fifteen digits.</summary>
    public const int MaxLength = 16;

    /// <summary>Reads a mainland mobile number, with or without its country, or any other with it (<c>+852 9123 4567</c>,
    /// <c>00852…</c>). Spaces, dashes, dots and brackets do not matter. Null where it is no number that can be written to.</summary>
    public static string? Normalize(string? text)
    {
        if (text is not { Length: > 0 and <= 64 } || text.Any(char.IsSurrogate) || text.Contains('\uFFFE') || text.Contains('\uFFFF'))
            return null;
        var number = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
            if (char.IsAsciiDigit(c) || (c is '+' && number.Length == 0))
                number.Append(c);
            else if (!char.IsWhiteSpace(c) && c is not ('-' or '.' or '(' or ')' or '‐' or '–'))
                return null;
        var digits = number.ToString();
        digits = digits switch
        {
            ['+', .. var rest] => rest,
            ['0', '0', .. var rest] => rest,
            ['8', '6', '1', ..] when digits.Length == 13 => digits,
            _ when IsMainlandMobile(digits) => "86" + digits,
            _ => ""
        };
        var valid = digits.StartsWith("86", StringComparison.Ordinal)
            ? IsMainlandMobile(digits[2..])
            : digits is { Length: >= 7 and <= 15 } && digits[0] != '0';
        return valid ? "+" + digits : null;
    }

    /// <summary>As people read it: mainland numbers without their country. Who may not see whose number it is sees <c>138****5678</c>.</summary>
    /// <param name="phone">In its one form.</param>
    /// <param name="whole">Whether who looks may see whole numbers.</param>
    public static string Show(string phone, bool whole)
    {
        var shown = phone.StartsWith("+86", StringComparison.Ordinal) ? phone[3..] : phone;
        return whole ? shown : $"{shown[..3]}****{shown[^Math.Min(4, shown.Length - 5)..]}";
    }

    static bool IsMainlandMobile(string digits) => digits is { Length: 11 } and ['1', >= '3' and <= '9', ..];
}
