using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Vehicles;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>What is done to many entries of the lists at once.</summary>
public sealed class ListsPageTests(Cluster cluster) : PageTest(cluster)
{
    async Task<List<string>> DaysAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<PlateRule>().Where(r => r.Pattern != null && !r.Wild).OrderBy(r => r.Pattern)
            .Select(r => $"{r.Pattern} {r.Until}").ToListAsync(Ct);
    }

    [Fact]
    public async Task A_last_day_that_many_got_is_taken_back()
    {
        var (save, manager) = (platform.Get<SavePlateRules>(), City.User(VehiclePermissions.ManageLists));
        foreach (var (plate, until) in new (string, DateOnly?)[] { ("粤B00001", new(2026, 12, 31)), ("粤B00002", null) })
            Assert.True((await save.RunAsync(manager, new(null, PlateListKind.White, [plate], null, null, until, "staff"), Ct)).Ok);
        var before = await DaysAsync();
        await using var context = await ContextAsync();
        var page = context.Render<ListsPage>();
        foreach (var plate in (string[])["粤B00001", "粤B00002"])
        {
            await page.WaitForElementAsync($"[aria-label='Choose {plate}']");
            await TickAsync(page, "Choose " + plate);
        }
        await OpenAsync(page, ".chosen-bar button", "Set the last day");
        await dialogs.WaitForElementAsync("#Until");
        await dialogs.Find("#Until").ChangeAsync("2027-01-31");
        await SubmitAsync();
        var undo = await notices.WaitForElementAsync(".mud-snackbar-action-button");
        Assert.Empty((await DaysAsync()).Intersect(before));
        await notices.InvokeAsync(() => { _ = undo.ClickAsync(); });
        await notices.WaitForAssertionAsync(() => Assert.Contains("Undone.", Said(context)));
        Assert.Equal(before, await DaysAsync());
    }
}
