using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>Each thing the model can say, alone. Unless dated, times are on Wednesday 2026-11-18 in Shanghai.</summary>
public sealed class FeeCases
{
    private const string Half = """{"price":1,"perMinutes":30}""";

    private static string At(string time) => time.Contains('-') ? time : "2026-11-18 " + time;

    [Theory]
    [InlineData("up", "10:00", "1.00")]
    [InlineData("up", "10:29:59", "1.00")]
    [InlineData("up", "10:30:00", "1.00")]
    [InlineData("up", "10:30:01", "2.00")]
    [InlineData("down", "10:29:59", "0.00")]
    [InlineData("down", "10:30:00", "1.00")]
    [InlineData("nearest", "10:14:59", "0.00")]
    [InlineData("nearest", "10:15:00", "1.00")]
    [InlineData("proRata", "10:15:00", "0.50")]
    [InlineData("proRata", "10:15:01", "0.53")] // the 16th minute has begun: 16/30
    public void Units_are_rounded_as_the_stage_says(string round, string exit, string fee)
    {
        var entry = exit == "10:00" ? "09:59:59" : "10:00";
        Assert.Equal(fee, Fee(Tariff(Timed($$"""{"price":1,"perMinutes":30,"round":"{{round}}"}""")), At(entry), At(exit)));
    }

    [Theory]
    [InlineData("10:30", "1.00")]
    [InlineData("10:39:59", "1.00")]
    [InlineData("10:40", "2.00")]
    public void An_incomplete_unit_can_be_free_while_short(string exit, string fee) =>
        Assert.Equal(fee, Fee(Tariff(Timed("""{"price":1,"perMinutes":30,"freeBelowMinutes":10}""")), At("10:00"), At(exit)));

    [Theory]
    [InlineData("halfUp", "0.5", "0.50")] // exact sum 0.533333
    [InlineData("up", "0.1", "0.60")]
    [InlineData("down", "0.1", "0.50")]
    [InlineData("halfEven", "1", "1.00")]
    [InlineData("up", "5", "5.00")]
    public void The_total_is_rounded_as_the_tariff_says(string mode, string unit, string fee)
    {
        var tariff = Tariff(Timed("""{"price":1,"perMinutes":30,"round":"proRata"}"""),
            $$""" "rounding":{"mode":"{{mode}}","unit":{{unit}}} """);
        var quote = Quote(tariff, At("10:00"), At("10:16"));
        Assert.Equal(fee, quote.Amount.ToString());
        Assert.Equal(FeeLineCode.Rounding, quote.Lines[^1].Code);
    }

    [Fact]
    public void A_currency_without_decimals_has_whole_totals()
    {
        var quote = Quote(Tariff(Timed("""{"price":100,"perMinutes":60,"round":"proRata"}"""),
            """ "currency":{"code":"JPY","digits":0} """), At("10:00"), At("10:20"));
        Assert.Equal(33, quote.Total.Minor);
    }

    [Theory]
    [InlineData("09:00", "10:00", "2.00")]
    [InlineData("06:00", "07:30", "0.00")] // only the gap
    [InlineData("07:00", "08:00", "1.00")] // the clock starts with the window
    [InlineData("20:45", "23:00", "1.00")] // and stops with it
    [InlineData("20:45", "2026-11-19 07:45", "2.00")] // each occurrence counts afresh
    public void Time_outside_every_window_is_not_counted(string entry, string exit, string fee) => Assert.Equal(fee,
        Fee(Tariff(Timed(Half, """ "window":{"from":"07:30","to":"21:00"} """)), At(entry), At(exit)));

    [Theory]
    [InlineData("20:00", "2026-11-19 08:00", "5.00")]
    [InlineData("00:10", "05:00", "5.00")] // last night's window
    [InlineData("05:00", "23:00", "10.00")] // last night's and tonight's
    [InlineData("06:00", "22:00", "0.00")]
    [InlineData("2026-02-28 23:00", "2026-03-01 01:00", "5.00")]
    [InlineData("2028-02-28 23:00", "2028-03-01 05:00", "10.00")] // 29 February has a night of its own
    public void A_window_crosses_midnight_in_one_piece(string entry, string exit, string fee) => Assert.Equal(fee,
        Fee(Tariff(
            """{"id":"night","window":{"from":"22:00","to":"06:00"},"charge":{"mode":"perEntry","price":5}}"""), At(entry), At(exit)));

    [Theory]
    [InlineData("2026-11-20 23:00", "2026-11-21 05:00", "5.00")] // Friday's night lasts into Saturday
    [InlineData("2026-11-21 05:00", "2026-11-21 05:30", "5.00")]
    [InlineData("2026-11-21 23:00", "2026-11-22 05:00", "0.00")] // Saturday's does not count
    public void A_night_belongs_to_the_date_on_which_it_begins(string entry, string exit, string fee) => Assert.Equal(fee,
        Fee(Tariff("""
            {"id":"night","window":{"from":"22:00","to":"06:00"},"appliesTo":{"dayTypes":["workday"]},
             "charge":{"mode":"perEntry","price":5}}
            """), entry, exit));

    [Fact]
    public void The_first_rule_that_applies_prices_a_stretch_and_a_clock_stands_still_meanwhile()
    {
        var tariff = Tariff("""{"id":"lunch","window":{"from":"12:00","to":"13:00"},"charge":{"mode":"free"}},"""
            + Timed("""{"untilMinutes":60,"total":5},{"price":1,"perMinutes":60}"""));
        var quote = Quote(tariff, At("11:30"), At("13:40"));
        Assert.Equal("6.00", quote.Amount.ToString()); // 30 + 40 minutes: first hour, and one more begun
        Assert.Equal(["timed 5.00", "lunch 0.00", "timed 0.00", "timed 1.00"], quote.Lines.Select(l => $"{l.Rule} {l.Amount}"));
        Assert.Equal([At("11:30"), At("12:00"), At("13:00"), At("13:30")],
            quote.Lines.Select(l => l.From.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm")));
    }

    [Theory]
    [InlineData("day", "10.00")] // half an hour before midnight: 4, an hour and a half after: 4 + 2
    [InlineData("stay", "8.00")] // two hours: 4 + 2 + 2
    public void A_clock_starts_afresh_as_the_rule_says(string per, string fee) => Assert.Equal(fee, Fee(
        Tariff(Timed("""{"untilMinutes":60,"total":4},{"price":2,"perMinutes":30}""", $$""" "per":"{{per}}" """)),
        At("23:30"), "2026-11-19 01:30"));

    [Theory]
    [InlineData("calendar", "2026-11-19 20:00", "20.00")]
    [InlineData("rolling24h", "2026-11-19 20:00", "10.00")]
    [InlineData("rolling24h", "2026-11-19 20:00:01", "11.00")]
    [InlineData("calendar", "2026-11-21 20:00", "40.00")]
    [InlineData("rolling24h", "2026-11-21 20:00", "30.00")]
    public void A_day_is_a_date_or_24_hours(string day, string exit, string fee) => Assert.Equal(fee, Fee(
        Tariff(Timed("""{"price":1,"perMinutes":10}"""),
            $$""" "day":"{{day}}","caps":[{"amount":10,"per":"day"}] """), At("20:00"), exit));

    [Theory]
    [InlineData("10:30", "0.00", false)]
    [InlineData("10:30:01", "2.00", false)] // charged from the first minute
    [InlineData("10:30", "0.00", true)]
    [InlineData("10:30:01", "1.00", true)] // counted from the 31st
    public void Free_minutes_are_charged_or_deducted_once_exceeded(string exit, string fee, bool deduct) => Assert.Equal(fee,
        Fee(Tariff(Timed(Half), $$""" "freeMinutes":[{"minutes":30,"whenExceeded":"{{(deduct ? "deduct" : "charge")}}"}] """),
            At("10:00"), At(exit)));

    [Theory]
    [InlineData("2026-11-19 00:20", "0.00")]
    [InlineData("2026-11-19 00:20:01", "2.00")]
    public void Free_minutes_of_a_stay_run_over_midnight(string exit, string fee) =>
        Assert.Equal(fee, Fee(Tariff(Timed(Half), """ "freeMinutes":[{"minutes":30}] """), At("23:50"), exit));

    [Fact]
    public void Of_free_minutes_the_first_that_apply_count() => Assert.Equal("2.00",
        Fee(Tariff(Timed(Half), """ "freeMinutes":[{"minutes":30},{"minutes":60}] """), At("10:00"), At("10:45")));

    [Theory]
    [InlineData("stay", "3.00")] // one half hour on the first day, two on the second
    [InlineData("day", "2.00")]
    public void Free_minutes_are_given_once_or_daily(string per, string fee) => Assert.Equal(fee, Fee(
        Tariff(Timed(Half), $$""" "freeMinutes":[{"minutes":30,"per":"{{per}}","whenExceeded":"deduct"}] """),
        At("23:00"), "2026-11-19 01:00"));

    [Theory]
    [InlineData("""{"amount":10,"per":"stay"}""", "10.00")]
    [InlineData("""{"amount":10,"per":"day"}""", "30.00")]
    [InlineData("""{"amount":5,"per":"day","fromDay":2},{"amount":10,"per":"day"}""", "20.00")]
    [InlineData("""{"amount":10,"per":"day"},{"amount":25,"per":"stay"}""", "25.00")]
    [InlineData("""{"amount":1,"per":"day","appliesTo":{"weekdays":["thursday"]}},{"amount":10,"per":"day"}""", "21.00")]
    public void Caps_hold_per_day_and_stay(string caps, string fee) => Assert.Equal(fee,
        Fee(Tariff(Timed(Half), $$""" "caps":[{{caps}}] """), "2026-11-18 00:00", "2026-11-21 00:00"));

    [Theory]
    [InlineData("wednesday", "10.00")]
    [InlineData("thursday", "48.00")]
    public void A_cap_per_stay_goes_by_the_date_of_the_entry(string weekday, string fee) => Assert.Equal(fee,
        Fee(Tariff(Timed(Half), $$""" "caps":[{"amount":10,"per":"stay","appliesTo":{"weekdays":["{{weekday}}"]} }] """), At("12:00"), "2026-11-19 12:00"));

    [Theory]
    [InlineData("window", "6.00")] // two mornings and one night
    [InlineData("stay", "4.00")]
    public void A_rules_cap_holds_per_window_or_stay(string per, string fee) => Assert.Equal(fee, Fee(
        Tariff(Timed(Half, $$""" "window":{"from":"08:00","to":"12:00"},"cap":{"amount":2,"per":"{{per}}"} """) + ""","""
            + """{"id":"night","window":{"from":"20:00","to":"08:00"},"charge":{"mode":"perEntry","price":2}}"""),
        At("08:00"), "2026-11-19 12:00"));

    [Theory]
    [InlineData("10:10", "3.00")]
    [InlineData("12:00", "4.00")]
    [InlineData("10:00", "0.00")] // nothing owed is not raised
    public void A_minimum_raises_what_is_owed(string exit, string fee) =>
        Assert.Equal(fee, Fee(Tariff(Timed(Half), """ "minimumCharge":3 """), At("10:00"), At(exit)));

    [Theory]
    [InlineData(VehicleKind.Small, false, "2.00")]
    [InlineData(VehicleKind.Small, true, "1.00")]
    [InlineData(VehicleKind.Large, false, "6.00")]
    [InlineData(VehicleKind.Large, true, "6.00")] // the first factor that applies
    public void A_factor_multiplies_charges(VehicleKind vehicle, bool newEnergy, string fee)
    {
        var tariff = Tariff(Timed(Half), """
            "factors":[{"id":"heavy","appliesTo":{"vehicles":["large"]},"factor":3},
                       {"id":"green","appliesTo":{"newEnergy":true},"factor":0.5}]
            """);
        Assert.Equal(fee, Quote(tariff, At("10:00"), At("11:00"), vehicle: vehicle, newEnergy: newEnergy).Amount.ToString());
    }

    [Theory]
    [InlineData("false", "10.00")]
    [InlineData("true", "30.00")]
    public void A_factor_scales_limits_if_it_says_so(string scale, string fee)
    {
        var tariff = Tariff(Timed(Half),
            $$""" "caps":[{"amount":10,"per":"stay"}],"factors":[{"id":"f","factor":3,"scaleLimits":{{scale}}}] """);
        Assert.Equal(fee, Fee(tariff, At("00:00"), At("23:00")));
    }

    [Theory]
    [InlineData("2026-10-01 10:00", "special")]
    [InlineData("2026-10-02 10:00", "rest")]
    [InlineData("2026-10-10 10:00", "work")] // a Saturday that is worked
    [InlineData("2026-11-18 10:00", "work")]
    [InlineData("2026-11-21 10:00", "rest")]
    [InlineData("2031-11-22 10:00", "rest")] // beyond the calendar the week goes on
    public void Special_days_win_over_rest_days_and_workdays_over_weekends(string entry, string rule)
    {
        var days = new DayTypes([new(2026, 10, 10)], [new(2026, 10, 1), new(2026, 10, 2)], [new(2026, 10, 1)]);
        var tariff = Tariff(OnDays("rest", "restDay") + "," + OnDays("work", "workday") + "," + OnDays("special", "specialDay"));
        Assert.Equal(rule, Assert.Single(Quote(tariff, entry, entry[..14] + "30", days: days).Lines).Rule);
    }

    [Fact]
    public void A_special_day_is_a_rest_day_to_a_tariff_without_special_days()
    {
        var tariff = Tariff(OnDays("rest", "restDay") + "," + OnDays("work", "workday"));
        var quote = Quote(tariff, "2026-04-20 10:00", "2026-04-20 11:00", days: new DayTypes(specialDays: [new(2026, 4, 20)]));
        Assert.Equal("rest", Assert.Single(quote.Lines).Rule);
    }

    private static string OnDays(string id, string type) =>
        $$"""{"id":"{{id}}","appliesTo":{"dayTypes":["{{type}}"]},"charge":{"mode":"perEntry","price":1} }""";

    [Theory]
    [InlineData("""{"vehicles":["large","other"]}""", false)]
    [InlineData("""{"vehicles":["small"],"colours":["green"]}""", false)]
    [InlineData("""{"colours":["blue","green"],"newEnergy":false}""", true)]
    [InlineData("""{"newEnergy":true}""", false)]
    [InlineData("""{"weekdays":["wednesday"]}""", true)]
    [InlineData("""{"weekdays":["saturday","sunday"]}""", false)]
    [InlineData("""{"dates":[{"from":"2026-11-18","to":"2026-11-18"}]}""", true)]
    [InlineData("""{"dates":[{"from":"2026-11-01","to":"2026-11-17"},{"from":"2026-11-19","to":"2027-01-01"}]}""", false)]
    [InlineData("""{"seasons":[{"from":"10-15","to":"03-31"}]}""", true)] // over the turn of the year
    [InlineData("""{"seasons":[{"from":"04-01","to":"11-17"}]}""", false)]
    public void All_conditions_of_a_rule_must_hold(string appliesTo, bool applies)
    {
        var tariff = Tariff($$"""{"id":"r","appliesTo":{{appliesTo}},"charge":{"mode":"perEntry","price":1} }""");
        Assert.Equal(applies ? FeeLineCode.Entry : FeeLineCode.NoRule,
            Assert.Single(Quote(tariff, At("10:00"), At("11:00")).Lines).Code);
    }

    [Fact]
    public void A_rule_without_window_is_cut_where_its_dates_end()
    {
        var tariff = Tariff("""
            {"id":"event","per":"stay","appliesTo":{"dates":[{"from":"2026-11-19","to":"2026-11-19"}]},
             "charge":{"mode":"perEntry","price":9}},
            """ + Timed(Half), """ "day":"rolling24h" """);
        var quote = Quote(tariff, At("23:00"), "2026-11-20 01:00");
        Assert.Equal(["timed 2.00", "event 9.00", "event 0.00", "timed 2.00"], quote.Lines.Select(l => $"{l.Rule} {l.Amount}"));
    }
}
