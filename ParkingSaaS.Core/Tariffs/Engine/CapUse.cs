namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>How much of a cap is used since it last started afresh.</summary>
internal struct CapUse
{
    public static readonly CapUse Fresh = new() { Key = int.MinValue };

    /// <summary>Which window, period, day or stay <see cref="Used"/> counts in.</summary>
    public int Key;
    public long From;
    public decimal Used;

    /// <summary>Uses the cap up by an amount.</summary>
    /// <returns>What the cap leaves of it.</returns>
    public decimal Take(decimal amount, decimal limit)
    {
        var left = Math.Min(amount, limit - Used);
        Used += left;
        return left;
    }
}
