using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Tariffs;
using ParkingSaaS.Web;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Names;
using ParkingSaaS.Web.Shell;
using ParkingSaaS.Web.Tariffs;

namespace ParkingSaaS.Tests.Names;

/// <summary>Names on pages: where they are translated, and where they are read.</summary>
public sealed class NamesPageTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task What_is_translated_on_the_page_stands_on_others()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        await using (var s = await City.OpenAsync())
        {
            var area = new Area { Id = Guid.CreateVersion7(), Name = "港口" };
            s.Db.AddRange(area, new Area { Id = Guid.CreateVersion7(), Name = "码头", ParentId = area.Id });
            await s.Db.SaveChangesAsync(Ct);
        }
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var dialogs = context.Render<MudDialogProvider>();
        context.Render<MudPopoverProvider>();
        var page = context.Render<NamesPage>();
        await page.WaitForElementAsync("tbody button[title=Edit]");
        var row = page.FindAll("tbody tr").First(e => e.TextContent.Contains("港口"));
        _ = row.QuerySelector("button[title=Edit]")!.ClickAsync();
        (await dialogs.WaitForElementAsync("#English")).Change("Harbour");
        await dialogs.InvokeAsync(() => dialogs.Find("form").SubmitAsync());
        await Eventually.HoldsAsync(() => page.FindAll("tbody tr").Any(r => r.TextContent.Contains("Harbour")));

        await platform.Get<CityNames>().LoadAsync(City.Code);
        var areas = context.Render<AreasPage>();
        await areas.WaitForElementAsync("strong");
        Assert.Contains("Harbour", areas.FindAll("strong").Select(e => e.TextContent));
        Assert.Contains("码头", areas.FindAll("strong").Select(e => e.TextContent));
    }

    /// <summary>The names within a tariff: of limits, prices per midnight, factors and plate groups.</summary>
    [Fact]
    public async Task The_sentences_of_a_tariff_and_the_lines_of_a_fee_call_things_as_their_reader_does()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        await TranslateAsync(("封顶一", "Day limit"), ("过夜", "Overnight"), ("加倍", "Double"), ("居民", "Residents"));
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var (texts, local) = (context.Services.GetRequiredService<IStringLocalizer<Texts>>(), context.Services.GetRequiredService<PageNames>());
        var tariff = Fees.Tariff("""{"id":"a","per":"day","appliesTo":{"groups":["居民"]},"charge":{"mode":"timed","stages":[{"price":2,"perMinutes":60}]}}""",
            """
            "caps":[{"name":"封顶一","amount":30,"per":"day"}],"midnightFees":[{"name":"过夜","price":5}],
            "factors":[{"id":"加倍","factor":2,"appliesTo":{"vehicles":["large"]}}]
            """);
        var prose = TariffProse.Of(texts, tariff, local);
        Assert.Contains("in one of the groups Residents", prose.Prices[0].Text);
        Assert.StartsWith("Day limit: ", prose.Limits[0]);
        Assert.StartsWith("Overnight: ", prose.More[0]);
        Assert.Equal("Large vehicles: all prices × 2.", prose.More[1]); // what a factor is for says more than its code
        var entry = TestPlatform.Start;
        var fee = FeeEngine.Quote(tariff, DayTypes.Weekends, TimeZoneInfo.Utc, new Stay(entry, entry.AddHours(1), VehicleKind.Large) { Groups = ["居民"] });
        Assert.Contains(fee.Lines, line => texts.Of(line, fee.Currency, local).EndsWith("(× 2, Double)", StringComparison.Ordinal));
    }

    /// <summary>Who looks for "Airport" looks at the top, whatever it is called in the other language.</summary>
    [Fact]
    public async Task What_is_chosen_from_is_sorted_as_its_reader_reads_it()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        await TranslateAsync(("站", "Airport"));
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        Choice[] lots = [new(Guid.NewGuid(), "Bay"), new(Guid.NewGuid(), "Zoo"), new(Guid.NewGuid(), "站")];
        var one = context.Render<ChoiceInput<Choice, Guid>>(p => p.Add(c => c.Items, lots).Add(c => c.Of, c => c.Id).Add(c => c.Text, c => c.Name)
            .Add(c => c.Value, lots[0].Id).Add(c => c.ValueChanged, id => chosen = id));
        Assert.Equal(["Airport", "Bay", "Zoo"], one.FindAll("option").Select(o => o.TextContent));
        Assert.Equal("1", one.Find("select").GetAttribute("value"));
        await one.Find("select").ChangeAsync("0");
        Assert.Equal(lots[2].Id, chosen);
        var given = context.Render<ChoiceInput<Choice, Guid>>(p => p.Add(c => c.Items, lots).Add(c => c.Of, c => c.Id).Add(c => c.Text, c => c.Name)
            .Add(c => c.Value, lots[0].Id).Add(c => c.AsGiven, true));
        Assert.Equal(["Bay", "Zoo", "Airport"], given.FindAll("option").Select(o => o.TextContent));
        var some = context.Render<Choose<Choice, Guid>>(p => p.Add(c => c.Items, lots).Add(c => c.Value, c => c.Id).Add(c => c.Text, c => c.Name)
            .Add(c => c.Label, "Lots").Add(c => c.Chosen, []));
        Assert.Equal(["Airport", "Bay", "Zoo"], some.FindAll(".choose-list label").Select(l => l.TextContent.Trim()));
    }

    Guid chosen;

    async Task TranslateAsync(params (string Name, string English)[] names)
    {
        foreach (var (name, english) in names)
            Assert.True((await platform.Get<TranslateName>().RunAsync(City.User(NamePermissions.Translate), new TranslatedName(name, english, null), Ct)).Ok);
        await platform.Get<CityNames>().LoadAsync(City.Code);
    }
}
