using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>Units that straddle, caps of every reach, midnights, re-entry, groups and marks, each alone. Unless dated, times are on
/// Wednesday 2026-11-18 in Shanghai.</summary>
public sealed class FeeCasesOfCities
{
    private const string ByDay = """ "id":"day","window":{"from":"08:00","to":"20:00"} """;
    private const string ByNight = """ "id":"night","window":{"from":"20:00","to":"08:00"} """;

    private static string At(string time) => time.Contains('-') ? time : "2026-11-18 " + time;

    private static string Rule(string id, decimal price, int unit, string more = "") =>
        $$"""{ {{id}},"charge":{"mode":"timed","stages":[{"price":{{price}},"perMinutes":{{unit}}}]{{more}} } }""";

    // 4 an hour by day, 1 an hour by night; 19:30–20:30 is the unit that straddles.
    [Theory]
    [InlineData("cut", "20:30", "9.00")] // two begun units by day, and one by night
    [InlineData("cut", "20:40", "9.00")]
    [InlineData("start", "19:40", "8.00")]
    [InlineData("start", "20:30", "8.00")]
    [InlineData("start", "20:40", "9.00")]
    [InlineData("end", "20:00", "8.00")] // the night has not come
    [InlineData("end", "20:00:01", "5.00")] // and now it has: the second unit is the night's
    [InlineData("end", "20:30", "5.00")]
    [InlineData("end", "20:40", "6.00")]
    [InlineData("split", "20:00", "8.00")]
    [InlineData("split", "20:30", "6.50")] // 4 + 4/2 + 1/2
    [InlineData("split", "20:15", "6.25")]
    [InlineData("split", "20:40", "7.50")]
    public void A_unit_over_a_boundary_takes_the_rate_that_the_tariff_says(string straddle, string exit, string fee)
    {
        var tariff = Tariff($"{Rule(ByDay, 4, 60, $",\"straddle\":\"{straddle}\"")},{Rule(ByNight, 1, 60)}");
        Assert.Equal(fee, Fee(tariff, At("18:30"), At(exit)));
    }

    [Theory]
    [InlineData("start", "6.00")] // Sunday's unit begins at 23:30 and lasts until 00:30
    [InlineData("end", "4.00")]
    [InlineData("split", "5.00")]
    public void It_may_straddle_midnight(string straddle, string fee)
    {
        var tariff = Tariff(Rule(""" "id":"rest","appliesTo":{"dayTypes":["restDay"]} """, 4, 60, $",\"straddle\":\"{straddle}\"") + ","
            + Rule(""" "id":"work" """, 2, 60));
        Assert.Equal(fee, Fee(tariff, "2026-11-22 23:30", "2026-11-23 01:30"));
    }

    [Fact]
    public void At_the_rate_of_its_end_a_unit_is_free_where_nothing_is_charged() =>
        Assert.Equal("4.00", Fee(Tariff(Rule(ByDay, 4, 60, ""","straddle":"end" """)), At("18:30"), At("22:00")));

    [Theory]
    [InlineData("2026-11-18 19:00", "2026-11-19 08:00", "14.00", 2)] // one hour by day, the night at most 10: both of its rules are cut
    [InlineData("2026-11-18 22:00", "2026-11-20 09:00", "72.00", 3)] // two nights at most 10, one day, one hour; of the first night only the second rule is cut
    [InlineData("2026-11-18 02:00", "2026-11-18 08:00", "6.00", 0)]
    public void A_cap_for_hours_of_the_day_holds_whichever_rules_apply(string entry, string exit, string fee, int caps)
    {
        // The night is two rules, the cap one.
        var tariff = Tariff($"{Rule(ByDay, 4, 60)},{Rule(""" "id":"late","window":{"from":"20:00","to":"02:00"} """, 2, 60)},{Rule(ByNight, 1, 60)}",
            """ "caps":[{"name":"夜间","per":"window","window":{"from":"20:00","to":"08:00"},"amount":10}] """);
        var quote = Quote(tariff, entry, exit);
        Assert.Equal(fee, quote.Amount.ToString());
        Assert.Equal(Enumerable.Repeat("夜间", caps), quote.Lines.Where(l => l.Code == FeeLineCode.WindowCap).Select(l => l.Name));
    }

    [Theory]
    [InlineData("22:00", "24.00")] // 12 hours from 10:00
    [InlineData("23:00", "28.00")]
    [InlineData("2026-11-19 10:00", "48.00")]
    public void A_cap_per_period_counts_from_entry(string exit, string fee) => Assert.Equal(fee,
        Fee(Tariff(Timed("""{"price":4,"perMinutes":60}"""), """ "caps":[{"per":"period","periodMinutes":720,"amount":24}] """), At("10:00"), At(exit)));

    [Theory]
    [InlineData("small", "40.00")]
    [InlineData("large", "120.00")]
    public void A_day_costs_as_much_as_ten_hours(string vehicle, string fee) => Assert.Equal(fee, Quote(
        Tariff(Timed("""{"price":4,"perMinutes":60}"""), """
            "day":"rolling24h","caps":[{"per":"day","like":{"rule":"timed","minutes":600}}],
            "factors":[{"id":"heavy","factor":3,"appliesTo":{"vehicles":["large"]}}]
            """), At("10:00"), "2026-11-19 10:00", vehicle: Enum.Parse<VehicleKind>(vehicle, ignoreCase: true)).Amount.ToString());

    [Theory]
    [InlineData("2026-01-14 08:00", "2026-01-14 20:00", "5.00")] // winter
    [InlineData("2026-07-15 08:00", "2026-07-15 20:00", "8.00")]
    [InlineData("2026-07-15 08:00", "2026-07-17 20:00", "14.00")] // 8 + 3 + 3
    public void Caps_change_with_the_season_and_the_day_number(string entry, string exit, string fee) => Assert.Equal(fee,
        Fee(Tariff(Timed("""{"price":1,"perMinutes":60}"""), """
            "caps":[{"per":"day","fromDay":2,"amount":3},
              {"per":"day","amount":5,"appliesTo":{"seasons":[{"from":"11-01","to":"03-31"}]}},{"per":"day","amount":8}]
            """), entry, exit));

    [Theory]
    [InlineData("2026-11-18 10:00", "2026-11-18 24:00", "0.00")]
    [InlineData("2026-11-18 23:59:59", "2026-11-19 00:00:01", "20.00")]
    [InlineData("2026-11-19 00:00", "2026-11-19 20:00", "0.00")]
    [InlineData("2026-11-18 10:00", "2026-11-21 10:00", "65.00")] // Friday's costs 25
    public void Each_midnight_has_its_price(string entry, string exit, string fee) => Assert.Equal(fee,
        Fee(Tariff("""{"id":"free","charge":{"mode":"free"}}""", """
            "midnightFees":[{"name":"Friday","price":25,"appliesTo":{"weekdays":["friday"]}},{"price":20}]
            """), entry.Replace("18 24:00", "19 00:00"), exit.Replace("18 24:00", "19 00:00")));

    [Theory]
    [InlineData("12:00", "4.00")]
    [InlineData("12:00:01", "14.00")] // past the two hours that one may stay
    [InlineData("14:00", "24.00")]
    public void Beyond_the_maximum_stay_another_rate_is_in_force(string exit, string fee) => Assert.Equal(fee,
        Fee(Tariff(Rule(""" "id":"over","afterMinutes":120 """, 10, 60) + "," + Rule(""" "id":"day" """, 2, 60)), At("10:00"), At(exit)));

    [Theory]
    [InlineData("12:00", "2.00")]
    [InlineData("12:00:01", "12.00")]
    public void What_comes_in_between_brings_another_rate_no_sooner(string exit, string fee) => Assert.Equal(fee, Fee(Tariff(
        Rule(""" "id":"over","afterMinutes":120 """, 10, 60)
        + ""","""
        + """{"id":"coffee","window":{"from":"11:00","to":"11:30"},"charge":{"mode":"free"}},"""
        + Rule(""" "id":"day" """, 1, 60)), At("10:00"), At(exit)));

    [Theory]
    [InlineData("2026-11-20 20:00", "2026-11-21 08:00", "5.00")] // Friday's night lasts into Saturday
    [InlineData("2026-11-21 00:00", "2026-11-21 08:00", "5.00")]
    [InlineData("2026-11-21 20:00", "2026-11-22 08:00", "12.00")]
    [InlineData("2026-11-22 20:00", "2026-11-23 08:00", "12.00")] // Sunday's night too
    public void A_cap_for_a_night_belongs_to_the_date_on_which_it_begins(string entry, string exit, string fee) => Assert.Equal(fee,
        Fee(Tariff(Timed("""{"price":1,"perMinutes":60}"""), """
            "caps":[{"per":"window","window":{"from":"20:00","to":"08:00"},"amount":5,"appliesTo":{"dayTypes":["workday"]} }]
            """), entry, exit));

    [Fact]
    public void Groups_and_marks_choose_a_factor()
    {
        var tariff = Tariff(Timed("""{"price":4,"perMinutes":60}"""), """
            "factors":[{"id":"double","factor":2,"appliesTo":{"byHand":true}},{"id":"half","factor":0.5,"appliesTo":{"groups":["residents"]}}]
            """);
        decimal Of(params string[] groups) => Quote(tariff, new Stay(Instant(At("10:00"), Shanghai), Instant(At("11:00"), Shanghai), Groups: groups)).Amount;
        Assert.Equal([4, 4, 2], [Of(), Of("staff"), Of("staff", "residents")]);
        Assert.Equal(8, Quote(tariff, new Stay(Instant(At("10:00"), Shanghai), Instant(At("11:00"), Shanghai), ByHand: true)).Amount);
    }

    private static FeeQuote After(Tariff tariff, string earlier, string entry, string exit)
    {
        var stays = earlier.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split('~'))
            .Select(e => new EarlierStay(Instant(At(e[0]), Shanghai), Instant(At(e[1]), Shanghai)));
        return FeeEngine.Quote(tariff, DayTypes.Weekends, Shanghai,
            new Stay(Instant(At(entry), Shanghai), Instant(At(exit), Shanghai), Earlier: [.. stays]));
    }

    [Theory]
    [InlineData("", "8.00")]
    [InlineData("09:00~09:50", "3.00")] // back after ten minutes: 110 minutes parked, the first hour is paid
    [InlineData("09:00~09:29", "8.00")] // after 31: a stay of its own
    [InlineData("08:00~08:40,09:00~09:50", "3.00")] // 160 minutes parked: 5 + 3 + 3, of which 8 are paid
    public void A_car_soon_back_continues_its_stay(string earlier, string fee)
    {
        // 5 for the first hour, 3 for each after it.
        var tariff = Tariff(Timed("""{"untilMinutes":60,"total":5},{"price":3,"perMinutes":60}"""), """ "reentry":{"withinMinutes":30} """);
        var quote = After(tariff, earlier, "10:00", "11:10");
        Assert.Equal(quote.Amount, quote.Lines.Sum(l => l.Amount));
        Assert.Equal(fee, quote.Amount.ToString());
    }

    [Theory]
    [InlineData("", "16.00")]
    [InlineData("06:00~08:00", "12.00")] // 8 of the day's 20 are used
    [InlineData("02:00~07:00", "0.00")]
    [InlineData("2026-11-17 22:00~02:00", "12.00")] // 8 of them today
    [InlineData("2026-11-17 01:00~2026-11-17 09:00", "16.00")]
    public void The_stays_of_a_date_share_its_cap(string earlier, string fee) => Assert.Equal(fee, After(
        Tariff(Timed("""{"price":4,"perMinutes":60}"""), """ "caps":[{"per":"day","amount":20}],"reentry":{"shareDayCap":true} """),
        earlier, "10:00", "14:00").Amount.ToString());

    [Fact]
    public void The_next_dates_cap_is_whole() => Assert.Equal(12 + 20, After(
        Tariff(Timed("""{"price":4,"perMinutes":60}"""), """ "caps":[{"per":"day","amount":20}],"reentry":{"shareDayCap":true} """),
        "06:00~08:00", "10:00", "2026-11-19 10:00").Amount);

    [Theory]
    [InlineData("", "0.00")]
    [InlineData("02:00~03:00", "4.00")]
    [InlineData("2026-11-17 02:00~03:00", "4.00")]
    [InlineData("2026-11-16 02:00~2026-11-16 03:00", "0.00")]
    public void The_first_stay_in_so_many_days_is_free(string earlier, string fee) => Assert.Equal(fee, After(
        Tariff(Timed("""{"price":4,"perMinutes":60}"""), """ "freeMinutes":[{"minutes":120,"oncePerDays":2}] """),
        earlier.Replace("17 02:00~03:00", "17 02:00~2026-11-17 03:00"), "10:00", "11:00").Amount.ToString());

    [Theory]
    [InlineData("08:00~10:30")]
    [InlineData("08:00~07:00")]
    [InlineData("08:00~09:00,08:30~09:30")]
    [InlineData("2020-11-17 02:00~2020-11-17 03:00")]
    public void Earlier_stays_that_cannot_be_give_no_fee(string earlier) => Assert.Equal(QuoteProblem.EarlierStays, After(
        Tariff(Timed("""{"price":4,"perMinutes":60}"""), """ "reentry":{"withinMinutes":30} """), earlier, "10:00", "11:00").Problem);
}
