namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>How long a rule has run since it last started afresh.</summary>
internal struct RuleClock
{
    public static readonly RuleClock Fresh = new() { Key = int.MinValue };

    /// <summary>Which window, day or stay <see cref="Seconds"/> counts in.</summary>
    public int Key;
    public long Seconds;
}
