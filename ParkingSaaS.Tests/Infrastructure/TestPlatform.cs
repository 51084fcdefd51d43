using System.Collections.Concurrent;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices;
using ParkingSaaS.Devices.Dialects;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Two cities in real databases, each with two lots of different companies, and the clock in the test's hand.</summary>
public sealed class TestPlatform : IAsyncDisposable
{
    /// <summary>Where the clock stands at first: a Saturday, 09:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 1, 0, 0, TimeSpan.Zero);

    /// <summary>What a password costs is the framework's affair, and half of what a sign-in costs a test.</summary>
    internal static readonly Action<PasswordHasherOptions> CheapPasswords = o => o.IterationCount = 1000;

    readonly ServiceProvider services;
    readonly Cluster cluster;
    readonly string[] databases;
    readonly string files = Path.Combine(TestRun.Directory, "files-" + Guid.NewGuid().ToString("N"));

    TestPlatform(Cluster cluster, string controlConnectionString, City[] cities)
    {
        this.cluster = cluster;
        ControlConnectionString = controlConnectionString;
        databases = [new NpgsqlConnectionStringBuilder(controlConnectionString).Database!, .. cities.Select(c => c.Database)];
        (Alpha, Beta) = (new TestCity(this, cities[0].Code), new TestCity(this, cities[1].Code));
        services = new ServiceCollection()
            // One factory for all platforms: EF Core builds its model anew for every other one.
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddLogging()
            .AddSingleton(Clock)
            .AddSingleton<TimeProvider>(Clock)
            .Configure<PasswordHasherOptions>(CheapPasswords)
            .AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>()
            .AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>()
            .AddSingleton<IDeviceLink>(Link)
            .AddSingleton<IMessageReader>(new MessageReader([new StandardDialect()]))
            .AddStorage(controlConnectionString, cluster.Key)
            .AddSingleton<IFileStore>(new DiskFiles(files))
            .AddSingleton(new NodeName("tests"))
            .AddSlices()
            .AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>()
            .BuildServiceProvider();
    }

    /// <summary>Connects to the control database.</summary>
    public string ControlConnectionString { get; }

    /// <summary>The secret in that text, which no log may show.</summary>
    public string DatabasePassword => new NpgsqlConnectionStringBuilder(ControlConnectionString).Password!;

    /// <summary>The installation's key, as the program takes it: its databases belong to a program with the same one.</summary>
    public string KeySetting => "--Key=" + cluster.Key.Reveal();

    /// <summary>Connects to a city's database as the city's role.</summary>
    public string ConnectionString(string city) => cluster.CityConnectionString(Get<CityDirectory>().Get(city).Database);

    /// <summary>The clock of everything in this platform.</summary>
    public FakeTime Clock { get; } = new(Start);

    /// <summary>The devices' end: what they were told.</summary>
    public RecordingLink Link { get; } = new();

    /// <summary>The city that tests act in.</summary>
    public TestCity Alpha { get; }

    /// <summary>The other city, in which nothing may change.</summary>
    public TestCity Beta { get; }

    /// <summary>The keys of all files that were kept.</summary>
    public IEnumerable<string> KeptFiles => Directory.Exists(files)
        ? Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(files, f))
        : [];

    /// <summary>The product.</summary>
    public IServiceProvider Services => services;

    /// <summary>A service of the product.</summary>
    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    internal static async Task<TestPlatform> CreateAsync(Cluster cluster, string controlConnectionString, City[] cities)
    {
        var platform = new TestPlatform(cluster, controlConnectionString, cities);
        await using (var control = platform.Get<ControlDatabase>().Open())
        {
            control.Set<City>().AddRange(cities);
            await control.SaveChangesAsync();
        }
        await platform.Get<CityDirectory>().RefreshAsync(CancellationToken.None);
        return platform;
    }

    /// <summary>Takes a city's database away, as an accident would.</summary>
    public Task DropAsync(TestCity city) => cluster.DropAsync(Get<CityDirectory>().Get(city.Code).Database);

    /// <summary>Somebody looked: beta is as it was at first.</summary>
    internal bool BetaIsUntouched { get; set; }

    /// <summary>Ends it, and leaves its databases.</summary>
    internal ValueTask CloseAsync() => services.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (BetaIsUntouched)
            cluster.Reuse(databases[^1]);
        cluster.Drop(BetaIsUntouched ? databases[..^1] : databases);
    }
}

/// <summary>Keeps what devices are told, and which were cut off.</summary>
public sealed class RecordingLink : IDeviceLink
{
    readonly List<DeviceCommand> sent = [];

    /// <summary>The commands so far, and forgets them.</summary>
    public List<DeviceCommand> Take()
    {
        lock (sent)
        {
            var taken = sent.ToList();
            sent.Clear();
            return taken;
        }
    }

    public void Send(City city, IReadOnlyList<DeviceCommand> commands)
    {
        lock (sent)
            sent.AddRange(commands);
    }

    /// <summary>The devices whose connections were closed: city and name.</summary>
    public ConcurrentQueue<string> Disconnected { get; } = [];

    public void Disconnect(City city, string device) => Disconnected.Enqueue($"{city.Code}/{device}");
}
