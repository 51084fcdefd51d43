namespace ParkingSaaS.Core.Common;

/// <summary>An amount that is posted, in the smallest unit of the city's currency: fen for CNY, yen for JPY, millimes for TND.
/// <see cref="Currency"/> reads and writes it. Arithmetic is checked: an overflow throws rather than turning a debt into a
/// credit.</summary>
/// <param name="Fen">Smallest units; negative amounts are credits.</param>
public readonly record struct Money(long Fen) : IComparable<Money>
{
    /// <summary>Nothing owed, nothing paid.</summary>
    public static readonly Money Zero = new(0);

    public static Money operator +(Money a, Money b) => new(checked(a.Fen + b.Fen));
    public static Money operator -(Money a, Money b) => new(checked(a.Fen - b.Fen));
    public static bool operator >(Money a, Money b) => a.Fen > b.Fen;
    public static bool operator <(Money a, Money b) => a.Fen < b.Fen;
    public static bool operator >=(Money a, Money b) => a.Fen >= b.Fen;
    public static bool operator <=(Money a, Money b) => a.Fen <= b.Fen;

    /// <inheritdoc/>
    public int CompareTo(Money other) => Fen.CompareTo(other.Fen);
}
