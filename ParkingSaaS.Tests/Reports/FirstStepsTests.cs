using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Reports;

namespace ParkingSaaS.Tests.Reports;

/// <summary>What a city still lacks before its first car.</summary>
public sealed class FirstStepsTests(Cluster cluster) : DayTest(cluster)
{
    async Task<IReadOnlyList<FirstStepState>?> StepsAsync() => await platform.Get<FirstSteps>().RunAsync(City.User(ReportPermissions.Home), Ct);

    async Task ChangeAsync(Func<Core.Tenancy.CitySession, Task> change)
    {
        await using var s = await City.OpenAsync();
        await change(s);
        await s.Db.SaveChangesAsync(Ct);
    }

    [Fact]
    public async Task Steps_are_done_by_what_is_there_until_a_car_comes()
    {
        Assert.Equal([FirstStep.Connection, FirstStep.People, FirstStep.Car], (await StepsAsync())!.Where(s => !s.Done).Select(s => s.Step));
        await ChangeAsync(async s =>
        {
            foreach (var device in await s.Db.Set<Device>().ToListAsync(Ct))
                device.RetiredAt = s.Now;
            foreach (var lane in await s.Db.Set<Lane>().ToListAsync(Ct))
                lane.RetiredAt = s.Now;
            foreach (var use in await s.Db.Set<LotTariff>().ToListAsync(Ct))
                use.UsedUntil = s.Now;
        });
        var steps = (await StepsAsync())!;
        Assert.Equal([FirstStep.Way, FirstStep.Assignment, FirstStep.Device, FirstStep.Connection, FirstStep.People, FirstStep.Car],
            steps.Where(s => !s.Done).Select(s => s.Step));
        Assert.Equal([(FirstStep.Way, 1), (FirstStep.Assignment, 2)], steps.Where(s => s.Missing > 0).Select(s => (s.Step, s.Missing)));
        await ChangeAsync(async s =>
        {
            foreach (var lot in await s.Db.Set<Lot>().ToListAsync(Ct))
                lot.RetiredAt = s.Now;
        });
        Assert.Equal([FirstStep.Area, FirstStep.Company, FirstStep.Tariff], (await StepsAsync())!.Where(s => s.Done).Select(s => s.Step));
    }

    [Fact]
    public async Task A_device_that_was_seen_and_a_second_account_are_steps_and_the_first_car_ends_them()
    {
        await City.SignInAsync(Roles.City);
        await City.SignInAsync(Roles.Attendant);
        await ChangeAsync(async s => (await s.Db.Set<Device>().FirstAsync(Ct)).LastSeenAt = s.Now);
        Assert.Equal([FirstStep.Car], (await StepsAsync())!.Where(s => !s.Done).Select(s => s.Step));
        await day.EnterAsync("粤B12345", 0);
        Assert.Null(await StepsAsync());
    }

    [Fact]
    public async Task Home_leads_who_manages_the_whole_city_and_hides_what_was_hidden()
    {
        await ChangeAsync(async s =>
        {
            foreach (var lot in await s.Db.Set<Lot>().ToListAsync(Ct))
                lot.RetiredAt = s.Now;
        });
        await using (var context = new PageContext(platform, await City.SignInAsync(Roles.City)))
        {
            var home = context.Render<Home>();
            var panel = await home.WaitForElementAsync(".first-steps");
            Assert.Equal("Lots", panel.QuerySelector("[aria-current=step] a")!.TextContent);
            Assert.Equal(10, panel.QuerySelectorAll("li").Length);
            await panel.QuerySelector("button")!.ClickAsync(new());
            Assert.Empty(home.FindAll(".first-steps"));
            context.JSInterop.VerifyInvoke("localStorage.setItem");
        }
        await using (var context = new PageContext(platform, await City.SignInAsync(Roles.City)))
        {
            context.JSInterop.Setup<string?>("localStorage.getItem", _ => true).SetResult("hidden");
            var home = context.Render<Home>();
            await home.WaitForElementAsync(".tiles");
            Assert.Empty(home.FindAll(".first-steps"));
        }
        await using (var context = new PageContext(platform, await City.SignInAsync(Roles.Company, u => u.CompanyId = City.NorthCompany.Id)))
        {
            var home = context.Render<Home>();
            await home.WaitForElementAsync(".tiles");
            Assert.Empty(home.FindComponents<FirstStepsPanel>());
        }
    }
}
