using System.Globalization;

namespace ParkingSaaS.Core.Common;

/// <summary>An amount in the currency's minor unit (fen). All that is posted is Money; arithmetic is checked.</summary>
public readonly record struct Money(long Fen) : IComparable<Money>
{
    public static readonly Money Zero = new(0);

    public static Money operator +(Money a, Money b) => new(checked(a.Fen + b.Fen));
    public static Money operator -(Money a, Money b) => new(checked(a.Fen - b.Fen));
    public static bool operator <(Money a, Money b) => a.Fen < b.Fen;
    public static bool operator >(Money a, Money b) => a.Fen > b.Fen;
    public static bool operator <=(Money a, Money b) => a.Fen <= b.Fen;
    public static bool operator >=(Money a, Money b) => a.Fen >= b.Fen;

    public int CompareTo(Money other) => Fen.CompareTo(other.Fen);

    /// <summary>For example "12.50", whatever the culture.</summary>
    public string ToYuanString() => (Fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}
