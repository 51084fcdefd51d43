using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>One real PostgreSQL for the whole run, without fsync. Platforms in it are cloned from migrated templates, some 25 ms a
/// database.</summary>
public sealed class Cluster : IAsyncLifetime
{
    const string CityTemplate = "template_city";
    const string ControlTemplate = "template_control";

    readonly string directory = Path.Combine(Path.GetTempPath(), $"parking-tests-{Environment.ProcessId}");
    readonly SemaphoreSlim cloning = new(1);
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
        await cloning.WaitAsync();
        try
        {
            await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
            await CloneAsync(source, $"control_{number}", ControlTemplate);
            foreach (var city in cities)
                await CloneAsync(source, city.Database, CityTemplate);
        }
        finally
        {
            cloning.Release();
        }
        return await TestPlatform.CreateAsync(ConnectionString($"control_{number}"), cities);
    }

    static async Task CloneAsync(NpgsqlDataSource source, string name, string template)
    {
        await using var clone = source.CreateCommand($"CREATE DATABASE {name} TEMPLATE {template}");
        await clone.ExecuteNonQueryAsync();
    }

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
        if (server is not null)
            await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
