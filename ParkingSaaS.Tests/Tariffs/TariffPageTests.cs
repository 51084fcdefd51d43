using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>The page of a tariff, as a person meets it.</summary>
public sealed class TariffPageTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task What_was_typed_is_still_there_after_a_fault_while_saving()
    {
        var tariff = (await platform.Get<AddTariff>().RunAsync(City.User(TariffPermissions.Manage), new NewTariff("Square", "per-entry"), Ct)).Value;
        var who = await City.SignInAsync(Roles.City);
        await using var context = new PageContext(platform, who);
        context.Services.AddSingleton(new SaveDraft(null!)); // it cannot even ask
        var page = context.Render<TariffPage>(p => p.Add(t => t.Id, tariff));
        await (await page.WaitForElementAsync("#f-day")).ChangeAsync("calendar");
        await page.Find("#SaveDraft").ClickAsync();
        Assert.Contains("Something went wrong here", Assert.Single(context.Services.GetRequiredService<ISnackbar>().ShownSnackbars).Message);
        Assert.Equal("calendar", page.Find("#f-day option[selected]").GetAttribute("value"));
        Assert.False(page.Find("#SaveDraft").HasAttribute("disabled"));
        await using var s = await City.OpenAsync();
        Assert.Contains("rolling24h", (await s.Db.Set<TariffVersion>().SingleAsync(v => v.TariffId == tariff, Ct)).Definition);
    }
}
