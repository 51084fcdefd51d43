using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Web;
using ParkingSaaS.Web.Tariffs;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>A driver reads what was done, with the figures that make it right.</summary>
public sealed class FeeWordsTests
{
    const string Five = """{"price":5,"perMinutes":60}""";

    static readonly IStringLocalizer<Texts> Texts = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider()
        .GetRequiredService<IStringLocalizer<Texts>>();

    /// <summary>Each line's period, words and amount.</summary>
    static List<string> Lines(FeeQuote quote, string language = "en")
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        try
        {
            return [.. quote.Lines.Select(l => FormattableString.Invariant(
                $"{Clock(l.From)}-{Clock(l.To)} {Texts.Of(l, quote.Currency)} = {l.Amount}"))];
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
        Assert.Equal("18 12:00-18 12:30 Unit begun before, already charged = 0.00", Lines(Quote(tariff, "2026-11-18 09:30", "2026-11-18 12:30"))[^1]);
        Assert.Equal(2, Quote(tariff, "2026-11-18 09:30", "2026-11-18 12:31").Lines.Count(l => l is { Rule: "day", Units: 1 }));
    }

    [Theory]
    [InlineData("en", "18 10:00-18 10:09 Shorter than 10 min: nothing = 0.00")]
    [InlineData("zh-CN", "18 10:00-18 10:09 不足 10 分钟：不收费 = 0.00")]
    public void A_unit_that_is_too_short_to_be_charged_says_so(string language, string line)
    {
        var tariff = Tariff(Timed("""{"price":5,"perMinutes":30,"freeBelowMinutes":10}"""));
        Assert.Equal([line], Lines(Quote(tariff, "2026-11-18 10:00", "2026-11-18 10:09:59"), language));
        Assert.Equal("18 10:00-18 10:35 1 × 30 min at ¥5.00 each, a begun unit counts from 10 min on = 5.00",
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
    [InlineData("zh-CN", "18 10:00-19 10:00 每 24 小时 最高 ¥20.00 = -100.00")]
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
    [InlineData("en", "18 10:00-18 11:00 1 × 1 h at ¥5.00 each, a begun unit counts (× 3, heavy SUV) = 15.00")]
    [InlineData("zh-CN", "（× 3，heavy SUV） = 15.00")]
    public void A_factor_has_its_name(string language, string line)
    {
        var tariff = Tariff(Timed(Five), """ "factors":[{"id":"heavy SUV","factor":3,"appliesTo":{"vehicles":["large"]}}] """);
        Assert.EndsWith(line, Assert.Single(Lines(Quote(tariff, "2026-11-18 10:00", "2026-11-18 11:00", vehicle: VehicleKind.Large), language)));
    }
}
