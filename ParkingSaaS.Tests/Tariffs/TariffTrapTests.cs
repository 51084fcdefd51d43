using ParkingSaaS.Core.Tariffs;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>What is right by the rules and seldom meant is found, and only that.</summary>
public sealed class TariffTrapTests
{
    const string Hourly = """{"price":5,"perMinutes":60}""";
    const string AllDay = $$$"""{"id":"all","per":"stay","charge":{"mode":"timed","stages":[{{{Hourly}}}]}}""";

    /// <summary>A rule with hours; what stands between its braces besides.</summary>
    static string Rule(string id, string from, string to, string more = "", string stages = Hourly) =>
        $$"""{"id":"{{id}}","window":{"from":"{{from}}","to":"{{to}}"},"charge":{"mode":"timed","stages":[{{stages}}]}{{more}}}""";

    static IEnumerable<(TrapKind, string)> Traps(string rules, string more = "") => TariffTraps.Find(Tariff(rules, more)).Select(t => (t.Kind, t.Path));

    [Fact]
    public void A_plain_tariff_has_none() => Assert.Empty(Traps(AllDay, """ "caps":[{"per":"day","amount":30}],"freeMinutes":[{"minutes":15}] """));

    [Fact]
    public void A_night_that_starts_afresh_at_midnight_counts_twice()
    {
        var day = Rule("day", "07:00", "22:00");
        Assert.Equal([(TrapKind.NightInTwo, "/rules/1/per")], Traps($"{day},{Rule("night", "22:00", "07:00", ""","per":"day" """)}"));
        Assert.Equal([(TrapKind.NightInTwo, "/rules/1/cap/per")],
            Traps($"{day},{Rule("night", "22:00", "07:00", ""","cap":{"amount":9,"per":"day"} """)}"));
        Assert.Empty(Traps($"{day},{Rule("night", "22:00", "07:00", ""","cap":{"amount":9} """)}"));
        // A day of 24 hours from entry has nothing to do with midnight.
        Assert.Empty(Traps($"{day},{Rule("night", "22:00", "07:00", ""","per":"day" """)}", """ "day":"rolling24h" """));
    }

    [Fact]
    public void Times_that_nobody_prices_are_told_with_the_vehicles()
    {
        var gap = Assert.Single(TariffTraps.Find(Tariff($"{Rule("day", "07:00", "12:00")},{Rule("noon", "13:00", "22:00")}")));
        Assert.Equal((TrapKind.Gap, "00:00–07:00, 12:00–13:00, 22:00–24:00", null), (gap.Kind, gap.Figures, gap.Vehicle));
        // The night that began yesterday covers the morning.
        Assert.Empty(Traps($"{Rule("day", "07:00", "22:00")},{Rule("night", "22:00", "07:00")}"));
        // But where only workdays have nights, the morning after a rest day is open.
        gap = Assert.Single(TariffTraps.Find(Tariff(
            $"{Rule("day", "07:00", "22:00")},{Rule("night", "22:00", "07:00", ""","appliesTo":{"dayTypes":["workday"]} """)}")));
        Assert.Equal("00:00–07:00, 22:00–24:00", gap.Figures);
        gap = Assert.Single(TariffTraps.Find(Tariff(
            """{"id":"cars","per":"stay","appliesTo":{"vehicles":["small","other"]},"charge":{"mode":"perEntry","price":5}}""")));
        Assert.Equal(("00:00–24:00", VehicleKind.Large), (gap.Figures, gap.Vehicle));
        // What begins after an hour leaves the first hour open.
        Assert.Equal(TrapKind.Gap, Assert.Single(Traps(
            """{"id":"late","per":"stay","afterMinutes":60,"charge":{"mode":"perEntry","price":5}}""")).Item1);
    }

    [Theory]
    [InlineData(""" "appliesTo":{"vehicles":["large"]} """)]
    [InlineData(""" "window":{"from":"10:00","to":"12:00"} """)]
    [InlineData(""" "appliesTo":{"weekdays":["friday"],"seasons":[{"from":"02-29","to":"02-29"}]} """)]
    public void A_rule_below_one_that_always_applies_never_does(string condition)
    {
        var rule = $$$"""{"id":"x","per":"stay",{{{condition}}},"charge":{"mode":"perEntry","price":1}}""";
        Assert.Equal([(TrapKind.NeverApplies, "/rules/1")], Traps($"{AllDay},{rule}"));
        Assert.Empty(Traps($"{rule},{AllDay}"));
    }

    [Fact]
    public void A_rule_whose_conditions_contradict_each_other_never_applies()
    {
        const string contradiction = """
            {"id":"x","per":"stay","appliesTo":{"weekdays":["monday"],"dates":[{"from":"2026-10-01","to":"2026-10-03"}]},"charge":{"mode":"perEntry","price":1}}
            """;
        Assert.Equal([(TrapKind.NeverApplies, "/rules/0")], Traps($"{contradiction},{AllDay}"));
        Assert.Empty(Traps($"{contradiction.Replace("10-03", "10-05")},{AllDay}"));
    }

    /// <summary>One that begins later hides nothing of what came before it.</summary>
    [Fact]
    public void A_rule_for_long_stays_hides_only_what_begins_no_sooner()
    {
        const string late = """{"id":"late","per":"stay","afterMinutes":60,"charge":{"mode":"perEntry","price":5}}""";
        Assert.Empty(Traps($"{late},{AllDay}"));
        Assert.Equal([(TrapKind.NeverApplies, "/rules/1")], Traps($"{late},{late.Replace("\"late\"", "\"later\"").Replace("60", "90")},{AllDay}"));
    }

    [Fact]
    public void A_limit_below_the_first_price_is_told()
    {
        Assert.Equal([(TrapKind.LimitBelowFirstPrice, "/rules/0/cap/amount")], Traps(AllDay.Replace("\"per\"", """ "cap":{"amount":4,"per":"day"},"per" """)));
        Assert.Equal([(TrapKind.LimitBelowFirstPrice, "/caps/0/amount")], Traps(AllDay, """ "caps":[{"per":"day","amount":4.99}] """));
        Assert.Empty(Traps(AllDay, """ "caps":[{"per":"day","amount":5}] """));
        // The limit of vehicles that the price is not for.
        var two = $$$"""{"id":"big","per":"stay","appliesTo":{"vehicles":["large"]},"charge":{"mode":"perEntry","price":9}},{{{AllDay}}}""";
        Assert.Empty(Traps(two, """ "caps":[{"per":"day","amount":8,"appliesTo":{"vehicles":["small"]}}] """));
        Assert.Single(Traps(two, """ "caps":[{"per":"day","amount":8}] """));
        // Free half an hour first: the first price is that of the next stage.
        Assert.Single(Traps(Rule("day", "00:00", "24:00", ""","per":"stay","cap":{"amount":2,"per":"stay"} """,
            $$"""{"untilMinutes":30,"total":0},{{Hourly}}""")));
    }

    [Fact]
    public void A_unit_that_gets_cheaper_by_the_next_rule_is_told()
    {
        var (day, night) = (Rule("day", "07:00", "22:00"), Rule("night", "22:00", "07:00", "", """{"price":1,"perMinutes":60}"""));
        Assert.Empty(Traps($"{day},{night}"));
        var looking = Tariff($"{day.Replace("\"timed\"", "\"timed\",\"straddle\":\"end\"")},{night}");
        var trap = Assert.Single(TariffTraps.Find(looking));
        Assert.Equal((TrapKind.LongerIsCheaper, "/rules/0/charge/straddle"), (trap.Kind, trap.Path));
        Assert.True(Quote(looking, "2026-01-14 21:50", "2026-01-14 22:00").Amount > Quote(looking, "2026-01-14 21:50", "2026-01-14 22:01").Amount);
        // The other way round it only gets dearer.
        Assert.Empty(Traps($"{day},{night.Replace("\"timed\"", "\"timed\",\"straddle\":\"start\"")}"));
    }

    [Fact]
    public void Free_minutes_longer_than_the_first_stage_are_told()
    {
        var stepped = Rule("day", "00:00", "24:00", ""","per":"stay" """, $$"""{"untilMinutes":30,"total":3},{{Hourly}}""");
        Assert.Equal([(TrapKind.FreeBeyondFirstStage, "/freeMinutes/0/minutes")], Traps(stepped, """ "freeMinutes":[{"minutes":31}] """));
        Assert.Empty(Traps(stepped, """ "freeMinutes":[{"minutes":30}] """));
        Assert.Empty(Traps(stepped, """ "freeMinutes":[{"minutes":31,"whenExceeded":"deduct"}] """));
    }

    /// <summary>What it says of rules and times is so for the engine.</summary>
    [Fact]
    public void What_never_applies_prices_no_stay_of_a_random_tariff()
    {
        var random = new Random(20261129);
        var hidden = 0;
        for (var run = 0; run < 300; run++)
        {
            var tariff = RandomTariffs.Tariff(random);
            var traps = TariffTraps.Find(tariff);
            string[] never = [.. traps.Where(t => t.Kind is TrapKind.NeverApplies).Select(t => t.Rule!)];
            hidden += never.Length;
            var gaps = traps.Any(t => t.Kind is TrapKind.Gap);
            for (var i = 0; i < 20; i++)
            {
                var lines = Quote(tariff, RandomTariffs.Stay(random)).Lines;
                Assert.DoesNotContain(lines, l => never.Contains(l.Rule));
                Assert.True(gaps || lines.All(l => l.Code is not Core.Tariffs.Engine.FeeLineCode.NoRule));
            }
        }
        Assert.True(hidden > 20);
    }

    [Fact]
    public void Templates_are_free_of_them_but_for_hours_that_are_meant_to_be_free() =>
        Assert.Equal([], TariffTemplate.All.SelectMany(t => TariffTraps.Find(t.Tariff).Where(x => x.Kind is not TrapKind.Gap).Select(x => $"{t.Id} {x}")));
}
