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

    /// <summary>The unit's length.</summary>
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
