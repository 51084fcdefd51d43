using System.Text.Json;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

public sealed class FeeEngineTests
{
    private static readonly Tariff PerMinute = Tariff(Timed("""{"price":1,"perMinutes":1}"""));
    private static readonly Tariff Returning = Tariff(Timed("""{"price":1,"perMinutes":60}"""), """ "reentry":{"withinMinutes":60} """);

    [Theory]
    [InlineData("2026-11-18 10:00", "2026-11-18 09:59:59", QuoteProblem.ExitBeforeEntry)]
    [InlineData("2026-11-18 10:00", "2066-11-18 10:00", QuoteProblem.StayTooLong)]
    [InlineData("2026-01-01 00:00", "2027-01-02 00:00:01", QuoteProblem.StayTooLong)]
    [InlineData("0001-01-01T00:00:00Z", "2026-11-18 10:00", QuoteProblem.TimeOutOfRange)]
    [InlineData("2026-11-18 10:00", "9999-12-31T23:59:59Z", QuoteProblem.TimeOutOfRange)]
    public void A_stay_without_a_fee_says_why(string entry, string exit, QuoteProblem problem)
    {
        var quote = Quote(PerMinute, entry, exit);
        Assert.Equal(problem, quote.Problem);
        Assert.Empty(quote.Lines);
        Assert.Equal(0, quote.Total.Minor);
    }

    [Theory]
    [InlineData("1970-01-03T00:00:00Z", "1970-01-03T00:00:00Z", null)]
    [InlineData("1970-01-02T23:59:59Z", "1970-01-03T00:00:00Z", QuoteProblem.TimeOutOfRange)]
    [InlineData("1970-01-03T00:00:00Z", "1970-01-02T23:59:59Z", QuoteProblem.TimeOutOfRange)]
    [InlineData("9990-01-01T00:00:00Z", "9990-01-01T00:00:00Z", null)]
    [InlineData("9990-01-01T00:00:00Z", "9990-01-01T00:00:01Z", QuoteProblem.TimeOutOfRange)]
    [InlineData("9990-01-01T00:00:01Z", "9990-01-01T00:00:00Z", QuoteProblem.TimeOutOfRange)]
    [InlineData("2026-11-18 10:00:00", "2026-11-18 10:00:00", null)]
    public void The_first_and_the_last_instant_have_a_fee(string entry, string exit, QuoteProblem? problem) =>
        Assert.Equal(problem, Quote(PerMinute, entry, exit).Problem);

    /// <summary>A stay on 2026-11-18 from 10:00 to 11:00, and one before it.</summary>
    [Theory]
    [InlineData("2026-11-18 08:00", "2026-11-18 10:00", null)]
    [InlineData("2026-11-18 08:00", "2026-11-18 10:00:01", QuoteProblem.EarlierStays)]
    [InlineData("2026-11-18 08:00", "2026-11-18 08:00", null)]
    [InlineData("2026-11-18 08:00", "2026-11-18 07:59:59", QuoteProblem.EarlierStays)]
    [InlineData("2025-11-17 11:00", "2026-11-18 09:30", null)] // with it 366 days
    [InlineData("2025-11-17 10:59:59", "2026-11-18 09:30", QuoteProblem.StayTooLong)]
    [InlineData("2025-11-17 10:59:59", "2026-11-18 09:00", QuoteProblem.StayTooLong)]
    [InlineData("2025-11-17 10:59:59", "2026-11-18 08:59:59", null)] // a stay of its own
    [InlineData("2024-11-16 11:00", "2024-11-16 12:00", null)] // twice 366 days
    [InlineData("2024-11-16 10:59:59", "2024-11-16 12:00", QuoteProblem.EarlierStays)]
    public void Earlier_stays_are_in_order_apart_and_not_too_long_ago(string entry, string exit, QuoteProblem? problem) =>
        Assert.Equal(problem, Quote(Returning, new Stay(At("2026-11-18 10:00"), At("2026-11-18 11:00"), Earlier: [new(At(entry), At(exit))])).Problem);

    [Theory]
    [InlineData("1970-01-03T00:00:00Z", null)]
    [InlineData("1970-01-02T23:59:59Z", QuoteProblem.EarlierStays)]
    public void An_earlier_stay_began_at_the_first_instant_or_later(string entry, QuoteProblem? problem) => Assert.Equal(problem,
        Quote(Returning, new Stay(At("1970-01-04 10:00"), At("1970-01-04 11:00"), Earlier: [new(At(entry), At("1970-01-03T01:00:00Z"))])).Problem);

    [Fact]
    public void To_a_tariff_that_asks_for_none_earlier_stays_may_be_as_they_like() =>
        Assert.Equal(60, Quote(PerMinute, new Stay(At("2026-11-18 10:00"), At("2026-11-18 11:00"),
            Earlier: [new(At("2026-11-18 08:00"), At("2026-11-18 10:30"))])).Amount);

    static DateTimeOffset At(string time) => Instant(time, Shanghai);

    /// <summary>Two rules for the same hours, and hours without one.</summary>
    [Fact]
    public void Of_rules_that_overlap_the_first_sets_the_price_and_a_gap_is_free()
    {
        const string Early = """{"id":"early","window":{"from":"08:00","to":"12:00"},"charge":{"mode":"timed","stages":[{"price":1,"perMinutes":60}]}}""";
        const string Late = """{"id":"late","window":{"from":"10:00","to":"14:00"},"charge":{"mode":"timed","stages":[{"price":10,"perMinutes":60}]}}""";
        Assert.Equal(["early 08:00 4.00", "late 12:00 20.00", "NoRule 14:00 0.00"], Lines(Early + "," + Late));
        Assert.Equal(["early 08:00 2.00", "late 10:00 40.00", "NoRule 14:00 0.00"], Lines(Late + "," + Early));

        static IEnumerable<string> Lines(string rules) => Quote(Tariff(rules), "2026-11-18 08:00", "2026-11-18 16:00").Lines
            .Select(l => $"{l.Rule ?? l.Code.ToString()} {TimeZoneInfo.ConvertTime(l.From, Shanghai):HH:mm} {l.Amount}");
    }

    [Fact]
    public void The_longest_stay_is_priced() =>
        Assert.Equal("527040.00", Fee(PerMinute, "2026-01-01 00:00", "2027-01-02 00:00"));

    [Fact]
    public void Parts_of_a_second_are_dropped()
    {
        var entry = Instant("2026-11-18 10:00", Shanghai);
        Assert.Equal(FeeLineCode.NoTime, Assert.Single(Quote(PerMinute, new Stay(entry.AddMilliseconds(900), entry)).Lines).Code);
        Assert.Equal(100, Quote(PerMinute, new Stay(entry.AddMilliseconds(1), entry.AddSeconds(60.999))).Total.Minor);
    }

    [Fact]
    public void A_table_is_one_line_and_what_lies_past_it_another()
    {
        var tariff = Tariff(Timed(
            """{"untilMinutes":30,"total":0},{"untilMinutes":60,"total":3},{"untilMinutes":120,"total":5}"""));
        Assert.Equal(["Step 5.00 until 120", "PastStages 0.00 until "],
            Quote(tariff, "2026-11-18 10:00", "2026-11-18 13:00")
                .Lines.Select(l => $"{l.Code} {l.Amount} until {l.UntilMinutes}"));
    }

    [Fact]
    public void Time_without_a_rule_is_one_line_even_over_midnight()
    {
        var tariff = Tariff(Timed("""{"price":1,"perMinutes":60}""", """ "window":{"from":"08:00","to":"20:00"} """));
        Assert.Equal(["Rate", "NoRule", "Rate"],
            Quote(tariff, "2026-11-18 19:00", "2026-11-19 09:00").Lines.Select(l => l.Code.ToString()));
    }

    [Fact]
    public void A_step_takes_nothing_back_when_a_factor_rounds_the_rates_before_it_up()
    {
        // Each rate comes to 0.0000006, rounded to 0.000001; the total of both to 0.0000012, rounded to 0.000001.
        var tariff = Tariff(Timed("""
            {"untilMinutes":1,"price":0.000001,"perMinutes":1},
            {"untilMinutes":2,"price":0.000001,"perMinutes":1},{"total":0.000002}
            """), """ "factors":[{"id":"f","factor":0.6}] """);
        Assert.Equal(0,
            Quote(tariff, "2026-11-18 10:00", "2026-11-18 10:03").Lines.Single(l => l.Code == FeeLineCode.Step).Amount);
    }

    [Fact]
    public void A_quote_kept_as_json_comes_back_as_it_was()
    {
        var quote = Quote(TariffTemplate.All.Single(t => t.Id == "off-street").Tariff, "2026-11-18 09:00", "2026-11-18 10:20");
        var json = JsonSerializer.Serialize(quote, TariffJson.Options);
        Assert.Equal("""
            {"currency":{"code":"CNY","digits":2},"total":"7.00","lines":[
            {"code":"step","rule":"standard","name":"其他车辆","from":"2026-11-18T01:00:00+00:00","to":"2026-11-18T02:00:00+00:00",
            "untilMinutes":60,"price":"5.00","amount":"5.00"},
            {"code":"rate","rule":"standard","name":"其他车辆","from":"2026-11-18T02:00:00+00:00","to":"2026-11-18T02:20:00+00:00",
            "units":"1","unitMinutes":30,"price":"2.00","unitRounding":"up","amount":"2.00"}]}
            """.Replace("\n", ""), json);
        var back = JsonSerializer.Deserialize<FeeQuote>(json, TariffJson.Options)!;
        Assert.Equal(quote.Lines, back.Lines);
        Assert.Equal(quote.Total, back.Total);
    }

    // Berlin: 2026-03-29 02:00 becomes 03:00, 2026-10-25 03:00 becomes 02:00.
    [Theory]
    [InlineData("2026-03-29 00:00", "2026-03-30 00:00", "23.00")]
    [InlineData("2026-10-25 00:00", "2026-10-26 00:00", "25.00")]
    [InlineData("2026-03-29 01:30", "2026-03-29 03:30", "1.00")]
    [InlineData("2026-10-25 01:30", "2026-10-25 03:30", "3.00")]
    public void Time_is_what_elapses_when_clocks_change(string entry, string exit, string fee) =>
        Assert.Equal(fee, Fee(Tariff(Timed("""{"price":1,"perMinutes":60}""")), entry, exit, Berlin));

    [Theory]
    [InlineData("2026-03-29 00:00", "2026-03-30 00:00", "12.00")] // 02:30 does not come: the window opens at the change
    [InlineData("2026-10-25 00:00", "2026-10-26 00:00", "14.00")] // 02:30 comes twice: it opens at the first
    [InlineData("2026-06-01 00:00", "2026-06-02 00:00", "13.00")]
    public void A_window_opens_once_when_clocks_change(string entry, string exit, string fee) => Assert.Equal(fee, Fee(
        Tariff(Timed("""{"price":1,"perMinutes":60,"round":"nearest"}""",
            """ "window":{"from":"02:30","to":"15:00"} """)), entry, exit, Berlin));

    [Theory]
    [InlineData("2026-03-28 22:00", "2026-03-29 06:00", "7.00")]
    [InlineData("2026-10-24 22:00", "2026-10-25 06:00", "9.00")]
    public void A_night_lasts_as_long_as_it_does(string entry, string exit, string fee) => Assert.Equal(fee, Fee(
        Tariff(Timed("""{"price":1,"perMinutes":60}""", """ "window":{"from":"20:00","to":"08:00"} """)), entry, exit, Berlin));

    [Theory]
    [InlineData("2026-03-28 12:00", "2026-03-29 13:00", "10.00")]
    [InlineData("2026-03-28 12:00", "2026-03-29 13:00:01", "11.00")]
    public void A_rolling_day_has_24_hours_when_clocks_change(string entry, string exit, string fee) => Assert.Equal(fee, Fee(
        Tariff(Timed("""{"price":1,"perMinutes":60}"""),
            """ "day":"rolling24h","caps":[{"amount":10,"per":"day"}] """), entry, exit, Berlin));

    // Havana changes at midnight: 2026-03-08 has no 00:30, and 2026-11-01 01:00 becomes 00:00.
    [Theory]
    [InlineData("2026-03-07 00:00", "2026-03-10 00:00", "71.00", 3)]
    [InlineData("2026-10-31 00:00", "2026-11-03 00:00", "73.00", 3)]
    public void Every_date_comes_once_where_clocks_change_at_midnight(string entry, string exit, string fee, int days)
    {
        var quote = Quote(Tariff(Timed("""{"price":1,"perMinutes":60}""")), entry, exit,
            TimeZoneInfo.FindSystemTimeZoneById("America/Havana"));
        Assert.Equal(fee, quote.Amount.ToString());
        Assert.Equal(days, quote.Lines.Count);
    }

    /// <summary>St John's went from 00:01 back to 23:01: 7 November 2010 began twice, and an hour lies between.</summary>
    [Theory]
    [InlineData("2010-11-06 00:00", 49)]
    [InlineData("2010-11-07T03:00:00Z", 24.5)] // 23:30 for the second time
    public void A_date_may_begin_twice_where_clocks_go_back_over_midnight(string entry, double hours)
    {
        var tariff = Tariff(Timed("""{"price":2,"perMinutes":60,"round":"proRata"}""", """ "per":"stay" """), """ "midnightFees":[{"price":7}] """);
        var quote = Quote(tariff, entry, "2010-11-08 00:00", TimeZoneInfo.FindSystemTimeZoneById("America/St_Johns"));
        Assert.Equal(2 * (decimal)hours + 7, quote.Amount);
        Assert.Equal(hours, quote.Lines.Sum(l => (l.To - l.From).TotalHours), 6);
    }
}
