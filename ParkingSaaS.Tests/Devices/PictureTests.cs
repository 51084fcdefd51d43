using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using static ParkingSaaS.Tests.Files.ImageFileTests;

namespace ParkingSaaS.Tests.Devices;

/// <summary>Pictures of devices: what is kept, under which name, and for how long.</summary>
public sealed class PictureTests(Cluster cluster) : PlatformTest(cluster)
{
    IFileStore Files => platform.Get<IFileStore>();

    SignedInDevice Camera(Device? device = null, string city = "alpha") =>
        new(city, (device ?? City.EntryCamera).Id, (device ?? City.EntryCamera).LotId, "", "standard", 0);

    Task<Result<bool>> AddAsync(byte[] file, string name = "a.png", Device? by = null) => platform.Get<AddPicture>().RunAsync(Camera(by), name, file, Ct);

    async Task<List<DevicePicture>> RowsAsync(TestCity? city = null)
    {
        await using var s = await (city ?? City).OpenAsync();
        return await s.Db.Set<DevicePicture>().AsNoTracking().OrderBy(p => p.Id).ToListAsync(Ct);
    }

    /// <summary>All files of the city's.</summary>
    IEnumerable<string> Kept => platform.KeptFiles.Where(f => f.StartsWith("alpha/", StringComparison.Ordinal));

    static byte[] Png(byte colour, params byte[] more) =>
        [.. PngSignature, .. Chunk("IHDR", new byte[13]), .. Chunk("IDAT", [colour]), .. more, .. Chunk("IEND", [])];

    [Fact]
    public async Task A_picture_is_kept_with_what_shows_it_and_nothing_that_tells_where_it_was_taken()
    {
        Assert.True((await AddAsync(Png(1, Chunk("eXIf", [.. "22.5N 113.9E"u8])))).Value);
        var row = Assert.Single(await RowsAsync());
        Assert.Equal((City.EntryCamera.Id, City.North.Id, "a.png", "image/png", TestPlatform.Start),
            (row.DeviceId, row.LotId, row.Name, row.ContentType, row.ReceivedAt));
        var file = await Files.ReadAsync(row.Key(platform.Get<CityDirectory>().Get("alpha")), Ct).InTimeAsync();
        Assert.Equal(Png(1), file);
        Assert.Equal((file!.Length, Convert.ToHexStringLower(SHA256.HashData(file))), (row.Size, row.Hash));
    }

    [Fact]
    public async Task The_same_once_more_changes_nothing_and_another_under_its_name_is_refused()
    {
        Assert.True((await AddAsync(Png(1))).Value);
        Assert.False((await AddAsync(Png(1))).Value);
        Assert.Equal(new PictureNameTaken("a.png"), (await AddAsync(Png(2))).Error);
        // Names are each device's own.
        Assert.True((await AddAsync(Png(2), by: City.ExitCamera)).Value);
        Assert.True((await AddAsync(Png(1), "b")).Value);
        Assert.Equal(3, (await RowsAsync()).Count);
        Assert.Equal(3, Kept.Count());
    }

    [Fact]
    public async Task Of_the_same_many_times_at_once_one_is_kept()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => AddAsync(Png(1))));
        Assert.All(answers, a => Assert.True(a.Ok));
        Assert.Single(answers, a => a.Value);
        Assert.Single(await RowsAsync());
        Assert.Single(Kept);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("图")]
    [InlineData("a\n")]
    [InlineData("https://example.org/a.jpg")]
    public async Task A_name_that_could_be_anything_else_is_refused(string name)
    {
        Assert.Equal(new InvalidField("Name", "invalid"), (await AddAsync(Png(1), name)).Error);
        Assert.False(DevicePicture.IsName(name));
    }

    [Fact]
    public async Task A_name_has_a_bound_and_a_file_is_what_its_bytes_say()
    {
        Assert.False((await AddAsync(Png(1), new string('a', 101))).Ok);
        Assert.Equal(new NotAPicture(), (await AddAsync([.. "<svg onload=\"alert(1)\"/>"u8])).Error);
        Assert.Equal(new NotAPicture(), (await AddAsync(Png(1)[..^12])).Error);
        Assert.Empty(Kept);
        Assert.True((await AddAsync(Png(1), new string('a', 100))).Ok);
        Assert.True((await AddAsync(Png(1), "a.jpg")).Ok);
        Assert.All(await RowsAsync(), r => Assert.Equal("image/png", r.ContentType));
    }

    [Fact]
    public async Task Where_the_store_does_not_work_nothing_is_kept()
    {
        var broken = new AddPicture(platform.Get<CitySessions>(), new DiskFiles("/dev/null"));
        await Assert.ThrowsAsync<FileStoreException>(() => broken.RunAsync(Camera(), "a.png", Png(1), Ct));
        Assert.Empty(await RowsAsync());
        Assert.True((await AddAsync(Png(1))).Value);
    }

    [Fact]
    public async Task After_its_time_a_day_goes_as_a_whole_with_its_files_and_the_rest_stays()
    {
        await platform.Get<AddPicture>().RunAsync(Camera(platform.Beta.EntryCamera, "beta"), "a.png", Png(1), Ct);
        OtherCityChanges();
        await AddAsync(Png(1), "first");
        // Left by a crash.
        await Files.SaveAsync("alpha/pictures/2026-11-21/0", new byte[1], Ct);
        await Files.SaveAsync("alpha/pictures/kept-by-hand/0", new byte[1], Ct);
        platform.Clock.Advance(TimeSpan.FromHours(23)); // midnight UTC
        await AddAsync(Png(1), "second");
        var expire = platform.Get<ExpirePictures>();

        platform.Clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await expire.RunAsync("alpha", Ct));
        Assert.Equal(4, Kept.Count());
        platform.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await expire.RunAsync("alpha", Ct));
        Assert.Equal(0, await expire.RunAsync("alpha", Ct));
        Assert.Equal("second", Assert.Single(await RowsAsync()).Name);
        Assert.Equal(["2026-11-22", "kept-by-hand"], Kept.Select(f => f.Split('/')[2]).Order());
        // Under the name that is free again.
        Assert.True((await AddAsync(Png(2), "first")).Value);
        Assert.Single(await RowsAsync(platform.Beta));
        Assert.Single(platform.KeptFiles, f => f.StartsWith("beta/", StringComparison.Ordinal));
    }
}
