using System.Text.Json.Serialization;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>
/// A fee and why. The lines' amounts sum exactly to <see cref="Amount"/>. Kept with the order as JSON
/// (<see cref="TariffJson.Options"/>), amounts as decimal strings.
/// </summary>
public sealed record FeeQuote
{
    public required Currency Currency { get; init; }

    /// <summary>The fee in the currency's main unit (yuan): not negative, a whole number of minor units.</summary>
    [JsonPropertyName("total"), JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public required decimal Amount { get; init; }

    /// <summary><see cref="Amount"/> in minor units.</summary>
    [JsonIgnore]
    public Money Total => new(decimal.ToInt64(Amount / Currency.SmallestUnit));

    /// <summary>Set when the stay has no fee: then the amount is 0, which JSON leaves out, there are no lines, and a person must
    /// decide.</summary>
    public QuoteProblem? Problem { get; init; }

    /// <summary>In the order of time; a limit follows what it limits.</summary>
    public IReadOnlyList<FeeLine> Lines { get; init; } = [];

    /// <summary>What else decided it, or should be known about it; null where that is nothing.</summary>
    public IReadOnlyList<FeeNote>? Notes { get; init; }
}

/// <summary>Why a stay has no fee.</summary>
public enum QuoteProblem
{
    ExitBeforeEntry,

    /// <summary>Longer than <see cref="FeeEngine.MaxStay"/>.</summary>
    StayTooLong,

    /// <summary>Before 1970 or after 9990.</summary>
    TimeOutOfRange,

    /// <summary>The car's earlier stays overlap, are not in order, or reach back too far.</summary>
    EarlierStays,
}

/// <summary>One reason for a part of the fee. Which of the optional values are set follows from <see cref="Code"/>.</summary>
public sealed record FeeLine
{
    /// <summary>Stands between factors that multiply.</summary>
    public const string Times = " × ";

    public required FeeLineCode Code { get; init; }

    /// <summary>Id of the rule, or of the factor.</summary>
    public string? Rule { get; init; }

    /// <summary>The rule's name for people.</summary>
    public string? Name { get; init; }

    /// <summary>An instant; with <see cref="To"/> the half-open period that the line is about.</summary>
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public decimal? Units { get; init; }

    /// <summary>A unit's length, or that of a cap's period; of what reaches for a day that is not one of the calendar, that day's.</summary>
    public int? UnitMinutes { get; init; }

    /// <summary>A begun unit that is shorter is free.</summary>
    public int? FreeBelowMinutes { get; init; }

    /// <summary>End of the stage, in minutes under the rule.</summary>
    public int? UntilMinutes { get; init; }

    /// <summary>Price of a unit or an entry, total of a step, amount of a cap or minimum; before <see cref="Factor"/>.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public decimal? Price { get; init; }

    /// <summary>What of a day's cap the car's earlier stays had used; what of a step's total was charged before. The vehicle's factor is in
    /// it.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public decimal? Used { get; init; }

    /// <summary>How far an entry or a rule's cap reaches before it starts afresh: its window, its day, or the stay.</summary>
    public Per? Per { get; init; }

    /// <summary>So much of the line's beginning belongs to a unit that was charged before.</summary>
    public int? PaidSeconds { get; init; }

    /// <summary>So long had the first unit run before the line's time, uncharged: that counts in it.</summary>
    public int? RanSeconds { get; init; }

    /// <summary>How an incomplete unit was charged.</summary>
    public UnitRounding? UnitRounding { get; init; }

    /// <summary>How the total was rounded.</summary>
    public RoundingMode? TotalRounding { get; init; }

    /// <summary>The vehicle's factor, already in <see cref="Amount"/>.</summary>
    public decimal? Factor { get; init; }

    /// <summary>What the tariff calls that factor; several are joined by <see cref="Times"/>.</summary>
    public string? FactorId { get; init; }

    /// <summary>Signed, in the currency's main unit, at most six decimals.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public required decimal Amount { get; init; }
}

/// <summary>Stable: screens, receipts and the API word a line by it.</summary>
public enum FeeLineCode
{
    /// <summary>A price per entry, or each time its rule starts afresh. Price, Per, UnitMinutes, Factor.</summary>
    Entry,

    /// <summary>Units at a rate. Units, UnitMinutes, Price, UnitRounding, FreeBelowMinutes, UntilMinutes,
    /// PaidSeconds or RanSeconds, Factor.</summary>
    Rate,

    /// <summary>The unit that had begun, and was charged, runs on: nothing more.</summary>
    UnitBegun,

    /// <summary>A begun unit that is too short to be charged; like <see cref="Rate"/>.</summary>
    ShortUnit,

    /// <summary>A step of a table was reached. Price is its total, UntilMinutes its end, Used, Factor.</summary>
    Step,

    /// <summary>The entry is already charged, or all stages of the rule have run: nothing more.</summary>
    PastStages,

    /// <summary>A rule that charges nothing.</summary>
    Free,

    /// <summary>No rule applies to this time: nothing.</summary>
    NoRule,

    /// <summary>Free minutes.</summary>
    FreeMinutes,

    /// <summary>Between two stays that are one: the car was away.</summary>
    Away,

    /// <summary>A local midnight. Price, Factor.</summary>
    Midnight,

    /// <summary>Entry and exit within the same second: nothing.</summary>
    NoTime,

    /// <summary>A rule's cap. Price is the cap; Amount is what it takes off; Per, UnitMinutes.</summary>
    RuleCap,

    /// <summary>A cap for some hours of the day, whichever rules apply.</summary>
    WindowCap,

    /// <summary>A cap for every so many minutes from entry, UnitMinutes.</summary>
    PeriodCap,

    /// <summary>The cap per day. UnitMinutes where a day is 24 hours from entry; Used.</summary>
    DayCap,

    StayCap,

    /// <summary>Raised to the minimum charge, which is Price.</summary>
    Minimum,

    /// <summary>From the exact sum to the payable total. Price is the unit rounded to.</summary>
    Rounding,

    /// <summary>Takes off what the stay came to before the car came back.</summary>
    EarlierStays,

    /// <summary>A pass covers this time: nothing. Name is its number.</summary>
    Pass,
}
