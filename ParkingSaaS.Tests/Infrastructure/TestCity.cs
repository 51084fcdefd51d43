using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>A city with two districts, two companies and a lot of each: North (off-street, with an entry and an exit lane) and South
/// (on-street, with two berths). Both have the off-street template as tariff: 15 minutes free, 5 yuan for the first hour, then
/// 2 yuan for 30 minutes, at most 30 yuan in 24 hours.</summary>
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
    public Device EntryCamera { get; private set; } = null!;
    public Device ExitCamera { get; private set; } = null!;
    public Device ExitGate { get; private set; } = null!;
    public Device Sensor1 { get; private set; } = null!;

    /// <summary>The program itself, which sees the whole city.</summary>
    public Actor System => Actor.System(Code, "test");

    /// <summary>Somebody with these permissions who sees only that lot.</summary>
    public Actor RestrictedTo(Lot lot, params string[] permissions) =>
        Actor.User(Code, Guid.CreateVersion7(), "restricted", permissions.ToHashSet(), new Scope(null, null, lot.Id));

    /// <summary>Somebody with these permissions who sees the whole city.</summary>
    public Actor User(params string[] permissions) =>
        Actor.User(Code, Guid.CreateVersion7(), "user", permissions.ToHashSet(), Scope.WholeCity);

    /// <summary>Somebody of that role who has just signed in.</summary>
    public async Task<SignedIn> SignInAsync(string role, Action<User>? restrict = null)
    {
        var name = Guid.NewGuid().ToString("N");
        var user = new User { Id = Guid.CreateVersion7(), UserName = name, NormalizedUserName = name.ToUpperInvariant(), DisplayName = name, Role = role };
        restrict?.Invoke(user);
        await using var s = await OpenAsync();
        var session = new SignInSession
        {
            Id = Guid.CreateVersion7(),
            UserId = user.Id,
            User = user,
            StartedAt = s.Now,
            LastActiveAt = s.Now,
            ExpiresAt = s.Now + new SignInPolicy().Absolute,
            Address = "192.0.2.7",
            UserAgent = "test"
        };
        s.Db.AddRange(user, session);
        await s.Db.SaveChangesAsync();
        return new SignedIn(Code, session);
    }

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
        city.EntryCamera = Device(DeviceKind.EntryCamera, "cam-in", city.North, lane: city.Entry);
        city.ExitCamera = Device(DeviceKind.ExitCamera, "cam-out", city.North, lane: city.Exit);
        city.ExitGate = Device(DeviceKind.Gate, "gate-out", city.North, lane: city.Exit);
        city.Sensor1 = Device(DeviceKind.BerthSensor, "sensor-1", city.South, berth: city.Berth1);
        var tariff = new TariffPlan { Id = Guid.CreateVersion7(), Name = "Test" };
        var version = new TariffVersion
        {
            Id = Guid.CreateVersion7(),
            TariffId = tariff.Id,
            Number = 1,
            Definition = TariffJson.Write(TariffTemplate.All.Single(t => t.Id == "off-street").Tariff),
            EffectiveFrom = TestPlatform.Start.AddYears(-1),
            PublishedAt = TestPlatform.Start.AddYears(-1)
        };
        await using var s = await city.OpenAsync();
        s.Db.AddRange(tariff, version, Uses(city.North, tariff), Uses(city.South, tariff));
        s.Db.AddRange(city.EntryCamera, city.ExitCamera, city.ExitGate, city.Sensor1);
        s.Db.AddRange(city.NorthArea, city.SouthArea, city.NorthCompany, city.SouthCompany, city.North, city.South, city.Entry,
            city.Exit, city.Berth1, city.Berth2);
        await s.Db.SaveChangesAsync();
        return city;
    }

    static LotTariff Uses(Lot lot, TariffPlan tariff) =>
        new() { Id = Guid.CreateVersion7(), LotId = lot.Id, TariffId = tariff.Id, UsedFrom = TestPlatform.Start.AddYears(-1) };

    static Device Device(DeviceKind kind, string name, Lot lot, Lane? lane = null, Berth? berth = null) => new()
    {
        Id = Guid.CreateVersion7(),
        LotId = lot.Id,
        Name = name,
        Kind = kind,
        Dialect = "standard",
        LaneId = lane?.Id,
        BerthId = berth?.Id,
        SecretHash = Core.Common.Secret.Hash(name + "-secret")
    };
}
