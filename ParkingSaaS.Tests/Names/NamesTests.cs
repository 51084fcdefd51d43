using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Names;

/// <summary>What people named in one language, others read in theirs.</summary>
public sealed class NamesTests(Cluster cluster) : PlatformTest(cluster)
{
    Actor Translator => City.User(NamePermissions.Translate);

    Task<Result<Done>> TranslateAsync(string name, string? english, string? chinese = null, Actor? actor = null) =>
        platform.Get<TranslateName>().RunAsync(actor ?? Translator, new TranslatedName(name, english, chinese), Ct);

    async Task<string> ReadAsync(string language, string name, TestCity? city = null)
    {
        var names = platform.Get<CityNames>();
        await names.LoadAsync((city ?? City).Code);
        return names.Of((city ?? City).Code, language, name);
    }

    [Fact]
    public async Task A_name_is_read_in_the_readers_language_and_as_it_was_given_where_nobody_translated_it()
    {
        Assert.Equal("大门", await ReadAsync("en", "大门"));
        Assert.True((await TranslateAsync("大门", "Main gate")).Ok);
        Assert.Equal("Main gate", await ReadAsync("en", "大门"));
        Assert.Equal("大门", await ReadAsync("zh", "大门"));
        Assert.Equal("大门", await ReadAsync("en", "大门", platform.Beta));

        Assert.True((await TranslateAsync(" 大门 ", " Gate ", "正门")).Ok);
        Assert.Equal(("Gate", "正门"), (await ReadAsync("en", "大门"), await ReadAsync("zh", "大门")));

        Assert.True((await TranslateAsync("大门", "", " ")).Ok);
        Assert.True((await TranslateAsync("大门", null)).Ok);
        Assert.Equal(("大门", "大门"), (await ReadAsync("en", "大门"), await ReadAsync("zh", "大门")));
    }

    [Fact]
    public async Task Another_node_sees_it_after_a_while()
    {
        Assert.Equal("大门", await ReadAsync("en", "大门"));
        await using (var s = await City.OpenAsync())
        {
            s.Db.Add(new NameTranslation { Id = Guid.CreateVersion7(), Name = "大门", English = "Main gate" });
            await s.Db.SaveChangesAsync(Ct);
        }
        Assert.Equal("大门", await ReadAsync("en", "大门"));
        platform.Clock.Advance(CityNames.MaxAge);
        Assert.Equal("Main gate", await ReadAsync("en", "大门"));
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        Assert.Equal(new InvalidField("Name", "required"), (await TranslateAsync(" ", "Gate")).Error);
        Assert.IsType<InvalidField>((await TranslateAsync("大门", new string('x', NameTranslation.MaxLength + 1))).Error);
        await Assert.ThrowsAsync<AccessDeniedException>(() => TranslateAsync("大门", "Gate", actor: City.User(LotPermissions.Manage)));
        Assert.Equal("大门", await ReadAsync("en", "大门"));
    }

    [Fact]
    public async Task All_names_in_use_are_listed_once_for_each_kind_and_other_texts_after_them()
    {
        await using (var s = await City.OpenAsync())
        {
            var area = new Area { Id = Guid.CreateVersion7(), Name = "Harbour" };
            s.Db.AddRange(area, new Road { Id = Guid.CreateVersion7(), Name = "Harbour", AreaId = area.Id },
                new Road { Id = Guid.CreateVersion7(), Name = "Quay", AreaId = area.Id });
            await s.Db.SaveChangesAsync(Ct);
        }
        Assert.True((await TranslateAsync("Harbour", null, "港口")).Ok);
        Assert.True((await TranslateAsync("A line of a tariff", null, "一行")).Ok);
        await using var read = await City.OpenAsync();
        var all = await platform.Get<NamesInUse>().Of(read).OrderBy(n => n.Name).ThenBy(n => n.Kind).ToListAsync(Ct);
        Assert.Equal(("other", "一行"), all.Where(n => n.Name == "A line of a tariff").Select(n => (n.Kind, n.Chinese)).Single());
        Assert.Equal([("area", "港口"), ("road", "港口")], all.Where(n => n.Name == "Harbour").Select(n => (n.Kind, n.Chinese)));
        Assert.Equal([("road", null)], all.Where(n => n.Name == "Quay").Select(n => (n.Kind, n.Chinese)));
    }
}
