using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>A lot is added with all that it needs to take its first car.</summary>
public sealed class NewLotPageTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task A_lot_comes_with_its_lanes_and_tariff()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<NewLotPage>();
        await page.WaitForElementAsync("#Name");
        await page.Find("#Name").ChangeAsync("West");
        await page.Find("#Capacity").ChangeAsync("50");
        await page.Find("select[aria-label='Tariff for its cars']").ChangeAsync("0");
        await page.Find("form").SubmitAsync();

        await using var s = await City.OpenAsync();
        var lot = await s.Db.Set<Lot>().AsNoTracking().SingleAsync(l => l.Name == "West", Ct);
        Assert.Equal((50, LotKind.OffStreet), (lot.Capacity, lot.Kind));
        Assert.Equal([("Entrance", LaneDirection.Entry), ("Exit", LaneDirection.Exit)],
            (await s.Db.Set<Lane>().Where(l => l.LotId == lot.Id).OrderBy(l => l.Name).ToListAsync(Ct)).Select(l => (l.Name, l.Direction)));
        Assert.True(await s.Db.Set<LotTariff>().AnyAsync(a => a.LotId == lot.Id && a.UsedUntil == null, Ct));
        Assert.EndsWith($"/lots/{lot.Id}", context.Services.GetRequiredService<NavigationManager>().Uri);
    }

    [Fact]
    public async Task What_is_wrong_is_said_before_anything_is_saved_and_what_was_saved_is_not_saved_again()
    {
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var page = context.Render<NewLotPage>();
        await page.WaitForElementAsync("#Name");
        await page.Find("#Name").ChangeAsync("Quay");
        await page.Find("select[aria-label=Kind]").ChangeAsync(nameof(LotKind.OnStreet));
        await page.Find("#Numbers").ChangeAsync("A9–A1");
        await page.Find("form").SubmitAsync();
        Assert.Single(page.FindAll(".field-invalid label[for=Numbers]"));
        Assert.Equal(0, await LotsAsync("Quay"));

        // A tariff that is retired while the page is open.
        var tariff = await TariffAsync();
        await page.Find("#Numbers").ChangeAsync("A1–A9");
        await page.Find("select[aria-label='Tariff for its cars']").ChangeAsync("0");
        await RetireAsync(tariff, TestPlatform.Start);
        await page.Find("form").SubmitAsync();
        Assert.Single(page.FindAll("[role=alert]"));
        await RetireAsync(tariff, null);
        await page.Find("form").SubmitAsync();

        Assert.Equal(1, await LotsAsync("Quay"));
        await using var s = await City.OpenAsync();
        Assert.Equal(9, await s.Db.Set<Berth>().CountAsync(b => s.Db.Set<Lot>().Any(l => l.Id == b.LotId && l.Name == "Quay"), Ct));
        Assert.Equal(1, await s.Db.Set<LotTariff>().CountAsync(a => s.Db.Set<Lot>().Any(l => l.Id == a.LotId && l.Name == "Quay"), Ct));
    }

    async Task<string> TariffAsync()
    {
        await using var s = await City.OpenAsync();
        return (await s.Db.Set<TariffPlan>().Select(t => t.Id).FirstAsync(Ct)).ToString();
    }

    async Task RetireAsync(string tariff, DateTimeOffset? at)
    {
        await using var s = await City.OpenAsync();
        await s.Db.Set<TariffPlan>().Where(t => t.Id == Guid.Parse(tariff)).ExecuteUpdateAsync(u => u.SetProperty(t => t.RetiredAt, at), Ct);
    }

    async Task<int> LotsAsync(string name)
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Lot>().CountAsync(l => l.Name == name, Ct);
    }
}
