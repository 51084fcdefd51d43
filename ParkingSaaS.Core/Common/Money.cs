using System.Globalization;

namespace ParkingSaaS.Core.Common;

/// <summary>An amount that is posted, in the smallest unit of the city's currency (fen for CNY). Arithmetic is checked: an
/// overflow throws rather than turning a debt into a credit.</summary>
/// <param name="Fen">Hundredths of the currency unit; negative amounts are credits.</param>
public readonly record struct Money(long Fen) : IComparable<Money>
{
    /// <summary>Nothing owed, nothing paid.</summary>
    public static readonly Money Zero = new(0);

    /// <summary>The amount in whole currency units, for example 12.50 as 12.50m.</summary>
    public decimal Amount => Fen / 100m;

    /// <summary>Reads an amount of at most two decimals. A third decimal is an error, not a reason to round.</summary>
    public static bool TryParse(string? text, out Money money)
    {
        money = Zero;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out var amount) || Math.Abs(amount) > 1_000_000_000m || amount * 100 % 1 != 0)
            return false;
        money = new Money((long)(amount * 100));
        return true;
    }

    public static Money operator +(Money a, Money b) => new(checked(a.Fen + b.Fen));
    public static Money operator -(Money a, Money b) => new(checked(a.Fen - b.Fen));
    public static bool operator >(Money a, Money b) => a.Fen > b.Fen;
    public static bool operator <(Money a, Money b) => a.Fen < b.Fen;
    public static bool operator >=(Money a, Money b) => a.Fen >= b.Fen;
    public static bool operator <=(Money a, Money b) => a.Fen <= b.Fen;

    /// <inheritdoc/>
    public int CompareTo(Money other) => Fen.CompareTo(other.Fen);

    /// <summary>The decimal string that interfaces carry: always two decimals and a dot, for example <c>12.50</c>.</summary>
    public override string ToString() => Amount.ToString("0.00", CultureInfo.InvariantCulture);
}
