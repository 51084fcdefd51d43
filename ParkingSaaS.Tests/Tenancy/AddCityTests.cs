using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Tenancy;

/// <summary>Adding a city: its database, its first administrator, and another try after a failure.</summary>
public sealed class AddCityTests(Cluster cluster) : PlatformTest(cluster)
{
    static readonly Actor Platform = Actor.Platform(Guid.Empty, "root");
    readonly NewCity request = new("x" + Guid.NewGuid().ToString("N")[..12], "苏州", "Suzhou", "Asia/Shanghai", "CNY", null, "admin",
        "seven-wet-otters");

    protected override Task PrepareAsync()
    {
        OwnDatabase(Database);
        return Task.CompletedTask;
    }

    string Database => "city_" + request.Code;

    static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
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
        await using var s = await platform.Get<CitySessions>().OpenAsync(Actor.Job(request.Code, "test", "test"), "test", Ct);
        var admin = await s.Db.Set<User>().SingleAsync(Ct);
        return ((await s.Db.Set<Area>().SingleAsync(Ct)).Name, admin.UserName!, admin.Role);
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
        await ExecuteAsync(Cluster.SetupConnectionString("postgres"),
            $"CREATE ROLE {Database} LOGIN PASSWORD '{DatabaseRoles.Verifier(Cluster.Key.PasswordOf(Database))}'");
        await ExecuteAsync(Cluster.SetupConnectionString("postgres"), $"CREATE DATABASE {Database} OWNER {Database}");
        await ExecuteAsync(Cluster.CityConnectionString(Database), "CREATE TABLE areas (in_the_way int)");
        var steps = new Steps();
        Assert.IsType<CityNotCreated>((await AddAsync(request, steps)).Error);
        Assert.Equal([CityStep.Registered], steps);
        await using (var control = platform.Get<ControlDatabase>().Open())
        {
            var failed = await control.Set<City>().SingleAsync(c => c.Code == request.Code, Ct);
            Assert.Equal(CityState.Failed, failed.State);
            Assert.NotNull(failed.Failure);
        }
        Assert.Null(platform.Get<CityDirectory>().Find(request.Code));

        await ExecuteAsync(Cluster.CityConnectionString(Database), "DROP TABLE areas");
        var city = (await AddAsync(request)).Value;
        Assert.Equal((CityState.Active, null), (city.State, city.Failure));
        Assert.Equal(("苏州", "admin", Roles.City), await SeededAsync());
    }

    [Theory]
    [InlineData("CREATE DATABASE {0}", "belongs to the role parking,")]
    [InlineData("CREATE ROLE {0} LOGIN PASSWORD 'other'", "has another password")]
    public async Task A_database_or_role_of_somebody_else_is_not_taken_over(string theirs, string why)
    {
        await ExecuteAsync(Cluster.SetupConnectionString("postgres"), string.Format(theirs, Database));
        var error = Assert.IsType<CityNotCreated>((await AddAsync(request)).Error);
        Assert.Contains(why, error.Reason);
        Assert.Null(platform.Get<CityDirectory>().Find(request.Code));
    }

    [Fact]
    public async Task The_control_database_opens_to_who_acts_for_the_platform_and_may()
    {
        var door = platform.Get<PlatformSessions>();
        await using (var s = door.Open(Platform, TenancyPermissions.ManageCities))
            Assert.Equal(["alpha", "beta"], await s.Cities.OrderBy(c => c.Code).Select(c => c.Code).ToListAsync(Ct));
        Assert.Throws<AccessDeniedException>(() => door.Open(Platform, TenancyPermissions.FirstAdministrator));
        Assert.Throws<AccessDeniedException>(() => door.Open(platform.Alpha.System, TenancyPermissions.ManageCities));
    }

    [Fact]
    public async Task Only_the_platform_adds_cities()
    {
        var admin = Actor.User("alpha", Guid.NewGuid(), "a", platform.Get<RoleCatalogue>().PermissionsOf(Roles.City),
            Scope.WholeCity);
        await Assert.ThrowsAsync<AccessDeniedException>(() => platform.Get<AddCity>().RunAsync(admin, request, null, Ct));
    }

    static readonly (string Field, string Rule, Func<NewCity, NewCity> Spoil)[] Unacceptable =
    [
        ("Code", "invalid", c => c with { Code = "" }),
        ("Code", "invalid", c => c with { Code = "Suzhou" }),
        ("Code", "invalid", c => c with { Code = "a; DROP DATABASE x" }),
        ("Code", "invalid", c => c with { Code = "platform" }),
        ("Code", "invalid", c => c with { Code = "cities" }),
        ("Code", "invalid", c => c with { Code = new('a', 32) }),
        ("Name", "required", c => c with { Name = " " }),
        ("NameEn", "too-long", c => c with { NameEn = new('x', 65) }),
        ("TimeZone", "invalid", c => c with { TimeZone = "Mars/Olympus" }),
        ("HostName", "invalid", c => c with { HostName = "not a host" }),
        ("AdminName", "required", c => c with { AdminName = "" }),
        ("AdminPassword", "too-short", c => c with { AdminPassword = "1234567" })
    ];

    [Fact]
    public async Task What_is_unacceptable_is_named_and_leaves_nothing_behind() =>
        await Assert.AllAsync(Unacceptable, async row =>
        {
            Assert.Equal(new InvalidField(row.Field, row.Rule), (await AddAsync(row.Spoil(request))).Error);
            await using var control = platform.Get<ControlDatabase>().Open();
            Assert.Equal(2, await control.Set<City>().CountAsync(Ct));
        });
}
