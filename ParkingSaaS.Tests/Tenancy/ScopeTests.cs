using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Tenancy;

/// <summary>The one door: what a restricted actor does not see, in this city and in the other, and cannot write either.</summary>
public sealed class ScopeTests(Cluster cluster) : PlatformTest(cluster)
{
    const string Any = "any";

    Task<CitySession> OpenAsync(Actor actor) => platform.Get<CitySessions>().OpenAsync(actor, Any, Ct);

    [Fact]
    public async Task The_door_asks_for_the_permission()
    {
        var actor = platform.Alpha.User("something.else");
        await Assert.ThrowsAsync<AccessDeniedException>(() => OpenAsync(actor));
    }

    [Fact]
    public async Task The_door_knows_no_other_city() =>
        await Assert.ThrowsAsync<KeyNotFoundException>(() => OpenAsync(Actor.Job("gamma", "test", Any)));

    [Fact]
    public async Task Every_lot_owned_type_is_filtered_by_reach_and_tied_to_its_lot()
    {
        var types = typeof(CityDb).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(ILotOwned)) && !t.IsAbstract).ToList();
        Assert.NotEmpty(types);
        await using var s = await platform.Alpha.OpenAsync();
        await Assert.AllAsync(types, async type =>
        {
            var entity = s.Db.Model.FindEntityType(type);
            Assert.NotNull(entity);
            Assert.Contains(entity.GetDeclaredQueryFilters(), f => f.Key == CityDb.ScopeFilter);
            if (type == typeof(Lot))
                return;
            var lotId = entity.FindProperty(nameof(ILotOwned.LotId))!;
            Assert.True(lotId.IsConcurrencyToken);
            Assert.Contains(entity.GetForeignKeys(), f => f.PrincipalEntityType.ClrType == typeof(Lot) && f.Properties[0] == lotId);

            // The database itself refuses to move a row, so an ExecuteUpdate that sets the column fails too.
            await using var trigger = platform.Get<CityDatabases>().Source(s.City.Database).CreateCommand(
                $"SELECT count(*) FROM pg_trigger WHERE tgname = 'keep_lot' AND tgrelid = '{entity.GetTableName()}'::regclass");
            Assert.Equal(1L, await trigger.ExecuteScalarAsync(Ct));
        });
    }

    [Fact]
    public async Task A_restricted_person_sees_the_own_lot_only()
    {
        await using var s = await OpenAsync(platform.Alpha.RestrictedTo(platform.Alpha.North, Any));
        Assert.Equal([platform.Alpha.North.Id], await s.Db.Set<Lot>().Select(l => l.Id).ToListAsync(Ct));
        Assert.Equal([platform.Alpha.North.Id, platform.Alpha.North.Id], await s.Db.Set<Lane>().Select(l => l.LotId).ToListAsync(Ct));
        Assert.Empty(await s.Db.Set<Berth>().ToListAsync(Ct));
        Assert.Null(await s.Db.Set<Lot>().FindAsync([platform.Alpha.South.Id], Ct));
    }

    [Fact]
    public async Task A_branch_sees_what_is_under_it()
    {
        var a = platform.Alpha;
        await Assert.AllAsync([new Scope(AreaId: a.SouthArea.Id), new Scope(CompanyId: a.SouthCompany.Id)], async scope =>
        {
            await using var s = await OpenAsync(Actor.User(a.Code, Guid.NewGuid(), "x", new HashSet<string> { Any }, scope));
            Assert.Equal([a.South.Id], await s.Db.Set<Lot>().Select(l => l.Id).ToListAsync(Ct));
            Assert.Equal([a.SouthCompany.Id], await s.Db.Set<Company>().Select(c => c.Id).ToListAsync(Ct));
        });
    }

    [Fact]
    public async Task An_area_includes_the_areas_below_it()
    {
        var a = platform.Alpha;
        var street = new Area { Id = Guid.CreateVersion7(), Name = "Street", ParentId = a.NorthArea.Id };
        var lot = new Lot { Id = Guid.CreateVersion7(), Name = "Deep", Kind = LotKind.Indoor, AreaId = street.Id, Capacity = 1 };
        await using (var all = await a.OpenAsync())
        {
            all.Db.AddRange(street, lot);
            await all.Db.SaveChangesAsync(Ct);
        }
        await using var s = await OpenAsync(
            Actor.User(a.Code, Guid.NewGuid(), "x", new HashSet<string> { Any }, new Scope(AreaId: a.NorthArea.Id)));
        Assert.Equal(new[] { a.North.Id, lot.Id }.Order(), (await s.Db.Set<Lot>().Select(l => l.Id).ToListAsync(Ct)).Order());
    }

    [Fact]
    public async Task Two_cities_see_nothing_of_each_other()
    {
        await using var s = await platform.Alpha.OpenAsync();
        Assert.Null(await s.Db.Set<Lot>().FindAsync([platform.Beta.North.Id], Ct));
        Assert.Equal(2, await s.Db.Set<Lot>().CountAsync(Ct));
    }

    [Fact]
    public async Task A_row_for_a_lot_out_of_reach_is_not_written()
    {
        await using var s = await OpenAsync(platform.Alpha.RestrictedTo(platform.Alpha.North, Any));
        s.Db.Set<Berth>().Add(new Berth { Id = Guid.CreateVersion7(), LotId = platform.Alpha.South.Id, Number = "9" });
        await Assert.ThrowsAsync<OutOfScopeException>(() => s.SaveAsync(Ct));
    }

    [Fact]
    public async Task An_attached_row_with_a_forged_lot_overwrites_nothing()
    {
        var a = platform.Alpha;
        await using var s = await OpenAsync(a.RestrictedTo(a.North, Any));
        var forged = new Berth { Id = a.Berth1.Id, LotId = a.North.Id, Number = "1" };
        s.Db.Attach(forged);
        forged.Number = "stolen";
        Assert.False((await s.SaveAsync(Ct)).Ok);
        await using var all = await a.OpenAsync();
        Assert.Equal("1", (await all.Db.Set<Berth>().FindAsync([a.Berth1.Id], Ct))!.Number);
    }

    [Fact]
    public async Task An_update_by_query_cannot_move_a_row_to_another_lot()
    {
        var a = platform.Alpha;
        await using var s = await a.OpenAsync();
        await Assert.ThrowsAsync<PostgresException>(() =>
            s.Db.Set<Lane>().ExecuteUpdateAsync(set => set.SetProperty(l => l.LotId, a.South.Id), Ct));
    }

    [Fact]
    public async Task A_company_sees_and_writes_its_own_accounts_only()
    {
        var a = platform.Alpha;
        static User Account(string name, Guid? company) => new()
        {
            Id = Guid.CreateVersion7(),
            UserName = name,
            NormalizedUserName = name.ToUpperInvariant(),
            DisplayName = name,
            Role = Roles.Staff,
            CompanyId = company
        };
        await using (var all = await a.OpenAsync())
        {
            all.Db.Set<User>().AddRange(Account("n", a.NorthCompany.Id), Account("s", a.SouthCompany.Id), Account("c", null));
            await all.Db.SaveChangesAsync(Ct);
        }
        var scope = new Scope(CompanyId: a.NorthCompany.Id);
        await using var s = await OpenAsync(Actor.User(a.Code, Guid.NewGuid(), "x", new HashSet<string> { Any }, scope));
        Assert.Equal(["n"], await s.Db.Set<User>().Select(u => u.UserName).ToListAsync(Ct));
        s.Db.Set<User>().Add(Account("intruder", a.SouthCompany.Id));
        await Assert.ThrowsAsync<OutOfScopeException>(() => s.SaveAsync(Ct));
    }

    [Fact]
    public async Task A_pooled_context_starts_with_no_reach()
    {
        await (await platform.Alpha.OpenAsync()).DisposeAsync();
        var city = platform.Get<CityDirectory>().Get(platform.Alpha.Code);
        await using var db = platform.Get<CityDatabases>().Open(city.Database);
        Assert.Empty(await db.Set<Lot>().ToListAsync(Ct));
        Assert.Empty(await db.Set<Device>().ToListAsync(Ct));
    }
}
