using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>An entry that was taken off its list is put on it again, with all that it said.</summary>
public sealed class RestoreEntryTests(Cluster cluster) : PlatformTest(cluster)
{
    Actor admin => field ??= City.User(VehiclePermissions.ManageLists, VehiclePermissions.ManageGroups);

    async Task<List<PlateRule>> EntriesAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<PlateRule>().AsNoTracking().ToListAsync(Ct);
    }

    async Task<PlateRule> AddAsync(PlateRuleDetails details)
    {
        Assert.True((await platform.Get<SavePlateRules>().RunAsync(admin, details, Ct)).Ok);
        return Assert.Single(await EntriesAsync());
    }

    Task<Result<Done>> RemoveAsync(Guid id) => platform.Get<RemovePlateRule>().RunAsync(admin, id, Ct);

    Task<Result<Done>> RestoreAsync(Guid id, Actor? actor = null) => platform.Get<RestorePlateRule>().RunAsync(actor ?? admin, id, Ct);

    [Theory]
    [InlineData("粤B12345")]
    [InlineData("粤B*")]
    [InlineData(null)]
    public async Task It_says_what_it_said_and_its_history_goes_on(string? plate)
    {
        var before = await AddAsync(new(null, PlateListKind.Special, plate is null ? [] : [plate], [City.North.Id], new(2026, 11, 1), new(2026, 12, 31), "why",
            null, plate is null ? [PlateKind.Police] : []));
        Assert.True((await RemoveAsync(before.Id)).Ok);
        Assert.Empty(await EntriesAsync());
        for (var times = 0; times < 2; times++)
        {
            Assert.True((await RestoreAsync(before.Id)).Ok);
            var after = Assert.Single(await EntriesAsync());
            Assert.Equal((before.Id, before.Kind, before.Pattern, before.Form, before.Wild, before.From, before.Until, before.Reason),
                (after.Id, after.Kind, after.Pattern, after.Form, after.Wild, after.From, after.Until, after.Reason));
            Assert.Equal([City.North.Id], after.LotIds);
        }
        await using var s = await City.OpenAsync();
        Assert.Equal([(false, true), (true, false), (false, true)], (await s.Db.Set<PlateRuleChange>().OrderBy(c => c.Id).ToListAsync(Ct))
            .Select(c => (c.Before is not null, c.After is not null)));
    }

    [Fact]
    public async Task One_for_a_group_takes_the_group_by_its_name()
    {
        var group = (await platform.Get<SavePlateGroup>().RunAsync(admin, new(null, "fleet", null, ["粤B12345"]), Ct)).Value;
        var entry = await AddAsync(new(null, PlateListKind.White, [], null, null, null, "", group));
        Assert.True((await RemoveAsync(entry.Id)).Ok);
        Assert.True((await RestoreAsync(entry.Id)).Ok);
        Assert.Equal(group, Assert.Single(await EntriesAsync()).GroupId);
        Assert.True((await RemoveAsync(entry.Id)).Ok);
        Assert.True((await platform.Get<RemovePlateGroup>().RunAsync(admin, group, Ct)).Ok);
        Assert.Equal(new NotFound("group"), (await RestoreAsync(entry.Id)).Error);
    }

    [Fact]
    public async Task Only_who_could_have_removed_it_puts_it_back()
    {
        var everywhere = await AddAsync(new(null, PlateListKind.White, ["粤B12345"], null, null, null));
        Assert.True((await RemoveAsync(everywhere.Id)).Ok);
        Assert.Equal(new NotFound("entry"), (await RestoreAsync(everywhere.Id, City.RestrictedTo(City.North, VehiclePermissions.ManageLists))).Error);
        var north = await AddAsync(new(null, PlateListKind.White, ["粤B12345"], [City.North.Id], null, null));
        Assert.True((await RemoveAsync(north.Id)).Ok);
        Assert.Equal(new NotFound("entry"), (await RestoreAsync(north.Id, City.RestrictedTo(City.South, VehiclePermissions.ManageLists))).Error);
        Assert.True((await RestoreAsync(north.Id, City.RestrictedTo(City.North, VehiclePermissions.ManageLists))).Ok);
        Assert.Equal(new NotFound("entry"), (await RestoreAsync(Guid.NewGuid())).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => RestoreAsync(north.Id, City.User(VehiclePermissions.ViewLists)));
    }
}
