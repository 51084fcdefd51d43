using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Lots;

namespace ParkingSaaS.Tests.Lots;

/// <summary>What is done to many berths of a lot at once.</summary>
public sealed class BerthsPageTests(Cluster cluster) : PageTest(cluster)
{
    async Task<IRenderedComponent<BerthsPage>> PageAsync(PageContext context, int rows)
    {
        var page = context.Render<BerthsPage>(p => p.Add(x => x.Id, City.South.Id));
        await page.WaitForElementsAsync("tbody .choose-row input", rows);
        return page;
    }

    async Task AddAsync(string numbers) =>
        Assert.True((await platform.Get<AddBerths>().RunAsync(City.User(LotPermissions.Manage), new(City.South.Id, numbers, BerthType.Standard), Ct)).Ok);

    async Task<List<string>> BerthsAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Berth>().Where(b => b.LotId == City.South.Id && b.RetiredAt == null).OrderBy(b => b.Number.Length).ThenBy(b => b.Number)
            .Select(b => b.Number + " " + b.Type + (b.ZoneId == null ? "" : " in a zone")).ToListAsync(Ct);
    }

    [Fact]
    public async Task Many_get_another_type_and_a_zone()
    {
        await AddAsync("9–11");
        Assert.True((await platform.Get<SaveZone>().RunAsync(City.User(LotPermissions.Manage), new(City.South.Id, null, "B1", null, 0), Ct)).Ok);
        await using var context = await ContextAsync();
        var page = await PageAsync(context, 5);
        Assert.Equal(["1", "2", "9", "10", "11"], page.FindAll("tbody tr").Select(r => r.QuerySelectorAll("td")[1].TextContent.Trim()));
        foreach (var number in (int[])[9, 11])
            await TickAsync(page, $"Choose {number}");
        await OpenAsync(page, ".chosen-bar button", "Change the type");
        await dialogs.WaitForElementAsync("form");
        Assert.Contains("2 berths get this type.", dialogs.Find("form").TextContent);
        await dialogs.Find("form select").ChangeAsync(((int)BerthType.Charging).ToString());
        await SubmitAsync();
        await notices.WaitForAssertionAsync(() => Assert.Contains("2 of 2 done.", Said(context)));
        Assert.Equal(["1 Standard", "2 Standard", "9 Charging", "10 Standard", "11 Charging"], await BerthsAsync());

        await page.WaitForAssertionAsync(() => Assert.Null(Chosen(page)));
        await TickAsync(page, "Choose 10");
        await OpenAsync(page, ".chosen-bar button", "Change the zone");
        await dialogs.WaitForElementAsync("form");
        await dialogs.Find("form select").ChangeAsync("0");
        await SubmitAsync();
        Assert.Equal(["1 Standard", "2 Standard", "9 Charging", "10 Standard in a zone", "11 Charging"], await BerthsAsync());
    }

    [Fact]
    public async Task What_many_got_is_taken_back_but_from_the_one_that_somebody_changed_since()
    {
        await AddAsync("9–10");
        await using var context = await ContextAsync();
        var page = await PageAsync(context, 4);
        foreach (var number in (int[])[1, 9, 10])
            await TickAsync(page, $"Choose {number}");
        await OpenAsync(page, ".chosen-bar button", "Change the type");
        await dialogs.WaitForElementAsync("form");
        await dialogs.Find("form select").ChangeAsync(((int)BerthType.Charging).ToString());
        await SubmitAsync();
        var undo = await notices.WaitForElementAsync(".mud-snackbar-action-button");
        Assert.Equal(["1 Charging", "2 Standard", "9 Charging", "10 Charging"], await BerthsAsync());
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Berth>().Where(b => b.Number == "9").ExecuteUpdateAsync(set => set.SetProperty(b => b.Type, BerthType.Accessible), Ct);
        await notices.InvokeAsync(() => { _ = undo.ClickAsync(); });
        Assert.Equal("2 of 3 done.", (await dialogs.WaitForElementAsync("[role=status]")).TextContent.Trim());
        Assert.StartsWith("9 ", Assert.Single(dialogs.FindAll(".refused li")).TextContent.Trim());
        await OpenAsync(dialogs, ".dialog-buttons button", "Close");
        await notices.WaitForAssertionAsync(() => Assert.Contains("2 of 3 are undone; the others stay as they were done.", Said(context)));
        Assert.Equal(["1 Standard", "2 Standard", "9 Accessible", "10 Standard"], await BerthsAsync());
    }

    [Fact]
    public async Task Many_are_taken_out_of_use_but_the_one_on_which_a_car_stands()
    {
        await AddAsync("9–10");
        await using (var s = await City.OpenAsync())
        {
            s.Db.Add(new Order
            {
                Id = Guid.CreateVersion7(),
                LotId = City.South.Id,
                BerthId = City.Berth2.Id,
                State = OrderState.Parked,
                BusinessDate = new(2026, 11, 21),
                CreatedAt = TestPlatform.Start
            });
            await s.Db.SaveChangesAsync(Ct);
        }
        await using var context = await ContextAsync();
        var page = await PageAsync(context, 4);
        foreach (var number in (int[])[1, 2, 9])
            await TickAsync(page, $"Choose {number}");
        await OpenAsync(page, ".chosen-bar button", "Retire");
        await dialogs.WaitForElementAsync("form");
        await dialogs.Find("form").SubmitAsync();
        await dialogs.WaitForElementAsync("[role=status]");
        Assert.StartsWith("2 ", Assert.Single(dialogs.FindAll(".refused li")).TextContent.Trim());
        await ClickAsync(dialogs, ".dialog-buttons button", "Close");
        await page.WaitForElementsAsync("tbody tr", 2);
        Assert.Equal(["2 Standard", "10 Standard"], await BerthsAsync());
        Assert.Equal("1 chosen", Chosen(page));
    }

    [Fact]
    public async Task What_cannot_be_undone_of_many_is_named()
    {
        await AddAsync("9–10");
        await using var context = await ContextAsync();
        var page = await PageAsync(context, 4);
        foreach (var number in (int[])[1, 9, 10])
            await TickAsync(page, $"Choose {number}");
        await OpenAsync(page, ".chosen-bar button", "Retire");
        await dialogs.WaitForElementAsync("form");
        await SubmitAsync();
        var undo = await notices.WaitForElementAsync(".mud-snackbar-action-button");
        Assert.Equal(["2 Standard"], await BerthsAsync());
        await AddAsync("9");
        await notices.InvokeAsync(() => { _ = undo.ClickAsync(); });
        Assert.Equal("2 of 3 done.", (await dialogs.WaitForElementAsync("[role=status]")).TextContent.Trim());
        Assert.StartsWith("9 ", Assert.Single(dialogs.FindAll(".refused li")).TextContent.Trim());
        await OpenAsync(dialogs, ".dialog-buttons button", "Close");
        await notices.WaitForAssertionAsync(() => Assert.Contains("2 of 3 are undone; the others stay as they were done.", Said(context)));
        Assert.Equal(["1 Standard", "2 Standard", "9 Standard", "10 Standard"], await BerthsAsync());
        await page.WaitForElementsAsync("tbody tr", 4);
    }

    [Fact]
    public async Task Who_may_not_change_berths_chooses_none()
    {
        await using var context = await ContextAsync(await City.SignInAsync(Roles.Staff, u => u.CompanyId = City.SouthCompany.Id));
        var page = context.Render<BerthsPage>(p => p.Add(x => x.Id, City.South.Id));
        await page.WaitForElementsAsync("tbody tr", 2);
        Assert.Empty(page.FindAll("input[type=checkbox]"));
        Assert.Empty(page.FindAll("tbody button"));
    }
}
