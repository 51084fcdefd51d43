using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>The databases of the cities, on the server of the control database: a role of its own and a small pool of connections each, one shared
/// model. <c>CitySessions</c> is the door to them.</summary>
public sealed class CityDatabases : IAsyncDisposable
{
    readonly ControlDatabase control;
    readonly MasterKey key;

    internal CityDatabases(ControlDatabase control, MasterKey key) => (this.control, this.key) = (control, key);

    readonly ConcurrentDictionary<string, NpgsqlDataSource> sources = new();
    readonly PooledDbContextFactory<CityDb> contexts = new(new DbContextOptionsBuilder<CityDb>().UsePostgres().Options, KeptContexts);

    /// <summary>What is kept for the next unit of work. Many pages that read at once wait for a city's few connections with a context each, of some 20 kB,
    /// which the pool would hold on to for good.</summary>
    const int KeptContexts = 128;

    /// <summary>The name under which the provider has meters and spans.</summary>
    public const string TelemetryName = "Npgsql";

    /// <summary>The pool of connections to a city's database, for what EF Core cannot say.</summary>
    internal NpgsqlDataSource Source(string database) => sources.GetOrAdd(database, database =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString(database))
        {
            MaxPoolSize = 6, // eight with those that listen and probe: a hundred cities fit a server of a thousand connections
            MaxAutoPrepare = 50, // events ask the same dozen questions again and again
            Options = "-c plan_cache_mode=force_custom_plan", // a plan that does not look at the plates reads all open stays
            PersistSecurityInfo = true, // migrating takes a second connection with the same password
            ConnectionIdleLifetime = 60
        }));

    /// <summary>Connects to a city's database as the city's role, which has the database's name; null for the control database, as the platform's.</summary>
    internal string ConnectionString(string? database) => database is null
        ? control.ConnectionString
        : new NpgsqlConnectionStringBuilder(control.ConnectionString)
        {
            Database = database,
            Username = database,
            Password = key.PasswordOf(database)
        }.ConnectionString;

    /// <summary>A connection that is kept open outside of the pools: to a city's database, or to the control database. It finds out
    /// within half a minute that the other side is gone, as does the server.</summary>
    internal NpgsqlConnection Dedicated(string? database)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString(database))
        {
            Pooling = false,
            KeepAlive = 10
        };
        settings.Options += " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";
        return new NpgsqlConnection(settings.ConnectionString);
    }

    /// <summary>As <see cref="Dedicated"/>, for other rooms.</summary>
    internal DedicatedConnection Keep(string? database) => new(Dedicated(database));

    /// <summary>Tells all who listen to the channel in a city's database.</summary>
    internal async Task TellAsync(string database, string channel, string payload, CancellationToken ct)
    {
        await using var tell = Source(database).CreateCommand("SELECT pg_notify($1, $2)");
        tell.Parameters.Add(new NpgsqlParameter<string> { TypedValue = channel });
        tell.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payload });
        await tell.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A context on the city's database that sees nothing until it is given a scope.</summary>
    internal CityDb Open(string database)
    {
        var db = contexts.CreateDbContext();
        (db.Scope, db.Saving) = (VisibleScope.Nothing, null); // a pooled one may have been somebody else's
        db.Database.SetDbConnection(Source(database).CreateConnection(), contextOwnsConnection: true);
        return db;
    }

    /// <summary>Creates the database and its role if they are not there, and brings its tables up to date. Repeating it changes nothing.</summary>
    /// <exception cref="StorageSetupException">The database or its role is somebody else's.</exception>
    /// <exception cref="OtherTablesException">Another version made its tables.</exception>
    internal async Task MigrateAsync(string database, CancellationToken ct)
    {
        await using (var platform = Dedicated(null))
            await DatabaseRoles.MakeCityAsync(platform, database, key.PasswordOf(database), ct);
        await using (var probe = Source(database).CreateConnection())
            await DatabaseRoles.OpenAsync(probe, database, ct);
        await DatabaseRoles.CloseAsync(Source(database), ct);
        await using var db = Open(database);
        await Schema.MigrateAsync(db, ct);
        await GuardLotIdsAsync(database, db, ct);
    }

    /// <summary>The last door: whatever a program does, a row cannot be moved to another lot. Query filters do not see an
    /// <c>ExecuteUpdate</c> that sets the column; a trigger on that column does, and costs other updates nothing.</summary>
    /// <remarks>Only what is missing is made: making it once more would lock the tables while other nodes write to them.</remarks>
    async Task GuardLotIdsAsync(string database, CityDb db, CancellationToken ct)
    {
        string[] tables = [.. db.Model.GetEntityTypes()
            .Where(e => typeof(ILotOwned).IsAssignableFrom(e.ClrType) && e.FindProperty(nameof(ILotOwned.LotId)) is not null)
            .Select(e => e.GetTableName()!)];
        List<string> open = [];
        await using (var missing = Source(database).CreateCommand(
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
