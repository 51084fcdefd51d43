namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>
/// Prices a stay: pure, deterministic and bounded. Cuts the stay where the rule in force changes, charges each stretch
/// by how far its rule's clock has run, then applies caps, minimum charge and rounding, and explains every step.
/// </summary>
public static class FeeEngine
{
    /// <summary>A longer stay is a <see cref="QuoteProblem.StayTooLong"/>.</summary>
    public static readonly TimeSpan MaxStay = TimeSpan.FromDays(366);

    private static readonly DateTimeOffset Earliest = new(1970, 1, 3, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The fee. Never throws for a valid tariff (<see cref="TariffValidation"/>).</summary>
    /// <param name="tariff">A valid tariff.</param>
    /// <param name="dayTypes">The calendar of the place.</param>
    /// <param name="zone">In which windows and dates are read.</param>
    /// <param name="stay">What is priced.</param>
    public static FeeQuote Quote(Tariff tariff, DayTypes dayTypes, TimeZoneInfo zone, in Stay stay)
    {
        if (ProblemOf(stay) is { } problem)
            return new FeeQuote { Currency = tariff.Currency, Amount = 0, Problem = problem };

        var rules = tariff.Rules.Count;
        Span<RuleState> states = rules <= 16 ? stackalloc RuleState[rules] : new RuleState[rules];
        states.Fill(RuleState.Fresh);
        return new StayPricing(tariff, dayTypes, zone, in stay, states).Run();
    }

    private static QuoteProblem? ProblemOf(in Stay stay) =>
        stay.Entry < Earliest || stay.Exit > Latest || stay.Entry > Latest || stay.Exit < Earliest ? QuoteProblem.TimeOutOfRange
        : stay.Exit.ToUnixTimeSeconds() < stay.Entry.ToUnixTimeSeconds() ? QuoteProblem.ExitBeforeEntry
        : stay.Exit - stay.Entry > MaxStay ? QuoteProblem.StayTooLong
        : null;
}
