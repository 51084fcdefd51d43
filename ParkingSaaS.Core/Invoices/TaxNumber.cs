namespace ParkingSaaS.Core.Invoices;

/// <summary>Numbers by which tax offices know who pays taxes: 15 to 20 digits and capital letters. Those of 18 are unified social credit codes
/// (GB 32100), or of a sole trader the number of the identity card (GB 11643), and end with a check character.</summary>
public static class TaxNumber
{
    public const int MaxLength = 20;

    /// <summary>The characters of credit codes, by their value: no I, O, S, V, Z.</summary>
    const string Values = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    static readonly int[] CardWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>Brings a number to its one form; null where it is none.</summary>
    public static string? Normalize(string? text)
    {
        var number = text?.Trim().ToUpperInvariant();
        return number is { Length: >= 15 and <= MaxLength } && number.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c))
            && (number.Length != 18 || IsCreditCode(number) || IsCardNumber(number)) ? number : null;
    }

    static bool IsCreditCode(string number)
    {
        var (sum, weight) = (0, 1);
        foreach (var c in number[..17])
        {
            if (Values.IndexOf(c) is not (>= 0 and var value))
                return false;
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        return Values[(31 - (sum % 31)) % 31] == number[17];
    }

    static bool IsCardNumber(string number) => number[..17].All(char.IsAsciiDigit)
        && "10X98765432"[number[..17].Select((c, i) => (c - '0') * CardWeights[i]).Sum() % 11] == number[17];
}
