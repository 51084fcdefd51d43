using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Web;
using ParkingSaaS.Web.Shell;
using ParkingSaaS.Web.Tariffs;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>A driver reads what was done, with the figures that make it right.</summary>
public sealed class FeeWordsTests
{
    const string Five = """{"price":5,"perMinutes":60}""";

    static readonly IStringLocalizer<Texts> Texts = new ServiceCollection().AddLogging().AddTexts().BuildServiceProvider()
        .GetRequiredService<IStringLocalizer<Texts>>();

    /// <summary>Each line's period, words and amount.</summary>
    static List<string> Lines(FeeQuote quote, string language = "en")
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        try
        {
            return [.. quote.Lines.Select(l => FormattableString.Invariant(
                $"{Clock(l.From)}-{Clock(l.To)} {Texts.Of(l, quote.Currency, new PageNames(() => null, null!))} = {l.Amount}"))];
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }

        static string Clock(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Shanghai).ToString("dd HH:mm", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_unit_that_runs_on_into_another_stretch_is_not_charged_again()
    {
        var tariff = Tariff($$"""
            {"id":"peak","window":{"from":"10:00","to":"12:00"},"charge":{"mode":"timed","stages":[{{Five}}]} },
            {"id":"day","window":{"from":"08:00","to":"20:00"},"charge":{"mode":"timed","stages":[{"price":1,"perMinutes":60}]} }
            """);
        Assert.Equal("18 12:00-18 12:30 Unit started earlier, already charged = 0.00", Lines(Quote(tariff, "2026-11-18 09:30", "2026-11-18 12:30"))[^1]);
        Assert.Equal(2, Quote(tariff, "2026-11-18 09:30", "2026-11-18 12:31").Lines.Count(l => l is { Rule: "day", Units: 1 }));
    }

    [Theory]
    [InlineData("en", "18 10:00-18 10:09 Shorter than 10 min: free = 0.00")]
    [InlineData("zh-CN", "18 10:00-18 10:09 不足 10 分钟：不收费 = 0.00")]
    public void A_unit_that_is_too_short_to_be_charged_says_so(string language, string line)
    {
        var tariff = Tariff(Timed("""{"price":5,"perMinutes":30,"freeBelowMinutes":10}"""));
        Assert.Equal([line], Lines(Quote(tariff, "2026-11-18 10:00", "2026-11-18 10:09:59"), language));
        Assert.Equal("18 10:00-18 10:35 1 × 30 min at ¥5.00 each, a started unit counts from 10 min on = 5.00",
            Assert.Single(Lines(Quote(tariff, "2026-11-18 10:00", "2026-11-18 10:35"))));
    }

    [Theory]
    [InlineData("en", "At most ¥30.00 per day, of which ¥20.00 was used before = -10.00")]
    [InlineData("zh-CN", "每日最高 ¥30.00，此前已用 ¥20.00 = -10.00")]
    public void A_cap_that_stays_of_a_day_share_says_what_was_used(string language, string words)
    {
        var tariff = Tariff(Timed(Five), """ "reentry":{"shareDayCap":true},"caps":[{"per":"day","amount":30}] """);
        var stay = new Stay(Instant("2026-11-18 14:00", Shanghai), Instant("2026-11-18 18:00", Shanghai),
            Earlier: [new EarlierStay(Instant("2026-11-18 08:00", Shanghai), Instant("2026-11-18 12:00", Shanghai))]);
        Assert.Equal("18 14:00-18 18:00 " + words, Lines(Quote(tariff, stay), language)[^1]);
        Assert.DoesNotContain("used before", Lines(Quote(tariff, "2026-11-18 08:00", "2026-11-18 18:00"))[^1]);
    }

    [Theory]
    [InlineData("en", "18 10:00-19 10:00 At most ¥20.00 per 24 h = -100.00")]
    [InlineData("zh-CN", "18 10:00-19 10:00 每 24 小时最高 ¥20.00 = -100.00")]
    public void A_day_that_is_24_hours_from_entry_is_called_so(string language, string line) => Assert.Contains(line,
        Lines(Quote(Tariff(Timed(Five), """ "day":"rolling24h","caps":[{"per":"day","amount":20}] """), "2026-11-18 10:00", "2026-11-19 16:00"), language));

    [Fact]
    public void A_period_tells_its_length() => Assert.Contains("18 10:00-18 22:00 At most ¥20.00 per 12 h = -40.00",
        Lines(Quote(Tariff(Timed(Five), """ "caps":[{"per":"period","periodMinutes":720,"amount":20}] """), "2026-11-18 10:00", "2026-11-19 01:00")));

    [Fact]
    public void A_cap_of_some_hours_shows_them_whole()
    {
        var tariff = Tariff($$"""
            {"id":"a","window":{"from":"08:00","to":"12:00"},"charge":{"mode":"timed","stages":[{{Five}}]} },
            {"id":"b","charge":{"mode":"timed","stages":[{{Five}}]} }
            """, """ "caps":[{"per":"window","window":{"from":"09:00","to":"20:00"},"amount":25}] """);
        Assert.Contains("18 09:00-18 16:00 At most ¥25.00 in these hours = -10.00", Lines(Quote(tariff, "2026-11-18 08:00", "2026-11-18 16:00")));
    }

    [Theory]
    [InlineData("en", "18 10:00-18 11:00 1 × 1 h at ¥5.00 each, a started unit counts in full (× 3, heavy SUV) = 15.00")]
    [InlineData("zh-CN", "（× 3，heavy SUV） = 15.00")]
    public void A_factor_has_its_name(string language, string line)
    {
        var tariff = Tariff(Timed(Five), """ "factors":[{"id":"heavy SUV","factor":3,"appliesTo":{"vehicles":["large"]}}] """);
        Assert.EndsWith(line, Assert.Single(Lines(Quote(tariff, "2026-11-18 10:00", "2026-11-18 11:00", vehicle: VehicleKind.Large), language)));
    }

    /// <summary>A new factor is called by the kind of vehicle that it is for, which is no word of a language.</summary>
    [Theory]
    [InlineData("large", "en", "(× 3, large vehicles)")]
    [InlineData("large", "zh-CN", "（× 3，大型车）")]
    [InlineData("yellowGreen", "zh-CN", "（× 3，黄绿牌）")]
    [InlineData("2", "zh-CN", "（× 3，2）")]
    public void A_factor_that_is_called_by_a_kind_of_vehicle_or_plate_has_its_words(string id, string language, string words) =>
        Assert.Contains(words, Assert.Single(Lines(Quote(Tariff(Timed(Five), $$""" "factors":[{"id":"{{id}}","factor":3}] """),
            "2026-11-18 10:00", "2026-11-18 11:00"), language)));

    [Fact]
    public void Of_factors_that_multiply_each_has_its_words()
    {
        var tariff = Tariff(Timed(Five), """ "factors":[{"id":"large","factor":2},{"id":"heavy","factor":3}],"factorsTogether":"multiply" """);
        Assert.Contains("（× 6，大型车 × heavy）", Assert.Single(Lines(Quote(tariff, "2026-11-18 10:00", "2026-11-18 11:00"), "zh-CN")));
    }

    /// <summary>How far a rule's limit and a price per entry reach; the window of the whole day is a day.</summary>
    [Theory]
    [InlineData("calendar", """ "per":"stay","cap":{"amount":7,"per":"stay"} """,
        "At most ¥7.00 per stay at this rate", "此费率单次停车最高 ¥7.00",
        "¥9.00 per entry", "按次收费 ¥9.00")]
    [InlineData("calendar", """ "per":"day","cap":{"amount":7,"per":"day"} """,
        "At most ¥7.00 per day at this rate", "此费率每日最高 ¥7.00",
        "¥9.00 per day", "每日收费 ¥9.00")]
    [InlineData("calendar", """ "cap":{"amount":7} """, "At most ¥7.00 per day at this rate", "此费率每日最高 ¥7.00", "¥9.00 per day", "每日收费 ¥9.00")]
    [InlineData("rolling24h", """ "cap":{"amount":7} """, "At most ¥7.00 per 24 h at this rate", "此费率每 24 小时最高 ¥7.00", "¥9.00 per 24 h", "每 24 小时收费 ¥9.00")]
    [InlineData("rolling24h", """ "per":"day","cap":{"amount":7,"per":"day"} """,
        "At most ¥7.00 per 24 h at this rate", "此费率每 24 小时最高 ¥7.00",
        "¥9.00 per 24 h", "每 24 小时收费 ¥9.00")]
    [InlineData("rolling24h", """ "per":"window","cap":{"amount":7},"window":{"from":"00:00","to":"24:00"} """,
        "At most ¥7.00 per day at this rate", "此费率每日最高 ¥7.00",
        "¥9.00 per day", "每日收费 ¥9.00")]
    [InlineData("calendar", """ "cap":{"amount":7},"window":{"from":"08:00","to":"20:00"} """,
        "At most ¥7.00 in these hours at this rate", "此费率该时段最高 ¥7.00",
        "¥9.00 for these hours", "该时段收费 ¥9.00")]
    [InlineData("calendar", """ "per":"stay","cap":{"amount":7,"per":"day"},"window":{"from":"08:00","to":"20:00"} """,
        "At most ¥7.00 per day at this rate", "此费率每日最高 ¥7.00",
        "¥9.00 per entry", "按次收费 ¥9.00")]
    public void A_limit_and_a_price_per_entry_say_what_they_are_per(string day, string rule, string limit, string limitZh, string entry, string entryZh)
    {
        var tariff = Tariff($$"""{"id":"r","charge":{"mode":"perEntry","price":9},{{rule}}}""", $$""" "day":"{{day}}" """);
        var quote = Quote(tariff, "2026-11-18 10:00", "2026-11-18 12:00");
        Assert.Equal([$"18 10:00-18 12:00 {entry} = 9.00", $"18 10:00-18 12:00 {limit} = -2.00"], Lines(quote));
        Assert.Equal([$"18 10:00-18 12:00 {entryZh} = 9.00", $"18 10:00-18 12:00 {limitZh} = -2.00"], Lines(quote, "zh-CN"));
    }

    /// <summary>A dear time from ten to twelve, in which the clock of the other rule stands still.</summary>
    static Tariff Interrupted(string stages, string more = "") => Tariff($$"""
        {"id":"peak","window":{"from":"10:00","to":"12:00"},"charge":{"mode":"timed","stages":[{{Five}}]} },
        {"id":"day","window":{"from":"08:00","to":"20:00"},"charge":{"mode":"timed","stages":[{{stages}}]} }
        """, more);

    [Theory]
    [InlineData("12:20", "18 12:00-18 12:20 Up to 1 h: ¥5.00 in all, already charged = 0.00", "18 12:00-18 12:20 1 小时以内共 ¥5.00，此前已计费 = 0.00")]
    [InlineData("13:20",
        "18 12:00-18 13:20 Up to 2 h: ¥8.00 in all, of which ¥5.00 was charged before = 3.00",
        "18 12:00-18 13:20 2 小时以内共 ¥8.00，其中 ¥5.00 此前已计费 = 3.00")]
    [InlineData("14:20",
        "18 12:00-18 14:20 However long: ¥9.00 in all, of which ¥5.00 was charged before = 4.00",
        "18 12:00-18 14:20 不限时长共 ¥9.00，其中 ¥5.00 此前已计费 = 4.00")]
    public void A_step_says_what_of_it_was_charged_before(string exit, string words, string wordsZh)
    {
        var tariff = Interrupted("""{"untilMinutes":60,"total":5},{"untilMinutes":120,"total":8},{"total":9}""");
        var quote = Quote(tariff, "2026-11-18 09:30", "2026-11-18 " + exit);
        Assert.Equal((words, wordsZh), (Lines(quote)[^1], Lines(quote, "zh-CN")[^1]));
        Assert.Equal("18 09:30-18 10:00 Up to 1 h: ¥5.00 in all = 5.00", Lines(quote)[0]);
    }

    [Fact]
    public void What_was_charged_before_has_the_factor_in_it()
    {
        var tariff = Interrupted("""{"untilMinutes":60,"total":5},{"untilMinutes":120,"total":8}""", """ "factors":[{"id":"heavy","factor":3}] """);
        Assert.Equal("18 12:00-18 13:20 Up to 2 h: ¥8.00 in all (× 3, heavy), of which ¥15.00 was charged before = 9.00",
            Lines(Quote(tariff, "2026-11-18 09:30", "2026-11-18 13:20"))[^1]);
    }

    [Fact]
    public void A_table_that_has_run_out_costs_nothing_more_though_it_never_cost_anything() => Assert.Equal(
        "18 10:30-18 11:00 Nothing more is charged = 0.00",
        Lines(Quote(Tariff(Timed("""{"untilMinutes":30,"total":0}""")), "2026-11-18 10:00", "2026-11-18 11:00"))[^1]);

    /// <summary>The clock runs on from before the dear time: what ran uncharged counts, what was charged is not charged again.</summary>
    [Theory]
    [InlineData("""{"price":4,"perMinutes":30,"freeBelowMinutes":20}""", "09:50:00", "12:15:00",
        "1 × 30 min at ¥4.00 each, a started unit counts from 20 min on; 10 min from before count too = 4.00",
        "1 × 30 分钟，每单位 ¥4.00，满 20 分钟计一个单位；此前的 10 分钟一并计入 = 4.00")]
    [InlineData("""{"price":4,"perMinutes":30,"freeBelowMinutes":20}""", "09:49:30", "12:05:00",
        "Shorter than 20 min: free; 10 min 30 s from before count too = 0.00", "不足 20 分钟：不收费；此前的 10 分 30 秒一并计入 = 0.00")]
    [InlineData("""{"price":4,"perMinutes":30,"freeBelowMinutes":5}""", "09:50:00", "12:30:00",
        "1 × 30 min at ¥4.00 each, a started unit counts from 5 min on; the first 20 min belong to a unit already charged = 4.00",
        "1 × 30 分钟，每单位 ¥4.00，满 5 分钟计一个单位；开头 20 分钟属于此前已计费的单位 = 4.00")]
    [InlineData("""{"price":4,"perMinutes":30}""", "09:50:00", "12:40:00",
        "1 × 30 min at ¥4.00 each, a started unit counts in full; the first 20 min belong to a unit already charged = 4.00",
        "1 × 30 分钟，每单位 ¥4.00，不足一个单位按一个单位计；开头 20 分钟属于此前已计费的单位 = 4.00")]
    [InlineData("""{"price":4,"perMinutes":30,"round":"down"}""", "09:59:15", "12:29:30",
        "1 × 30 min at ¥4.00 each, only complete units count; 45 s from before count too = 4.00", "1 × 30 分钟，每单位 ¥4.00，不足一个单位不计；此前的 45 秒一并计入 = 4.00")]
    [InlineData("""{"price":4,"perMinutes":60,"round":"nearest"}""", "08:50:00", "12:20:00",
        "1 × 1 h at ¥4.00 each, from half a unit on it counts; 10 min from before count too = 4.00", "1 × 1 小时，每单位 ¥4.00，满半个单位按一个单位计；此前的 10 分钟一并计入 = 4.00")]
    [InlineData("""{"price":6,"perMinutes":60,"round":"proRata"}""", "09:50:00", "12:15:00",
        "0.25 × 1 h at ¥6.00 each, by the minute = 1.50",
        "0.25 × 1 小时，每单位 ¥6.00，不足一个单位按分钟折算 = 1.50")]
    [InlineData("""{"price":4,"perMinutes":30}""", "09:30:00", "12:15:00",
        "1 × 30 min at ¥4.00 each, a started unit counts in full = 4.00",
        "1 × 30 分钟，每单位 ¥4.00，不足一个单位按一个单位计 = 4.00")]
    public void A_rate_says_what_of_a_unit_was_before(string stage, string entry, string exit, string words, string wordsZh)
    {
        var quote = Quote(Interrupted(stage), "2026-11-18 " + entry, "2026-11-18 " + exit);
        Assert.Equal((words, wordsZh), (Lines(quote)[^1].Split(' ', 4)[3], Lines(quote, "zh-CN")[^1].Split(' ', 4)[3]));
    }
}
