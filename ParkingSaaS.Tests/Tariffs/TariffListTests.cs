using Bunit;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>What people look for first are the tariffs by which cars pay now.</summary>
public sealed class TariffListTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task Tariffs_that_lots_use_come_first_with_the_lots()
    {
        foreach (var name in new[] { "!Alone", "Zoo" })
            Assert.True((await platform.Get<AddTariff>().RunAsync(City.User(TariffPermissions.Manage), new NewTariff(name, "per-entry"), Ct)).Ok);
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<TariffsPage>();
        await page.WaitForElementsAsync("tbody tr", 3);
        await page.WaitForAssertionAsync(() => Assert.Contains("North, South", page.Find("tbody tr").TextContent));
        var rows = page.FindAll("tbody tr").Select(r => r.QuerySelectorAll("td").Select(c => c.TextContent.Trim()).ToList()).ToList();
        Assert.Equal(["North, South", "–", "–"], rows.Select(r => r[^1]));
        Assert.Equal(["!Alone", "Zoo"], rows.Skip(1).Select(r => r[0]));
    }
}
