using System.Net;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Drivers;

/// <summary>A driver follows the link of a message on a phone without JavaScript.</summary>
public sealed class ToldPageTests(Cluster cluster) : DriverPhone(cluster)
{
    const string Car = "粤B12345";

    protected override string[] Settings => ["--Messages:Address=https://parking.example.org", "--Drivers:StrangerSees=Proof"];

    async Task<string> RemindAsync()
    {
        Assert.Null((await web.Get<SaveOwner>().RunAsync(City.User(VehiclePermissions.ManageOwners),
            new OwnerDetails(null, "13800000001", "Li", null, OwnerLanguage.English, [new OwnerPlateDetails(Car)]), Ct)).Error);
        var text = new SceneTextDetails(MessageScene.ArrearsFirst, MessageWay.Sms, OwnerLanguage.English, Enabled: true,
            SceneKind.Of(MessageScene.ArrearsFirst).English, null, null);
        Assert.Null((await web.Get<SaveSceneText>().RunAsync(City.User(MessagePermissions.Manage), text, Ct)).Error);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Until(190);
        Assert.True((await platform.Get<CloseWaiting>().RunAsync(City.Code, Ct)).Ok);
        Assert.Null((await web.Get<Dunning>().RemindAsync(City.User(MessagePermissions.Remind), Car, Ct)).Error);
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Message>().Select(m => m.Code).SingleAsync(Ct);
    }

    [Fact]
    public async Task It_leads_to_what_is_owed_which_it_proves_to_be_the_drivers_and_more_is_declined()
    {
        var page = "/alpha/pay/told/" + await RemindAsync();
        var order = $"/alpha/pay/order/{(await day.OrderAsync()).Id}";
        Assert.DoesNotContain("¥7.00", Text(await GetAsync(order)));
        var told = await GetAsync(page);
        Assert.Contains("¥7.00", Text(told));
        Assert.Equal(order, "/alpha/" + told.QuerySelector(".choices a")!.GetAttribute("href"));
        Assert.Contains("¥7.00", Text(await GetAsync(order)));
        Assert.Contains("You get no more messages like this here.", Text(await WebHost.PageAsync(await SendAsync(told, page), Ct)));
        Assert.Contains("No more such messages", Text(await WebHost.PageAsync(await SendAsync(await GetAsync(page), page), Ct)));
        Assert.Null((await day.CashAsync(await day.OrderAsync(), 700)).Error);
        Assert.Contains("All of it is paid.", Text(await GetAsync(page)));
        Assert.DoesNotContain(web.Logs.Lines, line => line.Contains("12345") || line.Contains("13800000001"));
    }

    [Fact]
    public async Task Another_code_leads_nowhere() =>
        Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync("/alpha/pay/told/k7m2p9xq4rtw", Ct)).StatusCode);
}
