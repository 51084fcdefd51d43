using Bunit;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;

namespace ParkingSaaS.Tests.Orders;

/// <summary>What cars owe that have left.</summary>
public sealed class ArrearsTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    const string Other = "粤B54321";

    /// <summary>One car leaves twice without paying, another once ten days later.</summary>
    async Task OweAsync()
    {
        foreach (var start in new[] { 0, 200 })
        {
            await day.EnterAsync(Car, start);
            await day.LeaveAsync(Car, start + 61);
        }
        await day.EnterAsync(Other, 14_400);
        await day.LeaveAsync(Other, 14_461);
        day.Until(14_700);
        Assert.True((await platform.Get<CloseWaiting>().RunAsync(City.Code, Ct)).Ok);
    }

    async Task<string[]> RowsAsync(ArrearsFilter filter)
    {
        await using var s = await City.OpenAsync();
        return [.. filter.Apply(s, [], owners: true).OrderByDescending(r => r.Owed).AsEnumerable().Select(r => $"{r.Plate} {r.Orders} {r.Owed} {r.Owner}")];
    }

    [Fact]
    public async Task Cars_stand_by_what_they_owe_and_ages_add_up()
    {
        await OweAsync();
        Assert.Equal([$"{Car} 2 1400 ", $"{Other} 1 700 "], await RowsAsync(new ArrearsFilter()));
        Assert.Equal([$"{Other} 1 700 "], await RowsAsync(new ArrearsFilter { Age = ArrearsAge.Week }));
        Assert.Equal([$"{Car} 2 1400 "], await RowsAsync(new ArrearsFilter { Age = ArrearsAge.Month, Plate = "12345" }));
        Assert.Empty(await RowsAsync(new ArrearsFilter { LotId = City.South.Id }));
        await using var s = await City.OpenAsync();
        Assert.Equal([(ArrearsAge.Week, 1, 700), (ArrearsAge.Month, 2, 1400), (ArrearsAge.Quarter, 0, 0), (ArrearsAge.Longer, 0, 0)],
            (await new ArrearsFilter().AgesAsync(s, [], Ct)).Select(a => (a.Age, a.Orders, a.Owed.Minor)));
    }

    [Fact]
    public async Task The_page_leads_to_the_car_and_the_workbook_says_the_same()
    {
        await OweAsync();
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<ArrearsPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains("cars/" + Uri.EscapeDataString(Car), page.Markup));
        Assert.Equal(["¥7.00", "¥14.00", "¥0.00", "¥0.00"], page.FindAll("dl .big").Select(f => f.TextContent.Trim().Split(' ')[0]));

        await using var web = await WebHost.StartAsync(platform, Ct);
        await web.AddUserAsync(City, "staff", Roles.City, Ct);
        using var browser = web.Browser();
        await WebHost.SignInAsync(browser, "alpha", "staff", WebHost.Password, Ct);
        Assert.Equal([$"{Car}|2|14", $"{Other}|1|7"], SheetFile.Rows(await browser.GetByteArrayAsync("/alpha/arrears/export.xlsx", Ct))
            .Select(r => $"{r[0].Value}|{r[2].Value}|{r[3].Value}").Where(r => r.StartsWith('粤')));
    }

    [Fact]
    public async Task All_or_some_of_a_cars_arrears_are_paid_at_once_and_once()
    {
        await OweAsync();
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        await using var s = await City.OpenAsync();
        var stays = OrderFilter.Rows(s, s.Db.Set<Order>().Where(o => o.Plate == Car)).OrderBy(r => r.ExitedAt).ToList();
        var form = context.Render<PayArrearsForm>(p => p.Add(x => x.Stays, stays).Add(x => x.Zone, s.City.Zone));
        Assert.Contains("¥14.00", form.Find("button[type=submit]").TextContent);
        await form.FindAll("input[type=checkbox]")[1].ChangeAsync(false);
        Assert.Contains("¥7.00", form.Find("button[type=submit]").TextContent);
        await form.Find("form").SubmitAsync();
        await form.Find("form").SubmitAsync();
        Assert.Equal([OrderState.Completed, OrderState.Arrears], (await day.OrdersAsync()).Where(o => o.Plate == Car).Select(o => o.State));
        Assert.Equal(new Money(700), Assert.Single(await day.PaymentsAsync()).Amount);
        await form.FindAll("input[type=checkbox]")[1].ChangeAsync(true);
        await form.Find("form").SubmitAsync();
        Assert.Equal(2, (await day.PaymentsAsync()).Count);
    }
}
