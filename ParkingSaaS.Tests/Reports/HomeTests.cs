using Bunit;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Reports;

namespace ParkingSaaS.Tests.Reports;

/// <summary>What the page that people start from says of the lots in their reach.</summary>
public sealed class HomeTests(Cluster cluster) : PlatformTest(cluster)
{
    async Task<(PageContext Context, IRenderedComponent<Home> Page)> OpenAsync(Action<User>? restrict = null)
    {
        var context = new PageContext(platform, await City.SignInAsync(Roles.Staff, restrict));
        context.Services.AddSingleton<SharedFigures>().AddSingleton<LiveFeed>();
        var page = context.Render<Home>();
        await page.WaitForElementAsync(".tiles");
        return (context, page);
    }

    [Fact]
    public async Task Each_lot_says_how_many_of_its_spaces_are_free()
    {
        await using (var s = await City.OpenAsync())
        {
            foreach (var lot in new[] { City.North.Id, City.South.Id, City.South.Id, City.South.Id })
                s.Db.Add(new Order { Id = Guid.CreateVersion7(), LotId = lot, State = OrderState.Parked, BusinessDate = new(2026, 11, 21), CreatedAt = s.Now });
            await s.Db.SaveChangesAsync(Ct);
        }
        var (context, page) = await OpenAsync(u => u.CompanyId = City.NorthCompany.Id);
        await using var north = context;
        Assert.Equal("99 of 100 free", page.Find(".occupancy .number").TextContent);
        Assert.Equal("99 of 100 free", page.Find("[role=meter]").GetAttribute("aria-valuetext"));

        var (other, southPage) = await OpenAsync(u => u.CompanyId = City.SouthCompany.Id);
        await using var south = other;
        Assert.Equal("0 of 2 free", southPage.Find(".occupancy .number").TextContent); // three cars on two berths
        Assert.Contains("150 %", southPage.Find(".tiles").TextContent);
    }
}
