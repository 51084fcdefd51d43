using System.Text.Json.Serialization;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>What a rule's time costs.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "mode")]
[JsonDerivedType(typeof(FreeCharge), "free")]
[JsonDerivedType(typeof(EntryCharge), "perEntry")]
[JsonDerivedType(typeof(TimedCharge), "timed")]
public abstract record Charge;

/// <summary>Nothing; the time is not counted by any other rule either.</summary>
public sealed record FreeCharge : Charge;

/// <summary>One price, however long; again each time the rule starts afresh.</summary>
public sealed record EntryCharge : Charge
{
    public required decimal Price { get; init; }
}

/// <summary>
/// By the time that has run under this rule. The stages follow one another; per duration, per minute, stepped, first
/// hour and following hours, and stepped then per duration are all lists of stages. Past the last stage nothing is added.
/// </summary>
public sealed record TimedCharge : Charge
{
    public required IReadOnlyList<Stage> Stages { get; init; }

    /// <summary>What becomes of a unit that has begun under this rule when another takes over.</summary>
    public Straddle Straddle { get; init; }
}

/// <summary>At which rate a unit is charged that runs from one rule into another.</summary>
public enum Straddle
{
    /// <summary>It ends with its rule, rounded as its stage says; the other begins with a unit of its own.</summary>
    Cut,

    /// <summary>At the rate at which it begins: its rule stays in force to the unit's end.</summary>
    Start,

    /// <summary>At the rate at which it ends: the other rule is in force from the unit's beginning.</summary>
    End,

    /// <summary>Each rate costs its share of the unit by time; the other rule's units begin after it.</summary>
    Split,
}

/// <summary>
/// From the end of the stage before up to and including <see cref="UntilMinutes"/>. Either a step (<see cref="Total"/>)
/// or a rate (<see cref="Price"/> per <see cref="PerMinutes"/>).
/// </summary>
public sealed record Stage
{
    /// <summary>Minutes under this rule, not since the stage before. Null, for the last stage only: no end.</summary>
    public int? UntilMinutes { get; init; }

    /// <summary>A step: what all time so far costs together, this stage included.</summary>
    public decimal? Total { get; init; }

    /// <summary>A rate: price of one unit, added to what the stages before cost.</summary>
    public decimal? Price { get; init; }

    public int? PerMinutes { get; init; }

    /// <summary>What an incomplete last unit costs.</summary>
    public UnitRounding Round { get; init; }

    /// <summary>With rounding up: an incomplete unit is free while it is shorter than this.</summary>
    public int? FreeBelowMinutes { get; init; }
}

public enum UnitRounding
{
    /// <summary>A unit that has begun is charged.</summary>
    Up,

    /// <summary>Only complete units are charged.</summary>
    Down,

    /// <summary>An incomplete unit is charged from its half on.</summary>
    Nearest,

    /// <summary>Each minute that has begun costs the price divided by the unit's minutes.</summary>
    ProRata,
}
