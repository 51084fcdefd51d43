using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>Groups of plates: lists and tariffs that name one know its cars, and while they do it stays.</summary>
public sealed class GroupTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    Actor admin => field ??= day.City.User(VehiclePermissions.ManageGroups, VehiclePermissions.ManageLists);

    Task<Result<Guid>> SaveAsync(string? name, string[] plates, Guid? id = null, Actor? actor = null, string note = "") =>
        day.Platform.Get<SavePlateGroup>().RunAsync(actor ?? admin, new(id, name, note, plates), Ct);

    Task<Result<Done>> RemoveAsync(Guid id) => day.Platform.Get<RemovePlateGroup>().RunAsync(admin, id, Ct);

    Task<Result<int>> ListAsync(PlateListKind kind, Guid group, Guid[]? lots = null) => day.Platform.Get<SavePlateRules>()
        .RunAsync(admin, new(null, kind, [], lots, null, null, "contract", group), Ct);

    async Task<List<string>> PlatesAsync(Guid group)
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<PlateGroupPlate>().Where(p => p.GroupId == group).Select(p => p.Plate).Order().ToListAsync(Ct);
    }

    async Task<Order> StayAsync()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        return await day.OrderAsync();
    }

    /// <summary>Half price for the fleet.</summary>
    Task FleetTariffAsync() => day.TariffAsync(t => t with
    {
        Factors = [new TariffFactor { Id = "fleet", AppliesTo = new AppliesTo { Groups = ["Fleet"] }, Factor = 0.5m }]
    });

    [Fact]
    public async Task A_group_on_the_white_list_frees_its_cars_and_the_order_names_the_group()
    {
        var group = (await SaveAsync("Fleet", [Car, "粤B11111"])).Value;
        Assert.Equal(1, (await ListAsync(PlateListKind.White, group)).Value);
        var order = await StayAsync();
        Assert.Equal((OrderState.Completed, Money.Zero), (order.State, order.Receivable));
        Assert.Contains("Fleet, contract", System.Text.RegularExpressions.Regex.Unescape(order.FeeLines!));
    }

    [Fact]
    public async Task Cars_that_are_in_no_listed_group_pay()
    {
        Assert.True((await ListAsync(PlateListKind.White, (await SaveAsync("Fleet", ["粤B11111"])).Value)).Ok);
        Assert.True((await ListAsync(PlateListKind.White, (await SaveAsync("Elsewhere", [Car])).Value, [day.City.South.Id])).Ok);
        Assert.True((await SaveAsync("On no list", [Car])).Ok);
        Assert.Equal(new Money(700), (await StayAsync()).Owed);
    }

    [Fact]
    public async Task A_plate_of_no_known_form_joins_a_group_once_somebody_says_that_it_is_foreign()
    {
        Assert.Equal(new ForeignPlate("BMW4711, ABC123"), (await SaveAsync("Guests", [Car, "B-MW 4711", "ａｂｃ 123"])).Error);
        var details = new PlateGroupDetails(null, "Guests", "", [Car, "B-MW 4711"]) { Foreign = true };
        var group = (await day.Platform.Get<SavePlateGroup>().RunAsync(admin, details, Ct)).Value;
        Assert.Equal(["BMW4711", Car], await PlatesAsync(group));
        Assert.True((await SaveAsync("Guests", [Car, "BMW4711"], group, note: "x")).Ok); // only what comes new is asked about
        Assert.Equal(new ForeignPlate("F1"), (await SaveAsync("Guests", [Car, "BMW4711", "F1"], group)).Error);
    }

    [Fact]
    public async Task A_group_on_the_black_list_keeps_the_gate_closed()
    {
        Assert.True((await ListAsync(PlateListKind.Black, (await SaveAsync("Banned", [Car])).Value)).Ok);
        await day.EnterAsync(Car, 0);
        Assert.Empty(await day.OrdersAsync());
    }

    [Theory]
    [InlineData(Car, 350)]
    [InlineData("粤B11111", 700)]
    public async Task A_tariff_that_names_a_group_prices_its_cars(string member, long minor)
    {
        await FleetTariffAsync();
        Assert.True((await SaveAsync("Fleet", [member])).Ok);
        Assert.Equal(new Money(minor), (await StayAsync()).Owed);
    }

    [Fact]
    public async Task Saving_again_replaces_the_plates()
    {
        var group = (await SaveAsync("Fleet", ["粤b·12345", " 粤B12345", "粤B11111", ""])).Value;
        Assert.Equal(["粤B11111", Car], await PlatesAsync(group));
        Assert.Equal(group, (await SaveAsync("Fleet", [Car, "粤B22222"], group)).Value);
        Assert.Equal([Car, "粤B22222"], await PlatesAsync(group));
        Assert.Equal(group, (await SaveAsync("Fleet", [Car, "粤B22222"], group)).Value);
        Assert.Equal([Car, "粤B22222"], await PlatesAsync(group));
    }

    [Fact]
    public async Task The_history_says_which_plates_came_and_went_and_outlives_the_group()
    {
        var group = (await SaveAsync("Fleet", [Car, "粤B11111"], note: "contract")).Value;
        Assert.True((await SaveAsync("Fleet", ["粤B11111", Car], group, note: "contract")).Ok);
        Assert.True((await SaveAsync("Fleet 2", [Car, "粤B22222"], group)).Ok);
        Assert.True((await RemoveAsync(group)).Ok);
        await using var s = await day.City.OpenAsync();
        Assert.Equal(
        [
            "user  → Fleet,  → contract, +粤B11111 粤B12345 -",
            "user Fleet → Fleet 2, contract → , +粤B22222 -粤B11111",
            "user Fleet 2 → ,  → , + -粤B12345 粤B22222"
        ], (await s.Db.Set<PlateGroupChange>().Where(c => c.GroupId == group).OrderBy(c => c.Id).ToListAsync(Ct)).Select(c =>
            $"{c.By} {c.NameBefore} → {c.Name}, {c.NoteBefore} → {c.Note}, +{string.Join(' ', c.Added)} -{string.Join(' ', c.Removed)}"));
    }

    [Fact]
    public async Task One_plate_leaves_a_group_and_comes_back_and_the_history_says_so()
    {
        var group = (await SaveAsync("Fleet", [Car, "粤B11111"])).Value;
        var (remove, restore) = (day.Platform.Get<RemoveGroupPlate>(), day.Platform.Get<RestoreGroupPlate>());
        Assert.True((await remove.RunAsync(admin, group, Car, Ct)).Ok);
        Assert.Equal(new NotFound("entry"), (await remove.RunAsync(admin, group, Car, Ct)).Error);
        Assert.Equal(["粤B11111"], await PlatesAsync(group));
        for (var twice = 0; twice < 2; twice++)
            Assert.True((await restore.RunAsync(admin, group, Car, Ct)).Ok);
        Assert.Equal(["粤B11111", Car], await PlatesAsync(group));
        Assert.Equal(new NotFound("entry"), (await restore.RunAsync(admin, group, "粤B22222", Ct)).Error);
        await using (var s = await day.City.OpenAsync())
            Assert.Equal(["+粤B11111 粤B12345 -", "+ -粤B12345", "+粤B12345 -"],
                (await s.Db.Set<PlateGroupChange>().Where(c => c.GroupId == group).OrderBy(c => c.Id).ToListAsync(Ct))
                    .Select(c => $"+{string.Join(' ', c.Added)} -{string.Join(' ', c.Removed)}"));

        Assert.True((await remove.RunAsync(admin, group, Car, Ct)).Ok);
        var full = Enumerable.Range(0, PlateGroup.MaxPlates).Select(i => $"粤B{i:00000}").ToArray();
        Assert.True((await SaveAsync("Fleet", full, group)).Ok);
        Assert.Equal(new InvalidField("Plates", "too-long"), (await restore.RunAsync(admin, group, Car, Ct)).Error);
        Assert.True((await RemoveAsync(group)).Ok);
        Assert.Equal(new NotFound("group"), (await remove.RunAsync(admin, group, "粤B11111", Ct)).Error);
        Assert.Equal(new NotFound("group"), (await restore.RunAsync(admin, group, Car, Ct)).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => remove.RunAsync(day.City.User(VehiclePermissions.ViewGroups), group, Car, Ct));
        await Assert.ThrowsAsync<AccessDeniedException>(() => restore.RunAsync(day.City.User(VehiclePermissions.ViewGroups), group, Car, Ct));
    }

    [Fact]
    public async Task Whoever_read_a_group_before_another_changed_it_does_not_write_over_that()
    {
        var group = (await SaveAsync("Fleet", [Car])).Value;
        var details = new PlateGroupDetails(group, "Fleet", "", [Car, "粤B11111"]) { Seen = new PlateGroupDetails(group, "Fleet", "", [Car]) };
        var save = day.Platform.Get<SavePlateGroup>();
        day.Until(1);
        Assert.True((await save.RunAsync(admin, details, Ct)).Ok);
        var changed = Assert.IsType<ChangedMeanwhile>((await save.RunAsync(admin, details with { Plates = ["粤B22222"] }, Ct)).Error);
        Assert.Equal("Plates", Assert.Single(changed.Fields).Field);
        Assert.Equal(["粤B11111", Car], await PlatesAsync(group));
    }

    [Fact]
    public async Task Ten_thousand_plates_fit_and_no_more()
    {
        var plates = Enumerable.Range(0, PlateGroup.MaxPlates + 1).Select(i => $"粤B{i:00000}").ToArray();
        Assert.Equal(new InvalidField("Plates", "too-long"), (await SaveAsync("Fleet", plates)).Error);
        Assert.Equal(PlateGroup.MaxPlates, (await PlatesAsync((await SaveAsync("Fleet", plates[1..])).Value)).Count);
    }

    [Fact]
    public async Task What_lists_and_tariffs_name_stays()
    {
        var group = (await SaveAsync("Fleet", [Car])).Value;
        Assert.True((await ListAsync(PlateListKind.White, group)).Ok);
        Assert.Equal(new GroupOnList("Fleet"), (await RemoveAsync(group)).Error);
        await using (var s = await day.City.OpenAsync())
            Assert.True((await day.Platform.Get<RemovePlateRule>().RunAsync(admin, (await s.Db.Set<PlateRule>().SingleAsync(Ct)).Id, Ct)).Ok);
        await FleetTariffAsync();
        Assert.Equal(new GroupInTariff("Fleet", "Test"), (await RemoveAsync(group)).Error);
        Assert.Equal(new GroupInTariff("Fleet", "Test"), (await SaveAsync("Fleet 2", [Car], group)).Error);
        Assert.True((await SaveAsync("Fleet", [], group)).Ok);
        var other = (await SaveAsync("Other", [Car])).Value;
        Assert.True((await SaveAsync("Another", [Car], other)).Ok);
        Assert.True((await RemoveAsync(other)).Ok);
        Assert.Equal(new NotFound("group"), (await RemoveAsync(other)).Error);
    }

    [Fact]
    public async Task Bad_groups_are_named()
    {
        Assert.True((await SaveAsync("Fleet", [Car])).Ok);
        Assert.Equal(new InvalidField("Name", "required"), (await SaveAsync(" ", [Car])).Error);
        Assert.Equal(new InvalidField("Name", "taken"), (await SaveAsync("Fleet ", [Car])).Error);
        Assert.Equal(new InvalidField("Name", "invalid"), (await SaveAsync("A, B", [Car])).Error);
        Assert.Equal(new InvalidField("Name", "too-long"), (await SaveAsync(new string('x', 65), [Car])).Error);
        Assert.Equal(new InvalidField("Note", "too-long"), (await SaveAsync("New", [Car], note: new string('x', 201))).Error);
        Assert.Equal(new InvalidField("Plates", "invalid"), (await SaveAsync("New", ["粤B*"])).Error);
        Assert.Equal(new InvalidField("Plates", "invalid"), (await SaveAsync("New", [new string('1', 17)])).Error);
        Assert.Equal(new InvalidField("Plates", "no-plate"), (await SaveAsync("New", [Car, "无牌"])).Error);
        Assert.Equal(new NotFound("group"), (await SaveAsync("New", [Car], Guid.CreateVersion7())).Error);
        Assert.Equal(new NotFound("group"), (await ListAsync(PlateListKind.White, Guid.CreateVersion7())).Error);
    }

    [Fact]
    public async Task Groups_are_the_citys()
    {
        await Assert.ThrowsAsync<AccessDeniedException>(() => SaveAsync("Fleet", [Car], actor: day.City.User(VehiclePermissions.ManageLists)));
        await Assert.ThrowsAsync<OutOfScopeException>(() => SaveAsync("Fleet", [Car],
            actor: day.City.RestrictedTo(day.City.North, VehiclePermissions.ManageGroups)));
    }
}
