using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>Saves a city's database, or the control database, into a file, and puts such a file in the database's place. Each is read and
/// written as the role that owns it.</summary>
/// <param name="control">Connects to the control database.</param>
public sealed class DatabaseBackup(string control, MasterKey key)
{
    /// <summary>The control database, where it says which city has which database.</summary>
    internal ControlDatabase Control { get; } = new(control);

    /// <param name="city">The city's database; null for the control database.</param>
    /// <param name="path">A file that is not there yet.</param>
    /// <returns>The database's name.</returns>
    /// <exception cref="DatabaseFileException">It cannot be done.</exception>
    public async Task<string> SaveAsync(string? city, string path, CancellationToken ct)
    {
        var (database, owner) = await FindAsync(city);
        await new DatabaseFile(control, owner).SaveAsync(database, path, ct);
        return database;
    }

    /// <param name="city">The city's database; null for the control database, which no node may use meanwhile.</param>
    /// <param name="path">What <see cref="SaveAsync"/> made.</param>
    /// <param name="adjust">What to change in it before it takes the place.</param>
    /// <returns>The database's name, and where what it held is kept; null where it was not there.</returns>
    /// <exception cref="DatabaseFileException">It cannot be done; everything is as before.</exception>
    public async Task<(string Database, string? Kept)> RestoreAsync(string? city, string path, Func<DbContext, Task> adjust, CancellationToken ct)
    {
        var (database, owner) = await FindAsync(city);
        await using (var server = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(control) { Database = "postgres", Pooling = false }.ConnectionString))
        {
            await server.OpenAsync(ct);
            if (city is null)
                await RequireNobodyAsync(server, database, ct);
            else if (await CountAsync(server, "SELECT count(*) FROM pg_roles WHERE rolname = $1", database, ct) == 0)
                await DatabaseRoles.MakeRoleAsync(server, database, key.PasswordOf(database), ct); // another machine: it is not there yet
        }
        return (database, await new DatabaseFile(control, owner).RestoreAsync(database, path, copy => UpdateAsync(city is null, owner, copy, adjust, ct), ct));
    }

    /// <summary>The database's name, and how to connect as its owner.</summary>
    async Task<(string Database, string Owner)> FindAsync(string? city)
    {
        if (city is null)
            return (new NpgsqlConnectionStringBuilder(control).Database!, control);
        await using var databases = new CityDatabases(Control, key);
        return (city, databases.ConnectionString(city));
    }

    /// <summary>A node keeps in memory what is in the control database.</summary>
    static async Task RequireNobodyAsync(NpgsqlConnection server, string database, CancellationToken ct)
    {
        if (await CountAsync(server, "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", database, ct) > 0)
            throw new DatabaseFileException("Stop all nodes first: somebody is connected to the control database.");
    }

    /// <summary>An older backup is brought up to date; one of a newer program, or of something else, is refused.</summary>
    static async Task UpdateAsync(bool ofPlatform, string owner, string copy, Func<DbContext, Task> adjust, CancellationToken ct)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(owner) { Database = copy, Pooling = false }.ConnectionString;
        await using var db = ofPlatform
            ? (DbContext)new ControlDb(new DbContextOptionsBuilder<ControlDb>().UsePostgres(connectionString).Options)
            : new CityDb(new DbContextOptionsBuilder<CityDb>().UsePostgres(connectionString).Options) { Scope = VisibleScope.City };
        if (!await Schema.GoesOnAsync(db, ct))
            throw new DatabaseFileException("The backup is of an older version, from whose tables there is no way to those of today.");
        if ((await db.Database.GetAppliedMigrationsAsync(ct)).Except(db.Database.GetMigrations()).FirstOrDefault() is { } unknown)
            throw new DatabaseFileException($"The backup is of a newer program, or of something else: this one does not know {unknown}.");
        await db.Database.MigrateAsync(ct);
        if (await Schema.DifferenceAsync(db, ct) is { } difference)
            throw new DatabaseFileException($"The backup is of another version, from whose tables there is no way to those of today ({difference}).");
        await adjust(db);
    }

    static async Task<long> CountAsync(NpgsqlConnection server, string sql, string name, CancellationToken ct)
    {
        await using var count = new NpgsqlCommand(sql, server);
        count.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }
}
