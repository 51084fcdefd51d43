using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>One real PostgreSQL for the whole run, without fsync and, where there is room, in memory: a database is some 300 files, and
/// making those is what cloning one from a migrated template costs (on disk 300 ms, in memory 40 ms). The product meets it as it meets
/// any: as the platform's role and a role for each city. The tables of a clone belong to the template's role, of which its city's is a member.</summary>
public sealed class Cluster : IAsyncLifetime
{
    const string CityTemplate = "template_city";
    const string ControlTemplate = "template_control";
    const long EnoughMemory = 2L << 30;

    readonly string directory = Path.Combine(Fastest(), "cluster");
    readonly ConcurrentBag<Task> dropping = [];
    EmbeddedPostgres? server;
    CityDatabases? databases;
    int platforms;

    /// <summary>The installation's key.</summary>
    public MasterKey Key { get; } = MasterKey.Generate();

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(directory);
        server = await EmbeddedPostgres.StartAsync(directory, Key, durable: false, CancellationToken.None);
        var control = new ControlDatabase(ConnectionString(ControlTemplate) + ";Pooling=false");
        await control.MigrateAsync(NullLogger.Instance, CancellationToken.None);
        databases = new CityDatabases(control, Key);
        await databases.MigrateAsync(NewCity("template", CityTemplate), CancellationToken.None);
        NpgsqlConnection.ClearAllPools();
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

    /// <summary>A fresh control database with two cities, alpha and beta.</summary>
    public async Task<TestPlatform> NewPlatformAsync()
    {
        var number = Interlocked.Increment(ref platforms);
        var cities = new[] { NewCity("alpha", $"alpha_{number}"), NewCity("beta", $"beta_{number}") };
        await using var source = NpgsqlDataSource.Create(SetupConnectionString("postgres"));
        await Task.WhenAll([CloneAsync(source, $"control_{number}", ControlTemplate, PlatformRole),
            .. cities.Select(city => CloneCityAsync(source, city.Database))]);
        return await TestPlatform.CreateAsync(this, ConnectionString($"control_{number}"), cities);
    }

    /// <summary>Takes databases away again, as some hundred platforms would not fit into memory. Nobody waits for it: the server
    /// looks only every 100 ms whether the last connection has gone.</summary>
    internal void Drop(params IEnumerable<string> databases)
    {
        foreach (var database in databases)
            dropping.Add(DropAsync(database));
    }

    /// <summary>Takes a database away, as an accident would.</summary>
    internal async Task DropAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(SetupConnectionString("postgres"));
        await ExecuteAsync(source, $"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
    }

    string PlatformRole => new NpgsqlConnectionStringBuilder(server!.ConnectionString).Username!;

    async Task CloneCityAsync(NpgsqlDataSource source, string name)
    {
        await ExecuteAsync(source, $"CREATE ROLE {name} LOGIN IN ROLE {CityTemplate} PASSWORD '{DatabaseRoles.Verifier(Key.PasswordOf(name))}'");
        await CloneAsync(source, name, CityTemplate, name);
    }

    static async Task CloneAsync(NpgsqlDataSource source, string name, string template, string owner)
    {
        await ExecuteAsync(source, $"CREATE DATABASE {name} OWNER {owner} TEMPLATE {template} STRATEGY file_copy");
        await ExecuteAsync(source, $"REVOKE ALL ON DATABASE {name} FROM PUBLIC");
    }

    static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
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
        Currency = "CNY",
        Database = database,
        State = CityState.Active,
        CreatedAt = TestPlatform.Start
    };

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(dropping);
        if (databases is not null)
            await databases.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
