using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Alarms;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Alarms;

/// <summary>Tests of what a day brings of alarms.</summary>
public abstract class AlarmTest(Cluster cluster) : DayTest(cluster)
{
    int messages;

    /// <summary>Looks for all alarms now.</summary>
    protected Task<int> WatchAsync(AlarmPace pace = AlarmPace.QuarterHour) => platform.Get<AlarmWatch>().RunAsync(City.Code, pace, Ct);

    /// <summary>All alarms, in the order of raising.</summary>
    protected async Task<List<Alarm>> AlarmsAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Alarm>().AsNoTracking().OrderBy(a => a.RaisedAt).ThenBy(a => a.Id).ToListAsync(Ct);
    }

    /// <summary>The only alarm.</summary>
    protected async Task<Alarm> AlarmAsync() => Assert.Single(await AlarmsAsync());

    /// <summary>Changes a row of the city.</summary>
    protected async Task ChangeAsync<T>(Guid id, Action<T> change) where T : class
    {
        await using var s = await City.OpenAsync();
        change((await s.Db.Set<T>().FindAsync([id], Ct))!);
        Assert.True((await s.SaveAsync(Ct)).Ok);
    }

    /// <summary>The rule of a kind as a form is opened with it.</summary>
    protected async Task<AlarmRuleDetails> RuleAsync(AlarmKind kind)
    {
        await using var s = await City.OpenAsync();
        return AlarmRuleDetails.Of((await AlarmRule.AllAsync(s, Ct)).Single(r => r.Kind == kind));
    }

    protected Task<Result<Done>> SaveAsync(AlarmRuleDetails rule, Actor? actor = null) =>
        platform.Get<SaveAlarmRule>().RunAsync(actor ?? City.User(AlarmPermissions.Manage), rule, Ct);

    /// <summary>The device's connection comes up or ends now.</summary>
    protected Task ConnectAsync(Device device, bool online) => platform.Get<DeviceStates>().SetAsync(
        new SignedInDevice(City.Code, device.Id, device.LotId, device.Name, device.Dialect, device.CredentialsVersion), online, "test", Ct);

    /// <summary>The device was here, and is away from now on.</summary>
    protected async Task LoseAsync(Device device)
    {
        await ConnectAsync(device, true);
        await ConnectAsync(device, false);
    }

    protected async Task SayAsync(Device device, DeviceReport report) => Assert.Equal(EventOutcome.Recorded,
        (await day.RecordAsync(new DeviceEvent(device.Id, device.LotId, $"a{++messages}", "t", "{}", report))).Outcome);
}
