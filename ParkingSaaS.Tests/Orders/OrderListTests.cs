using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Orders;

/// <summary>A fee that nobody knows yet is not shown as none.</summary>
public sealed class OrderListTests(Cluster cluster) : DayTest(cluster)
{
    const string InNow = "粤B00001", Gone = "粤B00002";

    protected override async Task PrepareAsync()
    {
        await day.EnterAsync(InNow, 0);
        await day.EnterAsync(Gone, 1);
        await day.LeaveAsync(Gone, 62); // an hour and a minute: ¥7.00
    }

    [Fact]
    public async Task The_list_shows_a_dash_until_there_is_a_fee_and_its_total_says_what_it_counts()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<OrdersPage>();
        await page.WaitForElementsAsync("tbody .choose-row", 2);
        Assert.Equal(["–", "¥0.00", "–"], Amounts(page, InNow));
        Assert.Equal(["¥7.00", "¥0.00", "¥7.00"], Amounts(page, Gone));
        Assert.Contains("Total of orders with a fee", page.Find("tfoot").TextContent);
        Assert.Contains("¥7.00", page.Find("tfoot").TextContent);
    }

    /// <summary>A car whose entry was reported long after it came is not the newest.</summary>
    [Fact]
    public async Task The_newest_entry_stands_first_whenever_it_was_told()
    {
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Order>().Where(o => o.Plate == InNow).ExecuteUpdateAsync(set => set.SetProperty(o => o.CreatedAt, o => o.CreatedAt.AddDays(1)), Ct);
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<OrdersPage>();
        await page.WaitForElementsAsync("tbody .choose-row", 2);
        Assert.Equal([Gone, InNow], page.FindAll("tbody td[data-label=Plate] a").Select(a => a.TextContent));
        Assert.Equal("descending", page.FindAll("th").Single(h => h.TextContent.Trim() == "Entered").GetAttribute("aria-sort"));
    }

    /// <summary>The first page of a million orders is read by an index that has them in the list's order.</summary>
    [Fact]
    public async Task The_list_is_read_in_its_order_by_an_index()
    {
        await using var s = await City.OpenAsync();
        Assert.Contains("using ix_orders_start ", await PlanAsync(new()));
        Assert.Contains("using ix_orders_lot_start ", await PlanAsync(new() { LotId = City.North.Id }));

        async Task<string> PlanAsync(OrderFilter filter)
        {
            var plan = await Plans.OfAsync(s, filter.Apply(s, []).OrderedBy(s, "Start desc, Id desc").Take(20));
            Assert.DoesNotContain("Sort", plan);
            return plan;
        }
    }

    [Fact]
    public async Task So_does_the_cars_page()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        context.Services.AddSingleton<LiveFeed>();
        var page = context.Render<CarPage>(p => p.Add(x => x.Plate, InNow));
        Assert.Equal(["–", "–"], (await page.WaitForElementsAsync("tbody td.number", 2)).Select(c => c.TextContent.Trim()));
    }

    [Fact]
    public async Task The_workbook_leaves_the_cell_empty()
    {
        await using var web = await WebHost.StartAsync(platform, Ct);
        await web.AddUserAsync(City, "boss", Roles.City, Ct);
        using var browser = web.Browser();
        await WebHost.SignInAsync(browser, City.Code, "boss", WebHost.Password, Ct);
        var rows = SheetFile.Rows(await browser.GetByteArrayAsync("/alpha/orders/export.xlsx", Ct)).ToDictionary(r => (string)r[0].Value!, r => r[6].Value);
        Assert.Equal((null, 7.0), (rows[InNow], rows[Gone]));
    }

    static IEnumerable<string> Amounts(IRenderedComponent<OrdersPage> page, string plate) =>
        page.FindAll("tbody tr").Single(r => r.TextContent.Contains(plate)).QuerySelectorAll("td.number").Select(c => c.TextContent.Trim());
}
