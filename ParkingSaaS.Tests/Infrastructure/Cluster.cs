using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>One real PostgreSQL for the whole run, without fsync and, where there is room, in memory: a database is some 300 files, and
/// making those is what cloning one from a migrated template costs (on disk 300 ms, in memory 40 ms).</summary>
public sealed class Cluster : IAsyncLifetime
{
    const string CityTemplate = "template_city";
    const string ControlTemplate = "template_control";
    const long EnoughMemory = 2L << 30;

    readonly string directory = Path.Combine(Fastest(), "cluster");
    readonly ConcurrentBag<Task> dropping = [];
    EmbeddedPostgres? server;
    int platforms;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(directory);
        server = await EmbeddedPostgres.StartAsync(directory, durable: false, CancellationToken.None);
        await using var databases = new CityDatabases(server.ConnectionString);
        await databases.MigrateAsync(NewCity("template", CityTemplate), CancellationToken.None);
        await using var control = new ControlDb(
            new DbContextOptionsBuilder<ControlDb>().UseNpgsql(ConnectionString(ControlTemplate) + ";Pooling=false").Options);
        await control.Database.MigrateAsync();
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>Connects to a database of this server.</summary>
    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(server!.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>A fresh control database with two cities, alpha and beta.</summary>
    public async Task<TestPlatform> NewPlatformAsync()
    {
        var number = Interlocked.Increment(ref platforms);
        var cities = new[] { NewCity("alpha", $"alpha_{number}"), NewCity("beta", $"beta_{number}") };
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await Task.WhenAll([CloneAsync(source, $"control_{number}", ControlTemplate),
            .. cities.Select(city => CloneAsync(source, city.Database, CityTemplate))]);
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
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var drop = source.CreateCommand($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
        await drop.ExecuteNonQueryAsync();
    }

    static async Task CloneAsync(NpgsqlDataSource source, string name, string template)
    {
        await using var clone = source.CreateCommand($"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy");
        await clone.ExecuteNonQueryAsync();
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
        if (server is not null)
            await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
