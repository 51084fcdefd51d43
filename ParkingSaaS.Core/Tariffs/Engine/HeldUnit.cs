namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>A unit of a rule that has run into another's time: charged whole (<see cref="Straddle.Start"/>), or each rule by time
/// (<see cref="Straddle.Split"/>).</summary>
internal struct HeldUnit
{
    /// <summary>The rule that it began under.</summary>
    public int Rule;
    public int Occurrence;

    /// <summary>When the other rule took over.</summary>
    public long From;
    public long Until;

    /// <summary>Whether each rule is charged by time.</summary>
    public bool IsShared;

    /// <summary>Whether a stretch that begins then is the end of the unit, and charged with it.</summary>
    public readonly bool Continues(long from) => from >= From && from < Until && !IsShared;
}
