using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
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
