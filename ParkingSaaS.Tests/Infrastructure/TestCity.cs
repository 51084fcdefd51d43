using System.Security.Cryptography;
using System.Text;
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

    internal TestCity(TestPlatform platform, string code)
    {
        (this.platform, Code) = (platform, code);
        NorthArea = new Area { Id = Id("North district"), Name = "North district" };
        SouthArea = new Area { Id = Id("South district"), Name = "South district" };
        NorthCompany = new Company { Id = Id("North Ltd"), Name = "North Ltd", AreaId = NorthArea.Id };
        SouthCompany = new Company { Id = Id("South Ltd"), Name = "South Ltd", AreaId = SouthArea.Id };
        North = new Lot
        {
            Id = Id("North"),
            Name = "North",
            Kind = LotKind.OffStreet,
            AreaId = NorthArea.Id,
            CompanyId = NorthCompany.Id,
            Capacity = 100
        };
        South = new Lot
        {
            Id = Id("South"),
            Name = "South",
            Kind = LotKind.OnStreet,
            AreaId = SouthArea.Id,
            CompanyId = SouthCompany.Id,
            Capacity = 2
        };
        Entry = new Lane { Id = Id("In"), LotId = North.Id, Name = "In", Direction = LaneDirection.Entry };
        Exit = new Lane { Id = Id("Out"), LotId = North.Id, Name = "Out", Direction = LaneDirection.Exit };
        Berth1 = new Berth { Id = Id("1"), LotId = South.Id, Number = "1" };
        Berth2 = new Berth { Id = Id("2"), LotId = South.Id, Number = "2" };
        EntryCamera = Device(DeviceKind.EntryCamera, "cam-in", North, lane: Entry);
        ExitCamera = Device(DeviceKind.ExitCamera, "cam-out", North, lane: Exit);
        ExitGate = Device(DeviceKind.Gate, "gate-out", North, lane: Exit);
        Sensor1 = Device(DeviceKind.BerthSensor, "sensor-1", South, berth: Berth1);
    }

    public string Code { get; }
    public Area NorthArea { get; }
    public Area SouthArea { get; }
    public Company NorthCompany { get; }
    public Company SouthCompany { get; }
    public Lot North { get; }
    public Lot South { get; }
    public Lane Entry { get; }
    public Lane Exit { get; }
    public Berth Berth1 { get; }
    public Berth Berth2 { get; }
    public Device EntryCamera { get; }
    public Device ExitCamera { get; }
    public Device ExitGate { get; }
    public Device Sensor1 { get; }

    /// <summary>Every permission that is named anywhere, and "test".</summary>
    static readonly string[] AllPermissions = ["test", .. typeof(Actor).Assembly.GetTypes().Where(t => t.Name.EndsWith("Permissions", StringComparison.Ordinal))
        .SelectMany(t => t.GetFields()).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];

    /// <summary>Who may do everything, in the whole city. The product knows nobody such.</summary>
    public Actor System => Actor.Job(Code, "test", AllPermissions);

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

    /// <summary>Opens the city for a test.</summary>
    public Task<CitySession> OpenAsync() => platform.Get<CitySessions>().OpenAsync(System, "test", CancellationToken.None);

    /// <summary>Puts all of it into the database that the cities of the tests are copies of.</summary>
    internal async Task SaveAsync()
    {
        var tariff = new TariffPlan { Id = Id("Test"), Name = "Test" };
        var version = new TariffVersion
        {
            Id = Id("Test 1"),
            TariffId = tariff.Id,
            Number = 1,
            Definition = TariffJson.Write(TariffTemplate.All.Single(t => t.Id == "off-street").Tariff),
            EffectiveFrom = TestPlatform.Start.AddYears(-1),
            PublishedAt = TestPlatform.Start.AddYears(-1)
        };
        await using var s = await OpenAsync();
        s.Db.AddRange(tariff, version, Uses(North, tariff), Uses(South, tariff));
        s.Db.AddRange(EntryCamera, ExitCamera, ExitGate, Sensor1);
        s.Db.AddRange(NorthArea, SouthArea, NorthCompany, SouthCompany, North, South, Entry, Exit, Berth1, Berth2);
        await s.Db.SaveChangesAsync();
    }

    LotTariff Uses(Lot lot, TariffPlan tariff) =>
        new() { Id = Id("tariff of " + lot.Name), LotId = lot.Id, TariffId = tariff.Id, UsedFrom = TestPlatform.Start.AddYears(-1) };

    Device Device(DeviceKind kind, string name, Lot lot, Lane? lane = null, Berth? berth = null) => new()
    {
        Id = Id(name),
        LotId = lot.Id,
        Name = name,
        Kind = kind,
        Dialect = "standard",
        LaneId = lane?.Id,
        BerthId = berth?.Id,
        SecretHash = Core.Common.Secret.Hash(name + "-secret")
    };

    /// <summary>The same in each copy, another in the other city.</summary>
    Guid Id(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{Code}/{name}")).AsSpan(..16));
}
