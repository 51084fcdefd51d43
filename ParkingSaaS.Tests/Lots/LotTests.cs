using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Lots;

/// <summary>Adding, changing and retiring lots, lanes and berths, by somebody who sees one lot of one of two cities.</summary>
public sealed class LotTests(Cluster cluster) : PlatformTest(cluster)
{
    TestCity city => City;
    Actor admin => field ??= city.User(LotPermissions.View, LotPermissions.Manage, LotPermissions.ManageAreas, LotPermissions.ManageCompanies);
    Actor north => field ??= city.RestrictedTo(city.North, LotPermissions.View, LotPermissions.Manage, LotPermissions.ManageAreas,
        LotPermissions.ManageCompanies);

    LotDetails Details(Guid? id = null) => new()
    {
        Id = id,
        Name = "Harbour",
        Kind = LotKind.OffStreet,
        AreaId = city.NorthArea.Id,
        CompanyId = city.NorthCompany.Id,
        Capacity = 50
    };

    Task<Result<Guid>> SaveAsync(Actor actor, LotDetails details) => platform.Get<SaveLot>().RunAsync(actor, details, Ct);

    static async Task<T> ReadAsync<T>(TestCity city, Func<CitySession, Task<T>> read)
    {
        await using var s = await city.OpenAsync();
        return await read(s);
    }

    [Fact]
    public async Task A_lot_is_added_in_this_city_only()
    {
        var id = (await SaveAsync(admin, Details() with { Name = "  Harbour ", Address = "1 Quay" })).Value;
        var lot = await ReadAsync(city, s => s.Db.Set<Lot>().SingleAsync(l => l.Id == id, Ct));
        Assert.Equal(("Harbour", LotKind.OffStreet, city.NorthCompany.Id, "1 Quay", 50),
            (lot.Name, lot.Kind, lot.CompanyId, lot.Address, lot.Capacity));
        Assert.Equal(2, await ReadAsync(platform.Beta, s => s.Db.Set<Lot>().CountAsync(Ct)));
    }

    [Fact]
    public async Task A_district_adds_a_lot_in_its_area_and_nowhere_else()
    {
        var district = Actor.User(city.Code, Guid.NewGuid(), "d", new HashSet<string> { LotPermissions.Manage },
            new Scope(city.NorthArea.Id));
        Assert.True((await SaveAsync(district, Details())).Ok);
        Assert.Equal(new InvalidField("AreaId", "invalid"),
            (await SaveAsync(district, Details() with { Name = "B", AreaId = city.SouthArea.Id, CompanyId = null })).Error);
        Assert.Equal(new InvalidField("CompanyId", "invalid"),
            (await SaveAsync(district, Details() with { Name = "B", CompanyId = city.SouthCompany.Id })).Error);
    }

    [Fact]
    public async Task A_company_adds_lots_of_its_own_only()
    {
        var company = Actor.User(city.Code, Guid.NewGuid(), "c", new HashSet<string> { LotPermissions.Manage },
            new Scope(CompanyId: city.NorthCompany.Id));
        Assert.True((await SaveAsync(company, Details())).Ok);
        foreach (Guid? other in new Guid?[] { city.SouthCompany.Id, platform.Beta.NorthCompany.Id, null })
            Assert.Equal(new InvalidField("CompanyId", "invalid"),
                (await SaveAsync(company, Details() with { Name = "B", CompanyId = other })).Error);
    }

    [Fact]
    public async Task A_lot_restricted_person_adds_no_lot_and_gives_none_away()
    {
        Assert.Equal(new NotFound("lot"), (await SaveAsync(north, Details())).Error);
        Assert.Equal(new InvalidField("CompanyId", "invalid"),
            (await SaveAsync(north, Details(city.North.Id) with { CompanyId = city.SouthCompany.Id })).Error);
        Assert.True((await SaveAsync(north, Details(city.North.Id))).Ok);
    }

    [Fact]
    public async Task Somebody_elses_ids_change_nothing()
    {
        foreach (var lot in new[] { city.South.Id, platform.Beta.North.Id, Guid.NewGuid() })
        {
            Assert.Equal(new NotFound("lot"), (await SaveAsync(north, Details(lot))).Error);
            Assert.Equal(new NotFound("lot"), (await platform.Get<RetireLot>().RunAsync(north, lot, Ct)).Error);
            Assert.Equal(new NotFound("lot"),
                (await platform.Get<SaveLane>().RunAsync(north, new(lot, null, "X", LaneDirection.Entry), Ct)).Error);
            Assert.Equal(new NotFound("lot"),
                (await platform.Get<AddBerths>().RunAsync(north, new(lot, "9", BerthType.Standard), Ct)).Error);
        }
        foreach (var berth in new[] { city.Berth1.Id, platform.Beta.Berth1.Id })
        {
            Assert.Equal(new NotFound("berth"),
                (await platform.Get<ChangeBerth>().RunAsync(north, new(berth, "9", BerthType.Large, null, null), Ct)).Error);
            Assert.Equal(new NotFound("berth"), (await platform.Get<RetireBerth>().RunAsync(north, berth, Ct)).Error);
        }
        var south = city.RestrictedTo(city.South, LotPermissions.Manage);
        Assert.Equal(new NotFound("lane"), (await platform.Get<RetireLane>().RunAsync(south, city.Entry.Id, Ct)).Error);
        Assert.Equal(new NotFound("lane"), (await platform.Get<SaveLane>().RunAsync(admin,
            new(city.North.Id, platform.Beta.Entry.Id, "X", LaneDirection.Entry), Ct)).Error);

        foreach (var each in new[] { platform.Alpha, platform.Beta })
        {
            Assert.Equal(["North", "South"], await ReadAsync(each, s =>
                s.Db.Set<Lot>().Where(l => l.RetiredAt == null).Select(l => l.Name).Order().ToListAsync(Ct)));
            Assert.Equal(["In", "Out"], await ReadAsync(each, s =>
                s.Db.Set<Lane>().Where(l => l.RetiredAt == null).Select(l => l.Name).Order().ToListAsync(Ct)));
            Assert.Equal(["1", "2"], await ReadAsync(each, s =>
                s.Db.Set<Berth>().Where(b => b.RetiredAt == null).Select(b => b.Number).Order().ToListAsync(Ct)));
        }
    }

    [Fact]
    public async Task The_kind_of_a_lot_cannot_change() =>
        Assert.Equal(new InvalidField("Kind", "invalid"),
            (await SaveAsync(admin, Details(city.North.Id) with { Kind = LotKind.OnStreet })).Error);

    static readonly (string Field, string Rule, Func<LotDetails, LotDetails> Spoil)[] Unacceptable =
    [
        ("Name", "required", d => d with { Name = "  " }),
        ("Name", "too-long", d => d with { Name = new('x', 65) }),
        ("Name", "invalid", d => d with { Name = "a\0b" }),
        ("Name", "invalid", d => d with { Name = "a\ud800b" }),
        ("Name", "taken", d => d with { Name = "South" }),
        ("Address", "too-long", d => d with { Address = new('x', 201) }),
        ("OpeningHours", "too-long", d => d with { OpeningHours = new('x', 65) }),
        ("OpeningHours", "invalid", d => d with { OpeningHours = "25:00–99:00" }),
        ("OpeningHours", "invalid", d => d with { OpeningHours = "Mon–Fri 08:00–24：01" }),
        ("Capacity", "out-of-range", d => d with { Capacity = -1 }),
        ("Capacity", "out-of-range", d => d with { Capacity = 100_001 }),
        ("Longitude", "out-of-range", d => d with { Longitude = double.NaN, Latitude = 1 }),
        ("Latitude", "required", d => d with { Longitude = 1 }),
        ("Kind", "invalid", d => d with { Kind = (LotKind)9 }),
        ("AreaId", "invalid", d => d with { AreaId = Guid.NewGuid() }),
        ("PrepaidMinutesToLeave", "out-of-range", d => d with { PrepaidMinutesToLeave = 1441 })
    ];

    [Fact]
    public async Task What_is_unacceptable_is_named() => await Assert.AllAsync(Unacceptable, async row =>
        Assert.Equal(new InvalidField(row.Field, row.Rule), (await SaveAsync(admin, row.Spoil(Details()))).Error));

    [Fact]
    public async Task A_rare_character_is_a_character() =>
        Assert.True((await SaveAsync(admin, Details() with { Name = "𠮷野停车场" })).Ok);

    [Fact]
    public async Task A_lot_with_cars_in_it_stays_in_use_and_its_name_is_free_afterwards()
    {
        var order = new Order
        {
            Id = Guid.CreateVersion7(),
            LotId = city.North.Id,
            State = OrderState.Parked,
            BusinessDate = new(2026, 11, 21),
            CreatedAt = TestPlatform.Start
        };
        await ReadAsync(city, async s =>
        {
            s.Db.Set<Order>().Add(order);
            return await s.Db.SaveChangesAsync(Ct);
        });
        Assert.Equal("lots.still-parked", (await platform.Get<RetireLot>().RunAsync(north, city.North.Id, Ct)).Error?.Code);
        await ReadAsync(city, async s =>
        {
            (await s.Db.Set<Order>().SingleAsync(Ct)).State = OrderState.Completed;
            return await s.Db.SaveChangesAsync(Ct);
        });
        Assert.True((await platform.Get<RetireLot>().RunAsync(north, city.North.Id, Ct)).Ok);
        Assert.Equal(new NotFound("lot"), (await SaveAsync(admin, Details(city.North.Id))).Error);
        Assert.True((await SaveAsync(admin, Details() with { Name = "North" })).Ok);
    }

    [Fact]
    public async Task Two_who_take_the_same_name_at_once_get_one_lot()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SaveAsync(admin, Details())));
        Assert.Single(results, r => r.Ok);
        Assert.Equal(1, await ReadAsync(city, s => s.Db.Set<Lot>().CountAsync(l => l.Name == "Harbour", Ct)));
    }

    [Fact]
    public async Task Lanes_belong_to_gated_lots()
    {
        Assert.Equal(new NoLanesOnStreet(),
            (await platform.Get<SaveLane>().RunAsync(admin, new(city.South.Id, null, "X", LaneDirection.Entry), Ct)).Error);
        var lane = (await platform.Get<SaveLane>().RunAsync(admin, new(city.North.Id, null, "East", LaneDirection.Both),
            Ct)).Value;
        Assert.Equal(new InvalidField("Name", "taken"),
            (await platform.Get<SaveLane>().RunAsync(admin, new(city.North.Id, null, "East", LaneDirection.Exit), Ct)).Error);
        Assert.True((await platform.Get<SaveLane>().RunAsync(admin, new(city.North.Id, lane, "East", LaneDirection.Exit),
            Ct)).Ok);
        Assert.True((await platform.Get<RetireLane>().RunAsync(admin, lane, Ct)).Ok);
        Assert.NotNull((await ReadAsync(city, s => s.Db.Set<Lane>().SingleAsync(l => l.Id == lane, Ct))).RetiredAt);
    }

    [Fact]
    public async Task A_row_of_berths_is_added_whole_or_not_at_all()
    {
        Assert.Equal(50,
            (await platform.Get<AddBerths>().RunAsync(admin, new(city.South.Id, "A001–A050", BerthType.Charging), Ct)).Value);
        Assert.Equal(new BerthExists("A050"),
            (await platform.Get<AddBerths>().RunAsync(admin, new(city.South.Id, "A050-A060", BerthType.Standard), Ct)).Error);
        Assert.Equal(52, await ReadAsync(city, s => s.Db.Set<Berth>().CountAsync(Ct)));
    }

    [Fact]
    public async Task A_berth_with_a_car_on_it_stays_in_use()
    {
        await ReadAsync(city, async s =>
        {
            s.Db.Set<Order>().Add(new Order
            {
                Id = Guid.CreateVersion7(),
                LotId = city.South.Id,
                BerthId = city.Berth1.Id,
                State = OrderState.Parked,
                BusinessDate = new(2026, 11, 21),
                CreatedAt = TestPlatform.Start
            });
            return await s.Db.SaveChangesAsync(Ct);
        });
        Assert.Equal("lots.still-parked", (await platform.Get<RetireBerth>().RunAsync(admin, city.Berth1.Id, Ct)).Error?.Code);
        Assert.True((await platform.Get<RetireBerth>().RunAsync(admin, city.Berth2.Id, Ct)).Ok);
        Assert.True((await platform.Get<ChangeBerth>().RunAsync(admin,
            new(city.Berth1.Id, "2", BerthType.Accessible, 114.05, 22.54), Ct)).Ok);
    }

    [Fact]
    public async Task Areas_are_a_tree()
    {
        var save = platform.Get<SaveArea>();
        var street = (await save.RunAsync(admin, new(null, "Street", city.NorthArea.Id), Ct)).Value;
        Assert.Equal(new InvalidField("ParentId", "invalid"),
            (await save.RunAsync(admin, new(city.NorthArea.Id, "North district", street), Ct)).Error);
        Assert.Equal(new InvalidField("ParentId", "invalid"),
            (await save.RunAsync(admin, new(street, "Street", street), Ct)).Error);
        Assert.Equal(new InvalidField("ParentId", "invalid"),
            (await save.RunAsync(admin, new(null, "X", platform.Beta.NorthArea.Id), Ct)).Error);
        Assert.Equal(new InvalidField("Name", "taken"),
            (await save.RunAsync(admin, new(null, "Street", city.NorthArea.Id), Ct)).Error);
        Assert.Equal(new StillUsed("North district"),
            (await platform.Get<RemoveArea>().RunAsync(admin, city.NorthArea.Id, Ct)).Error);
        Assert.Equal(new NotFound("area"), (await save.RunAsync(north, new(street, "Mine", null), Ct)).Error);
        Assert.Equal(new NotFound("area"), (await platform.Get<RemoveArea>().RunAsync(north, street, Ct)).Error);
        Assert.True((await platform.Get<RemoveArea>().RunAsync(admin, street, Ct)).Ok);
    }

    [Fact]
    public async Task A_company_in_business_is_not_retired()
    {
        Assert.Equal(new StillUsed("North Ltd"),
            (await platform.Get<RetireCompany>().RunAsync(admin, city.NorthCompany.Id, Ct)).Error);
        var id = (await platform.Get<SaveCompany>().RunAsync(admin, new(null, "East Ltd", city.NorthArea.Id), Ct)).Value;
        Assert.Equal(new InvalidField("Name", "taken"),
            (await platform.Get<SaveCompany>().RunAsync(admin, new(id, "North Ltd", city.NorthArea.Id), Ct)).Error);
        Assert.Equal(new NotFound("company"), (await platform.Get<RetireCompany>().RunAsync(north, id, Ct)).Error);
        Assert.Equal(new NotFound("company"), (await platform.Get<SaveCompany>().RunAsync(admin,
            new(platform.Beta.NorthCompany.Id, "X", city.NorthArea.Id), Ct)).Error);
        Assert.True((await platform.Get<RetireCompany>().RunAsync(admin, id, Ct)).Ok);
    }
}
