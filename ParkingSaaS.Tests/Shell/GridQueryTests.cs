using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Shell;
using Radzen;

namespace ParkingSaaS.Tests.Shell;

/// <summary>What a grid asks for, on the database.</summary>
public sealed class GridQueryTests(Cluster cluster) : PlatformTest(cluster)
{
    CitySession s = null!;

    protected override async Task PrepareAsync()
    {
        s = Own(await platform.Get<CitySessions>().OpenAsync(City.RestrictedTo(City.South, LotPermissions.View), LotPermissions.View, Ct));
        await using var all = await platform.Alpha.OpenAsync();
        await all.Db.Set<Berth>().ExecuteUpdateAsync(set => set.SetProperty(b => b.StateAt, TestPlatform.Start), Ct);
    }

    static LoadDataArgs Filter(string property, Type type, object? value, FilterOperator how) => new()
    {
        Filters = [new FilterDescriptor { Property = property, Type = type, FilterValue = value, FilterOperator = how,
            LogicalFilterOperator = LogicalFilterOperator.And }]
    };

    [Fact]
    public async Task Dates_are_the_citys_wall_clock()
    {
        (int Hour, FilterOperator How, int Found)[] filters =
        [
            (9, FilterOperator.GreaterThanOrEquals, 2),
            (10, FilterOperator.GreaterThanOrEquals, 0),
            (9, FilterOperator.LessThan, 0),
            (9, FilterOperator.Equals, 2)
        ];
        await Assert.AllAsync(filters, async filter =>
        {
            var wallClock = new DateTime(2026, 11, 21, filter.Hour, 0, 0, DateTimeKind.Unspecified);
            var args = Filter(nameof(Berth.StateAt), typeof(DateTimeOffset?), wallClock, filter.How);
            Assert.Equal(filter.Found, await s.Db.Set<Berth>().Filtered(args, s.City.Zone).CountAsync(Ct));
        });
    }

    [Fact]
    public void Values_are_parameters_of_the_statement()
    {
        var sql = s.Db.Set<Berth>().Filtered(Filter(nameof(Berth.Number), typeof(string), "'; DROP TABLE berths; --",
            FilterOperator.Contains), s.City.Zone).ToQueryString();
        var statement = sql[sql.IndexOf("SELECT", StringComparison.Ordinal)..];
        Assert.DoesNotContain("DROP TABLE", statement);
    }

    [Fact]
    public async Task The_list_of_lots_filters_on_every_kind_of_column_within_reach()
    {
        (string Property, Type Type, object Value, FilterOperator How, int Found)[] filters =
        [
            (nameof(LotRow.Name), typeof(string), "soUTh ", FilterOperator.Contains, 1),
            (nameof(LotRow.Kind), typeof(LotKind), LotKind.OnStreet, FilterOperator.Equals, 1),
            (nameof(LotRow.Kind), typeof(LotKind), LotKind.OffStreet, FilterOperator.Equals, 0),
            (nameof(LotRow.Area), typeof(string), "South", FilterOperator.StartsWith, 1),
            (nameof(LotRow.Free), typeof(int), 2, FilterOperator.Equals, 1),
            (nameof(LotRow.Name), typeof(string), "North", FilterOperator.Contains, 0)
        ];
        await Assert.AllAsync(filters, async filter =>
        {
            var page = await LotRow.Of(s, retired: false)
                .Filtered(Filter(filter.Property, filter.Type, filter.Value, filter.How), s.City.Zone)
                .PageAsync(new LoadDataArgs { OrderBy = "Parked desc, Name asc" }, "Name", Ct);
            Assert.Equal((filter.Found, filter.Found), (page.Count, page.Rows.Count));
        });
    }

    [Fact]
    public async Task A_page_is_sorted_and_counted()
    {
        await using var all = await platform.Alpha.OpenAsync();
        var page = await LotRow.Of(all,
            retired: false).PageAsync(new LoadDataArgs { Skip = 1, Top = 1, OrderBy = "Capacity asc" }, "Name", Ct);
        Assert.Equal((2, "North"), (page.Count, page.Rows.Single().Name));
    }
}
