using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Lots;

/// <summary>Lots, lanes and berths that were taken out of use are taken into use again: once, by whom they belong to, and where their name is free.</summary>
public sealed class UseAgainTests(Cluster cluster) : PlatformTest(cluster)
{
    Actor admin => field ??= City.User(LotPermissions.Manage, LotPermissions.ManageCompanies);
    Actor south => field ??= City.RestrictedTo(City.South, LotPermissions.Manage);

    async Task<bool> InUseAsync<T>(Guid id, Func<T, DateTimeOffset?> retired) where T : class
    {
        await using var s = await City.OpenAsync();
        return retired((await s.Db.Set<T>().FindAsync([id], Ct))!) is null;
    }

    [Fact]
    public async Task A_lot_is_in_use_again_unless_its_name_or_its_company_is_gone()
    {
        Task<Result<Done>> AgainAsync(Actor actor) => platform.Get<UseLotAgain>().RunAsync(actor, City.North.Id, Ct);
        Assert.True((await AgainAsync(admin)).Ok);
        Assert.True((await platform.Get<RetireLot>().RunAsync(admin, City.North.Id, Ct)).Ok);
        Assert.Equal(new NotFound("lot"), (await AgainAsync(south)).Error);
        Assert.False(await InUseAsync<Lot>(City.North.Id, l => l.RetiredAt));
        Assert.True((await AgainAsync(admin)).Ok);
        Assert.True((await AgainAsync(admin)).Ok);
        Assert.True(await InUseAsync<Lot>(City.North.Id, l => l.RetiredAt));

        Assert.True((await platform.Get<RetireLot>().RunAsync(admin, City.North.Id, Ct)).Ok);
        Assert.True((await platform.Get<RetireCompany>().RunAsync(admin, City.NorthCompany.Id, Ct)).Ok);
        Assert.Equal(new NotFound("company"), (await AgainAsync(admin)).Error);
        await using (var s = await City.OpenAsync())
            await s.Db.Set<Company>().ExecuteUpdateAsync(set => set.SetProperty(c => c.RetiredAt, (DateTimeOffset?)null), Ct);
        Assert.True((await platform.Get<SaveLot>().RunAsync(admin,
            new() { Name = City.North.Name, Kind = LotKind.OffStreet, AreaId = City.NorthArea.Id, Capacity = 1 }, Ct)).Ok);
        Assert.Equal(new InvalidField("Name", "taken"), (await AgainAsync(admin)).Error);
    }

    [Fact]
    public async Task A_lane_is_in_use_again_unless_another_has_its_name()
    {
        Task<Result<Done>> AgainAsync(Actor actor) => platform.Get<UseLaneAgain>().RunAsync(actor, City.Exit.Id, Ct);
        Assert.True((await platform.Get<RetireLane>().RunAsync(admin, City.Exit.Id, Ct)).Ok);
        Assert.Equal(new NotFound("lane"), (await AgainAsync(south)).Error);
        Assert.True((await AgainAsync(admin)).Ok);
        Assert.True((await AgainAsync(admin)).Ok);
        Assert.True(await InUseAsync<Lane>(City.Exit.Id, l => l.RetiredAt));

        Assert.True((await platform.Get<RetireLane>().RunAsync(admin, City.Exit.Id, Ct)).Ok);
        var second = await platform.Get<SaveLane>().RunAsync(admin, new(City.North.Id, null, City.Exit.Name, LaneDirection.Exit), Ct);
        Assert.Equal(new InvalidField("Name", "taken"), (await AgainAsync(admin)).Error);
        Assert.True((await platform.Get<RetireLane>().RunAsync(admin, second.Value, Ct)).Ok);
        Assert.True((await platform.Get<RetireLot>().RunAsync(admin, City.North.Id, Ct)).Ok);
        Assert.Equal(new NotFound("lane"), (await AgainAsync(admin)).Error);
    }

    [Fact]
    public async Task A_berth_is_in_use_again_unless_another_has_its_number()
    {
        Task<Result<Done>> AgainAsync(Actor actor) => platform.Get<UseBerthAgain>().RunAsync(actor, City.Berth1.Id, Ct);
        Assert.True((await platform.Get<RetireBerth>().RunAsync(admin, City.Berth1.Id, Ct)).Ok);
        Assert.Equal(new NotFound("berth"), (await AgainAsync(City.RestrictedTo(City.North, LotPermissions.Manage))).Error);
        Assert.True((await AgainAsync(south)).Ok);
        Assert.True((await AgainAsync(south)).Ok);
        Assert.True(await InUseAsync<Berth>(City.Berth1.Id, b => b.RetiredAt));

        Assert.True((await platform.Get<RetireBerth>().RunAsync(admin, City.Berth1.Id, Ct)).Ok);
        Assert.True((await platform.Get<AddBerths>().RunAsync(admin, new(City.South.Id, City.Berth1.Number, BerthType.Standard), Ct)).Ok);
        Assert.Equal(new InvalidField("Number", "taken"), (await AgainAsync(admin)).Error);
    }
}
