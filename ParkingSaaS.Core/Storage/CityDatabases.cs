using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Storage;

/// <summary>The databases of the cities: a small pool of connections each, one shared model.</summary>
/// <param name="controlConnectionString">Connection string of the control database; cities lie on the same server.</param>
public sealed class CityDatabases(string controlConnectionString) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, NpgsqlDataSource> sources = new();
    readonly PooledDbContextFactory<CityDb> contexts = new(new DbContextOptionsBuilder<CityDb>().UseNpgsql().Options);

    /// <summary>The pool of connections to a city's database, for what EF Core cannot say.</summary>
    internal NpgsqlDataSource Source(City city) => sources.GetOrAdd(city.Database, database =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(controlConnectionString)
        {
            Database = database,
            MaxPoolSize = 16,
            PersistSecurityInfo = true, // creating the database takes a second connection with the same password
            ConnectionIdleLifetime = 60
        }));

    /// <summary>A connection that is kept open outside of the pools: to a city's database, or to the control database. It finds out
    /// within half a minute that the other side is gone, as does the server.</summary>
    internal NpgsqlConnection Lasting(string? database)
    {
        var settings = new NpgsqlConnectionStringBuilder(controlConnectionString) { Pooling = false, KeepAlive = 10 };
        settings.Database = database ?? settings.Database;
        settings.Options += " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";
        return new NpgsqlConnection(settings.ConnectionString);
    }

    /// <summary>A context on the city's database that sees nothing until it is given a reach.</summary>
    internal CityDb Open(City city)
    {
        var db = contexts.CreateDbContext();
        db.Reach = Reach.Nothing;
        db.Database.SetDbConnection(Source(city).CreateConnection(), contextOwnsConnection: true);
        return db;
    }

    /// <summary>Creates the database if it is not there, and brings its tables up to date. Repeating it changes nothing.</summary>
    public async Task MigrateAsync(City city, CancellationToken ct)
    {
        await using var db = Open(city);
        await db.Database.MigrateAsync(ct);
        await GuardLotIdsAsync(city, db, ct);
    }

    /// <summary>The last door: whatever a program does, a row cannot be moved to another lot. Query filters do not see an
    /// <c>ExecuteUpdate</c> that sets the column; a trigger on that column does, and costs other updates nothing.</summary>
    /// <remarks>Only what is missing is made: making it once more would lock the tables while other nodes write to them.</remarks>
    async Task GuardLotIdsAsync(City city, CityDb db, CancellationToken ct)
    {
        string[] tables = [.. db.Model.GetEntityTypes()
            .Where(e => typeof(ILotOwned).IsAssignableFrom(e.ClrType) && e.FindProperty(nameof(ILotOwned.LotId)) is not null)
            .Select(e => e.GetTableName()!)];
        List<string> open = [];
        await using (var missing = Source(city).CreateCommand(
            "SELECT t FROM unnest($1) t WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_lot' AND tgrelid = t::regclass)"))
        {
            missing.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tables });
            await using var rows = await missing.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
                open.Add(rows.GetString(0));
        }
        if (open.Count == 0)
            return;
        var sql = """
            CREATE OR REPLACE FUNCTION keep_lot() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NEW.lot_id <> OLD.lot_id THEN RAISE EXCEPTION 'a row of % cannot change its lot', TG_TABLE_NAME; END IF;
              RETURN NEW;
            END $$;
            """ + string.Concat(open.Select(t =>
                $"CREATE OR REPLACE TRIGGER keep_lot BEFORE UPDATE OF lot_id ON {t} FOR EACH ROW EXECUTE FUNCTION keep_lot();\n"));
#pragma warning disable RS0030 // no data is read or written here
        await db.Database.ExecuteSqlRawAsync(sql, ct);
#pragma warning restore RS0030
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources.Values)
            await source.DisposeAsync();
    }
}
