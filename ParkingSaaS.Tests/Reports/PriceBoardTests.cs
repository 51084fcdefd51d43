using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using UglyToad.PdfPig;

namespace ParkingSaaS.Tests.Reports;

/// <summary>The price board as it comes out of the printer, with the test city's tariff: 15 minutes free, 5 yuan for the first hour, then 2
/// yuan for each half hour, at most 30 in 24 hours.</summary>
public sealed class PriceBoardTests(Cluster cluster) : DayTest(cluster)
{
    [Fact]
    public async Task A_board_has_the_prices_in_both_languages_the_lot_the_version_and_its_date()
    {
        await using var web = await WebHost.StartAsync(platform, Ct);
        await web.AddUserAsync(City, "boss", Roles.City, Ct);
        using var browser = web.Browser();
        await WebHost.SignInAsync(browser, "alpha", "boss", WebHost.Password, Ct);
        await using var s = await City.OpenAsync();
        var version = await s.Db.Set<TariffVersion>().AsNoTracking().SingleAsync(Ct);
        var tariff = version.Read().Tariff!;
        var board = $"/alpha/tariffs/{version.TariffId}/board.pdf";

        foreach (var (paper, width) in new[] { ("A4", 595), ("A3", 842) })
        {
            using var pdf = PdfDocument.Open(await browser.GetByteArrayAsync($"{board}?lot={City.North.Id}&paper={paper}", Ct));
            var page = Assert.Single(pdf.GetPages());
            Assert.Equal(width, page.Width, tolerance: 1.0);
            var text = Words(page.Text);
            Assert.All(Prices(tariff), price => Assert.Contains(Words(tariff.Currency.Text(price)), text));
            Assert.All(new[] { "停车收费标准", "Parkingprices", "North", "Upto15minisfree", "15分钟以内（含）免费", "foreachstartedhalfhour", "每30分钟",
                "Version1", "Effectivefrom" }, words => Assert.Contains(Words(words), text));
        }

        // Without a lot it bears the tariff's name; what is not there, and a draft, has none.
        using var plain = PdfDocument.Open(await browser.GetByteArrayAsync($"{board}?version={version.Id}", Ct));
        Assert.DoesNotContain("North", plain.GetPage(1).Text);
        await s.Db.Set<TariffVersion>().ExecuteUpdateAsync(set => set.SetProperty(v => v.PublishedAt, (DateTimeOffset?)null)
            .SetProperty(v => v.EffectiveFrom, (DateTimeOffset?)null), Ct);
        foreach (var query in new[] { "", $"?version={version.Id}", $"?lot={City.North.Id}" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(board + query, Ct)).StatusCode);
    }

    /// <summary>With the lot's own calendar: a board that names kinds of days says which dates they are from today on, the 21st of November 2026. The
    /// codes of the document are nobody's words.</summary>
    [Fact]
    public async Task A_board_says_which_dates_are_holidays_and_no_code()
    {
        await using var s = await City.OpenAsync();
        var calendar = Guid.CreateVersion7();
        s.Db.Add(new DayCalendar { Id = calendar, Name = "north", ChangedAt = s.Now });
        foreach (var (date, kind, name) in new[] { ("2026-10-01", DayKind.Holiday, "国庆节"), ("2026-12-31", DayKind.Holiday, "元旦"),
            ("2027-01-01", DayKind.Holiday, "元旦"), ("2027-01-02", DayKind.Holiday, "元旦"), ("2027-01-10", DayKind.Workday, ""),
            ("2027-02-01", DayKind.Special, "灯会") })
            s.Db.Add(new CalendarDay { CalendarId = calendar, Date = DateOnly.Parse(date, CultureInfo.InvariantCulture), Kind = kind, Name = name });
        await s.Db.SaveChangesAsync(Ct);
        await s.Db.Set<Lot>().Where(l => l.Id == City.North.Id).ExecuteUpdateAsync(set => set.SetProperty(l => l.CalendarId, calendar), Ct);
        var text = Words(await BoardAsync(City.North.Id, "A4", tariff => tariff with
        {
            Rules = [.. tariff.Rules.Select(r => r with { AppliesTo = new AppliesTo { DayTypes = [DayType.RestDay] } })],
            Factors = [new TariffFactor { Id = "double-by-hand", Factor = 2, AppliesTo = new AppliesTo { ByHand = true } }]
        }));
        Assert.All(new[] { "Only if marked for extra charge: all prices × 2.", "Statutory holidays are rest days", "Statutory holidays 2026: December 31 (元旦).",
            "Statutory holidays 2027: January 1 to January 2 (元旦).", "2027 年法定节假日：1月1日 至 1月2日（元旦）。", "Weekend days that are worked 2027: January 10.",
            "2027 年调休上班：1月10日。" }, words => Assert.Contains(Words(words), text));
        Assert.All(new[] { "by-hand", "国庆节", "灯会" }, words => Assert.DoesNotContain(words, text));

        text = Words(await BoardAsync(City.South.Id, "A4", tariff => tariff));
        Assert.DoesNotContain("元旦", text);
    }

    /// <summary>A short tariff is read from far away, a long one still hangs as one sheet; none leaves a quarter of it empty.</summary>
    [Theory, InlineData("A4", 1, 15, 23), InlineData("A3", 1, 22, 32), InlineData("A3", 5, 15, 22)]
    public async Task The_type_grows_to_fill_the_sheet(string paper, int rules, double least, double most)
    {
        using var pdf = PdfDocument.Open(await FileAsync(City.North.Id, paper, tariff => tariff with
        {
            Caps = [],
            Rules = [.. Enumerable.Range(1, rules).Select(n => tariff.Rules[0] with
            {
                Id = $"r{n}",
                AppliesTo = new AppliesTo { Weekdays = [(DayOfWeek)(n % 7)] }
            })]
        }));
        var page = Assert.Single(pdf.GetPages());
        var letters = page.Letters.Where(l => l.Value.Trim().Length > 0).ToList();
        Assert.InRange(letters.Max(l => l.PointSize) / 2, least, most); // the heading is twice as large
        var lines = letters.Select(l => l.StartBaseLine.Y).Append(0).Append(page.Height).Order().ToList();
        Assert.InRange(lines.Zip(lines.Skip(1), (below, above) => above - below).Max(), 0, page.Height / 4);
    }

    async Task<string> BoardAsync(Guid lot, string paper, Func<Tariff, Tariff> change)
    {
        using var pdf = PdfDocument.Open(await FileAsync(lot, paper, change));
        return string.Concat(pdf.GetPages().Select(p => p.Text));
    }

    /// <summary>The board of the lot's tariff, were it otherwise.</summary>
    async Task<byte[]> FileAsync(Guid lot, string paper, Func<Tariff, Tariff> change)
    {
        await using var web = await WebHost.StartAsync(platform, Ct);
        var boss = $"boss-{lot:N}"[..12];
        await web.AddUserAsync(City, boss, Roles.City, Ct);
        using var browser = web.Browser();
        await using var s = await City.OpenAsync();
        await WebHost.SignInAsync(browser, "alpha", boss, WebHost.Password, Ct);
        var version = await s.Db.Set<TariffVersion>().SingleAsync(Ct);
        await s.Db.Set<TariffVersion>().ExecuteUpdateAsync(
            set => set.SetProperty(v => v.Definition, JsonSerializer.Serialize(change(version.Read().Tariff!), TariffJson.Options)), Ct);
        return await browser.GetByteArrayAsync($"/alpha/tariffs/{version.TariffId}/board.pdf?lot={lot}&paper={paper}", Ct);
    }

    [Fact]
    public async Task Only_a_lot_that_uses_the_tariff_and_is_within_reach_is_named()
    {
        await using var web = await WebHost.StartAsync(platform, Ct);
        await web.AddUserAsync(City, "north", Roles.District, Ct, user => user.LotIds = [City.North.Id]);
        using var browser = web.Browser();
        await WebHost.SignInAsync(browser, "alpha", "north", WebHost.Password, Ct);
        await using var s = await City.OpenAsync();
        var board = $"/alpha/tariffs/{(await s.Db.Set<TariffPlan>().SingleAsync(Ct)).Id}/board.pdf";
        foreach (var query in new[] { $"?lot={City.South.Id}", $"?lot={platform.Beta.North.Id}", $"?version={Guid.NewGuid()}", "?paper=A5" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(board + query, Ct)).StatusCode);
        await s.Db.Set<LotTariff>().Where(a => a.LotId == City.North.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.UsedUntil, s.Now), Ct);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{board}?lot={City.North.Id}", Ct)).StatusCode);
    }

    static IEnumerable<decimal> Prices(Tariff tariff) =>
    [
        .. tariff.Rules.SelectMany(r => r.Charge is TimedCharge timed ? timed.Stages.Select(s => s.Total ?? s.Price!.Value) : []).Where(p => p > 0),
        .. tariff.Rules.Select(r => r.Cap?.Amount).OfType<decimal>(),
        .. tariff.Caps.Select(c => c.Amount).OfType<decimal>()
    ];

    /// <summary>Where a line breaks, and which of several characters of one look a font has, is the printer's affair.</summary>
    /// <summary>What people read. Of two characters that look the same the font names either: radicals, of which Unicode equates some only.</summary>
    static string Words(string text) => Regex.Replace(text.Normalize(NormalizationForm.FormKC), @"\s", "").Replace('\u2ECB', '车');
}
