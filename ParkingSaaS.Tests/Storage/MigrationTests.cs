using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Storage;

public sealed class MigrationTests(Cluster cluster)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void No_change_of_a_model_lacks_its_migration()
    {
        using var city = new CityDb(new DbContextOptionsBuilder<CityDb>().UsePostgres().Options);
        using var control = new ControlDb(new DbContextOptionsBuilder<ControlDb>().UsePostgres().Options);
        Assert.False(city.Database.HasPendingModelChanges());
        Assert.False(control.Database.HasPendingModelChanges());
    }

    /// <summary>As databases were before their migrations became one, and as another line of them would be.</summary>
    [Theory]
    [InlineData("ALTER TABLE \"__EFMigrationsHistory\" RENAME COLUMN migration_id TO \"MigrationId\"")]
    [InlineData("UPDATE \"__EFMigrationsHistory\" SET migration_id = '20261121040955_Initial'")]
    public async Task Tables_of_an_older_version_are_refused_with_a_word_and_stay_as_they_are(string older)
    {
        await using var platform = await cluster.NewPlatformAsync();
        var city = platform.Get<CityDirectory>().Get("alpha");
        await ExecuteAsync(platform.ControlConnectionString, older);
        await ExecuteAsync(cluster.SetupConnectionString(city.Database), older);
        var before = await cluster.ContentsAsync(city.Database);
        string[] refused =
        [
            (await Assert.ThrowsAsync<StorageSetupException>(() => platform.Get<ControlDatabase>().MigrateAsync(NullLogger.Instance, Ct))).Message,
            (await Assert.ThrowsAsync<StorageSetupException>(() => platform.Get<CityDatabases>().MigrateAsync(city.Database, Ct))).Message
        ];
        Assert.All(refused, message => Assert.Contains("was made by an older version", message));
        Assert.Equal(before, await cluster.ContentsAsync(city.Database));
    }

    static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
