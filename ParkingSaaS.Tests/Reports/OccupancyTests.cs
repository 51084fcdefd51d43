using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Reports;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Reports;

/// <summary>How full the lots of a city are with the districts North (100 places, 3 cars; below it Street, 10 places, 12 cars) and South
/// (2 places, 1 car). Quay runs along South and Long road along Street.</summary>
public sealed class OccupancyTests(Cluster cluster) : PlatformTest(cluster)
{
    TestCity city => City;
    Area street = null!;

    protected override async Task PrepareAsync()
    {
        street = new Area { Id = Guid.CreateVersion7(), Name = "Street", ParentId = city.NorthArea.Id };
        var empty = new Area { Id = Guid.CreateVersion7(), Name = "Empty" };
        var quay = new Road { Id = Guid.CreateVersion7(), Name = "Quay", AreaId = city.SouthArea.Id };
        var longRoad = new Road { Id = Guid.CreateVersion7(), Name = "Long road", AreaId = city.NorthArea.Id };
        var deep = NewLot("Deep", 10, null, longRoad.Id);
        var closed = NewLot("Closed", 1000, TestPlatform.Start, quay.Id);
        await using var s = await city.OpenAsync();
        s.Db.AddRange(street, empty, quay, longRoad, deep, closed);
        (await s.Db.Set<Lot>().SingleAsync(l => l.Id == city.South.Id, Ct)).RoadId = quay.Id;
        Park(s, city.North.Id, 3);
        Park(s, deep.Id, 12);
        Park(s, city.South.Id, 1);
        s.Db.Add(NewOrder(city.South.Id, OrderState.Completed));
        await s.Db.SaveChangesAsync(Ct);
    }

    Lot NewLot(string name, int capacity, DateTimeOffset? retired, Guid road) => new()
    {
        Id = Guid.CreateVersion7(),
        Name = name,
        Kind = LotKind.Indoor,
        AreaId = street.Id,
        CompanyId = city.NorthCompany.Id,
        Capacity = capacity,
        RetiredAt = retired,
        RoadId = road
    };

    static void Park(CitySession s, Guid lot, int cars)
    {
        for (var i = 0; i < cars; i++)
            s.Db.Add(NewOrder(lot, OrderState.Parked));
    }

    static Order NewOrder(Guid lot, OrderState state) => new()
    {
        Id = Guid.CreateVersion7(),
        LotId = lot,
        State = state,
        BusinessDate = new(2026, 11, 21),
        CreatedAt = TestPlatform.Start
    };

    Task<Occupancy> AskAsync(Actor actor, LotKind? kind = null) => platform.Get<OccupancyFigures>().RunAsync(actor, kind, StringComparer.Ordinal, Ct);

    static IEnumerable<(string, int, Places)> Areas(Occupancy now) => now.Areas.Select(a => (a.Name, a.Depth, a.Places));

    [Fact]
    public async Task Areas_and_roads_sum_up_their_lots()
    {
        var now = await AskAsync(city.User(LotPermissions.View));
        Assert.Equal(
            [
                ("North district", 0, new Places(2, 110, 15, 97)), ("Street", 1, new Places(1, 10, 12, 0)),
                ("South district", 0, new Places(1, 2, 1, 1))
            ], Areas(now));
        Assert.Equal(
            [
                ("Long road", "North district", new Places(1, 10, 12, 0)), ("Quay", "South district", new Places(1, 2, 1, 1)),
                (null, null, new Places(1, 100, 3, 97))
            ], now.Roads.Select(r => (r.Name, r.Area, r.Places)));
        Assert.Equal(new Places(3, 112, 16, 98), now.Total);
        Assert.Equal([14, 120, 50], now.Areas.Select(a => a.Places.Percent));
        Assert.Null(default(Places).Percent);
    }

    [Fact]
    public async Task One_kind_is_summed_alone()
    {
        var now = await AskAsync(city.User(LotPermissions.View), LotKind.OnStreet);
        Assert.Equal([("South district", 0, new Places(1, 2, 1, 1))], Areas(now));
        Assert.Equal("Quay", Assert.Single(now.Roads).Name);
    }

    [Fact]
    public async Task Each_sees_the_lots_within_reach()
    {
        var south = await AskAsync(city.RestrictedTo(city.South, LotPermissions.View));
        Assert.Equal([("South district", 0, new Places(1, 2, 1, 1))], Areas(south));
        Assert.Equal("Quay", Assert.Single(south.Roads).Name);
        Assert.Equal(new Places(1, 2, 1, 1), south.Total);

        var district = await AskAsync(Actor.User(city.Code, Guid.NewGuid(), "d", new HashSet<string> { LotPermissions.View }, new Scope(street.Id)));
        Assert.Equal([("Street", 0, new Places(1, 10, 12, 0))], Areas(district));

        Assert.Equal(new Places(2, 102, 0, 102), (await AskAsync(platform.Beta.User(LotPermissions.View))).Total);
        await Assert.ThrowsAsync<AccessDeniedException>(() => AskAsync(city.User()));
    }

    [Fact]
    public async Task The_workbook_says_the_same()
    {
        await using var web = await WebHost.StartAsync(platform, Ct);
        await web.AddUserAsync(city, "staff", Roles.Staff, Ct, u => u.CompanyId = city.NorthCompany.Id);
        using var browser = web.Browser();
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        await WebHost.SignInAsync(browser, "alpha", "staff", WebHost.Password, Ct);
        Assert.Equal(["Area|North district||2|110|15|97|14", "Area|  Street||1|10|12|0|120", "Road|Long road|North district|1|10|12|0|120",
            "Road|On no road||1|100|3|97|3", "Total|||2|110|15|97|14"], await RowsAsync("occupancy.xlsx"));
        Assert.Equal(["Total|||0|0|0|0|"], await RowsAsync("occupancy.xlsx?kind=OnStreet"));

        async Task<IEnumerable<string>> RowsAsync(string file) =>
            SheetFile.Rows(await browser.GetByteArrayAsync($"/alpha/{file}", Ct)).Select(r => string.Join('|', r));
    }

    [Fact]
    public async Task The_page_shows_what_is_within_reach_and_follows_what_happens()
    {
        var who = await city.SignInAsync(Roles.Staff, u => u.CompanyId = city.SouthCompany.Id);
        await using var context = new PageContext(platform, who);
        context.Services.AddSingleton<SharedFigures>().AddSingleton<LiveFeed>();
        var page = context.Render<OccupancyPage>();
        Assert.Equal([$"lots?area={city.SouthArea.Id}", $"lots?road={await RoadAsync()}"],
            (await page.WaitForElementsAsync("tbody a")).Select(a => a.GetAttribute("href")!));
        Assert.Equal(["1", "2", "1", "1", "50%"], Total());

        await using (var s = await city.OpenAsync())
        {
            Park(s, city.South.Id, 1);
            await s.Db.SaveChangesAsync(Ct);
        }
        context.Services.GetRequiredService<LiveFeed>().Publish(city.Code, [new LiveNotice(LiveKind.Order, city.South.Id, Guid.NewGuid())]);
        await PageContext.HearAsync(platform, page, () => page.Find(".meter .full"));
        Assert.Equal(["1", "2", "2", "0", "100%"], Total());

        async Task<Guid> RoadAsync()
        {
            await using var s = await city.OpenAsync();
            return await s.Db.Set<Road>().Where(r => r.Name == "Quay").Select(r => r.Id).SingleAsync(Ct);
        }

        IEnumerable<string> Total() => page.Find("tfoot").QuerySelectorAll("td.number").Select(c => c.TextContent.Trim());
    }
}
