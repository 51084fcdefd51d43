using System.Net;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Passes;

namespace ParkingSaaS.Tests.Passes;

/// <summary>PAS-8: what the clerk's list shows at a glance, first of all which passes end soon.</summary>
public sealed class PassListTests(Cluster cluster) : DayTest(cluster)
{
    const string Soon = "粤B00001";
    const string Later = "粤B00002";
    Desk desk => field ??= new Desk(day);

    async Task<string> PlatesAsync(PassFilter filter, Actor? actor = null)
    {
        await using var s = await desk.Get<CitySessions>().OpenAsync(actor ?? day.City.System, PassPermissions.View, Ct);
        return string.Join(' ', (await filter.Apply(s).OrderBy(p => p.Number).ToListAsync(Ct)).Select(p => p.Berth ?? string.Join(", ", p.Plates)));
    }

    [Fact]
    public async Task Each_view_shows_its_passes()
    {
        var days = await desk.ProductAsync(desk.Details("日卡") with { Term = PassTerm.Day, MaxTerms = 60 });
        var soon = await desk.ActiveAsync(Desk.SaleFrom(days, Desk.Today, 8, Soon));
        await desk.ActiveAsync(Desk.SaleFrom(days, Desk.Today, 9, Later));
        var reviewed = await desk.ProductAsync(desk.Details("审核") with { Reviewed = true });
        Assert.True((await desk.SellAsync(Desk.Sale(reviewed, "粤B00003"))).Ok);
        Assert.True((await desk.SellAsync(Desk.Sale(await desk.ProductAsync(), "粤B00004"))).Ok);
        var leaving = await desk.ActiveAsync(Desk.SaleFrom(days, Desk.Today, 30, "粤B00005"));
        Assert.True((await desk.Get<AskCancel>().RunAsync(desk.Clerk, leaving.Id, "sold", Ct)).Ok);

        Assert.Equal(Soon, await PlatesAsync(new() { View = PassView.Expiring }));
        Assert.Equal($"{Soon} {Later}", await PlatesAsync(new() { View = PassView.Expiring, Days = 8 }));
        Assert.Equal("粤B00003", await PlatesAsync(new() { View = PassView.ToReview }));
        Assert.Equal("粤B00004", await PlatesAsync(new() { View = PassView.ToPay }));
        Assert.Equal("粤B00005", await PlatesAsync(new() { View = PassView.Cancelling }));
        Assert.Equal("", await PlatesAsync(new() { View = PassView.Over }));
        Assert.Equal(Soon, await PlatesAsync(new() { Text = "b00001" }));
        Assert.Equal(Soon, await PlatesAsync(new() { Text = $"{soon.Number}" }));
        Assert.Equal($"{Soon} {Later} 粤B00005", await PlatesAsync(new() { Text = "张三", ProductId = days.Id }));
        Assert.Equal($"{Soon} {Later}", await PlatesAsync(new() { ProductId = days.Id, State = PassState.Active }));
        Assert.Equal("", await PlatesAsync(new(), day.City.RestrictedTo(day.City.South, PassPermissions.View)));
        desk.At(soon.Until.AddDays(1));
        Assert.Equal(Soon, await PlatesAsync(new() { View = PassView.Over }));
        desk.At(soon.Until.AddDays(8));
        Assert.Equal(Later, await PlatesAsync(new() { View = PassView.Over }));
    }

    [Fact]
    public async Task Who_may_not_see_numbers_finds_a_holder_by_the_whole_one_only()
    {
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Soon));
        var attendant = day.City.User(PassPermissions.View);
        Assert.Equal(Soon, await PlatesAsync(new() { Text = "1380000" }));
        Assert.Equal("", await PlatesAsync(new() { Text = "1380000" }, attendant));
        Assert.Equal(Soon, await PlatesAsync(new() { Text = "138 0000 0000" }, attendant));
        await using var s = await desk.Get<CitySessions>().OpenAsync(attendant, PassPermissions.View, Ct);
        Assert.Equal("138****0000", (await new PassFilter().Apply(s).SingleAsync(Ct)).Phone);
    }

    [Fact]
    public async Task The_list_is_saved_as_a_workbook_by_those_who_may_see_it()
    {
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Soon));
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(desk.Details("另一种")), Later));
        await using var web = await WebHost.StartAsync(day.Platform, Ct);
        await web.AddUserAsync(day.City, "boss", Roles.City, Ct);
        using var browser = web.Browser();
        Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync("/alpha/passes/export.xlsx", Ct)).StatusCode);
        await WebHost.SignInAsync(browser, "alpha", "boss", WebHost.Password, Ct);
        var answer = await browser.GetAsync($"/alpha/passes/export.xlsx?Text={Later}", Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(Later, Assert.Single(SheetFile.Rows(await answer.Content.ReadAsByteArrayAsync(Ct))).Select(c => c.ToString()));
    }
}
