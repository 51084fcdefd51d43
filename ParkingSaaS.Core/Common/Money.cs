namespace ParkingSaaS.Core.Common;

/// <summary>An amount that is posted, in the smallest unit of the city's currency: fen for CNY, yen for JPY, millimes for TND.
/// <see cref="Currency"/> reads and writes it. Arithmetic is checked: an overflow throws rather than turning a debt into a
/// credit.</summary>
/// <param name="Minor">Smallest units; negative amounts are credits.</param>
public readonly record struct Money(long Minor) : IComparable<Money>
{
    public static readonly Money Zero = new(0);

    public static Money operator +(Money a, Money b) => new(checked(a.Minor + b.Minor));
    public static Money operator -(Money a, Money b) => new(checked(a.Minor - b.Minor));
    public static bool operator >(Money a, Money b) => a.Minor > b.Minor;
    public static bool operator <(Money a, Money b) => a.Minor < b.Minor;
    public static bool operator >=(Money a, Money b) => a.Minor >= b.Minor;
    public static bool operator <=(Money a, Money b) => a.Minor <= b.Minor;

    /// <inheritdoc/>
    public int CompareTo(Money other) => Minor.CompareTo(other.Minor);
}
