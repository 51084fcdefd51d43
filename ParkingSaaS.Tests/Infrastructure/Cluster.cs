using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>One real PostgreSQL for the whole run, without fsync and, where there is room, in memory: a database is some 300 files, and
/// making those is what cloning one from a template costs (on disk 300 ms, in memory 40 ms). The product meets it as it meets
/// any: as the platform's role and a role for each city. The tables of a clone belong to the template's role, of which its city's is a member.</summary>
public sealed class Cluster : IAsyncLifetime
{
    const string CityTemplate = "template_city";
    const string ControlTemplate = "template_control";
    const string Contents = """
        SELECT array_agg(relname || ' ' || md5(table_to_xml(oid, true, false, '')::text))
        FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        """;
    const int First = 0; // its cities are what all others are copies of
    const long EnoughMemory = 2L << 30;

    readonly string directory = Path.Combine(Fastest(), "cluster");
    readonly ConcurrentBag<Task> dropping = [];
    readonly ConcurrentBag<string> untouched = []; // databases of betas
    EmbeddedPostgres? server;
    CityDatabases? databases;
    NpgsqlDataSource? setup;
    int platforms = First - 1;

    /// <summary>The installation's key.</summary>
    public MasterKey Key { get; } = MasterKey.Generate();

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(directory);
        server = await EmbeddedPostgres.StartAsync(directory, Key, durable: false, CancellationToken.None);
        var control = new ControlDatabase(ConnectionString(ControlTemplate) + ";Pooling=false");
        await control.MigrateAsync(NullLogger.Instance, CancellationToken.None);
        databases = new CityDatabases(control, Key);
        await databases.MigrateAsync(CityTemplate, CancellationToken.None);
        NpgsqlConnection.ClearAllPools();
        setup = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.SetupConnectionString) { Database = "postgres" });
        var first = await NewPlatformAsync();
        await first.Alpha.SaveAsync();
        await first.Beta.SaveAsync();
        await first.CloseAsync();
        OtherCity = await ContentsAsync(DatabaseOf("beta", First));
    }

    /// <summary>Connects to a database of this server as the platform's role.</summary>
    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(server!.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>Connects to a city's database as the city's role.</summary>
    public string CityConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(databases!.ConnectionString(database)) { Pooling = false }.ConnectionString;

    /// <summary>Connects to a database of this server as its superuser, which the product never is.</summary>
    public string SetupConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(server!.SetupConnectionString) { Database = database, Pooling = false }.ConnectionString;

    /// <summary>What each table of beta holds at first.</summary>
    public IReadOnlyList<string> OtherCity { get; private set; } = [];

    /// <summary>What each table of a city holds.</summary>
    public async Task<IReadOnlyList<string>> ContentsAsync(string database)
    {
        await using var connection = new NpgsqlConnection(databases!.ConnectionString(database)); // pooled: it is asked after every test
        await connection.OpenAsync();
        await using var read = new NpgsqlCommand(Contents, connection);
        return (string[])(await read.ExecuteScalarAsync())!;
    }

    /// <summary>A fresh control database with two cities, alpha and beta.</summary>
    public async Task<TestPlatform> NewPlatformAsync()
    {
        var number = Interlocked.Increment(ref platforms);
        var control = $"control_{number}";
        List<Task> clones = [CloneAsync(control, ControlTemplate, PlatformRole), CloneCityAsync("alpha", number)];
        if (!untouched.TryTake(out var beta))
        {
            beta = DatabaseOf("beta", number);
            clones.Add(CloneCityAsync("beta", number));
        }
        await Task.WhenAll(clones);
        return await TestPlatform.CreateAsync(this, ConnectionString(control),
            [NewCity("alpha", DatabaseOf("alpha", number)), NewCity("beta", beta)]);
    }

    /// <summary>Takes back the database of a beta that is as it was: another platform may have it.</summary>
    internal void Reuse(string untouchedBeta) => untouched.Add(untouchedBeta);

    /// <summary>Takes databases away again, as some hundred platforms would not fit into memory. Nobody waits for it: the server
    /// looks only every 100 ms whether the last connection has gone.</summary>
    internal void Drop(params IEnumerable<string> databases)
    {
        foreach (var database in databases)
            dropping.Add(DropAsync(database));
    }

    /// <summary>Takes a database away, as an accident would.</summary>
    internal Task DropAsync(string database) => ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");

    string PlatformRole => new NpgsqlConnectionStringBuilder(server!.ConnectionString).Username!;

    static string DatabaseOf(string city, int platform) => $"{city}_{platform}";

    async Task CloneCityAsync(string code, int platform)
    {
        var name = DatabaseOf(code, platform);
        await ExecuteAsync($"CREATE ROLE {name} LOGIN IN ROLE {CityTemplate} PASSWORD '{DatabaseRoles.Verifier(Key.PasswordOf(name))}'");
        await CloneAsync(name, platform == First ? CityTemplate : DatabaseOf(code, First), name);
    }

    async Task CloneAsync(string name, string template, string owner)
    {
        await ExecuteAsync($"CREATE DATABASE {name} OWNER {owner} TEMPLATE {template} STRATEGY file_copy");
        await ExecuteAsync($"REVOKE ALL ON DATABASE {name} FROM PUBLIC");
    }

    async Task ExecuteAsync(string sql)
    {
        await using var command = setup!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    static string Fastest() =>
        TestRun.InMemory is { } memory && new DriveInfo(memory).AvailableFreeSpace > EnoughMemory ? memory : TestRun.Directory;

    static City NewCity(string code, string database) => new()
    {
        Code = code,
        Name = code,
        NameEn = code,
        TimeZone = "Asia/Shanghai",
        Currency = Currency.Yuan,
        Database = database,
        State = CityState.Active,
        CreatedAt = TestPlatform.Start
    };

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(dropping);
        if (setup is not null)
            await setup.DisposeAsync();
        if (databases is not null)
            await databases.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
