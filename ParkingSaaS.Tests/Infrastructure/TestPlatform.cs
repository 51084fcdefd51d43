using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ParkingSaaS.Core;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Two cities in real databases, each with two lots of different companies, and the clock in the test's hand.</summary>
public sealed class TestPlatform : IAsyncDisposable
{
    /// <summary>Where the clock stands at first: a Saturday, 09:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 1, 0, 0, TimeSpan.Zero);

    readonly ServiceProvider services;

    readonly Cluster cluster;
    readonly string[] databases;

    TestPlatform(Cluster cluster, string controlConnectionString, City[] cities)
    {
        this.cluster = cluster;
        ControlConnectionString = controlConnectionString;
        databases = [new NpgsqlConnectionStringBuilder(controlConnectionString).Database!, .. cities.Select(c => c.Database)];
        services = new ServiceCollection()
            // One factory for all platforms: EF Core builds its model anew for every other one.
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddLogging()
            .AddSingleton(Clock)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>()
            .AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>()
            .AddStorage(controlConnectionString)
            .AddSlices()
            .BuildServiceProvider();
    }

    /// <summary>Connects to the control database.</summary>
    public string ControlConnectionString { get; }

    /// <summary>The secret in that text, which no log may show.</summary>
    public string DatabasePassword => new NpgsqlConnectionStringBuilder(ControlConnectionString).Password!;

    /// <summary>The clock of everything in this platform.</summary>
    public FakeTime Clock { get; } = new(Start);

    /// <summary>The city that tests act in.</summary>
    public TestCity Alpha { get; private set; } = null!;

    /// <summary>The other city, in which nothing may change.</summary>
    public TestCity Beta { get; private set; } = null!;

    /// <summary>A service of the product.</summary>
    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    internal static async Task<TestPlatform> CreateAsync(Cluster cluster, string controlConnectionString, City[] cities)
    {
        var platform = new TestPlatform(cluster, controlConnectionString, cities);
        await using (var control = await platform.Get<IDbContextFactory<ControlDb>>().CreateDbContextAsync())
        {
            control.Cities.AddRange(cities);
            await control.SaveChangesAsync();
        }
        await platform.Get<CityDirectory>().RefreshAsync(CancellationToken.None);
        platform.Alpha = await TestCity.CreateAsync(platform, cities[0].Code);
        platform.Beta = await TestCity.CreateAsync(platform, cities[1].Code);
        return platform;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        cluster.Drop(databases);
    }
}

/// <summary>A city with two districts, two companies and a lot of each: North (off-street, with an entry and an exit lane) and South
/// (on-street, with two berths).</summary>
public sealed class TestCity
{
    readonly TestPlatform platform;

    TestCity(TestPlatform platform, string code) => (this.platform, Code) = (platform, code);

    public string Code { get; }
    public Area NorthArea { get; } = new() { Id = Guid.CreateVersion7(), Name = "North district" };
    public Area SouthArea { get; } = new() { Id = Guid.CreateVersion7(), Name = "South district" };
    public Company NorthCompany { get; private set; } = null!;
    public Company SouthCompany { get; private set; } = null!;
    public Lot North { get; private set; } = null!;
    public Lot South { get; private set; } = null!;
    public Lane Entry { get; private set; } = null!;
    public Lane Exit { get; private set; } = null!;
    public Berth Berth1 { get; private set; } = null!;
    public Berth Berth2 { get; private set; } = null!;

    /// <summary>The program itself, which sees the whole city.</summary>
    public Actor System => Actor.System(Code, "test");

    /// <summary>Somebody with these permissions who sees only that lot.</summary>
    public Actor RestrictedTo(Lot lot, params string[] permissions) =>
        Actor.User(Code, Guid.CreateVersion7(), "restricted", permissions.ToHashSet(), new Scope(null, null, lot.Id));

    /// <summary>Somebody with these permissions who sees the whole city.</summary>
    public Actor User(params string[] permissions) =>
        Actor.User(Code, Guid.CreateVersion7(), "user", permissions.ToHashSet(), Scope.WholeCity);

    /// <summary>Opens the city as the system.</summary>
    public Task<CitySession> OpenAsync() => platform.Get<CitySessions>().OpenAsync(System, "test", CancellationToken.None);

    internal static async Task<TestCity> CreateAsync(TestPlatform platform, string code)
    {
        var city = new TestCity(platform, code);
        city.NorthCompany = new Company { Id = Guid.CreateVersion7(), Name = "North Ltd", AreaId = city.NorthArea.Id };
        city.SouthCompany = new Company { Id = Guid.CreateVersion7(), Name = "South Ltd", AreaId = city.SouthArea.Id };
        city.North = new Lot
        {
            Id = Guid.CreateVersion7(),
            Name = "North",
            Kind = LotKind.OffStreet,
            AreaId = city.NorthArea.Id,
            CompanyId = city.NorthCompany.Id,
            Capacity = 100
        };
        city.South = new Lot
        {
            Id = Guid.CreateVersion7(),
            Name = "South",
            Kind = LotKind.OnStreet,
            AreaId = city.SouthArea.Id,
            CompanyId = city.SouthCompany.Id,
            Capacity = 2
        };
        city.Entry = new Lane { Id = Guid.CreateVersion7(), LotId = city.North.Id, Name = "In", Direction = LaneDirection.Entry };
        city.Exit = new Lane { Id = Guid.CreateVersion7(), LotId = city.North.Id, Name = "Out", Direction = LaneDirection.Exit };
        city.Berth1 = new Berth { Id = Guid.CreateVersion7(), LotId = city.South.Id, Number = "1" };
        city.Berth2 = new Berth { Id = Guid.CreateVersion7(), LotId = city.South.Id, Number = "2" };
        await using var s = await city.OpenAsync();
        s.Db.AddRange(city.NorthArea, city.SouthArea, city.NorthCompany, city.SouthCompany, city.North, city.South, city.Entry,
            city.Exit, city.Berth1, city.Berth2);
        await s.Db.SaveChangesAsync();
        return city;
    }
}
