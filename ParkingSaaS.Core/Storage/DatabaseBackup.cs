using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Storage;

/// <summary>Saves a city's database, or the control database, into a file, and puts such a file in the database's place. Each is read and
/// written as the role that owns it.</summary>
/// <param name="control">Connects to the control database.</param>
/// <param name="key">The installation's key.</param>
public sealed class DatabaseBackup(string control, MasterKey key)
{
    readonly ControlDatabase platform = new(control);

    /// <param name="code">The city's; null for the control database.</param>
    /// <param name="path">A file that is not there yet.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The database's name.</returns>
    /// <exception cref="DatabaseFileException">It cannot be done.</exception>
    public async Task<string> SaveAsync(string? code, string path, CancellationToken ct)
    {
        var (database, owner) = await FindAsync(code, ct);
        await new DatabaseFile(control, owner).SaveAsync(database, path, ct);
        return database;
    }

    /// <param name="code">The city's; null for the control database, which no node may use meanwhile.</param>
    /// <param name="path">What <see cref="SaveAsync"/> made.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The database's name, and where what it held is kept; null where it was not there.</returns>
    /// <exception cref="DatabaseFileException">It cannot be done; everything is as before.</exception>
    public async Task<(string Database, string? Kept)> RestoreAsync(string? code, string path, CancellationToken ct)
    {
        var (database, owner) = await FindAsync(code, ct);
        await using (var server = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(control) { Database = "postgres", Pooling = false }.ConnectionString))
        {
            await server.OpenAsync(ct);
            if (code is null)
                await RequireNobodyAsync(server, database, ct);
            else if (await CountAsync(server, "SELECT count(*) FROM pg_roles WHERE rolname = $1", database, ct) == 0)
                await DatabaseRoles.MakeRoleAsync(server, database, key.PasswordOf(database), ct); // another machine: it is not there yet
        }
        return (database, await new DatabaseFile(control, owner).RestoreAsync(database, path, copy => UpdateAsync(code is null, owner, copy, ct), ct));
    }

    /// <summary>The database's name, and how to connect as its owner.</summary>
    async Task<(string Database, string Owner)> FindAsync(string? code, CancellationToken ct)
    {
        if (code is null)
            return (new NpgsqlConnectionStringBuilder(control).Database!, control);
        await using var db = platform.Open();
        var city = await db.Cities.AsNoTracking().FirstOrDefaultAsync(c => c.Code == code, ct)
            ?? throw new DatabaseFileException($"There is no city {code}. Add it first, or restore the control database.");
        await using var databases = new CityDatabases(platform, key);
        return (city.Database, databases.ConnectionString(city.Database));
    }

    /// <summary>A node keeps in memory what is in the control database.</summary>
    static async Task RequireNobodyAsync(NpgsqlConnection server, string database, CancellationToken ct)
    {
        if (await CountAsync(server, "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", database, ct) > 0)
            throw new DatabaseFileException("Stop all nodes first: somebody is connected to the control database.");
    }

    /// <summary>An older backup is brought up to date, and its sessions end; one of a newer program, or of something else, is refused.</summary>
    static async Task UpdateAsync(bool ofPlatform, string owner, string copy, CancellationToken ct)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(owner) { Database = copy, Pooling = false }.ConnectionString;
        await using var db = ofPlatform
            ? (DbContext)new ControlDb(new DbContextOptionsBuilder<ControlDb>().UsePostgres(connectionString).Options)
            : new CityDb(new DbContextOptionsBuilder<CityDb>().UsePostgres(connectionString).Options) { Reach = Reach.City };
        if (!await Schema.GoesOnAsync(db, ct))
            throw new DatabaseFileException("The backup is of an older version, from whose tables there is no way to those of today.");
        if ((await db.Database.GetAppliedMigrationsAsync(ct)).Except(db.Database.GetMigrations()).FirstOrDefault() is { } unknown)
            throw new DatabaseFileException($"The backup is of a newer program, or of something else: this one does not know {unknown}.");
        await db.Database.MigrateAsync(ct);
        // Those that ended since the backup would live again.
        var now = TimeProvider.System.GetUtcNow();
        await db.Set<SignInSession>().Where(s => s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndReason, SessionEnd.EndedByAdministrator), ct);
    }

    static async Task<long> CountAsync(NpgsqlConnection server, string sql, string name, CancellationToken ct)
    {
        await using var count = new NpgsqlCommand(sql, server);
        count.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }
}
