using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Lots;

namespace ParkingSaaS.Tests.Tenancy;

/// <summary>Two people have the same form open: the second is told what the first changed, nothing is written, and he chooses.</summary>
public sealed class ChangedMeanwhileTests(Cluster cluster) : PlatformTest(cluster)
{
    Actor admin => field ??= City.User(
        LotPermissions.View, LotPermissions.Manage, LotPermissions.ManageAreas, LotPermissions.ManageCompanies, DevicePermissions.Manage,
        AccountPermissions.ManageUsers, PassPermissions.Products, VehiclePermissions.ManageGroups, VehiclePermissions.ManageOwners,
        CalendarPermissions.Manage);

    async Task<T> ReadAsync<T>(Func<CitySession, Task<T>> read)
    {
        await using var s = await City.OpenAsync();
        return await read(s);
    }

    /// <summary>The first changes a field, the second knows nothing of it and saves another value of another field.</summary>
    /// <param name="seen">What both forms were opened with.</param>
    /// <param name="theirs">What the first makes of it.</param>
    /// <param name="mine">What the second makes of it.</param>
    /// <param name="save">Saves an entry by somebody who saw that.</param>
    static async Task<ChangedMeanwhile> ToldAsync<T>(T seen, T theirs, T mine, Func<T, T, Task<Error?>> save) where T : class
    {
        Assert.Null(await save(theirs, seen));
        Assert.Null(await save(theirs, seen)); // a second click
        var told = Assert.IsType<ChangedMeanwhile>(await save(mine, seen));
        Assert.NotEmpty(told.Fields);
        Assert.Null(await save(theirs, theirs)); // nothing was written
        Assert.Null(await save(mine, (T)told.Now!));
        var back = Assert.IsType<ChangedMeanwhile>(await save(theirs, theirs)).Fields.Select(f => f.Field);
        Assert.Superset(told.Fields.Select(f => f.Field).ToHashSet(), back.ToHashSet());
        return told;
    }

    async Task<Error?> SaveAsync(LotDetails lot, LotDetails? seen) => (await platform.Get<SaveLot>().RunAsync(admin, lot with { Seen = seen }, Ct)).Error;

    [Fact]
    public async Task Of_a_lot_the_second_is_told_each_field_from_what_to_what()
    {
        var seen = LotDetails.Of(City.North);
        var told = await ToldAsync(
            seen, seen with { Capacity = 150, Address = "1 Quay", AreaId = City.SouthArea.Id }, seen with { Name = "Harbour" }, SaveAsync);
        FieldChange[] changes = [new("Address", "", "1 Quay"), new("AreaId", City.NorthArea.Id, City.SouthArea.Id), new("Capacity", 100, 150)];
        Assert.Equal(changes, told.Fields.OrderBy(f => f.Field));
        var lot = await ReadAsync(s => s.Db.Set<Lot>().SingleAsync(l => l.Id == City.North.Id, Ct));
        Assert.Equal(("Harbour", 100), (lot.Name, lot.Capacity));
    }

    [Fact]
    public async Task What_both_changed_to_the_same_is_no_news_and_who_saw_nothing_saves_as_before()
    {
        var seen = LotDetails.Of(City.North);
        Assert.Null(await SaveAsync(seen with { Capacity = 150 }, seen));
        Assert.Null(await SaveAsync(seen with { Capacity = 150, OpeningHours = "06:00–22:00" }, seen));
        Assert.Null(await SaveAsync(seen with { Capacity = 90 }, null));
    }

    [Fact]
    public async Task Of_saves_at_one_moment_one_wins_and_no_other_is_written_over_it()
    {
        var seen = LotDetails.Of(City.North);
        for (var round = 0; round < 5; round++)
        {
            var before = seen;
            var saves = await Task.WhenAll(Enumerable.Range(1, 4).Select(
                i => Task.Run(() => SaveAsync(before with { Capacity = before.Capacity + i }, before))));
            Assert.Single(saves, e => e is null);
            Assert.All(saves.Where(e => e is not null), e => Assert.IsType<ChangedMeanwhile>(e));
            var lot = await ReadAsync(s => s.Db.Set<Lot>().AsNoTracking().SingleAsync(l => l.Id == City.North.Id, Ct));
            Assert.Equal(before.Capacity + 1 + Array.FindIndex(saves, e => e is null), lot.Capacity);
            seen = LotDetails.Of(lot);
        }
    }

    [Fact]
    public async Task What_a_sensor_reports_meanwhile_is_no_change_of_its_berth()
    {
        var seen = BerthDetails.Of(City.Berth1);
        await using (var s = await City.OpenAsync())
        {
            (await s.Db.Set<Berth>().SingleAsync(b => b.Id == seen.Id, Ct)).Occupied = true;
            await s.SaveAsync(Ct);
        }
        Assert.Null((await platform.Get<ChangeBerth>().RunAsync(admin, seen with { Type = BerthType.Charging, Seen = seen }, Ct)).Error);
        Assert.True(await ReadAsync(s => s.Db.Set<Berth>().AnyAsync(b => b.Id == seen.Id && b.Occupied && b.Type == BerthType.Charging, Ct)));
    }

    [Fact]
    public async Task Lanes_berths_zones_and_devices_are_told_of()
    {
        var lane = LaneDetails.Of(City.Entry);
        await ToldAsync(lane, lane with { Direction = LaneDirection.Both }, lane with { Name = "East" },
            async (r, seen) => (await platform.Get<SaveLane>().RunAsync(admin, r with { Seen = seen }, Ct)).Error);
        var berth = BerthDetails.Of(City.Berth1);
        await ToldAsync(berth, berth with { Type = BerthType.Large, Longitude = 114, Latitude = 22 }, berth with { Number = "1a" },
            async (r, seen) => (await platform.Get<ChangeBerth>().RunAsync(admin, r with { Seen = seen }, Ct)).Error);
        var id = (await platform.Get<SaveZone>().RunAsync(admin, new(City.North.Id, null, "B1", 20, 1), Ct)).Value;
        var zone = new ZoneDetails(City.North.Id, id, "B1", 20, 1);
        await ToldAsync(zone, zone with { Capacity = 30 }, zone with { Rank = 2 },
            async (r, seen) => (await platform.Get<SaveZone>().RunAsync(admin, r with { Seen = seen }, Ct)).Error);
        var lane2 = (await platform.Get<SaveLane>().RunAsync(admin, new(City.North.Id, null, "Out 2", LaneDirection.Exit), Ct)).Value;
        var lane3 = (await platform.Get<SaveLane>().RunAsync(admin, new(City.North.Id, null, "Out 3", LaneDirection.Exit), Ct)).Value;
        var camera = DeviceBinding.Of(City.ExitCamera);
        await ToldAsync(camera, camera with { LaneId = lane2 }, camera with { LaneId = lane3 },
            async (r, seen) => (await platform.Get<ChangeDevice>().RunAsync(admin, r with { Seen = seen }, Ct)).Error);
    }

    [Fact]
    public async Task Areas_roads_companies_and_groups_of_lots_are_told_of()
    {
        var area = AreaDetails.Of(City.NorthArea);
        await ToldAsync(area, area with { ParentId = City.SouthArea.Id }, area with { Name = "Far north" },
            async (r, seen) => (await platform.Get<SaveArea>().RunAsync(admin, r with { Seen = seen }, Ct)).Error);
        var roadId = (await platform.Get<SaveRoad>().RunAsync(admin, new(null, "Quay Road", City.NorthArea.Id), Ct)).Value;
        var road = new RoadDetails(roadId, "Quay Road", City.NorthArea.Id);
        await ToldAsync(road, road with { AreaId = City.SouthArea.Id }, road with { Name = "Harbour Road" },
            async (r, seen) => (await platform.Get<SaveRoad>().RunAsync(admin, r with { Seen = seen }, Ct)).Error);
        var company = CompanyDetails.Of(City.NorthCompany);
        await ToldAsync(company, company with { AreaId = City.SouthArea.Id }, company with { Name = "Norther Ltd" },
            async (r, seen) => (await platform.Get<SaveCompany>().RunAsync(admin, r with { Seen = seen }, Ct)).Error);
        var groupId = (await platform.Get<SaveLotGroup>().RunAsync(admin, new(null, "All", [City.North.Id]), Ct)).Value;
        var group = new LotGroupDetails(groupId, "All", [City.North.Id]);
        await ToldAsync(group, group with { LotIds = [City.South.Id, City.North.Id] }, group with { Name = "Both" },
            async (r, seen) => (await platform.Get<SaveLotGroup>().RunAsync(admin, r with { Seen = seen }, Ct)).Error);
    }

    [Fact]
    public async Task Accounts_are_told_of_and_a_sign_in_is_no_change()
    {
        var right = Actor.User(City.Code, Guid.NewGuid(), "boss", platform.Get<RoleCatalogue>().PermissionsOf(Roles.City).ToHashSet(), Scope.WholeCity);
        var id = (await platform.Get<AddUser>().RunAsync(right,
            new("ann", "Ann", "correct-horse-7", new(Roles.Attendant, null, null, [City.North.Id])), Ct)).Value;
        var seen = UserDetails.Of(await ReadAsync(s => s.Db.Set<User>().AsNoTracking().SingleAsync(u => u.Id == id, Ct)));
        await using (var s = await City.OpenAsync())
        {
            (await s.Db.Set<User>().SingleAsync(u => u.Id == id, Ct)).LastSignInAt = s.Now;
            await s.SaveAsync(Ct);
        }
        var told = await ToldAsync(seen, seen with { Grant = seen.Grant with { LotIds = [City.South.Id] } }, seen with { DisplayName = "Anna" },
            async (r, saw) => (await platform.Get<ChangeUser>().RunAsync(right, r with { Seen = saw }, Ct)).Error);
        Assert.Equal("Grant", told.Fields.Single().Field);
    }

    [Fact]
    public async Task Products_plates_owners_and_calendars_are_told_of_with_who_it_was()
    {
        var product = new PassProductDetails(null, "Month") { Scope = PassScope.Lots, LotIds = [City.North.Id], Price = new Money(30000) };
        product = product with { Id = (await platform.Get<SavePassProduct>().RunAsync(admin, product, Ct)).Value };
        Assert.Equal(admin.Name, (await ToldAsync(product, product with { Price = new Money(40000) }, product with { GraceDays = 5 },
            async (r, seen) => (await platform.Get<SavePassProduct>().RunAsync(admin, r with { Seen = seen }, Ct)).Error)).By);

        var group = new PlateGroupDetails(null, "Fleet", "", ["粤B12345"]);
        group = group with { Id = (await platform.Get<SavePlateGroup>().RunAsync(admin, group, Ct)).Value };
        Assert.Equal(admin.Name, (await ToldAsync(group, group with { Plates = ["粤B12345", "粤B11111"] }, group with { Note = "theirs" },
            async (r, seen) => (await platform.Get<SavePlateGroup>().RunAsync(admin, r with { Seen = seen }, Ct)).Error)).By);

        var owner = new OwnerDetails(null, "13812345678", "Li", "", OwnerLanguage.Chinese, [new("粤B12345", PlateColour.Blue)]);
        owner = owner with { Id = (await platform.Get<SaveOwner>().RunAsync(admin, owner, Ct)).Value, Phone = Phone.Show("+8613812345678", whole: true) };
        Assert.Equal(admin.Name, (await ToldAsync(owner, owner with { Plates = [new("粤BD12345", PlateColour.Green), new("粤B12345", PlateColour.Blue)] },
            owner with { Name = "Lee" }, async (r, seen) => (await platform.Get<SaveOwner>().RunAsync(admin, r with { Seen = seen }, Ct)).Error)).By);

        var calendar = new CalendarDetails(null, "Harbour", [DayOfWeek.Sunday], IsDefault: false);
        calendar = calendar with { Id = (await platform.Get<SaveCalendar>().RunAsync(admin, calendar with { IsDefault = false }, Ct)).Value };
        var first = await ReadAsync(s => s.Db.Set<DayCalendar>().AsNoTracking().SingleAsync(c => c.Id == calendar.Id, Ct));
        calendar = CalendarDetails.Of(first);
        var told = await ToldAsync(calendar,
            calendar with { RestWeekdays = [DayOfWeek.Saturday, DayOfWeek.Sunday] }, calendar with { Name = "Quay" },
            async (r, seen) => (await platform.Get<SaveCalendar>().RunAsync(admin, r with { Seen = seen }, Ct)).Error);
        Assert.Equal(admin.Name, told.By);
    }

    async Task<IRenderedComponent<LotForm>> FormAsync()
    {
        var context = Own(new PageContext(platform, await City.SignInAsync(Roles.City)));
        var form = context.Render<LotForm>(p => p.Add(f => f.Id, City.North.Id));
        await (await form.WaitForElementAsync("#Name")).ChangeAsync("Harbour");
        await SaveAsync(LotDetails.Of(City.North) with { Capacity = 150, AreaId = City.SouthArea.Id }, null);
        return form;
    }

    Task<(string, int, Guid)> LotAsync() => ReadAsync(async s =>
    {
        var lot = await s.Db.Set<Lot>().AsNoTracking().SingleAsync(l => l.Id == City.North.Id, Ct);
        return (lot.Name, lot.Capacity, lot.AreaId);
    });

    [Fact]
    public async Task The_form_says_what_changed_and_takes_theirs_where_they_changed_something()
    {
        var form = await FormAsync();
        await form.Find("form").SubmitAsync();
        Assert.Equal(["Capacity: 100 → 150", "Area: North district → South district"],
            form.FindAll("[role=alert] li").Select(l => l.TextContent).OrderByDescending(t => t));
        Assert.Equal(("North", 150, City.SouthArea.Id), await LotAsync());
        await form.Find("form").SubmitAsync(); // is told again, not written over
        Assert.Equal(("North", 150, City.SouthArea.Id), await LotAsync());

        await form.Find("#take-theirs").ClickAsync();
        Assert.Empty(form.FindAll("[role=alert]"));
        await form.Find("form").SubmitAsync();
        Assert.Equal(("Harbour", 150, City.SouthArea.Id), await LotAsync());
    }

    [Fact]
    public async Task The_form_writes_mine_over_theirs_once_that_is_said()
    {
        var form = await FormAsync();
        await form.Find("form").SubmitAsync();
        await form.Find("#save-mine").ClickAsync();
        Assert.Equal(("Harbour", 100, City.NorthArea.Id), await LotAsync());
    }
}
