using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices;
using ParkingSaaS.Devices.Dialects;

/// <summary>A city of off-street lots with pairs of an entry and an exit camera, one tariff, and its traffic. Its clock moves on by
/// a tenth of a second with every event.</summary>
internal sealed class BenchCity : IAsyncDisposable
{
    public const string Code = "bench";

    /// <summary>Cities with the same lots and devices, into whose databases the same rows are written raw.</summary>
    public const string RawTogether = "raw-together", RawEach = "raw-each";

    /// <summary>Of all its devices.</summary>
    public const string DeviceSecret = "a-secret-of-the-benchmark";

    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";

    private readonly Random random = new(1);
    private readonly List<(DeviceEvent Entry, DeviceEvent Exit)> cameras = [];
    private readonly PriorityQueue<(int Lane, string Plate), DateTimeOffset> parked = new();
    private DateTimeOffset ahead = SteppedClock.Start;
    private int messages, cars;

    private readonly string[] codes;

    private BenchCity(string data, string controlConnectionString, MasterKey key, IEnumerable<string> others)
    {
        (Data, Key, codes) = (data, key, [Code, .. others]);
        Services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IDeviceLink, NoLink>()
            .AddSingleton<IMessageReader>(new MessageReader([new StandardDialect()]))
            .AddStorage(controlConnectionString, key)
            .AddSingleton(new NodeName("bench"))
            .AddSlices()
            .AddSingleton<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider, Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider>()
            .BuildServiceProvider();
    }

    /// <summary>The data directory, in which the private server lives as it does in the program's.</summary>
    public string Data { get; }

    public MasterKey Key { get; }

    public SteppedClock Clock { get; } = new();

    public ServiceProvider Services { get; }

    /// <summary>Of a city's database.</summary>
    public string ConnectionString(string code = Code) => Services.GetRequiredService<CityDatabases>().ConnectionString(DatabaseOf(code));

    /// <summary>A city's database.</summary>
    public static string DatabaseOf(string code) => $"city_{code.Replace('-', '_')}";

    private static City CityOf(string code) => new()
    {
        Code = code,
        Name = code,
        NameEn = code,
        TimeZone = "Asia/Shanghai",
        Currency = Currency.Yuan,
        Database = DatabaseOf(code),
        State = CityState.Active,
        CreatedAt = SteppedClock.Start
    };

    /// <summary>A city on a server of its own, both gone afterwards.</summary>
    /// <param name="lots">How many.</param>
    /// <param name="lanes">Pairs of an entry and an exit, of each lot.</param>
    /// <param name="run">What is done with it.</param>
    /// <param name="others">Codes of cities with the same lots and devices beside it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(int lots, int lanes, Func<BenchCity, Task> run, params IEnumerable<string> others)
    {
        var directory = Directory.CreateTempSubdirectory("parking-bench-");
        // As root, the database server runs as another user, who must be able to enter.
        directory.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead;
        try
        {
            var key = MasterKey.Generate();
            await using var server = await EmbeddedPostgres.StartAsync(
                Path.Combine(directory.FullName, "postgres"), key, durable: true, CancellationToken.None);
            await using var city = new BenchCity(directory.FullName, server.ConnectionString, key, others);
            await city.FillAsync(lots, lanes);
            await run(city);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
        return 0;
    }

    private async Task FillAsync(int lots, int lanes)
    {
        await Services.GetRequiredService<UpdateDatabases>().RunAsync(CancellationToken.None);
        await using (var control = Services.GetRequiredService<ControlDatabase>().Open())
        {
            control.Set<City>().AddRange(codes.Select(CityOf));
            await control.SaveChangesAsync();
        }
        await Services.GetRequiredService<UpdateDatabases>().RunAsync(CancellationToken.None);
        var seed = Seed(lots, lanes);
        foreach (var code in codes)
            await using (var s = await OpenAsync(code))
            {
                s.Db.AddRange(seed);
                await s.Db.SaveChangesAsync();
            }
    }

    /// <summary>Those of the cameras' passages.</summary>
    public IEnumerable<string> Topics => cameras.SelectMany(c => new[] { c.Entry.Topic, c.Exit.Topic });

    /// <summary>Passages so far.</summary>
    public int Sent => messages;

    /// <summary>Who runs the benchmarks.</summary>
    public static Actor Actor => ActorOf(Code);

    private static Actor ActorOf(string code) => Actor.Job(code, "bench", "bench", ReportPermissions.WhatIf);

    /// <summary>Opens a city.</summary>
    public Task<CitySession> OpenAsync(string code = Code) =>
        Services.GetRequiredService<CitySessions>().OpenAsync(ActorOf(code), "bench", CancellationToken.None);

    private List<object> Seed(int lots, int lanes)
    {
        var area = new Area { Id = Guid.CreateVersion7(), Name = "Bench" };
        var company = new Company { Id = Guid.CreateVersion7(), Name = "Bench", AreaId = area.Id };
        var tariff = new TariffPlan { Id = Guid.CreateVersion7(), Name = "Bench" };
        List<object> rows = [area, company, tariff, new TariffVersion
        {
            Id = Guid.CreateVersion7(),
            TariffId = tariff.Id,
            Number = 1,
            Definition = TariffJson.Write(TariffTemplate.All.Single(t => t.Id == "off-street").Tariff),
            EffectiveFrom = SteppedClock.Start.AddYears(-1),
            PublishedAt = SteppedClock.Start.AddYears(-1)
        }];
        for (var i = 0; i < lots; i++)
        {
            var lot = new Lot
            {
                Id = Guid.CreateVersion7(),
                Name = $"Lot {i}",
                Kind = LotKind.OffStreet,
                AreaId = area.Id,
                CompanyId = company.Id,
                Capacity = 1000
            };
            rows.AddRange(
                [lot, new LotTariff { Id = Guid.CreateVersion7(), LotId = lot.Id, TariffId = tariff.Id, UsedFrom = SteppedClock.Start.AddYears(-1) }]);
            for (var lane = 0; lane < lanes; lane++)
                cameras.Add((Camera(rows, lot, DeviceKind.EntryCamera, LaneDirection.Entry, lane),
                    Camera(rows, lot, DeviceKind.ExitCamera, LaneDirection.Exit, lane)));
        }
        return rows;
    }

    /// <returns>A blank of the camera's events.</returns>
    private static DeviceEvent Camera(List<object> rows, Lot lot, DeviceKind kind, LaneDirection direction, int number)
    {
        var lane = new Lane { Id = Guid.CreateVersion7(), LotId = lot.Id, Name = $"{direction} {number}", Direction = direction };
        var camera = new Device
        {
            Id = Guid.CreateVersion7(),
            LotId = lot.Id,
            Name = $"{lot.Name}-{kind}-{number}".Replace(' ', '-'),
            Kind = kind,
            Dialect = DeviceDialect.Standard,
            LaneId = lane.Id,
            SecretHash = Secret.Hash(DeviceSecret)
        };
        rows.AddRange([lane, camera]);
        return new DeviceEvent(camera.Id, lot.Id, null, $"v1/{camera.Name}/up/passage", "", null);
    }

    /// <summary>The next passages. Cars stay for ten to thirty minutes, a quarter of them free of charge, so after the first half
    /// hour as many leave as come.</summary>
    public DeviceEvent[] Next(int count)
    {
        var events = new DeviceEvent[count];
        for (var i = 0; i < count; i++)
        {
            ahead += SteppedClock.Period;
            if (parked.TryPeek(out var car, out var until) && until <= ahead)
            {
                parked.Dequeue();
                events[i] = Passage(cameras[car.Lane].Exit, car.Plate);
                continue;
            }
            var lane = random.Next(cameras.Count);
            var plate = NextPlate();
            parked.Enqueue((lane, plate), ahead.AddMinutes(10 + 20 * random.NextDouble()));
            events[i] = Passage(cameras[lane].Entry, plate);
        }
        return events;
    }

    /// <summary>The entries of so many cars, and their exits an hour later or more: each owes.</summary>
    public (DeviceEvent[] Entries, DeviceEvent[] Exits) NextStays(int count)
    {
        var stays = Enumerable.Range(0, count).Select(_ => (Lane: random.Next(cameras.Count), Plate: NextPlate())).ToArray();
        var entries = Array.ConvertAll(stays, stay => Step(cameras[stay.Lane].Entry, stay.Plate));
        ahead = ahead.AddHours(1);
        return (entries, Array.ConvertAll(stays, stay => Step(cameras[stay.Lane].Exit, stay.Plate)));
    }

    private DeviceEvent Step(DeviceEvent blank, string plate)
    {
        ahead += SteppedClock.Period;
        return Passage(blank, plate);
    }

    // Each car once, and no two alike that come together.
    private string NextPlate() => $"粤{Letters[cars / 100_000]}{cars++ * 7919L % 100_000:D5}";

    private DeviceEvent Passage(DeviceEvent blank, string plate)
    {
        var id = $"bench-{++messages}";
        return blank with
        {
            MessageId = id,
            Payload = Payload(id, ahead, plate),
            Report = new PassageReport(ahead, false, plate, "blue", "small", 0.98, null, [$"https://example.org/{id}.jpg"])
        };
    }

    /// <summary>As a camera tells of a car.</summary>
    public static string Payload(string id, DateTimeOffset at, string plate) => JsonSerializer.Serialize(
        new { id, at, plate, colour = "blue", vehicle = "small", confidence = 0.98, images = new[] { $"https://example.org/{id}.jpg" } });

    /// <summary>What came of the events, so that a reader sees that work was done.</summary>
    public async Task<string> CountsAsync()
    {
        await using var s = await OpenAsync();
        var orders = await s.Db.Set<Order>().GroupBy(o => o.State).Select(g => new { State = $"{g.Key}", Count = g.Count() }).ToListAsync();
        var commands = await s.Db.Set<DeviceCommand>().GroupBy(c => c.State).Select(g => new { State = $"{g.Key}", Count = g.Count() }).ToListAsync();
        return $"{await s.Db.Set<DeviceMessage>().CountAsync():N0} messages, {await s.Db.Set<Passage>().CountAsync():N0} passages; orders: "
            + string.Join(", ", orders.OrderByDescending(x => x.Count).Select(x => $"{x.Count:N0} {x.State}")) + "; commands: "
            + string.Join(", ", commands.OrderByDescending(x => x.Count).Select(x => $"{x.Count:N0} {x.State}"));
    }

    public ValueTask DisposeAsync() => Services.DisposeAsync();

    private sealed class NoLink : IDeviceLink
    {
        public void Send(City city, IReadOnlyList<DeviceCommand> commands) { }

        public void Disconnect(City city, string device) { }
    }
}

/// <summary>Time that passes with the events.</summary>
internal sealed class SteppedClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 1, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private long steps;

    public void Step() => Interlocked.Increment(ref steps);

    /// <summary>It is this late now, or later.</summary>
    public void Reach(DateTimeOffset at)
    {
        var wanted = (at - Start).Ticks / Period.Ticks;
        for (var now = Interlocked.Read(ref steps); now < wanted; now = Interlocked.Read(ref steps))
            Interlocked.CompareExchange(ref steps, wanted, now);
    }

    public override DateTimeOffset GetUtcNow() => Start + Period * Interlocked.Read(ref steps);
}
