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
    public static FeeQuote Quote(Tariff tariff, DayTypes dayTypes, TimeZoneInfo zone, in Stay stay)
    {
        if (ProblemOf(stay) is { } problem)
            return Refused(tariff, problem);

        if (stay.Earlier is { Count: > 0 } earlier && tariff.DaysBack > 0)
            return AfterEarlier(tariff, dayTypes, zone, stay, earlier);
        return Price(tariff, dayTypes, zone, stay, default).Quote;
    }

    private static StayOutcome Price(Tariff tariff, DayTypes dayTypes, TimeZoneInfo zone, in Stay stay, in StaysBefore before)
    {
        var (rules, count) = (tariff.Rules.Count, tariff.Rules.Count + tariff.Caps.Count);
        Span<RuleClock> clocks = count <= 16 ? stackalloc RuleClock[rules] : new RuleClock[rules];
        clocks.Fill(RuleClock.Fresh);
        Span<CapUse> caps = count <= 16 ? stackalloc CapUse[count] : new CapUse[count];
        caps.Fill(CapUse.Fresh);
        return new StayPricing(tariff, dayTypes, zone, in stay, in before, clocks, caps).Run();
    }

    /// <summary>Prices the car's stays one after the other. Those that continue one another are priced as one, from which is taken off
    /// what it came to without the last.</summary>
    private static FeeQuote AfterEarlier(Tariff tariff, DayTypes dayTypes, TimeZoneInfo zone, in Stay stay, IReadOnlyList<EarlierStay> earlier)
    {
        if (stay.Exit - earlier[0].Entry > 2 * MaxStay || earlier[0].Entry < Earliest)
            return Refused(tariff, QuoteProblem.EarlierStays);
        var (count, first) = (earlier.Count, 0);
        var before = new StaysBefore();
        for (var i = 0; i <= count; i++)
        {
            var (entry, exit) = At(in stay, i);
            if (exit < entry || i > 0 && entry < earlier[i - 1].Exit)
                return Refused(tariff, QuoteProblem.EarlierStays);
            var back = tariff.Reentry?.WithinMinutes is { } within && i > first && entry - earlier[i - 1].Exit <= TimeSpan.FromMinutes(within);
            if (i == first || back)
                continue;
            // What came before was a stay of its own, over and paid.
            before = Price(tariff, dayTypes, zone, Part(in stay, first, i - 1), before).Next;
            first = i;
        }
        if (stay.Exit - At(in stay, first).Entry > MaxStay)
            return Refused(tariff, QuoteProblem.StayTooLong);
        var quote = Price(tariff, dayTypes, zone, Part(in stay, first, count), before).Quote;
        if (first == count)
            return quote;
        var paid = Price(tariff, dayTypes, zone, Part(in stay, first, count - 1), before).Quote.Amount;
        return quote with
        {
            Amount = FeeLines.Tidy(quote.Amount - paid, tariff.Currency),
            Lines = new List<FeeLine>(quote.Lines)
            {
                new() { Code = FeeLineCode.EarlierStays, From = earlier[first].Entry, To = earlier[count - 1].Exit, Amount = -paid },
            },
        };
    }

    private static EarlierStay At(in Stay stay, int index) =>
        index < stay.Earlier!.Count ? stay.Earlier[index] : new EarlierStay(stay.Entry, stay.Exit);

    /// <summary>The stays from one to another as one, with those in it that came before its last.</summary>
    private static Stay Part(in Stay stay, int first, int last)
    {
        var parts = new EarlierStay[last - first];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = stay.Earlier![first + i];
        var (entry, exit) = At(in stay, last);
        return stay with { Entry = entry, Exit = exit, Earlier = parts };
    }

    private static FeeQuote Refused(Tariff tariff, QuoteProblem problem) => new() { Currency = tariff.Currency, Amount = 0, Problem = problem };

    private static QuoteProblem? ProblemOf(in Stay stay) =>
        stay.Entry < Earliest || stay.Exit > Latest || stay.Entry > Latest || stay.Exit < Earliest ? QuoteProblem.TimeOutOfRange
        : stay.Exit.ToUnixTimeSeconds() < stay.Entry.ToUnixTimeSeconds() ? QuoteProblem.ExitBeforeEntry
        : stay.Exit - stay.Entry > MaxStay ? QuoteProblem.StayTooLong
        : null;
}
