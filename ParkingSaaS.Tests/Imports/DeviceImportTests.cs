using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Imports;

/// <summary>Tables of devices.</summary>
public sealed class DeviceImportTests(Cluster cluster) : ImportTest(cluster)
{
    const string Heading = "Lot,Name,Kind,Lane or berth,Protocol\n";

    Task<Device> DeviceAsync(string name) => ReadAsync(s => s.Db.Set<Device>().AsNoTracking().SingleAsync(d => d.Name == name, Ct));

    [Fact]
    public async Task Devices_are_added_with_secrets_changed_and_left_alone()
    {
        const string Text = Heading + "North,cam-9,ExitCamera,Out,臻识\nNorth,gate-out,Gate,In,\n"
            + "North,cam-in,EntryCamera,In,standard\nSouth,sensor-2,BerthSensor,2,";
        var hash = (await DeviceAsync("gate-out")).SecretHash;
        var plan = (await PreviewAsync<ImportDevices>(File(Text))).Value;
        Assert.Equal((2, 1, 1), (plan.Added, plan.Changed, plan.Unchanged));
        Assert.Equal([new FieldChange("Place", "Out", "In")], plan.Rows[1].Changes);
        Assert.Contains(new FieldChange("Dialect", null, "zhenshi"), plan.Rows[0].Changes);
        var done = await TakeAsync<ImportDevices>(Text);
        Assert.Equal(["alpha/cam-9", "alpha/sensor-2"], done.Secrets.Select(m => m.UserName));
        Assert.DoesNotContain(done.Secrets[0].Secret, done.Secrets[0].ToString());
        foreach (var made in done.Secrets)
            Assert.True(Secret.Verify((await DeviceAsync(made.UserName["alpha/".Length..])).SecretHash, made.Secret));
        Assert.Equal((City.Exit.Id, "zhenshi"), ((await DeviceAsync("cam-9")).LaneId, (await DeviceAsync("cam-9")).Dialect));
        Assert.Equal(City.Berth2.Id, (await DeviceAsync("sensor-2")).BerthId);
        var gate = await DeviceAsync("gate-out");
        Assert.Equal((City.Entry.Id, hash), (gate.LaneId, gate.SecretHash));
        await AgainNothingAsync<ImportDevices>(Text);
    }

    [Fact]
    public async Task What_is_wrong_with_a_device_is_said_of_its_cell()
    {
        Assert.True((await platform.Get<RetireDevice>().RunAsync(Admin, City.ExitCamera.Id, Ct)).Ok);
        var wrong = await WrongAsync<ImportDevices>(Heading
            + "North,a,ANPRX,In,\nNorth,b c,Gate,In,\nNorth,c,EntryCamera,Out,\nNorth,d,Gate,Nowhere,\nSouth,e,BerthSensor,99,\nNorth,f,Gate,In,zhenshi\n"
            + "South,cam-in,BerthSensor,2,\nNorth,gate-out,ExitCamera,Out,zhenshi\nNorth,cam-out,ExitCamera,Out,\n"
            + "North,g,Gate,,\nNorth,g,Gate,In,\nNowhere,h,Gate,In,");
        Assert.Equal(["C2", "B3", "D4", "D5", "D6", "E7", "A8", "E9", "B10", "D11", "B12", "A13"], wrong.Select(w => w.Cell));
        Assert.Equal(
        [
            "import.not-one-of", "field.invalid", "field.invalid", "import.unknown-name", "import.unknown-name", "field.invalid", "import.cannot-change",
            "import.cannot-change", "field.taken", "field.required", "import.repeated-line", "import.unknown-name"
        ], wrong.Select(w => w.Problem.Code));
    }

    [Fact]
    public async Task A_camera_that_becomes_another_kind_must_suit_its_lane()
    {
        Assert.Equal([("D2", new InvalidField("LaneId", "invalid") as Error)], await WrongAsync<ImportDevices>(Heading + "North,cam-in,ExitCamera,,"));
        Assert.Equal([("D2", new InvalidField("Place", "required") as Error)], await WrongAsync<ImportDevices>(Heading + "South,sensor-1,Gate,,"));
        await TakeAsync<ImportDevices>(Heading + "North,cam-in,ExitCamera,Out,");
        Assert.Equal((DeviceKind.ExitCamera, City.Exit.Id), ((await DeviceAsync("cam-in")).Kind, (await DeviceAsync("cam-in")).LaneId));
    }

    [Fact]
    public async Task A_company_reaches_its_own_lots_and_no_name_that_is_in_use_elsewhere() =>
        Assert.Equal([("A2", new UnknownName("LotId", "South") as Error), ("B3", new InvalidField("Name", "taken"))],
            await WrongAsync<ImportDevices>(Heading + "South,x,BerthSensor,2,\nNorth,sensor-1,Gate,In,", NorthCompany));
}
