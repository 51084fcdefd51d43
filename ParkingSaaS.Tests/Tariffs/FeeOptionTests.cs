using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>What notices word differently, and the tariff therefore says: time away, factors together, "up to" and "less than", and
/// whether a rule starts afresh at midnight.</summary>
public sealed class FeeOptionTests
{
    const string HalfHours = """{"price":1,"perMinutes":30}""";

    [Theory]
    [InlineData("free", "2.00")]
    [InlineData("counts", "3.00")]
    public void Time_away_is_free_or_counts_as_parked(string away, string fee)
    {
        var tariff = Tariff(Timed(HalfHours), $$""" "reentry":{"withinMinutes":60,"timeAway":"{{away}}"} """);
        Assert.Equal(fee, Price(tariff, "10:30", "11:00"));
        // One minute more away, and it is another stay.
        Assert.Equal("2.00", Price(tariff, "10:30", "11:31", "12:31"));

        static string Price(Tariff tariff, string left, string back, string exit = "12:00") => Quote(tariff, new Stay(At(back), At(exit),
            Earlier: [new EarlierStay(At("10:00"), At(left))])).Amount.ToString();
    }

    static DateTimeOffset At(string clock) => Instant($"2026-11-17 {clock}", Shanghai);

    [Fact]
    public void Time_away_that_counts_runs_through_several_stays_and_over_midnight()
    {
        var tariff = Tariff(Timed(HalfHours, """ "per":"stay" """),
            """ "reentry":{"withinMinutes":60,"timeAway":"counts"},"midnightFees":[{"price":7}] """);
        var stay = new Stay(Instant("2026-11-18 00:20", Shanghai), Instant("2026-11-18 01:00", Shanghai),
            Earlier: [new(At("22:00"), At("23:00")), new(At("23:30"), At("23:40"))]);
        // 22:00 to 01:00 are six units and a midnight, of which four were charged at 23:40.
        var quote = Quote(tariff, stay with { Earlier = null, Entry = At("22:00") });
        Assert.Equal(13, quote.Amount);
        Assert.Equal(13 - 4, Quote(tariff, stay).Amount);
    }

    [Theory]
    [InlineData("first", "6.00", "diesel")]
    [InlineData("multiply", "18.00", "diesel × suv")]
    [InlineData("largest", "12.00", "suv")]
    public void Of_factors_that_apply_together_the_tariff_says_which_counts(string together, string fee, string named)
    {
        var tariff = Tariff(Timed("""{"price":4,"perMinutes":60}"""), $$"""
            "factors":[{"id":"diesel","factor":1.5,"appliesTo":{"groups":["diesel"]} },{"id":"suv","factor":3,"appliesTo":{"groups":["suv"]} }],
            "factorsTogether":"{{together}}"
            """);
        var line = Assert.Single(Quote(tariff, Car("diesel", "suv")).Lines);
        Assert.Equal((fee, named), (line.Amount.ToString(), line.FactorId));
        Assert.Equal(12, Quote(tariff, Car("suv")).Amount);
        Assert.Equal(4, Quote(tariff, Car()).Amount);
    }

    static Stay Car(params string[] groups) => new(At("10:00"), At("11:00"), Groups: groups);

    /// <summary>5 an hour; the day's limit of 8 goes by those factors alone that say so.</summary>
    [Theory]
    [InlineData("first", 10, 8)] // × 2 for charges alone
    [InlineData("multiply", 30, 24)] // × 6 for charges, × 3 for the limit
    [InlineData("largest", 15, 24)] // × 3 for both
    public void Limits_go_by_the_factors_that_count_for_them(string together, int hour, int limit)
    {
        var tariff = Tariff(Timed("""{"price":5,"perMinutes":60}"""), $$"""
            "factors":[{"id":"two","factor":2},{"id":"three","factor":3,"scaleLimits":true}],
            "factorsTogether":"{{together}}","caps":[{"per":"day","amount":8}]
            """);
        var first = Quote(tariff, Car()).Lines;
        Assert.Equal(hour, first[0].Amount);
        Assert.Equal(Math.Min(hour, limit), first.Sum(l => l.Amount));
        Assert.Equal(limit, Quote(tariff, Car() with { Exit = At("20:00") }).Amount);
    }

    [Fact]
    public void A_condition_may_ask_for_all_groups_at_once()
    {
        var tariff = Tariff("""{"id":"both","appliesTo":{"allGroups":["staff","fleet"]},"charge":{"mode":"perEntry","price":9}},"""
            + Timed(HalfHours));
        Assert.Equal(9, Quote(tariff, Car("fleet", "others", "staff")).Amount);
        Assert.All<string[]>([["staff"], ["fleet"], []], groups => Assert.Equal(2, Quote(tariff, Car(groups)).Amount));
    }

    [Theory]
    [InlineData("true", "10:15:00", "0.00")]
    [InlineData("true", "10:15:01", "2.00")]
    [InlineData("false", "10:14:59", "0.00")]
    [InlineData("false", "10:15:00", "2.00")]
    public void Free_minutes_say_whether_their_bound_is_free(string included, string exit, string fee) => Assert.Equal(fee, Fee(
        Tariff(Timed("""{"untilMinutes":60,"total":2}"""), $$""" "freeMinutes":[{"minutes":15,"boundIncluded":{{included}}}] """),
        "2026-11-17 10:00:00", $"2026-11-17 {exit}"));

    [Fact]
    public void Of_a_days_free_minutes_the_bound_counts_each_day()
    {
        var tariff = Tariff(Timed("""{"price":1,"perMinutes":60}"""), """ "freeMinutes":[{"minutes":15,"per":"day","boundIncluded":false}] """);
        Assert.Equal("0.00", Fee(tariff, "2026-11-17 23:46:00", "2026-11-18 00:14:59"));
        Assert.Equal("1.00", Fee(tariff, "2026-11-17 23:46:00", "2026-11-18 00:15:00"));
        Assert.Equal("1.00", Fee(tariff, "2026-11-17 23:45:00", "2026-11-18 00:14:00"));
    }

    [Theory]
    [InlineData("", "/rules/0/per rule.afresh")]
    [InlineData(""" "per":"window" """, "/rules/0/per rule.afresh")]
    [InlineData(""" "per":"stay","cap":{"amount":5}""", "/rules/0/cap/per cap.afresh")]
    [InlineData(""" "per":"day","cap":{"amount":5,"per":"day"}""", "")]
    [InlineData(""" "window":{"from":"08:00","to":"20:00"},"cap":{"amount":5}""", "")]
    public void A_rule_for_the_whole_day_must_say_whether_it_starts_afresh(string more, string open) =>
        Assert.Equal(open, string.Join(" ", TariffChecks.Open(Tariff(Timed(HalfHours, more))).Select(p => $"{p.Path} {p.Code}")));

    [Fact]
    public void What_is_free_has_nothing_to_start_afresh() => Assert.Empty(TariffChecks.Open(Tariff("""{"id":"r","charge":{"mode":"free"}}""")));

    /// <summary>What is in force goes on as it was; a tariff that says so charges over midnight as people expect.</summary>
    [Theory]
    [InlineData("", "2.00", "10.00")]
    [InlineData(""" "per":"day" """, "2.00", "10.00")]
    [InlineData(""" "per":"stay" """, "1.00", "5.00")]
    public void A_rule_starts_afresh_at_midnight_or_runs_on(string per, string units, string firstHour)
    {
        Assert.Equal(units, Fee(Tariff(Timed(HalfHours, per)), "2026-11-17 23:45", "2026-11-18 00:10"));
        Assert.Equal(firstHour, Fee(Tariff(Timed("""{"untilMinutes":60,"total":5},{"price":2,"perMinutes":60}""", per)),
            "2026-11-17 23:30", "2026-11-18 00:30"));
    }

    [Fact]
    public void No_template_leaves_it_open() => Assert.All(TariffTemplate.All, t => Assert.Empty(TariffChecks.Open(t.Tariff)));
}
