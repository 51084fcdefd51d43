using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Tariffs;
using Radzen;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>The page of a tariff, as a person meets it.</summary>
public sealed class TariffPageTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task What_was_typed_is_still_there_after_a_fault_while_saving()
    {
        var tariff = (await platform.Get<AddTariff>().RunAsync(City.User(TariffPermissions.Manage), new NewTariff("Square", "per-entry"), Ct)).Value;
        var who = await City.SignInAsync(Roles.City);
        await using var page = new TestRenderer(services => services.AddSignedIn(platform, who).AddSingleton<TimeProvider>(platform.Clock)
            .AddSingleton(platform.Get<CalendarsInForce>()).AddSingleton(platform.Get<RetireTariff>())
            .AddSingleton(new SaveDraft(null!))); // it cannot even ask
        await page.RenderAsync<TariffPage>((nameof(TariffPage.Id), tariff));
        await page.UntilAsync("#f-day");
        await page.FireAsync("id", "f-day", "onchange", new ChangeEventArgs { Value = "calendar" });
        await page.FireAsync("id", "SaveDraft", "onclick", new MouseEventArgs());
        Assert.Contains("Something went wrong here", Assert.Single(page.Get<NotificationService>().Messages).Summary);
        var dom = await page.DomAsync();
        Assert.Equal("calendar", dom.QuerySelector("#f-day option[selected]")!.GetAttribute("value"));
        Assert.False(dom.GetElementById("SaveDraft")!.HasAttribute("disabled"));
        await using var s = await City.OpenAsync();
        Assert.Contains("rolling24h", (await s.Db.TariffVersions.SingleAsync(v => v.TariffId == tariff, Ct)).Definition);
    }
}
