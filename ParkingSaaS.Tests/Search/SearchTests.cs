using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Search;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Tests.Passes;

namespace ParkingSaaS.Tests.Search;

/// <summary>One search: what it finds of each kind, in which order, and for whom.</summary>
public sealed class SearchTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    const string Number = "13812345678";

    async Task<IReadOnlyList<SearchHit>> FindAsync(string? text, Actor? actor = null)
    {
        var found = await platform.Get<SearchEverything>().RunAsync(actor ?? City.System, text, Ct);
        Assert.Null(found.Error);
        return found.Value;
    }

    async Task<string[]> TitlesAsync(SearchKind kind, string text, Actor? actor = null) =>
        [.. (await FindAsync(text, actor)).Where(h => h.Kind == kind).Select(h => h.Title)];

    Task<string[]> CarsAsync(string text) => TitlesAsync(SearchKind.Car, text);

    async Task AddAsync(params IEnumerable<object> rows)
    {
        await using var s = await City.OpenAsync();
        s.Db.AddRange(rows);
        await s.Db.SaveChangesAsync(Ct);
    }

    static Order Stay(Lot lot, string plate, int minute) => new()
    {
        Id = Guid.CreateVersion7(Day.Minute(minute)),
        LotId = lot.Id,
        Plate = plate,
        State = OrderState.Completed,
        EnteredAt = Day.Minute(minute),
        ExitedAt = Day.Minute(minute + 10),
        BusinessDate = Desk.Today,
        CreatedAt = Day.Minute(minute)
    };

    Berth Berth(string number, int minute = 0) => new() { Id = Guid.CreateVersion7(Day.Minute(minute)), LotId = City.South.Id, Number = number };

    async Task<Guid> OwnerAsync(string phone, string name, params string[] plates) =>
        (await platform.Get<SaveOwner>().RunAsync(City.User(VehiclePermissions.ManageOwners),
            new OwnerDetails(null, phone, name, "", OwnerLanguage.Chinese, [.. plates.Select(p => new OwnerPlateDetails(p))]), Ct)).Value;

    async Task<Pass> PassAsync()
    {
        var desk = new Desk(day);
        return await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car));
    }

    [Theory]
    [InlineData("粤B12345"), InlineData(" 粤b·12 345 "), InlineData("粤BI2345"), InlineData("b12345"), InlineData("2345"), InlineData("粤B1"), InlineData("i23")]
    public async Task A_car_is_found_by_any_part_of_its_plate_with_its_last_stay(string text)
    {
        await AddAsync(Stay(City.South, Car, 0), Stay(City.South, "粤C99999", 5));
        await day.EnterAsync(Car, 60);
        var car = Assert.Single(await FindAsync(text));
        var last = (await day.OrdersAsync())[^1];
        Assert.Equal(new SearchHit
        {
            Kind = SearchKind.Car,
            Id = last.Id,
            Title = Car,
            Detail = City.North.Name,
            LotId = City.North.Id,
            Stay = OrderState.Parked,
            At = Day.Minute(60)
        }, car);
    }

    [Fact]
    public async Task Lots_are_also_found_by_what_people_read_for_their_names()
    {
        async Task TranslateAsync(string name, string english) => Assert.True((await platform.Get<TranslateName>().RunAsync(
            City.User(NamePermissions.Translate), new TranslatedName(name, english, null), Ct)).Ok);

        await TranslateAsync(City.South.Name, "Hubin Garage");
        await TranslateAsync(City.North.Name, "Garage of the North");
        Assert.Equal([City.South.Name], await TitlesAsync(SearchKind.Lot, "hubin garage"));
        Assert.Equal([City.North.Name, City.South.Name], await TitlesAsync(SearchKind.Lot, "Garage")); // what begins with it comes first
        Assert.Equal([City.South.Name], await TitlesAsync(SearchKind.Lot, City.South.Name));
        Assert.Empty(await TitlesAsync(SearchKind.Lot, "Garages"));
    }

    [Fact]
    public async Task The_letters_that_a_foreign_plate_does_have_are_digits_too()
    {
        await AddAsync(Stay(City.North, "UFO123", 0));
        Assert.Equal(["UFO123"], await CarsAsync("uf0123"));
        Assert.Equal(["UFO123"], await CarsAsync("FOI23"));
    }

    [Fact]
    public async Task Equal_comes_before_beginning_and_beginning_before_part_and_each_newest_first()
    {
        await AddAsync(Stay(City.North, "A123", 0), Stay(City.North, "A1234", 2), Stay(City.North, "A1235", 1), Stay(City.North, "粤BA123", 4),
            Stay(City.North, "粤CA123", 3), Stay(City.North, "粤DA123", 2));
        Assert.Equal(["A123", "A1234", "A1235", "粤BA123", "粤CA123"], await CarsAsync("a123"));
    }

    /// <summary>More stays than are looked at one by one.</summary>
    [Fact]
    public async Task Of_a_part_that_is_common_the_newest_are_found()
    {
        await AddAsync(Enumerable.Range(0, 1100).Select(i => Stay(City.North, $"粤B1{i:0000}", i)));
        Assert.Equal(["粤B11099", "粤B11098", "粤B11097", "粤B11096", "粤B11095"], await CarsAsync("粤B1"));
        Assert.Equal(["粤B10007"], await CarsAsync("粤B10007"));
    }

    [Fact]
    public async Task An_order_is_found_by_its_id_or_the_first_eight_digits()
    {
        var (one, other) = (Stay(City.North, Car, 0), Stay(City.North, Car, 600));
        await AddAsync(one, other);
        async Task<Guid[]> OrdersAsync(string text) => [.. (await FindAsync(text)).Where(h => h.Kind == SearchKind.Order).Select(h => h.Id)];
        foreach (var text in new[] { $"{one.Id}", $"{one.Id:N}".ToUpperInvariant(), $"{one.Id:N}"[..8], $"{one.Id}"[..13] })
            Assert.Equal([one.Id], await OrdersAsync(text));
        Assert.Empty(await OrdersAsync($"{one.Id:N}"[..7]));
        Assert.Empty(await OrdersAsync($"{one.Id}0"));
    }

    [Fact]
    public async Task A_lot_is_found_by_a_part_of_its_name_with_its_area()
    {
        var lot = (await FindAsync("OUT", City.User(SearchPermissions.Use, LotPermissions.View))).Single(h => h.Kind == SearchKind.Lot);
        Assert.Equal((SearchKind.Lot, City.South.Id, "South", "South district", City.South.Id), (lot.Kind, lot.Id, lot.Title, lot.Detail, lot.LotId!.Value));
        Assert.Equal(["South"], await TitlesAsync(SearchKind.Lot, "so"));
    }

    [Fact]
    public async Task A_lane_is_found_by_a_part_of_its_name_with_its_lot()
    {
        await AddAsync(new Lane { Id = Guid.CreateVersion7(), LotId = City.South.Id, Name = "West entrance", Direction = LaneDirection.Entry },
            new Lane { Id = Guid.CreateVersion7(), LotId = City.South.Id, Name = "West exit", Direction = LaneDirection.Exit, RetiredAt = Day.Minute(0) });
        var lane = Assert.Single(await FindAsync("west"));
        Assert.Equal((SearchKind.Lane, "West entrance", "South", City.South.Id), (lane.Kind, lane.Title, lane.Detail, lane.LotId!.Value));
    }

    [Fact]
    public async Task A_company_is_found_by_who_sees_it_while_it_does_business()
    {
        await AddAsync(new Company { Id = Guid.CreateVersion7(), Name = "Old Parking", AreaId = City.NorthArea.Id, RetiredAt = Day.Minute(0) });
        Assert.Empty(await FindAsync("old parking"));
        var company = Assert.Single(await FindAsync(City.NorthCompany.Name));
        Assert.Equal((SearchKind.Company, City.NorthCompany.Id, City.NorthCompany.Name, City.NorthArea.Name),
            (company.Kind, company.Id, company.Title, company.Detail));
        Assert.Empty(await FindAsync(City.NorthCompany.Name, Within(new Scope(CompanyId: City.SouthCompany.Id))));
        Assert.Single(await FindAsync(City.NorthCompany.Name, Within(new Scope(CompanyId: City.NorthCompany.Id))));
    }

    /// <summary>An area is found by who sees a lot in it or below, but of a district nothing above it.</summary>
    [Fact]
    public async Task An_area_is_found_by_who_sees_a_lot_there()
    {
        Area Area(string name, Area? above = null) => new() { Id = Guid.CreateVersion7(), Name = name, ParentId = above?.Id };
        var whole = Area("Riverside");
        var (part, empty) = (Area("Riverside east", whole), Area("Riverside west", whole));
        await AddAsync(whole, part, empty, new Lot
        {
            Id = Guid.CreateVersion7(),
            Name = "Quay",
            Kind = LotKind.Indoor,
            AreaId = part.Id,
            CompanyId = City.NorthCompany.Id,
            Capacity = 1
        });
        async Task<string[]> AreasAsync(Scope scope) => [.. (await TitlesAsync(SearchKind.Area, "riverside", Within(scope))).Order()];

        Assert.Equal(["Riverside", "Riverside east", "Riverside west"], await AreasAsync(new Scope()));
        Assert.Equal(["Riverside", "Riverside east"], await AreasAsync(new Scope(AreaId: whole.Id)));
        Assert.Equal(["Riverside east"], await AreasAsync(new Scope(AreaId: part.Id)));
        Assert.Equal(["Riverside", "Riverside east"], await AreasAsync(new Scope(CompanyId: City.NorthCompany.Id)));
        Assert.Empty(await AreasAsync(new Scope(CompanyId: City.SouthCompany.Id)));
        Assert.Equal("Riverside", (await FindAsync("riverside east")).Single(h => h.Kind == SearchKind.Area).Detail);
    }

    Actor Within(Scope scope) =>
        Actor.User(City.Code, Guid.CreateVersion7(), "who", new HashSet<string> { SearchPermissions.Use, LotPermissions.View }, scope);

    [Fact]
    public async Task A_berth_is_found_by_its_number_and_a_short_one_by_its_beginning_only()
    {
        await AddAsync(Berth("A12"), Berth("A120"), Berth("12"), Berth("东12"));
        Assert.Equal(["A12", "A120"], await TitlesAsync(SearchKind.Berth, "a12"));
        Assert.Equal(["12"], await TitlesAsync(SearchKind.Berth, "12"));
        Assert.Equal(["东12"], await TitlesAsync(SearchKind.Berth, "东"));
        var one = (await FindAsync("A120")).Single(h => h.Kind == SearchKind.Berth);
        Assert.Equal(("South", City.South.Id), (one.Detail, one.LotId!.Value));
    }

    [Fact]
    public async Task What_is_out_of_use_is_not_found()
    {
        await AddAsync(Berth("A12"));
        await using (var s = await City.OpenAsync())
        {
            await s.Db.Set<Berth>().Where(b => b.Number == "A12").ExecuteUpdateAsync(set => set.SetProperty(b => b.RetiredAt, Day.Minute(0)), Ct);
            await s.Db.Set<Device>().Where(d => d.Name == "gate-out").ExecuteUpdateAsync(set => set.SetProperty(d => d.RetiredAt, Day.Minute(0)), Ct);
            await s.Db.Set<Lot>().Where(l => l.Name == "South").ExecuteUpdateAsync(set => set.SetProperty(l => l.RetiredAt, Day.Minute(0)), Ct);
        }
        Assert.Empty(await FindAsync("A12"));
        Assert.Empty(await FindAsync("gate-out"));
        Assert.Empty(await TitlesAsync(SearchKind.Lot, "South"));
    }

    [Fact]
    public async Task A_device_is_found_by_a_part_of_its_name()
    {
        Assert.Equal(["cam-out", "gate-out"], (await TitlesAsync(SearchKind.Device, "-OUT")).Order());
        var camera = Assert.Single(await FindAsync("cam-i"));
        Assert.Equal((SearchKind.Device, City.EntryCamera.Id, "cam-in", "North", City.North.Id),
            (camera.Kind, camera.Id, camera.Title, camera.Detail, camera.LotId!.Value));
    }

    /// <summary>What a pattern of the database would take for a joker is a letter.</summary>
    [Theory, InlineData("%"), InlineData("_"), InlineData("c_m"), InlineData("cam%"), InlineData("\\")]
    public async Task No_character_is_a_joker(string text) => Assert.Empty(await FindAsync(text));

    [Fact]
    public async Task A_pass_is_found_by_its_number_and_by_its_holder()
    {
        var pass = await PassAsync();
        foreach (var text in new[] { $"{pass.Number}", "张三", "张" })
        {
            var hit = Assert.Single(await FindAsync(text));
            Assert.Equal((SearchKind.Pass, pass.Id, $"{pass.Number}", "张三"), (hit.Kind, hit.Id, hit.Title, hit.Detail));
        }
        Assert.Empty(await FindAsync($"{pass.Number}"[..5]));
    }

    [Fact]
    public async Task An_owner_is_found_by_name_and_telephone_and_shown_as_who_asks_may_see_it()
    {
        var id = await OwnerAsync(Number, "Li Wei");
        Actor sees = City.User(SearchPermissions.Use, VehiclePermissions.ViewOwners, VehiclePermissions.ViewPhones),
            masked = City.User(SearchPermissions.Use, VehiclePermissions.ViewOwners);
        foreach (var text in new[] { "li wei", "WEI", "L", Number, "+86 138-1234-5678" })
        {
            var (whole, part) = (Assert.Single(await FindAsync(text, sees)), Assert.Single(await FindAsync(text, masked)));
            Assert.Equal((SearchKind.Owner, id, "Li Wei", Number), (whole.Kind, whole.Id, whole.Title, whole.Detail));
            Assert.Equal((id, "Li Wei", "138****5678"), (part.Id, part.Title, part.Detail));
        }
        Assert.Equal(id, Assert.Single(await FindAsync("2345", sees)).Id);
        Assert.Empty(await FindAsync("234", sees));
        foreach (var text in new[] { "2345", Number[..10], "1381234", "+861381234567" })
            Assert.Empty(await FindAsync(text, masked));
    }

    [Fact]
    public async Task An_owner_without_a_name_is_called_by_the_telephone()
    {
        await OwnerAsync(Number, "");
        Assert.Equal(["138****5678"], await TitlesAsync(SearchKind.Owner, Number, City.User(SearchPermissions.Use, VehiclePermissions.ViewOwners)));
    }

    [Fact]
    public async Task An_account_is_found_by_the_name_that_is_shown_and_by_the_one_to_sign_in_with()
    {
        var id = Guid.CreateVersion7();
        await AddAsync(new User { Id = id, UserName = "Hua.Wang", NormalizedUserName = "HUA.WANG", DisplayName = "王华", Role = Roles.City });
        foreach (var text in new[] { "华", "hua", "WANG" })
        {
            var hit = Assert.Single(await FindAsync(text));
            Assert.Equal((SearchKind.Account, id, "王华", "Hua.Wang"), (hit.Kind, hit.Id, hit.Title, hit.Detail));
        }
    }

    /// <summary>One text that something of each kind has.</summary>
    const string Everywhere = "10000123";

    async Task EverywhereAsync()
    {
        var stay = Stay(City.North, "粤" + Everywhere, 0);
        var issuer = new Issuer { Id = Guid.CreateVersion7() };
        await AddAsync(
            stay,
            new Order
            {
                Id = new Guid($"{Everywhere}-0000-7000-8000-000000000000"),
                LotId = City.North.Id,
                BusinessDate = Desk.Today,
                CreatedAt = stay.CreatedAt
            },
            new Lot { Id = Guid.CreateVersion7(), Name = Everywhere, Kind = LotKind.Indoor, AreaId = City.NorthArea.Id, Capacity = 1 },
            new Area { Id = Guid.CreateVersion7(), Name = Everywhere },
            new Company { Id = Guid.CreateVersion7(), Name = Everywhere, AreaId = City.NorthArea.Id },
            new Lane { Id = Guid.CreateVersion7(), LotId = City.North.Id, Name = Everywhere, Direction = LaneDirection.Exit },
            new Berth { Id = Guid.CreateVersion7(), LotId = City.North.Id, Number = Everywhere },
            issuer,
            new Invoice
            {
                Id = Guid.CreateVersion7(),
                LotId = City.North.Id,
                IssuerId = issuer.Id,
                Serial = "s",
                Number = Everywhere,
                Rate = 0,
                Gross = new Money(1),
                Tax = Money.Zero,
                AskedBy = "t",
                AskedAt = TestPlatform.Start
            },
            new Device { Id = Guid.CreateVersion7(), LotId = City.North.Id, Name = Everywhere, Kind = DeviceKind.Gate, Dialect = "standard", SecretHash = "" },
            new User
            {
                Id = Guid.CreateVersion7(),
                UserName = Everywhere,
                NormalizedUserName = Everywhere,
                DisplayName = "x",
                Role = Roles.Staff,
                CompanyId = City.NorthCompany.Id
            });
        await OwnerAsync(Number, Everywhere);
        var pass = await PassAsync();
        await using var s = await City.OpenAsync();
        await s.Db.Set<Pass>().Where(p => p.Id == pass.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Holder, Everywhere), Ct);
    }

    public static TheoryData<string, SearchKind[]> Rights => new()
    {
        { SearchPermissions.Use, [] },
        { OrderPermissions.View, [SearchKind.Car, SearchKind.Order] },
        { LotPermissions.View, [SearchKind.Lot, SearchKind.Area, SearchKind.Company, SearchKind.Lane, SearchKind.Berth] },
        { DevicePermissions.View, [SearchKind.Device] },
        { PassPermissions.View, [SearchKind.Pass] },
        { VehiclePermissions.ViewOwners, [SearchKind.Owner] },
        { InvoicePermissions.View, [SearchKind.Invoice] },
        { AccountPermissions.ManageUsers, [SearchKind.Account] }
    };

    [Theory, MemberData(nameof(Rights))]
    public async Task Each_kind_takes_the_right_to_see_it(string right, SearchKind[] kinds)
    {
        await EverywhereAsync();
        Assert.Equal(kinds, (await FindAsync(Everywhere, City.User(SearchPermissions.Use, right))).Select(h => h.Kind));
        await Assert.ThrowsAsync<AccessDeniedException>(() => platform.Get<SearchEverything>().RunAsync(City.User("other.right"), Everywhere, Ct));
    }

    [Fact]
    public async Task All_kinds_are_found_in_their_order_and_of_another_branch_nothing()
    {
        await EverywhereAsync();
        Assert.Equal(Enum.GetValues<SearchKind>(), (await FindAsync(Everywhere)).Select(h => h.Kind));
        string[] rights = [SearchPermissions.Use, .. Rights.Select(r => r.Data.Item1)];
        Assert.Empty(await FindAsync(Everywhere, City.RestrictedTo(City.South, rights)));
        Assert.Equal([SearchKind.Car, SearchKind.Order, SearchKind.Lane, SearchKind.Berth, SearchKind.Device, SearchKind.Pass, SearchKind.Invoice],
            (await FindAsync(Everywhere, City.RestrictedTo(City.North, rights))).Select(h => h.Kind)); // an owner's car must have come
        var company = Actor.User(City.Code, Guid.CreateVersion7(), "boss", rights.ToHashSet(), new Scope(CompanyId: City.SouthCompany.Id));
        Assert.Empty(await FindAsync(Everywhere, company));
        Assert.Contains(SearchKind.Account,
            (await FindAsync(Everywhere, Actor.User(City.Code, Guid.CreateVersion7(), "boss", rights.ToHashSet(), new Scope(CompanyId: City.NorthCompany.Id))))
                .Select(h => h.Kind));
    }

    /// <summary>The last stay is the last that who asks may see.</summary>
    [Fact]
    public async Task Of_a_car_that_went_elsewhere_a_branch_sees_its_own_stay()
    {
        await AddAsync(Stay(City.South, Car, 0), Stay(City.North, Car, 60));
        var south = City.RestrictedTo(City.South, SearchPermissions.Use, OrderPermissions.View);
        var car = Assert.Single(await FindAsync(Car, south));
        Assert.Equal(("South", Day.Minute(0)), (car.Detail, car.At));
    }

    [Fact]
    public async Task An_owner_is_found_by_those_to_whom_the_car_came()
    {
        await OwnerAsync(Number, "Li Wei", Car);
        await day.EnterAsync(Car, 0);
        string[] rights = [SearchPermissions.Use, VehiclePermissions.ViewOwners];
        Assert.Equal(["Li Wei"], await TitlesAsync(SearchKind.Owner, "wei", City.RestrictedTo(City.North, rights)));
        Assert.Empty(await FindAsync("wei", City.RestrictedTo(City.South, rights)));
        Assert.Empty(await FindAsync(Number, City.RestrictedTo(City.South, rights)));
    }

    [Fact]
    public async Task Of_each_kind_there_are_five_at_most()
    {
        await AddAsync(Enumerable.Range(0, 7).Select(i => Berth($"B77{i}", i)));
        Assert.Equal(["B776", "B775", "B774", "B773", "B772"], await TitlesAsync(SearchKind.Berth, "B77"));
    }

    [Theory, InlineData(null), InlineData(""), InlineData("   ")]
    public async Task Nothing_finds_nothing(string? text) => Assert.Empty(await FindAsync(text));

    [Theory, InlineData("a\0b", "invalid"), InlineData("\ud800", "invalid"), InlineData("\uFFFE", "invalid")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", "too-long")]
    public async Task A_text_that_is_none_is_said_so(string text, string rule) =>
        Assert.Equal(new InvalidField("Text", rule), (await platform.Get<SearchEverything>().RunAsync(City.System, text, Ct)).Error);
}
