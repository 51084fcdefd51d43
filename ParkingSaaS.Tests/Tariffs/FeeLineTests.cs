using System.Globalization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>What each line of a quote says, and where it begins and ends. Times are on Wednesday 2026-11-18 in Shanghai.</summary>
public sealed class FeeLineTests
{
    const string Lunch = """{"id":"lunch","window":{"from":"12:00","to":"13:00"},"charge":{"mode":"free"}},""";
    const string Tea = """{"id":"tea","window":{"from":"14:00","to":"15:00"},"charge":{"mode":"free"}},""";

    static string At(string time) => "2026-11-18 " + time;

    static FeeQuote On(Tariff tariff, string entry, string exit) => Quote(tariff, At(entry), At(exit));

    /// <summary>Each line's code, time, units and amount.</summary>
    static string Told(FeeQuote quote) => string.Join("; ", quote.Lines.Select(l =>
        string.Create(CultureInfo.InvariantCulture, $"{l.Code} {Clock(l.From)}-{Clock(l.To)} {(l.Units is { } units ? $"{units} × " : "")}{l.Amount}")));

    static string Clock(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("HH:mm", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("10:30:00", "0.00")]
    [InlineData("10:30:01", "3.00")]
    [InlineData("11:00:00", "3.00")]
    [InlineData("11:00:01", "5.00")]
    [InlineData("12:00:00", "5.00")]
    public void A_step_of_a_table_lasts_to_its_end_and_no_longer(string exit, string fee)
    {
        var quote = On(Tariff(Timed("""{"untilMinutes":30,"total":0},{"untilMinutes":60,"total":3},{"untilMinutes":120,"total":5}""")), "10:00", exit);
        Assert.Equal(fee, Assert.Single(quote.Lines).Amount.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("""{"untilMinutes":60,"total":5},{"price":1,"perMinutes":60}""",
        "Step 11:00-12:00 5.00; Free 12:00-13:00 0.00; Rate 13:00-14:00 1 × 1.00; Free 14:00-15:00 0.00; Rate 15:00-15:30 1 × 1.00")]
    [InlineData("""{"untilMinutes":60,"price":5,"perMinutes":60},{"price":1,"perMinutes":60}""",
        "Rate 11:00-12:00 1 × 5.00; Free 12:00-13:00 0.00; Rate 13:00-14:00 1 × 1.00; Free 14:00-15:00 0.00; Rate 15:00-15:30 1 × 1.00")]
    [InlineData("""{"untilMinutes":60,"total":5}""",
        "Step 11:00-12:00 5.00; Free 12:00-13:00 0.00; PastStages 13:00-14:00 0.00; Free 14:00-15:00 0.00; PastStages 15:00-15:30 0.00")]
    public void Where_a_stage_ends_with_a_stretch_the_next_stretch_begins_with_the_next_stage(string stages, string lines) =>
        Assert.Equal(lines, Told(On(Tariff(Lunch + Tea + Timed(stages)), "11:00", "15:30")));

    [Theory]
    [InlineData("""{"price":1,"perMinutes":30}""", "11:50", "13:15", "Rate 11:50-12:00 1 × 1.00; Free 12:00-13:00 0.00; UnitBegun 13:00-13:15 0.00")]
    [InlineData("""{"price":1,"perMinutes":30}""", "11:50", "13:40", "Rate 11:50-12:00 1 × 1.00; Free 12:00-13:00 0.00; Rate 13:00-13:40 1 × 1.00")]
    [InlineData("""{"price":1,"perMinutes":30,"freeBelowMinutes":10}""", "11:30", "13:05",
        "Rate 11:30-12:00 1 × 1.00; Free 12:00-13:00 0.00; ShortUnit 13:00-13:05 0 × 0.00")]
    [InlineData("""{"price":1,"perMinutes":30,"freeBelowMinutes":10}""", "11:30", "13:10",
        "Rate 11:30-12:00 1 × 1.00; Free 12:00-13:00 0.00; Rate 13:00-13:10 1 × 1.00")]
    [InlineData("""{"price":1,"perMinutes":30,"round":"down"}""", "11:30", "13:05",
        "Rate 11:30-12:00 1 × 1.00; Free 12:00-13:00 0.00; Rate 13:00-13:05 0 × 0.00")]
    [InlineData("""{"untilMinutes":60,"total":5},{"price":1,"perMinutes":30}""", "10:50", "13:15",
        "Step 10:50-11:50 5.00; Rate 11:50-12:00 1 × 1.00; Free 12:00-13:00 0.00; UnitBegun 13:00-13:15 0.00")]
    [InlineData("""{"untilMinutes":60,"total":5},{"price":1,"perMinutes":30,"freeBelowMinutes":10}""", "10:30", "13:05",
        "Step 10:30-11:30 5.00; Rate 11:30-12:00 1 × 1.00; Free 12:00-13:00 0.00; ShortUnit 13:00-13:05 0 × 0.00")]
    public void A_line_says_whether_a_unit_is_charged_had_begun_or_is_too_short(string stages, string entry, string exit, string lines) =>
        Assert.Equal(lines, Told(On(Tariff(Lunch + Timed(stages)), entry, exit)));

    [Fact]
    public void A_total_takes_off_what_all_rates_before_it_came_to()
    {
        var tariff = Tariff(Timed("""
            {"untilMinutes":60,"price":1,"perMinutes":60},{"untilMinutes":120,"price":2,"perMinutes":60},{"total":10}
            """));
        Assert.Equal("Rate 10:00-11:00 1 × 1.00; Rate 11:00-12:00 1 × 2.00; Step 12:00-12:10 7.00", Told(On(tariff, "10:00", "12:10")));
    }

    [Theory]
    [InlineData("""{"mode":"perEntry","price":4}""", "6.00")]
    [InlineData("""{"mode":"timed","stages":[{"price":4,"perMinutes":60}]}""", "6.00")]
    [InlineData("""{"mode":"timed","stages":[{"untilMinutes":60,"total":4}]}""", "6.00")]
    public void A_line_names_the_factor_that_is_in_its_amount(string charge, string amount)
    {
        var rule = $$"""{"id":"r","charge":{{charge}} }""";
        var line = Assert.Single(On(Tariff(rule, """ "factors":[{"id":"heavy","factor":1.5}] """), "10:00", "11:00").Lines);
        Assert.Equal((amount, "4.00", 1.5m, "heavy"), (line.Amount.ToString(CultureInfo.InvariantCulture), line.Price.ToString(), line.Factor, line.FactorId));
        line = Assert.Single(On(Tariff(rule), "10:00", "11:00").Lines);
        Assert.Equal(("4.00", (decimal?)null, (string?)null), (line.Amount.ToString(CultureInfo.InvariantCulture), line.Factor, line.FactorId));
    }

    [Fact]
    public void Of_factors_that_are_equal_the_first_has_its_name() => Assert.Equal("a", Assert.Single(On(Tariff(Timed("""{"price":4,"perMinutes":60}"""),
        """ "factors":[{"id":"a","factor":3},{"id":"b","factor":3}],"factorsTogether":"largest" """), "10:00", "11:00").Lines).FactorId);

    [Theory]
    [InlineData("true", 2, "heavy", "14.00")]
    [InlineData("false", null, null, "7.00")]
    public void A_limit_names_the_factor_that_scales_it(string scales, int? factor, string? named, string fee)
    {
        var quote = On(Tariff(Timed("""{"price":4,"perMinutes":60}"""),
            $$""" "caps":[{"per":"stay","amount":7}],"factors":[{"id":"heavy","factor":2,"scaleLimits":{{scales}}}] """), "10:00", "14:00");
        var line = quote.Lines.Single(l => l.Code == FeeLineCode.StayCap);
        Assert.Equal(((decimal?)factor, named, "7.00", fee),
            (line.Factor, line.FactorId, line.Price.ToString(), quote.Amount.ToString(CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(""","factors":[{"id":"heavy","factor":2}]""", 2)]
    public void A_midnight_names_its_factor(string factors, int? factor)
    {
        var tariff = Tariff("""{"id":"r","charge":{"mode":"free"}}""", """ "midnightFees":[{"name":"night","price":7}] """ + factors);
        var line = Quote(tariff, At("23:00"), "2026-11-19 01:00").Lines.Single(l => l.Code == FeeLineCode.Midnight);
        Assert.Equal(("night", "7.00", 7m * (factor ?? 1), factor), (line.Name, line.Price.ToString(), line.Amount, (int?)line.Factor));
    }

    [Theory]
    [InlineData("08:00", "09:00", "4.00")]
    [InlineData("08:00", "08:00", null)]
    public void A_days_limit_tells_what_earlier_stays_have_used(string entry, string exit, string? used)
    {
        var line = Quote(Tariff(Timed("""{"price":4,"perMinutes":60}"""), """ "caps":[{"per":"day","amount":10}],"reentry":{"shareDayCap":true} """),
            new Stay(Instant(At("10:00"), Shanghai), Instant(At("14:00"), Shanghai), Earlier: [new(Instant(At(entry), Shanghai), Instant(At(exit), Shanghai))]))
            .Lines.Single(l => l.Code == FeeLineCode.DayCap);
        Assert.Equal((used, "10.00"), (line.Used?.ToString(), line.Price.ToString()));
    }

    [Theory]
    [InlineData("", """{"per":"day","amount":7}""", FeeLineCode.DayCap, null)]
    [InlineData(""" "day":"rolling24h", """, """{"per":"day","amount":7}""", FeeLineCode.DayCap, 1440)]
    [InlineData("", """{"per":"stay","amount":7}""", FeeLineCode.StayCap, null)]
    [InlineData("", """{"per":"period","periodMinutes":720,"amount":7}""", FeeLineCode.PeriodCap, 720)]
    [InlineData("", """{"per":"window","window":{"from":"08:00","to":"20:00"},"amount":7}""", FeeLineCode.WindowCap, null)]
    public void A_limit_is_a_line_where_more_would_be_owed(string day, string cap, FeeLineCode code, int? minutes)
    {
        var tariff = Tariff(Timed("""{"price":3.5,"perMinutes":60}"""), $$"""{{day}}"caps":[{{cap}}]""");
        Assert.Equal(FeeLineCode.Rate, Assert.Single(On(tariff, "10:00", "12:00").Lines).Code);
        var line = On(tariff, "10:00", "12:01").Lines[^1];
        Assert.Equal((code, minutes, -3.5m), (line.Code, line.UnitMinutes, line.Amount));
    }

    [Fact]
    public void A_midnight_stands_between_the_days()
    {
        var tariff = Tariff(Timed("""{"price":1,"perMinutes":60}"""), """ "day":"rolling24h","midnightFees":[{"price":7}] """);
        Assert.Equal("Rate 23:00-00:00 1 × 1.00; Midnight 00:00-00:00 7.00; Rate 00:00-01:00 1 × 1.00",
            Told(Quote(tariff, At("23:00"), "2026-11-19 01:00")));
    }

    [Fact]
    public void A_rules_limit_has_the_rules_name()
    {
        var tariff = Tariff(Timed("""{"price":4,"perMinutes":60}""", """ "name":"by day","cap":{"amount":7}"""));
        var line = On(tariff, "10:00", "14:00").Lines.Single(l => l.Code == FeeLineCode.RuleCap);
        Assert.Equal(("timed", "by day", -9m), (line.Rule, line.Name, line.Amount));
    }

    /// <summary>6 an hour until noon and 12 after it: half of the unit from 11:30 each, and one more.</summary>
    [Theory]
    [InlineData("", "Rate 11:30-12:00 0.5 × 3.00; Rate 12:00-12:30 0.5 × 6.00; Rate 12:30-13:00 1 × 12.00")]
    [InlineData(""" "factors":[{"id":"f","factor":2}] """, "Rate 11:30-12:00 0.5 × 6.00; Rate 12:00-12:30 0.5 × 12.00; Rate 12:30-13:00 1 × 24.00")]
    public void A_unit_that_is_shared_shows_each_rules_part(string factors, string lines)
    {
        var quote = On(Tariff(Parted("""{"price":6,"perMinutes":60}""", "split", """{"price":12,"perMinutes":60}"""), factors), "11:30", "13:00");
        Assert.Equal(lines, Told(quote));
        Assert.Equal([UnitRounding.ProRata, UnitRounding.ProRata, UnitRounding.Up], quote.Lines.Select(l => l.UnitRounding!.Value));
    }

    static string Parted(string before, string straddle, string after) => $$"""
        {"id":"a","window":{"from":"00:00","to":"12:00"},"charge":{"mode":"timed","stages":[{{before}}],"straddle":"{{straddle}}"} },
        {"id":"b","window":{"from":"12:00","to":"00:00"},"charge":{"mode":"timed","stages":[{{after}}]} }
        """;

    [Theory]
    // The second stage's unit runs from 11:50 to 12:20.
    [InlineData("""{"untilMinutes":60,"price":1,"perMinutes":60},{"price":2,"perMinutes":30}""", "start", "10:50", "13:10", "23.00")]
    // At noon the first stage is over, though its second unit of 45 minutes is not: no unit is open.
    [InlineData("""{"untilMinutes":60,"price":1,"perMinutes":45},{"price":2,"perMinutes":60}""", "end", "11:00", "12:30", "12.00")]
    public void The_unit_that_is_open_is_that_of_the_stage_reached(string stages, string straddle, string entry, string exit, string fee) => Assert.Equal(fee,
        On(Tariff(Parted(stages, straddle, """{"price":10,"perMinutes":30}""")), entry, exit).Amount.ToString(CultureInfo.InvariantCulture));

    /// <summary>A day's limit that is what a rule charges for some minutes.</summary>
    [Theory]
    [InlineData("""{"mode":"perEntry","price":4}""", 60, "6.00")]
    [InlineData("""{"mode":"free"}""", 60, "0.00")]
    [InlineData("""{"mode":"timed","stages":[{"untilMinutes":60,"total":4},{"untilMinutes":120,"total":8}]}""", 60, "6.00")]
    [InlineData("""{"mode":"timed","stages":[{"untilMinutes":60,"total":4},{"untilMinutes":120,"total":8}]}""", 61, "12.00")]
    [InlineData("""{"mode":"timed","stages":[{"untilMinutes":60,"price":4,"perMinutes":60},{"price":2,"perMinutes":60}]}""", 120, "9.00")]
    [InlineData("""{"mode":"timed","stages":[{"price":2,"perMinutes":60,"round":"down"}]}""", 119, "3.00")]
    [InlineData("""{"mode":"timed","stages":[{"price":2,"perMinutes":60,"round":"nearest"}]}""", 90, "6.00")]
    public void A_limit_like_a_rule_is_what_the_rule_charges(string charge, int minutes, string limit) => Assert.Equal(limit, On(Tariff(
        $$"""{"id":"like","window":{"from":"00:00","to":"01:00"},"charge":{{charge}} },""" + Timed("""{"price":1,"perMinutes":1}"""),
        $$""" "caps":[{"per":"day","like":{"rule":"like","minutes":{{minutes}} } }],"factors":[{"id":"f","factor":1.5}] """), "10:00", "14:00")
        .Amount.ToString(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("CNY", "5", "5.00", "5.00")]
    [InlineData("CNY", "0.50", "0.50", "0.50")]
    [InlineData("CNY", "0.1250", "0.125", "0.13")]
    [InlineData("CNY", "0.333333", "0.333333", "0.33")]
    [InlineData("JPY", "800.00", "800", "800")]
    [InlineData("JPY", "0.50", "0.5", "1")]
    [InlineData("TND", "10.8", "10.800", "10.800")]
    [InlineData("TND", "0.33333", "0.33333", "0.333")]
    public void Amounts_have_the_decimals_of_their_currency_and_lines_more_where_they_need_them(string currency, string price, string shown, string total)
    {
        var quote = On(In(currency, Timed($$"""{"price":{{price}},"perMinutes":60}""")), "10:00", "11:00");
        Assert.Equal((shown, shown, total), (quote.Lines[0].Price!.Value.ToString(CultureInfo.InvariantCulture),
            quote.Lines[0].Amount.ToString(CultureInfo.InvariantCulture), quote.Amount.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Limits, midnights, what costs nothing, and what was paid before a car came back.</summary>
    [Theory]
    [InlineData("JPY", 0)]
    [InlineData("CNY", 2)]
    [InlineData("TND", 3)]
    public void Every_amount_has_all_decimals_of_its_currency(string currency, int digits)
    {
        var tariff = In(currency, """{"id":"free","window":{"from":"12:00","to":"13:00"},"charge":{"mode":"free"}},"""
            + Timed("""{"price":5,"perMinutes":60}""", """ "per":"stay","cap":{"amount":20,"per":"stay"} """),
            """
            "freeMinutes":[{"minutes":5,"whenExceeded":"deduct"}],"midnightFees":[{"price":7}],"caps":[{"amount":15,"per":"day"}],
            "rounding":{"mode":"up","unit":10},"reentry":{"withinMinutes":60}
            """);
        var quote = Quote(tariff, new Stay(Instant(At("22:00"), Shanghai), Instant("2026-11-19 01:00", Shanghai),
            Earlier: [new(Instant(At("11:00"), Shanghai), Instant(At("21:30"), Shanghai))]));
        Assert.Superset(new HashSet<FeeLineCode> { FeeLineCode.Free, FeeLineCode.FreeMinutes, FeeLineCode.RuleCap, FeeLineCode.DayCap, FeeLineCode.Rounding,
            FeeLineCode.EarlierStays, FeeLineCode.Away }, quote.Lines.Select(l => l.Code).ToHashSet());
        Assert.All(quote.Lines.SelectMany(l => new[] { l.Amount, l.Price, l.Used }).OfType<decimal>().Append(quote.Amount), a => Assert.Equal(digits, a.Scale));
        Assert.Equal(digits, On(tariff, "10:00", "10:00").Amount.Scale);
    }

    static Tariff In(string currency, string rules, string more = "")
    {
        var digits = ParkingSaaS.Core.Common.Currency.Find(currency)!.Digits;
        return Tariff(rules, $$""" "currency":{"code":"{{currency}}","digits":{{digits}} }""" + (more == "" ? "" : "," + more));
    }

    /// <summary>5 an hour at least 10, at most what a hour costs; a motorcycle pays half, and so does its limit that is a price.</summary>
    [Theory]
    [InlineData("stay", "10:30", "Rate 10:00-10:30 1 × 5.00; Minimum 10:00-10:30 5.00; StayCap 10:00-10:30 -5.00", "5.00")]
    [InlineData("stay", "14:00", "Rate 10:00-14:00 4 × 20.00; StayCap 10:00-14:00 -15.00", "5.00")]
    [InlineData("day", "10:30", "Rate 10:00-10:30 1 × 5.00", "5.00")]
    [InlineData("day", "14:00", "Rate 10:00-14:00 4 × 20.00; DayCap 10:00-14:00 -15.00", "5.00")]
    public void Where_the_minimum_is_above_a_limit_for_some_vehicle_the_limit_wins(string per, string exit, string lines, string fee)
    {
        var quote = Quote(Halved(per), At("10:00"), At(exit), vehicle: VehicleKind.Other);
        Assert.Equal((lines, fee), (Told(quote), quote.Amount.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal("10.00", On(Halved(per), "10:00", "10:30").Amount.ToString(CultureInfo.InvariantCulture));
    }

    static Tariff Halved(string per) => Tariff(
        """{"id":"like","window":{"from":"00:00","to":"00:01"},"charge":{"mode":"timed","stages":[{"price":10,"perMinutes":60}]}},"""
        + Timed("""{"price":10,"perMinutes":60}"""),
        $$"""
        "minimumCharge":10,"caps":[{"per":"{{per}}","like":{"rule":"like","minutes":60} }],
        "factors":[{"id":"half","factor":0.5,"appliesTo":{"vehicles":["other"]} }]
        """);

    /// <summary>What earlier stays of the date left of the day's cap is all there is, whatever the minimum.</summary>
    [Theory]
    [InlineData("08:00", "08:30", "08:40", "09:10", "Rate 08:40-09:10 1 × 1.00; Minimum 08:40-09:10 4.00", "5.00")]
    [InlineData("06:00", "12:30", "13:00", "13:30", "Rate 13:00-13:30 1 × 1.00; Minimum 13:00-13:30 4.00; DayCap 13:00-13:30 -2.00", "3.00")]
    [InlineData("06:00", "18:30", "19:00", "19:30", "Rate 19:00-19:30 1 × 1.00; DayCap 19:00-19:30 -1.00", "0.00")]
    public void The_minimum_is_not_raised_over_what_is_left_of_a_shared_day(string from, string to, string entry, string exit, string lines, string fee)
    {
        var tariff = Tariff(Timed("""{"price":1,"perMinutes":60}"""),
            """ "minimumCharge":5,"caps":[{"per":"day","amount":10}],"reentry":{"shareDayCap":true} """);
        var earlier = new EarlierStay(Instant(At(from), Shanghai), Instant(At(to), Shanghai));
        var quote = Quote(tariff, new Stay(Instant(At(entry), Shanghai), Instant(At(exit), Shanghai), Earlier: [earlier]));
        Assert.Equal((lines, fee), (Told(quote), quote.Amount.ToString(CultureInfo.InvariantCulture)));
    }
}
