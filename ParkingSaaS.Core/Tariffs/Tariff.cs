using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>
/// A tariff as data: what <see cref="Engine.FeeEngine"/> prices stays by. Its JSON form is documented in
/// docs/tariff-schema.md; <see cref="TariffValidation"/> says which values are valid.
/// </summary>
public sealed record Tariff
{
    /// <summary>The only schema that is read and written.</summary>
    public const string SchemaId = "parkingsaas-tariff/1";

    /// <summary>Always <see cref="SchemaId"/>.</summary>
    public required string Schema { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Where the rules are published: the notice's title or address.</summary>
    public string? Source { get; init; }

    public Currency Currency { get; init; } = Currency.Yuan;

    /// <summary>How the total becomes payable.</summary>
    public TotalRounding Rounding { get; init; } = new();

    /// <summary>What "day" means for everything that is counted or capped per day.</summary>
    public DayBasis Day { get; init; }

    /// <summary>In order: at every moment the first that applies prices the stay. Where none applies, time is free.</summary>
    public required IReadOnlyList<TariffRule> Rules { get; init; }

    /// <summary>The first that applies is in force.</summary>
    public IReadOnlyList<FreeMinutes> FreeMinutes { get; init; } = [];

    /// <summary>Ceilings over all rules; of those with the same <see cref="TariffCap.Per"/> the first that applies.</summary>
    public IReadOnlyList<TariffCap> Caps { get; init; } = [];

    /// <summary>The least that a stay costs if it costs anything.</summary>
    public decimal? MinimumCharge { get; init; }

    /// <summary>Charged for each midnight that the stay runs over, beside the rules; the first that applies.</summary>
    public IReadOnlyList<MidnightFee> MidnightFees { get; init; } = [];

    /// <summary>What a car's earlier stays have to do with this one; null: nothing.</summary>
    public Reentry? Reentry { get; init; }

    /// <summary>Multipliers by vehicle.</summary>
    public IReadOnlyList<TariffFactor> Factors { get; init; } = [];

    /// <summary>Which of several factors that apply to a vehicle is in force.</summary>
    public FactorsTogether FactorsTogether { get; init; }

    /// <summary>Worked examples, best taken from the official notice; <see cref="TariffChecks"/> runs them.</summary>
    public IReadOnlyList<TariffExample> Examples { get; init; } = [];

    /// <summary>Every condition that the tariff makes somewhere.</summary>
    internal IEnumerable<AppliesTo> Conditions => Rules.Select(r => r.AppliesTo).Concat(FreeMinutes.Select(f => f.AppliesTo))
        .Concat(Caps.Select(c => c.AppliesTo)).Concat(MidnightFees.Select(m => m.AppliesTo)).Concat(Factors.Select(f => f.AppliesTo))
        .OfType<AppliesTo>();

    /// <summary>The kinds of days that it names somewhere; none where all days are alike to it.</summary>
    public IReadOnlySet<DayType> KindsOfDays() => Conditions.SelectMany(c => c.DayTypes).ToHashSet();

    /// <summary>Whether a mark by hand can change a fee.</summary>
    internal bool HasByHand => Conditions.Any(c => c.ByHand is not null);

    /// <summary>How many dates back, entry's included, the car's earlier stays matter; 0: not at all.</summary>
    internal int DaysBack
    {
        get
        {
            var days = Reentry is null ? 0 : 1;
            for (var i = 0; i < FreeMinutes.Count; i++)
                days = Math.Max(days, FreeMinutes[i].OncePerDays ?? 0);
            return days;
        }
    }
}

/// <summary>The total is rounded to a multiple of <see cref="Unit"/>; null is the currency's smallest unit.</summary>
public sealed record TotalRounding
{
    public RoundingMode Mode { get; init; } = RoundingMode.HalfUp;

    public decimal? Unit { get; init; }
}

public enum RoundingMode { HalfUp, HalfEven, Up, Down }

/// <summary>Calendar: local dates. Rolling24h: every 24 hours from entry, as time elapses.</summary>
public enum DayBasis { Calendar, Rolling24h }

/// <summary>How far a count, a cap or free minutes reach before they start afresh.</summary>
public enum Per
{
    /// <summary>One occurrence of the rule's window; for a rule without a window the same as <see cref="Day"/>.</summary>
    Window,

    /// <summary>One day as <see cref="Tariff.Day"/> defines it.</summary>
    Day,

    /// <summary>The whole stay.</summary>
    Stay,

    /// <summary>Every <see cref="TariffCap.PeriodMinutes"/> from entry; of caps over all rules only.</summary>
    Period,
}

/// <summary>Minutes that cost nothing, counted from entry (or from the day's beginning)
/// whether or not a rule would charge.</summary>
public sealed record FreeMinutes
{
    public AppliesTo? AppliesTo { get; init; }

    public required int Minutes { get; init; }

    /// <summary>"Up to 15 minutes free" includes the stay of exactly 15; "less than 15 minutes free" does not.</summary>
    public bool BoundIncluded { get; init; } = true;

    /// <summary>Once in the stay, or in each day of it.</summary>
    public Per Per { get; init; } = Per.Stay;

    /// <summary>What becomes of the free minutes in a longer stay.</summary>
    public WhenExceeded WhenExceeded { get; init; }

    /// <summary>Only for the car's first stay in so many dates, entry's included: 1 is once a day. Null: for every stay.</summary>
    public int? OncePerDays { get; init; }
}

/// <summary>Charge: they are counted like all others. Deduct: they stay free and counting begins after them.</summary>
public enum WhenExceeded { Charge, Deduct }

/// <summary>A ceiling over all rules together. Those per window and per period each hold; of those per day and per stay the first
/// that applies.</summary>
public sealed record TariffCap
{
    /// <summary>For people: shown beside the line.</summary>
    public string? Name { get; init; }

    /// <summary>Dates are compared with the date on which the day or the window begins; per period and per stay, with
    /// entry's.</summary>
    public AppliesTo? AppliesTo { get; init; }

    /// <summary>Either this or <see cref="Like"/>.</summary>
    public decimal? Amount { get; init; }

    /// <summary>As much as some time under a rule costs: "24 hours at the price of 10".</summary>
    public PriceOfTime? Like { get; init; }

    /// <summary>For <see cref="Per.Window"/>: at which times of the day, whichever rules apply then.</summary>
    public DayWindow? Window { get; init; }

    /// <summary>For <see cref="Per.Period"/>: how long a period is.</summary>
    public int? PeriodMinutes { get; init; }

    public required Per Per { get; init; }

    /// <summary>In force from this day of the stay on, the first being 1.</summary>
    public int FromDay { get; init; } = 1;
}

/// <summary>What the first minutes under a rule cost, the vehicle's factor included.</summary>
public sealed record PriceOfTime
{
    /// <summary>Id of the rule.</summary>
    public required string Rule { get; init; }

    public required int Minutes { get; init; }
}

/// <summary>A price for each local midnight after entry and before exit; it counts in the day that begins.</summary>
public sealed record MidnightFee
{
    /// <summary>For people: shown beside the line.</summary>
    public string? Name { get; init; }

    /// <summary>Dates are compared with the date that ends.</summary>
    public AppliesTo? AppliesTo { get; init; }

    public required decimal Price { get; init; }
}

/// <summary>How a stay hangs together with those of the same car before it.</summary>
public sealed record Reentry
{
    /// <summary>Back within so many minutes, the car continues its stay: everything runs on, and what the earlier part cost is taken
    /// off. Null: every entry begins a stay.</summary>
    public int? WithinMinutes { get; init; }

    /// <summary>What becomes of the time between the two.</summary>
    public TimeAway TimeAway { get; init; }

    /// <summary>Caps per day hold for all stays of a date together.</summary>
    public bool ShareDayCap { get; init; }
}

/// <summary>Free: it is not charged, and clocks stand still. Counts: the fee is computed from the first entry on, as if the car had
/// stayed.</summary>
public enum TimeAway { Free, Counts }

/// <summary>First: in the order of the tariff. Multiply: each on top of the others. Largest: that one alone.</summary>
public enum FactorsTogether { First, Multiply, Largest }

/// <summary>Every charge is multiplied by <see cref="Factor"/>; with <see cref="ScaleLimits"/>
/// caps and minimum charge too.</summary>
public sealed record TariffFactor
{
    /// <summary>Unique; people read it in the fee.</summary>
    public required string Id { get; init; }

    public AppliesTo? AppliesTo { get; init; }

    public required decimal Factor { get; init; }

    public bool ScaleLimits { get; init; }
}

/// <summary>A stay and the fee it must come to. Times are local clock times without an offset.</summary>
public sealed record TariffExample
{
    public string? Name { get; init; }

    public required DateTime Entry { get; init; }

    public required DateTime Exit { get; init; }

    public VehicleKind Vehicle { get; init; }

    public PlateColour Colour { get; init; }

    public bool NewEnergy { get; init; }

    /// <summary>The groups that the vehicle is in.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Marked by hand for another charge.</summary>
    public bool ByHand { get; init; }

    /// <summary>The car's stays before this one, in order.</summary>
    public IReadOnlyList<ExampleStay> Earlier { get; init; } = [];

    /// <summary>Null: Saturdays and Sundays rest.</summary>
    public DayTypes? Calendar { get; init; }

    public required decimal Fee { get; init; }
}

/// <summary>An earlier stay in an example, in local clock times.</summary>
public sealed record ExampleStay
{
    public required DateTime Entry { get; init; }

    public required DateTime Exit { get; init; }
}
