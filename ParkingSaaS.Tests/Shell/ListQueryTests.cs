using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Shell;

/// <summary>What a list asks for: its address, and its order on the database.</summary>
public sealed class ListQueryTests(Cluster cluster) : PlatformTest(cluster)
{
    [Theory]
    [InlineData("Name", "North, South")]
    [InlineData("Name desc", "South, North")]
    [InlineData("Kind, Name desc", "North, South")]
    [InlineData("Capacity desc, Id", "North, South")]
    public async Task Rows_are_sorted_by_any_property_of_theirs(string order, string names)
    {
        await using var s = await platform.Alpha.OpenAsync();
        Assert.Equal(names, string.Join(", ", await LotRow.Of(s, retired: false).OrderedBy(s, order).Select(l => l.Name).ToListAsync(Ct)));
    }

    [Fact]
    public async Task Lots_are_narrowed_to_those_of_a_company()
    {
        await using var s = await platform.Alpha.OpenAsync();
        Assert.Equal(["North"], await LotRow.Of(s, retired: false, company: platform.Alpha.NorthCompany.Id).Select(l => l.Name).ToListAsync(Ct));
    }

    [Fact]
    public async Task An_order_by_what_no_row_has_is_a_mistake()
    {
        await using var s = await platform.Alpha.OpenAsync();
        Assert.Throws<ArgumentException>(() => Array.Empty<LotRow>().AsQueryable().OrderedBy(s, "Nothing"));
    }

    /// <summary>By their characters' numbers these three come as 北, 安, 王.</summary>
    [Theory]
    [InlineData("zh-CN", "安定门 北京站 王府井")]
    [InlineData("en", "王府井 安定门 北京站")]
    public async Task Names_are_sorted_as_who_reads_them_looks_for_them(string language, string order)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new CultureInfo(language);
        string[] given = ["北京站", "安定门", "王府井"];
        await using (var s = await platform.Alpha.OpenAsync())
        {
            s.Db.AddRange(given.Select(name => new Company { Id = Guid.CreateVersion7(), Name = name, AreaId = platform.Alpha.NorthArea.Id }));
            await s.Db.SaveChangesAsync(Ct);
        }
        foreach (var (name, english) in given.Zip(["Railway station", "Gate of peace", "Garden of the king"]))
            Assert.True((await platform.Get<TranslateName>().RunAsync(platform.Alpha.User(NamePermissions.Translate),
                new TranslatedName(name, english, null), Ct)).Ok);

        await using var session = await platform.Alpha.OpenAsync();
        var companies = session.Db.Set<Company>().Where(c => given.Contains(c.Name));
        Assert.Equal(order, string.Join(' ', await companies.OrderedBy(session, "Name").Select(c => c.Name).ToListAsync(Ct)));
        Assert.Equal(order, string.Join(' ', new PageNames(() => session.City, platform.Get<CityNames>()).Sorted(given, n => n)));
    }

    [Fact]
    public void An_address_says_what_is_wanted_and_what_cannot_be_read_narrows_nothing()
    {
        var id = Guid.NewGuid();
        var filters = Of($"?Lot={id}&kind=onstreet&retired=true&days=7&from=2026-11-21T09:30&text=%20abc%20&sort=-Name&page=3");
        Assert.Equal((id, LotKind.OnStreet, true, 7, "abc"),
            (filters.Id("lot"), filters.Of<LotKind>("kind"), filters.Is("retired"), filters.Number("days"), filters["text"]));
        Assert.Equal(new DateTime(2026, 11, 21, 9, 30, 0), filters.At("from"));
        Assert.True(filters.Any);

        filters = Of("?lot=1&kind=99&retired=perhaps&days=x&from=never&text=%20");
        Assert.Equal((null, null, false, null, null),
            (filters.Id("lot"), filters.Of<LotKind>("kind"), filters.Is("retired"), filters.Number("days"), filters["text"]));
        Assert.Null(filters.At("from"));
        Assert.Equal(["lot=1", "kind=99", "retired=perhaps", "days=x", "from=never"], filters.NotUnderstood);
        Assert.Equal("?text=%20", filters.Understood);
        Assert.False(Of("?sort=Name&page=2").Any);
    }

    [Fact]
    public void Of_a_filter_only_what_it_offers_is_understood_as_soon_as_that_is_known()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        List<Guid> lots = [];
        var filters = Of($"?lot={one}&days=400&before=0001-01-01");
        filters.Offer<Guid>("lot", id => lots.Count == 0 || lots.Contains(id));
        filters.Offer<int>("days", days => days <= 366);
        Assert.Equal((one, null, null), (filters.Id("lot"), filters.Number("days"), filters.At("before")));
        Assert.Equal(["days=400", "before=0001-01-01"], filters.NotUnderstood);
        lots.Add(other);
        Assert.Null(filters.Id("lot"));
        Assert.Equal("", filters.Understood);
        lots.Add(one);
        Assert.Equal(one, filters.Id("lot"));
        Assert.Equal($"?lot={one}", filters.Understood);
        Assert.Equal(["stat=Paid"], Of("?stat=Paid&page=2").NotUnderstood);
    }

    [Fact]
    public void Narrowing_a_list_begins_on_its_first_page_and_keeps_the_rest()
    {
        var address = new Address("?kind=OnStreet&sort=Name&page=3");
        new ListFilters(address).Narrow("lot", " 5 ");
        Assert.Equal("?kind=OnStreet&sort=Name&lot=5", new Uri(address.Uri).Query);
        new ListFilters(address).Narrow("kind", null);
        Assert.Equal("?sort=Name&lot=5", new Uri(address.Uri).Query);
        new ListFilters(address).Clear();
        Assert.Equal("", new Uri(address.Uri).Query);
    }

    static ListFilters Of(string query) => new(new Address(query));

    sealed class Address : NavigationManager
    {
        public Address(string query) => Initialize("http://localhost/alpha/", "http://localhost/alpha/lots" + query);

        protected override void NavigateToCore(string uri, NavigationOptions options) => Uri = ToAbsoluteUri(uri).ToString();
    }
}
