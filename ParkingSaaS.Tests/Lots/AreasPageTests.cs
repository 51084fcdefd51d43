using System.Globalization;
using Bunit;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Lots;

namespace ParkingSaaS.Tests.Lots;

/// <summary>The tree of areas, as a person meets it.</summary>
public sealed class AreasPageTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task An_area_has_the_lots_of_those_below_it_too()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        await using (var s = await City.OpenAsync())
        {
            var coast = new Area { Id = Guid.CreateVersion7(), Name = "Coast" };
            s.Db.AddRange(coast, new Area { Id = Guid.CreateVersion7(), Name = "Cliffs" });
            var north = await s.Db.Set<Area>().FindAsync([City.NorthArea.Id], Ct);
            north!.ParentId = coast.Id;
            await s.Db.SaveChangesAsync(Ct);
        }
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<AreasPage>();
        await page.WaitForElementAsync(".tree-row");
        Assert.Equal("Cliffs Lots: 0, Coast Lots: 1, North district Lots: 1, South district Lots: 1",
            string.Join(", ", page.FindAll(".tree-row").Select(r => $"{r.QuerySelector("strong")!.TextContent} {r.QuerySelector("span")!.TextContent}")));
    }
}
