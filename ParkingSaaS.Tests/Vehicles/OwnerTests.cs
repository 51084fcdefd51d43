using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Vehicles;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>Owners: whose number and plates are kept, who sees them, and that nothing of a person is left once erased.</summary>
public sealed class OwnerTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    const string Number = "13812345678";
    Actor admin => field ??= day.City.User(VehiclePermissions.ManageOwners);

    static OwnerDetails Details(string? phone = Number, params string[] plates) =>
        new(null, phone, "Li", "", OwnerLanguage.Chinese, [.. plates.Select(p => new OwnerPlateDetails(p))]);

    Task<Result<Guid>> SaveAsync(OwnerDetails details, Actor? actor = null) => day.Platform.Get<SaveOwner>().RunAsync(actor ?? admin, details, Ct);

    async Task<List<OwnerPlate>> PlatesAsync(Guid owner)
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<OwnerPlate>().AsNoTracking().Where(p => p.OwnerId == owner).OrderBy(p => p.Plate).ToListAsync(Ct);
    }

    [Fact]
    public async Task An_owner_has_a_number_and_plates_of_which_the_first_is_the_default()
    {
        var id = (await SaveAsync(Details("+86 138-1234-5678", "粤b·12345", "", "粤BD12345"))).Value;
        await using (var s = await day.City.OpenAsync())
            Assert.Equal("+8613812345678", (await s.Db.Set<Owner>().SingleAsync(Ct)).Phone);
        Assert.Equal([(Car, PlateColour.Blue, true), ("粤BD12345", PlateColour.Green, false)],
            (await PlatesAsync(id)).Select(p => (p.Plate, p.Colour, p.IsDefault)));
        Assert.Equal(id, (await SaveAsync(Details(Number, "粤BD12345", Car) with { Id = id })).Value);
        Assert.Equal([(Car, false), ("粤BD12345", true)], (await PlatesAsync(id)).Select(p => (p.Plate, p.IsDefault)));
        Assert.Equal(id, (await SaveAsync(Details(Number, Car) with { Id = id })).Value);
        Assert.Equal([(Car, true)], (await PlatesAsync(id)).Select(p => (p.Plate, p.IsDefault)));
    }

    [Fact]
    public async Task A_colour_that_is_given_stays_and_an_unknown_one_follows_the_form()
    {
        OwnerPlateDetails[] plates = [new(Car, PlateColour.White), new("粤B54321", Vehicle: VehicleKind.Large), new("UFO123")];
        Assert.Equal(new ForeignPlate("UFO123"), (await SaveAsync(Details() with { Plates = plates })).Error);
        var id = (await SaveAsync(Details() with { Plates = plates, Foreign = true })).Value;
        Assert.True((await SaveAsync(Details() with { Id = id, Plates = plates })).Ok); // nobody is asked about what was taken before
        Assert.Equal([("UFO123", PlateColour.Unknown), (Car, PlateColour.White), ("粤B54321", PlateColour.Yellow)],
            (await PlatesAsync(id)).OrderBy(p => p.Plate, StringComparer.Ordinal).Select(p => (p.Plate, p.Colour)));
    }

    [Fact]
    public async Task A_number_and_a_plate_belong_to_one_owner()
    {
        var first = (await SaveAsync(Details(Number, Car))).Value;
        Assert.Equal(new InvalidField("Phone", "taken"), (await SaveAsync(Details("0086" + Number, "粤B11111"))).Error);
        Assert.Equal(new PlateOwned(Car), (await SaveAsync(Details("+852 9123 4567", Car))).Error);
        Assert.True((await SaveAsync(Details(Number, "粤B22222") with { Id = first })).Ok);
        Assert.True((await SaveAsync(Details("+852 9123 4567", Car))).Ok);
    }

    [Fact]
    public async Task Bad_owners_are_named()
    {
        Assert.Equal(new InvalidField("Phone", "required"), (await SaveAsync(Details(" "))).Error);
        Assert.Equal(new InvalidField("Phone", "invalid"), (await SaveAsync(Details("12345678901"))).Error);
        Assert.Equal(new InvalidField("Name", "too-long"), (await SaveAsync(Details() with { Name = new string('x', 65) })).Error);
        Assert.Equal(new InvalidField("Note", "too-long"), (await SaveAsync(Details() with { Note = new string('x', 201) })).Error);
        Assert.Equal(new InvalidField("Language", "invalid"), (await SaveAsync(Details() with { Language = (OwnerLanguage)9 })).Error);
        Assert.Equal(new InvalidField("Plates", "too-long"), (await SaveAsync(Details(Number, [.. Enumerable.Range(0, 6).Select(i => $"粤B1000{i}")]))).Error);
        Assert.Equal(new InvalidField("Plates", "invalid"), (await SaveAsync(Details(Number, Car, Car))).Error);
        Assert.Equal(new InvalidField("Plates", "no-plate"), (await SaveAsync(Details(Number, "粤B"))).Error);
        Assert.Equal(new NotFound("owner"), (await SaveAsync(Details() with { Id = Guid.CreateVersion7() })).Error);
    }

    [Fact]
    public async Task Erasing_leaves_the_order_and_nothing_of_the_person()
    {
        var id = (await SaveAsync(Details(Number, Car))).Value;
        await day.EnterAsync(Car, 0);
        var erase = day.Platform.Get<EraseOwner>();
        await Assert.ThrowsAsync<AccessDeniedException>(
            () => erase.RunAsync(day.City.User(VehiclePermissions.ViewOwners, VehiclePermissions.ViewPhones), id, Ct));
        Assert.True((await erase.RunAsync(admin, id, Ct)).Ok);
        Assert.Equal(new NotFound("owner"), (await erase.RunAsync(admin, id, Ct)).Error);
        Assert.Equal(Car, (await day.OrderAsync()).Plate);
        await using var s = await day.City.OpenAsync();
        Assert.Equal(0, await s.Db.Set<Owner>().CountAsync(Ct) + await s.Db.Set<OwnerPlate>().CountAsync(Ct));
        Assert.True((await SaveAsync(Details(Number, Car))).Ok);
    }

    [Fact]
    public async Task Who_sees_a_lot_sees_the_owners_of_the_cars_that_came_there()
    {
        Assert.True((await SaveAsync(Details(Number, Car, "粤B11111"))).Ok);
        Assert.True((await SaveAsync(Details("13912345678", "粤B22222"))).Ok);
        await day.EnterAsync(Car, 0);
        Assert.Equal((1, Car), await SeenAsync(day.City.North));
        Assert.Equal((0, ""), await SeenAsync(day.City.South));
    }

    async Task<(int, string)> SeenAsync(Core.Lots.Lot lot)
    {
        await using var s = await day.Platform.Get<CitySessions>().OpenAsync(day.City.RestrictedTo(lot, VehiclePermissions.ViewOwners),
            VehiclePermissions.ViewOwners, Ct);
        return (await s.Db.Set<Owner>().CountAsync(Ct), string.Join(' ', await s.Db.Set<OwnerPlate>().Select(p => p.Plate).ToListAsync(Ct)));
    }

    [Fact]
    public async Task The_page_of_an_owner_shows_the_orders_of_the_plates()
    {
        var id = (await SaveAsync(Details(Number, Car))).Value;
        await day.EnterAsync(Car, 0);
        await day.EnterAsync("粤B99999", 10);
        var own = (await day.OrdersAsync()).Single(o => o.Plate == Car);
        await using var web = await WebHost.StartAsync(platform, Ct);
        var boss = await web.AddUserAsync(day.City, "li", Roles.City, Ct);
        var shown = await web.ShowAsync(day.City, boss, typeof(OwnerPage),
            main => main.QuerySelector($"a[href='orders/{own.Id}']") is not null, "the owner's order", Ct, (nameof(OwnerPage.Id), id));
        Assert.DoesNotContain("粤B99999", shown);
    }

    /// <summary>Whoever works a booth could otherwise look up anybody's name by a plate seen on the street.</summary>
    [Fact]
    public async Task What_people_type_or_pay_shows_no_owner()
    {
        Assert.True((await SaveAsync(Details(Number, Car))).Ok);
        var attendant = day.City.RestrictedTo(day.City.North, OrderPermissions.Booth, PaymentPermissions.Cash);
        var pass = day.Platform.Get<PassByHand>();
        Assert.True((await pass.RunAsync(attendant, new(Guid.CreateVersion7(), day.City.Entry.Id, true, Car), Ct)).Ok);
        day.Until(90);
        Assert.True((await pass.RunAsync(attendant, new(Guid.CreateVersion7(), day.City.Exit.Id, false, Car), Ct)).Ok);
        var order = await day.OrderAsync();
        Assert.True((await day.Platform.Get<TakePayment>().CashAsync(attendant, new(Guid.CreateVersion7(), order.Id, order.Owed), Ct)).Ok);
        Assert.Equal((0, ""), await SeenAsync(day.City.North));

        // Another car came, and its plate is corrected to the one that somebody is curious about.
        await day.EnterAsync("粤B99999", 100);
        Assert.True((await day.Platform.Get<CorrectPlate>().RunAsync(attendant, (await day.OrdersAsync())[^1].Id, Car, "misread", Ct)).Ok);
        Assert.Equal((0, ""), await SeenAsync(day.City.North));

        // The car itself comes, typed in at the entry and read at the exit.
        day.Until(200);
        await day.LeaveAsync(Car, 200);
        Assert.Equal((1, Car), await SeenAsync(day.City.North));
    }

    [Fact]
    public async Task A_camera_that_read_letters_for_digits_saw_the_car()
    {
        Assert.True((await SaveAsync(Details(Number, "粤B01234"))).Ok);
        await day.EnterAsync("粤BOI234", 0);
        Assert.Equal((1, "粤B01234"), await SeenAsync(day.City.North));
    }

    [Fact]
    public void Groups_and_the_cars_in_them_are_for_those_who_may_see_groups()
    {
        var roles = day.Platform.Get<RoleCatalogue>();
        Assert.Equal([Roles.City, Roles.District], Roles.InCity.Where(r => roles.PermissionsOf(r).Contains(VehiclePermissions.ViewGroups)));
        Assert.Contains(VehiclePermissions.ViewGroups, typeof(GroupsPage).GetCustomAttributes<AuthorizeAttribute>().Select(a => a.Policy));
    }

    [Fact]
    public async Task Owners_are_the_citys()
    {
        await Assert.ThrowsAsync<AccessDeniedException>(() => SaveAsync(Details(), day.City.User(VehiclePermissions.ViewOwners)));
        await Assert.ThrowsAsync<OutOfScopeException>(() => SaveAsync(Details(), day.City.RestrictedTo(day.City.North, VehiclePermissions.ManageOwners)));
    }
}
