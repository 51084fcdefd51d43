using Bunit;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Reports;

namespace ParkingSaaS.Tests.Reports;

/// <summary>What the page that people start from says of the lots in their reach.</summary>
public sealed class HomeTests(Cluster cluster) : PlatformTest(cluster)
{
    async Task<(PageContext Context, IRenderedComponent<Home> Page)> OpenAsync(Action<User>? restrict = null)
    {
        var context = new PageContext(platform, await City.SignInAsync(Roles.Staff, restrict));
        context.Services.AddSingleton<SharedFigures>().AddSingleton<LiveFeed>()
            .AddSingleton(new Settings("", 0, 0, null, false, false, 0, 0));
        var page = context.Render<Home>();
        await page.WaitForElementAsync(".tiles");
        return (context, page);
    }

    public static TheoryData<string?, Action<TestCity, User>> Parts => new()
    {
        { null, (_, _) => { } },
        { "North Ltd", (city, user) => user.CompanyId = city.NorthCompany.Id },
        { "South district", (city, user) => user.AreaId = city.SouthArea.Id },
        { "North, South", (city, user) => user.LotIds = [city.South.Id, city.North.Id] },
        { "North Ltd, North", (city, user) => (user.CompanyId, user.LotIds) = (city.NorthCompany.Id, [city.North.Id]) },
        { "4 lots", (city, user) => user.LotIds = [city.North.Id, city.South.Id, Guid.CreateVersion7(), Guid.CreateVersion7()] }
    };

    [Theory, MemberData(nameof(Parts), DisableDiscoveryEnumeration = true)]
    public async Task The_title_says_whose_lots_the_figures_are_of(string? part, Action<TestCity, User> restrict)
    {
        var (context, page) = await OpenAsync(u => restrict(City, u));
        await using var _ = context;
        Assert.Equal(part is null ? City.Code : $"{City.Code} · {part}", page.Find("h1").FirstChild!.TextContent.Trim());
    }

    [Fact]
    public async Task Each_lot_says_how_many_of_its_spaces_are_taken_as_its_bar_shows()
    {
        await using (var s = await City.OpenAsync())
        {
            foreach (var lot in new[] { City.North.Id, City.South.Id, City.South.Id, City.South.Id })
                s.Db.Add(new Order { Id = Guid.CreateVersion7(), LotId = lot, State = OrderState.Parked, BusinessDate = new(2026, 11, 21), CreatedAt = s.Now });
            await s.Db.SaveChangesAsync(Ct);
        }
        var (context, page) = await OpenAsync(u => u.CompanyId = City.NorthCompany.Id);
        await using var north = context;
        Assert.Equal("1 of 100 taken", page.Find(".occupancy .number").TextContent);
        Assert.Equal("1 of 100 taken", page.Find("[role=meter]").GetAttribute("aria-valuetext"));
        Assert.Equal("width:1%", page.Find("[role=meter] div").GetAttribute("style"));

        var (other, southPage) = await OpenAsync(u => u.CompanyId = City.SouthCompany.Id);
        await using var south = other;
        Assert.Equal("3 of 2 taken", southPage.Find(".occupancy .number").TextContent); // three cars on two berths
        Assert.Contains("150%", southPage.Find(".tiles").TextContent);
    }
}
