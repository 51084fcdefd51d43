using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Tenancy;

/// <summary>Adding a city: its database, its first administrator, and another try after a failure.</summary>
public sealed class AddCityTests(Cluster cluster) : PlatformTest(cluster)
{
    static readonly Actor Platform = Actor.Platform(Guid.Empty, "root");
    readonly NewCity request = new("x" + Guid.NewGuid().ToString("N")[..12], "苏州", "Suzhou", "Asia/Shanghai", null, "admin",
        "seven-wet-otters");

    protected override Task PrepareAsync()
    {
        OwnDatabase("city_" + request.Code);
        return Task.CompletedTask;
    }

    async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(Cluster.ConnectionString(database));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    sealed class Steps : List<CityStep>, IProgress<CityStep>
    {
        public void Report(CityStep value) => Add(value);
    }

    Task<Result<City>> AddAsync(NewCity city, IProgress<CityStep>? progress = null) =>
        platform.Get<AddCity>().RunAsync(Platform, city, progress, Ct);

    async Task<(string Area, string Admin, string Role)> SeededAsync()
    {
        await using var s = await platform.Get<CitySessions>().OpenAsync(Actor.System(request.Code, "test"), "test", Ct);
        var admin = await s.Db.Users.SingleAsync(Ct);
        return ((await s.Db.Areas.SingleAsync(Ct)).Name, admin.UserName!, admin.Role);
    }

    [Fact]
    public async Task A_city_gets_a_database_an_area_and_an_administrator()
    {
        var steps = new Steps();
        var city = (await AddAsync(request, steps)).Value;
        Assert.Equal(CityState.Active, city.State);
        Assert.Equal(Enum.GetValues<CityStep>(), steps);
        Assert.Equal(("苏州", "admin", Roles.City), await SeededAsync());
        Assert.Contains(platform.Get<CityDirectory>().Active, c => c.Code == request.Code);
        Assert.Equal(new CityExists(request.Code), (await AddAsync(request)).Error);
    }

    [Fact]
    public async Task A_city_that_failed_goes_on_where_it_stopped()
    {
        await ExecuteAsync("postgres", $"CREATE DATABASE city_{request.Code}");
        await ExecuteAsync($"city_{request.Code}", "CREATE TABLE areas (in_the_way int)");
        var steps = new Steps();
        Assert.IsType<CityNotCreated>((await AddAsync(request, steps)).Error);
        Assert.Equal([CityStep.Registered], steps);
        await using (var control = await platform.Get<IDbContextFactory<ControlDb>>().CreateDbContextAsync(Ct))
        {
            var failed = await control.Cities.SingleAsync(c => c.Code == request.Code, Ct);
            Assert.Equal(CityState.Failed, failed.State);
            Assert.NotNull(failed.Failure);
        }
        Assert.Null(platform.Get<CityDirectory>().Find(request.Code));

        await ExecuteAsync($"city_{request.Code}", "DROP TABLE areas");
        var city = (await AddAsync(request)).Value;
        Assert.Equal((CityState.Active, null), (city.State, city.Failure));
        Assert.Equal(("苏州", "admin", Roles.City), await SeededAsync());
    }

    [Fact]
    public async Task Only_the_platform_adds_cities()
    {
        var admin = Actor.User("alpha", Guid.NewGuid(), "a", platform.Get<RoleCatalogue>().PermissionsOf(Roles.City),
            Scope.WholeCity);
        await Assert.ThrowsAsync<AccessDeniedException>(() => platform.Get<AddCity>().RunAsync(admin, request, null, Ct));
    }

    public static TheoryData<string, string, Func<NewCity, NewCity>> Unacceptable => new()
    {
        { "Code", "invalid", c => c with { Code = "" } },
        { "Code", "invalid", c => c with { Code = "Suzhou" } },
        { "Code", "invalid", c => c with { Code = "a; DROP DATABASE x" } },
        { "Code", "invalid", c => c with { Code = "platform" } },
        { "Code", "invalid", c => c with { Code = "cities" } },
        { "Code", "invalid", c => c with { Code = new('a', 32) } },
        { "Name", "required", c => c with { Name = " " } },
        { "NameEn", "required", c => c with { NameEn = new('x', 65) } },
        { "TimeZone", "invalid", c => c with { TimeZone = "Mars/Olympus" } },
        { "HostName", "invalid", c => c with { HostName = "not a host" } },
        { "AdminName", "required", c => c with { AdminName = "" } },
        { "AdminPassword", "too-short", c => c with { AdminPassword = "1234567" } }
    };

    [Theory, MemberData(nameof(Unacceptable), DisableDiscoveryEnumeration = true)]
    public async Task What_is_unacceptable_is_named_and_leaves_nothing_behind(string field, string rule, Func<NewCity,
        NewCity> spoil)
    {
        Assert.Equal(new InvalidField(field, rule), (await AddAsync(spoil(request))).Error);
        await using var control = await platform.Get<IDbContextFactory<ControlDb>>().CreateDbContextAsync(Ct);
        Assert.Equal(2, await control.Cities.CountAsync(Ct));
    }
}
