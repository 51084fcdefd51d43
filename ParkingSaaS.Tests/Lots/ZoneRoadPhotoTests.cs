using System.Net;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using static ParkingSaaS.Tests.Files.ImageFileTests;

namespace ParkingSaaS.Tests.Lots;

/// <summary>The zones and photos of lots and the roads that they lie along: who may do what, and what is refused.</summary>
public sealed class ZoneRoadPhotoTests(Cluster cluster) : PlatformTest(cluster)
{
    static readonly byte[] Jpeg = [0xFF, 0xD8, .. Scan, 1, 2, 3, 0xFF, 0xD9];
    static readonly byte[] Png = [.. PngSignature, .. Chunk("IHDR", new byte[13]), .. Chunk("IEND", [])];
    static readonly byte[] WebP = [.. "RIFF"u8, 14, 0, 0, 0, .. "WEBPVP8 "u8, 2, 0, 0, 0, 1, 2];

    TestCity city => City;
    Actor admin => field ??= city.User(LotPermissions.View, LotPermissions.Manage, LotPermissions.ManageAreas);
    Actor north => field ??= city.RestrictedTo(city.North, LotPermissions.View, LotPermissions.Manage, LotPermissions.ManageAreas);

    Task<Result<Guid>> ZoneAsync(Actor actor, ZoneDetails zone) => platform.Get<SaveZone>().RunAsync(actor, zone, Ct);
    Task<Result<Guid>> RoadAsync(Actor actor, RoadDetails road) => platform.Get<SaveRoad>().RunAsync(actor, road, Ct);
    Task<Result<Guid>> PhotoAsync(Actor actor, Guid lot, byte[] file, string caption = "") =>
        platform.Get<AddPhoto>().RunAsync(actor, new NewPhoto(lot, caption, file), Ct);

    async Task<T> ReadAsync<T>(Func<CitySession, Task<T>> read)
    {
        await using var s = await city.OpenAsync();
        return await read(s);
    }

    LotDetails South(Guid? road) => new()
    {
        Id = city.South.Id,
        Name = "South",
        Kind = LotKind.OnStreet,
        AreaId = city.SouthArea.Id,
        CompanyId = city.SouthCompany.Id,
        Capacity = 2,
        RoadId = road
    };

    [Fact]
    public async Task What_is_unacceptable_in_a_zone_is_named()
    {
        (string Field, string Rule, string Name, int Capacity, int Rank)[] unacceptable =
        [
            ("Name", "required", " ", 1, 1),
            ("Name", "too-long", new('x', 65), 1, 1),
            ("Name", "taken", "B1", 1, 1),
            ("Capacity", "out-of-range", "B2", -1, 1),
            ("Capacity", "out-of-range", "B2", 100_001, 1),
            ("Rank", "out-of-range", "B2", 1, -1),
            ("Rank", "out-of-range", "B2", 1, 1000)
        ];
        Assert.True((await ZoneAsync(admin, new(city.North.Id, null, "B1", 10, 1))).Ok);
        await Assert.AllAsync(unacceptable, async zone => Assert.Equal(new InvalidField(zone.Field, zone.Rule),
            (await ZoneAsync(admin, new(city.North.Id, null, zone.Name, zone.Capacity, zone.Rank))).Error));
        // Another lot has names of its own.
        Assert.True((await ZoneAsync(admin, new(city.South.Id, null, "B1", null, 0))).Ok);
    }

    [Fact]
    public async Task A_berth_belongs_to_a_zone_of_its_own_lot()
    {
        var east = (await ZoneAsync(admin, new(city.South.Id, null, "East", null, 1))).Value;
        var elsewhere = (await ZoneAsync(admin, new(city.North.Id, null, "East", null, 1))).Value;
        var change = platform.Get<ChangeBerth>();
        Assert.Equal(new InvalidField("ZoneId", "invalid"),
            (await change.RunAsync(admin, new(city.Berth1.Id, "1", BerthType.Standard, null, null, elsewhere), Ct)).Error);
        Assert.True((await change.RunAsync(admin, new(city.Berth1.Id, "1", BerthType.Standard, null, null, east), Ct)).Ok);
        Assert.Equal(new InvalidField("ZoneId", "invalid"),
            (await platform.Get<AddBerths>().RunAsync(admin, new(city.South.Id, "3-4", BerthType.Standard, elsewhere), Ct)).Error);
        Assert.Equal(2, (await platform.Get<AddBerths>().RunAsync(admin, new(city.South.Id, "3-4", BerthType.Standard, east), Ct)).Value);
        Assert.Equal(["1", "3", "4"], await ReadAsync(s => s.Db.Set<Berth>().Where(b => b.ZoneId == east).Select(b => b.Number).Order().ToListAsync(Ct)));
    }

    [Fact]
    public async Task A_zone_goes_when_only_retired_berths_belong_to_it_and_they_stay()
    {
        var zone = (await ZoneAsync(admin, new(city.South.Id, null, "East", null, 1))).Value;
        Assert.True((await platform.Get<ChangeBerth>().RunAsync(admin, new(city.Berth1.Id, "1", BerthType.Standard, null, null, zone), Ct)).Ok);
        Assert.Equal(new StillUsed("East"), (await platform.Get<RemoveZone>().RunAsync(admin, zone, Ct)).Error);
        Assert.True((await platform.Get<RetireBerth>().RunAsync(admin, city.Berth1.Id, Ct)).Ok);
        Assert.True((await platform.Get<RemoveZone>().RunAsync(admin, zone, Ct)).Ok);
        Assert.Null((await ReadAsync(s => s.Db.Set<Berth>().SingleAsync(b => b.Id == city.Berth1.Id, Ct))).ZoneId);
    }

    [Fact]
    public async Task Out_of_reach_nothing_is_added_changed_or_removed()
    {
        var zone = (await ZoneAsync(admin, new(city.South.Id, null, "East", null, 1))).Value;
        var photo = (await PhotoAsync(admin, city.South.Id, Jpeg)).Value;
        foreach (var lot in new[] { city.South.Id, platform.Beta.North.Id, Guid.NewGuid() })
        {
            Assert.Equal(new NotFound("lot"), (await ZoneAsync(north, new(lot, null, "X", null, 1))).Error);
            Assert.Equal(new NotFound("lot"), (await PhotoAsync(north, lot, Jpeg)).Error);
        }
        // A zone of another lot is not changed by naming one's own.
        Assert.Equal(new NotFound("zone"), (await ZoneAsync(north, new(city.North.Id, zone, "X", null, 1))).Error);
        Assert.Equal(new NotFound("zone"), (await platform.Get<RemoveZone>().RunAsync(north, zone, Ct)).Error);
        Assert.Equal(new NotFound("photo"), (await platform.Get<RemovePhoto>().RunAsync(north, photo, Ct)).Error);
        Assert.Equal(new NotFound("photo"),
            (await platform.Get<RemovePhoto>().RunAsync(platform.Beta.User(LotPermissions.Manage), photo, Ct)).Error);
        Assert.Equal(new NotFound("road"), (await RoadAsync(north, new(null, "X", city.NorthArea.Id))).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => PhotoAsync(city.User(LotPermissions.View), city.North.Id, Jpeg));
        Assert.Equal("East", await ReadAsync(s => s.Db.Set<LotZone>().Select(z => z.Name).SingleAsync(Ct)));
        Assert.Equal(photo, await ReadAsync(s => s.Db.Set<LotPhoto>().Select(p => p.Id).SingleAsync(Ct)));
    }

    [Fact]
    public async Task A_lot_lies_along_a_road_of_its_area_or_one_above()
    {
        var street = (await platform.Get<SaveArea>().RunAsync(admin, new(null, "Street", city.SouthArea.Id), Ct)).Value;
        var through = (await RoadAsync(admin, new(null, "Long road", city.SouthArea.Id))).Value;
        var below = (await RoadAsync(admin, new(null, "Lane", street))).Value;
        var elsewhere = (await RoadAsync(admin, new(null, "Far road", city.NorthArea.Id))).Value;
        var save = platform.Get<SaveLot>();
        foreach (var road in new[] { below, elsewhere, Guid.NewGuid() })
            Assert.Equal(new InvalidField("RoadId", "invalid"), (await save.RunAsync(admin, South(road), Ct)).Error);
        Assert.True((await save.RunAsync(admin, South(through), Ct)).Ok);
        Assert.True((await save.RunAsync(admin, South(below) with { AreaId = street }, Ct)).Ok);
        Assert.True((await save.RunAsync(admin, South(through) with { AreaId = street }, Ct)).Ok);

        Assert.Equal(new InvalidField("AreaId", "invalid"), (await RoadAsync(admin, new(through, "Long road", city.NorthArea.Id))).Error);
        Assert.True((await RoadAsync(admin, new(through, "Short road", street))).Ok);
        Assert.Equal(new StillUsed("Short road"), (await platform.Get<RemoveRoad>().RunAsync(admin, through, Ct)).Error);
        Assert.Equal(new StillUsed("North district"), (await platform.Get<RemoveArea>().RunAsync(admin, city.NorthArea.Id, Ct)).Error);
        Assert.True((await save.RunAsync(admin, South(null) with { AreaId = street }, Ct)).Ok);
        Assert.True((await platform.Get<RemoveRoad>().RunAsync(admin, through, Ct)).Ok);
    }

    [Fact]
    public async Task An_area_with_a_road_stays()
    {
        var area = (await platform.Get<SaveArea>().RunAsync(admin, new(null, "East district", null), Ct)).Value;
        var road = (await RoadAsync(admin, new(null, "Quay", area))).Value;
        Assert.Equal(new InvalidField("Name", "taken"), (await RoadAsync(admin, new(null, " Quay ", area))).Error);
        Assert.Equal(new InvalidField("Name", "required"), (await RoadAsync(admin, new(null, " ", area))).Error);
        Assert.Equal(new InvalidField("AreaId", "invalid"), (await RoadAsync(admin, new(null, "Quay", platform.Beta.NorthArea.Id))).Error);
        Assert.Equal(new NotFound("road"), (await RoadAsync(admin, new(Guid.NewGuid(), "Quay", area))).Error);
        Assert.Equal(new StillUsed("East district"), (await platform.Get<RemoveArea>().RunAsync(admin, area, Ct)).Error);
        Assert.True((await platform.Get<RemoveRoad>().RunAsync(admin, road, Ct)).Ok);
        Assert.True((await platform.Get<RemoveArea>().RunAsync(admin, area, Ct)).Ok);
    }

    static readonly (string What, byte[] File)[] NoPhotos =
    [
        ("nothing", []),
        ("a page", "<html><script>alert(1)</script>"u8.ToArray()),
        ("a drawing", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray()),
        ("a GIF", "GIF89a"u8.ToArray()),
        ("half a JPEG's beginning", [0xFF, 0xD8]),
        ("a JPEG that breaks off", Jpeg[..^1]),
        ("a PNG that breaks off", Png[..^1]),
        ("a WebP that is empty", [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8, 0, 0, 0, 0]),
        ("a WebP that breaks off", WebP[..^1]),
        ("a RIFF that is sound", [.. "RIFF"u8, 4, 0, 0, 0, .. "WAVEfmt "u8])
    ];

    [Fact]
    public async Task What_is_no_photo_is_refused() => await Assert.AllAsync(NoPhotos, async row =>
    {
        Assert.True((await PhotoAsync(admin, city.North.Id, row.File, row.What)).Error is NotAPhoto, row.What);
        Assert.Equal(0, await ReadAsync(s => s.Db.Set<LotPhoto>().CountAsync(Ct)));
    });

    [Fact]
    public async Task A_photo_has_bounds()
    {
        byte[] largest = [0xFF, 0xD8, .. Scan, .. new byte[AddPhoto.MaxBytes - 8], 0xFF, 0xD9];
        Assert.True((await PhotoAsync(admin, city.North.Id, largest)).Ok);
        Assert.Equal(new PhotoTooLarge(), (await PhotoAsync(admin, city.North.Id, [.. largest, 0])).Error);
        Assert.Equal(new InvalidField("Caption", "too-long"), (await PhotoAsync(admin, city.North.Id, Jpeg, new('x', 101))).Error);
        for (var i = 1; i < AddPhoto.MaxPhotos; i++)
            Assert.True((await PhotoAsync(admin, city.North.Id, Png)).Ok);
        Assert.Equal(new TooManyPhotos(), (await PhotoAsync(admin, city.North.Id, Png)).Error);
        Assert.True((await PhotoAsync(admin, city.South.Id, WebP)).Ok);
    }

    [Fact]
    public async Task Of_photos_added_at_once_no_more_are_kept_than_a_lot_may_have()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, AddPhoto.MaxPhotos + 4).Select(_ => PhotoAsync(admin, city.North.Id, Png)));
        Assert.All(results.Where(r => !r.Ok), r => Assert.Equal(new TooManyPhotos(), r.Error));
        Assert.Equal(AddPhoto.MaxPhotos, results.Count(r => r.Ok));
        Assert.Equal(AddPhoto.MaxPhotos, await ReadAsync(s => s.Db.Set<LotPhoto>().CountAsync(Ct)));
    }

    [Fact]
    public async Task Photos_are_served_to_those_who_see_the_lot_and_on_the_drivers_page()
    {
        var first = (await PhotoAsync(admin, city.North.Id, Png, "From the gate")).Value;
        await PhotoAsync(admin, city.North.Id, Jpeg);
        var south = (await PhotoAsync(admin, city.South.Id, WebP)).Value;
        await ReadAsync(async s =>
        {
            (await s.Db.Set<Lot>().SingleAsync(l => l.Id == city.North.Id, Ct)).OpeningHours = "06:00–23:00";
            return await s.Db.SaveChangesAsync(Ct);
        });
        await using var web = await WebHost.StartAsync(platform, Ct);
        await web.AddUserAsync(city, "staff", Roles.Staff, Ct, u => u.CompanyId = city.NorthCompany.Id);
        await web.AddUserAsync(platform.Beta, "other", Roles.City, Ct);

        using var staff = web.Browser();
        Assert.Equal(HttpStatusCode.Redirect, (await staff.GetAsync($"/alpha/lots/photos/{first}", Ct)).StatusCode);
        await WebHost.SignInAsync(staff, "alpha", "staff", WebHost.Password, Ct);
        var answer = await staff.GetAsync($"/alpha/lots/photos/{first}", Ct);
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(Png, await answer.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(HttpStatusCode.NotFound, (await staff.GetAsync($"/alpha/lots/photos/{south}", Ct)).StatusCode);

        using var other = web.Browser();
        await WebHost.SignInAsync(other, "beta", "other", WebHost.Password, Ct);
        await OtherCityBeginsHereAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/beta/lots/photos/{first}", Ct)).StatusCode);

        using var phone = web.Browser();
        var page = await WebHost.PageAsync(await phone.GetAsync($"/alpha/pay/lot/{city.North.Id}", Ct), Ct);
        Assert.Equal($"pay/photo/{first}", page.QuerySelector("main img")!.GetAttribute("src"));
        Assert.Contains("North", page.QuerySelector("main img")!.GetAttribute("alt"));
        Assert.Contains("06:00–23:00", page.QuerySelector("main")!.TextContent);
        Assert.Equal(WebP, await phone.GetByteArrayAsync($"/alpha/pay/photo/{south}", Ct));
        Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync($"/beta/pay/photo/{first}", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync($"/pay/photo/{first}", Ct)).StatusCode);
        Assert.True((await platform.Get<RetireLot>().RunAsync(admin, city.South.Id, Ct)).Ok);
        Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync($"/alpha/pay/photo/{south}", Ct)).StatusCode);
        Assert.True((await platform.Get<RemovePhoto>().RunAsync(admin, first, Ct)).Ok);
        Assert.Equal(HttpStatusCode.NotFound, (await staff.GetAsync($"/alpha/lots/photos/{first}", Ct)).StatusCode);
    }
}
