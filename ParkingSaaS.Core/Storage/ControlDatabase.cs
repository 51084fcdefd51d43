using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>The control database. <c>PlatformSessions</c> is the door to it; besides, it is opened by what comes before there is an actor:
/// the start, the keys, the directory of cities and the sign-in.</summary>
public sealed class ControlDatabase
{
    readonly PooledDbContextFactory<ControlDb> contexts;

    internal ControlDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        contexts = new(new DbContextOptionsBuilder<ControlDb>().UsePostgres(connectionString).Options);
    }

    /// <summary>Connects as the platform's role.</summary>
    internal string ConnectionString { get; }

    internal ControlDb Open() => contexts.CreateDbContext();

    /// <summary>Creates it if it is not there, and brings its tables up to date. Repeating it changes nothing.</summary>
    /// <exception cref="StorageSetupException">The server, or the role on it, cannot be used so.</exception>
    internal async Task MigrateAsync(ILogger log, CancellationToken ct)
    {
        await using var db = Open();
        // Migrating makes these by itself, but writes errors to the log before it does.
        var creator = db.GetService<IRelationalDatabaseCreator>();
        try
        {
            if (!await creator.ExistsAsync(ct))
                await creator.CreateAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new StorageSetupException($"The control database could not be opened or made: {e.MessageText}. "
                + "The user that ConnectionStrings:Control names needs CREATEDB and CREATEROLE, and may connect to the database postgres.");
        }
        await using (var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }))
            if (await DatabaseRoles.CheckPlatformAsync(source, ct) is { Count: > 0 } open)
                log.LogWarning("Every role of the database server, and so every city's, may connect to {Databases}. Their owner can change that: "
                    + "REVOKE CONNECT ON DATABASE … FROM PUBLIC", string.Join(", ", open));
        await Schema.MigrateAsync(db, ct);
    }
}
