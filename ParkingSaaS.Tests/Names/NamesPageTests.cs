using System.Globalization;
using Bunit;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Names;

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
}
