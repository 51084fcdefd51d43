using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Devices;

/// <summary>Devices as people manage them: two cities, and somebody who sees one lot only.</summary>
public sealed class DeviceUseCaseTests(Cluster cluster) : PlatformTest(cluster)
{
    Actor Anyone => City.User(DevicePermissions.Manage, DevicePermissions.Command);
    Actor InSouth => City.RestrictedTo(City.South, DevicePermissions.Manage, DevicePermissions.Command);

    async Task<Device> DeviceAsync(Guid id)
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Device>().AsNoTracking().SingleAsync(d => d.Id == id, Ct);
    }

    NewDevice Camera(string name) => new(City.North.Id, name, DeviceKind.ExitCamera, DeviceDialect.Standard, City.Exit.Id, null);

    NewDevice Sensor(string name) => new(City.South.Id, name, DeviceKind.BerthSensor, DeviceDialect.Standard, null, City.Berth2.Id);

    Task<Result<DeviceCredentials>> AddAsync(NewDevice device, Actor? actor = null) =>
        platform.Get<AddDevice>().RunAsync(actor ?? Anyone, device, Ct);

    [Fact]
    public async Task A_device_gets_a_secret_of_which_only_the_hash_is_kept()
    {
        var added = (await AddAsync(Camera("cam-9"))).Value;
        Assert.Equal("alpha/cam-9", added.UserName);
        var device = await DeviceAsync(added.DeviceId);
        Assert.True(Secret.Verify(device.SecretHash, added.Secret));
        Assert.DoesNotContain(added.Secret, device.SecretHash);
        Assert.Equal((City.North.Id, City.Exit.Id, (Guid?)null), (device.LotId, device.LaneId, device.BerthId));
    }

    [Fact]
    public async Task A_name_that_no_topic_can_carry_is_refused()
    {
        string[] names = ["", "-x", "a/b", "a b", "摄像机", "#", new('x', 65)];
        await Assert.AllAsync(names, async name =>
            Assert.Equal("Name", Assert.IsType<InvalidField>((await AddAsync(Camera(name))).Error).Field));
        // A trailing line break is trimmed like blanks are; what is left is a good name.
        Assert.Equal("a", (await DeviceAsync((await AddAsync(Camera("a\n"))).Value.DeviceId)).Name);
    }

    [Fact]
    public async Task A_name_is_taken_once_in_the_city_even_out_of_sight_and_even_retired()
    {
        Assert.Equal("taken", Assert.IsType<InvalidField>((await AddAsync(Sensor("cam-out"), InSouth)).Error).Rule);
        await platform.Get<RetireDevice>().RunAsync(Anyone, City.ExitCamera.Id, Ct);
        Assert.Equal("taken", Assert.IsType<InvalidField>((await AddAsync(Camera("cam-out"))).Error).Rule);
    }

    [Fact]
    public async Task The_place_must_suit_the_kind_and_belong_to_the_lot()
    {
        NewDevice[] refused =
        [
            Camera("x") with { LaneId = null },
            Camera("x") with { LaneId = City.Entry.Id },
            Camera("x") with { LaneId = platform.Beta.Exit.Id },
            Camera("x") with { BerthId = City.Berth1.Id },
            Camera("x") with { Dialect = "klingon" },
            Camera("x") with { Kind = (DeviceKind)99 },
            Camera("x") with { LotId = City.South.Id },
            Sensor("x") with { BerthId = null },
            Sensor("x") with { BerthId = platform.Beta.Berth1.Id },
            Sensor("x") with { LotId = City.North.Id },
            Sensor("x") with { LaneId = City.Exit.Id },
            Sensor("x") with { Dialect = DeviceDialect.Zhenshi }
        ];
        foreach (var device in refused)
            Assert.IsType<InvalidField>((await AddAsync(device)).Error);
        Assert.IsType<NotFound>((await AddAsync(Camera("x") with { LotId = platform.Beta.North.Id })).Error);
        Assert.True((await AddAsync(Camera("x") with { Dialect = DeviceDialect.Zhenshi })).Ok);
    }

    [Fact]
    public async Task A_device_moves_within_its_lot_only()
    {
        var change = platform.Get<ChangeDevice>();
        var sensor = City.Sensor1.Id;
        Assert.True((await change.RunAsync(InSouth, new DeviceBinding(sensor, DeviceKind.BerthSensor, null, City.Berth2.Id), Ct)).Ok);
        Assert.Equal(City.Berth2.Id, (await DeviceAsync(sensor)).BerthId);
        Assert.IsType<InvalidField>((await change.RunAsync(InSouth, new(sensor, DeviceKind.BerthSensor, null, platform.Beta.Berth1.Id), Ct)).Error);
        Assert.IsType<InvalidField>((await change.RunAsync(Anyone, new(sensor, DeviceKind.ExitCamera, City.Exit.Id, null), Ct)).Error);
        Assert.Equal(City.Berth2.Id, (await DeviceAsync(sensor)).BerthId);
    }

    [Fact]
    public async Task A_renewed_secret_replaces_the_old_one()
    {
        var renewed = (await platform.Get<RenewSecret>().RunAsync(Anyone, City.ExitCamera.Id, Ct)).Value;
        var hash = (await DeviceAsync(City.ExitCamera.Id)).SecretHash;
        Assert.True(Secret.Verify(hash, renewed.Secret));
        Assert.False(Secret.Verify(hash, "cam-out-secret"));
    }

    [Fact]
    public async Task Commands_are_kept_sent_and_run_out_after_30_seconds()
    {
        var send = platform.Get<SendCommand>();
        var id = (await send.RunAsync(Anyone, new(City.ExitCamera.Id, DeviceCommand.ShowText, "慢 \"走\""), Ct)).Value;
        var sent = Assert.Single(platform.Link.Take());
        Assert.Equal((id, City.ExitCamera.Id, DeviceCommand.ShowText, "user"), (sent.Id, sent.DeviceId, sent.Type, sent.By));
        Assert.Equal("""{"text":"慢 \"走\""}""", sent.Args);
        Assert.Equal(TestPlatform.Start.AddSeconds(30), sent.ExpiresAt);
        await using var s = await City.OpenAsync();
        Assert.Equal(CommandState.Queued, (await s.Db.Set<DeviceCommand>().SingleAsync(c => c.Id == id, Ct)).State);
    }

    [Fact]
    public async Task What_a_device_cannot_do_is_not_sent()
    {
        var send = platform.Get<SendCommand>();
        Assert.IsType<CannotDo>((await send.RunAsync(Anyone, new(City.Sensor1.Id, DeviceCommand.OpenGate), Ct)).Error);
        Assert.IsType<CannotDo>((await send.RunAsync(Anyone, new(City.ExitGate.Id, DeviceCommand.ShowText, "x"), Ct)).Error);
        Assert.IsType<CannotDo>((await send.RunAsync(Anyone, new(City.ExitGate.Id, "gate.explode"), Ct)).Error);
        Assert.IsType<InvalidField>((await send.RunAsync(Anyone, new(City.ExitCamera.Id, DeviceCommand.ShowText, " "), Ct)).Error);
        Assert.IsType<InvalidField>((await send.RunAsync(Anyone, new(City.ExitCamera.Id, DeviceCommand.ShowText, new string('x', 65)), Ct)).Error);
        Assert.Empty(platform.Link.Take());
    }

    [Fact]
    public async Task Nothing_out_of_reach_or_retired_can_be_touched()
    {
        foreach (var (actor, id) in new[] { (InSouth, City.ExitGate.Id), (Anyone, platform.Beta.ExitGate.Id), (Anyone, Guid.NewGuid()) })
            await RefusedAsync(actor, id);
        Assert.True((await platform.Get<RetireDevice>().RunAsync(Anyone, City.ExitGate.Id, Ct)).Ok);
        Assert.NotNull((await DeviceAsync(City.ExitGate.Id)).RetiredAt);
        await RefusedAsync(Anyone, City.ExitGate.Id);
        Assert.IsType<NotFound>((await AddAsync(Camera("x"), InSouth)).Error);
    }

    async Task RefusedAsync(Actor actor, Guid id)
    {
        Assert.IsType<NotFound>((await platform.Get<ChangeDevice>().RunAsync(actor, new(id, DeviceKind.Gate, City.Exit.Id, null), Ct)).Error);
        Assert.IsType<NotFound>((await platform.Get<RenewSecret>().RunAsync(actor, id, Ct)).Error);
        Assert.IsType<NotFound>((await platform.Get<RetireDevice>().RunAsync(actor, id, Ct)).Error);
        Assert.IsType<NotFound>((await platform.Get<SendCommand>().RunAsync(actor, new(id, DeviceCommand.OpenGate), Ct)).Error);
        Assert.Empty(platform.Link.Take());
    }

    [Fact]
    public async Task Each_act_needs_its_permission()
    {
        var viewer = City.User(DevicePermissions.View);
        await Assert.ThrowsAsync<AccessDeniedException>(() => AddAsync(Camera("x"), viewer));
        await Assert.ThrowsAsync<AccessDeniedException>(() => platform.Get<RenewSecret>().RunAsync(viewer, City.ExitGate.Id, Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => platform.Get<SendCommand>()
            .RunAsync(City.User(DevicePermissions.Manage), new(City.ExitGate.Id, DeviceCommand.OpenGate), Ct));
    }
}
