namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>How far a rule's clock has run and how much of its cap is used, each since it last started afresh. Of a cap over all rules
/// the window or period that it is in, and how much of it is used.</summary>
internal struct RuleState
{
    public static readonly RuleState Fresh = new() { ClockKey = int.MinValue, CapKey = int.MinValue };

    /// <summary>Which window, day or stay <see cref="Seconds"/> counts in.</summary>
    public int ClockKey;
    public long Seconds;

    public int CapKey;
    public long CapFrom;
    public decimal CapUsed;
}
