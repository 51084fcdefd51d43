using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Vehicles;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>The plates of a group, one by one and many at once.</summary>
public sealed class GroupPageTests(Cluster cluster) : PageTest(cluster)
{
    Guid group;

    protected override async Task PrepareAsync() => group = (await platform.Get<SavePlateGroup>().RunAsync(
        City.User(VehiclePermissions.ManageGroups), new(null, "Fleet", "contract", ["粤B00001", "粤B00002", "粤B00003"]), Ct)).Value;

    async Task<List<string>> PlatesAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<PlateGroupPlate>().Where(p => p.GroupId == group).Select(p => p.Plate).Order().ToListAsync(Ct);
    }

    IRenderedComponent<GroupPage> Page(PageContext context) => context.Render<GroupPage>(p => p.Add(x => x.Id, group));

    [Fact]
    public async Task Many_plates_leave_the_group_and_its_history_says_so()
    {
        await using var context = await ContextAsync();
        var page = Page(context);
        await page.WaitForElementsAsync("tbody .choose-row input", 3);
        Assert.Equal("Fleet", page.Find("h1").TextContent);
        foreach (var plate in (string[])["粤B00001", "粤B00003"])
            await TickAsync(page, "Choose " + plate);
        await OpenAsync(page, ".chosen-bar button", "Remove");
        await dialogs.WaitForElementAsync("form");
        Assert.Contains("2 plates leave the group.", dialogs.Find("form").TextContent);
        await SubmitAsync();
        Assert.Equal(["粤B00002"], await PlatesAsync());
        await page.WaitForElementsAsync("tbody .choose-row input", 1);
        await page.WaitForElementsAsync(".rows > li", 3);
    }

    [Fact]
    public async Task A_plate_that_was_removed_comes_back_by_undo()
    {
        await using var context = await ContextAsync();
        var page = Page(context);
        await page.WaitForElementsAsync("tbody [aria-label=Remove]", 3);
        await page.Find("tbody [aria-label=Remove]").ClickAsync();
        Assert.Equal(["粤B00002", "粤B00003"], await PlatesAsync());
        await (await notices.WaitForElementAsync(".mud-snackbar-action-button")).ClickAsync();
        await page.WaitForElementsAsync("tbody tr", 3);
        Assert.Equal(["粤B00001", "粤B00002", "粤B00003"], await PlatesAsync());
    }

    [Fact]
    public async Task Who_may_only_look_is_offered_nothing()
    {
        await using var context = await ContextAsync(await City.SignInAsync(Roles.District, u => u.AreaId = City.NorthArea.Id));
        var page = Page(context);
        await page.WaitForElementsAsync("tbody tr", 3);
        Assert.Empty(page.FindAll("input[type=checkbox]"));
        Assert.Empty(page.FindAll("tbody button"));
    }
}
