using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>What can be done with a database.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatabaseState>))]
public enum DatabaseState
{
    /// <summary>It takes writes.</summary>
    [JsonStringEnumMemberName("ok")] Ok,

    /// <summary>It gives no answer, or no sensible one.</summary>
    [JsonStringEnumMemberName("unreachable")] Unreachable,

    /// <summary>The server has no connection left.</summary>
    [JsonStringEnumMemberName("no-connections")] NoConnections,

    /// <summary>Its disk is full: it can be read only.</summary>
    [JsonStringEnumMemberName("disk-full")] DiskFull,

    /// <summary>It takes no writes, for example because it is a standby.</summary>
    [JsonStringEnumMemberName("read-only")] ReadOnly,

    /// <summary>Another version of the program made its tables: the city is not served.</summary>
    [JsonStringEnumMemberName("other-tables")] OtherTables
}

/// <summary>Asks databases how they are, on connections of its own: all of a pool's may be in use without anything being wrong.</summary>
/// <param name="databases">How to connect to them.</param>
public sealed class DatabaseProbes(CityDatabases databases) : IAsyncDisposable
{
    /// <summary>A small write that is on disk when it returns and leaves nothing in any table, and a temporary file, because a log that is
    /// laid out in advance takes a while to notice that the disk is full.</summary>
    const string Write = """
        SELECT CASE WHEN current_setting('transaction_read_only')::boolean THEN 'read-only'
          WHEN (SELECT count(*) FROM generate_series(1, 5000)) > 0 AND pg_logical_emit_message(true, 'parking', '') IS NOT NULL THEN 'ok' END
        """;

    readonly ConcurrentDictionary<string, NpgsqlDataSource> sources = new();

    /// <summary>How the database is.</summary>
    /// <param name="database">A city's; null is the control database.</param>
    /// <param name="patience">When it ends and no answer has come, the database is unreachable.</param>
    public async Task<DatabaseState> AskAsync(string? database, CancellationToken patience)
    {
        try
        {
            // A driver that waits for its own cancellation to be answered is not waited for.
            return await TryTwiceAsync(database, patience).WaitAsync(patience);
        }
        catch (PostgresException e)
        {
            return e.SqlState switch
            {
                PostgresErrorCodes.DiskFull => DatabaseState.DiskFull,
                PostgresErrorCodes.ReadOnlySqlTransaction => DatabaseState.ReadOnly,
                PostgresErrorCodes.TooManyConnections => DatabaseState.NoConnections,
                _ => DatabaseState.Unreachable
            };
        }
        catch (Exception)
        {
            return DatabaseState.Unreachable;
        }
    }

    /// <summary>The kept connection may be from before the server's last restart.</summary>
    async Task<DatabaseState> TryTwiceAsync(string? database, CancellationToken ct)
    {
        try
        {
            return await WriteAsync(database, ct);
        }
        catch (NpgsqlException e) when (e is not PostgresException or { SqlState: PostgresErrorCodes.AdminShutdown })
        {
            return await WriteAsync(database, ct);
        }
    }

    async Task<DatabaseState> WriteAsync(string? database, CancellationToken ct)
    {
        await using var write = Source(database).CreateCommand(Write);
        return await write.ExecuteScalarAsync(ct) is "ok" ? DatabaseState.Ok : DatabaseState.ReadOnly;
    }

    NpgsqlDataSource Source(string? database) => sources.GetOrAdd(database ?? "", _ =>
    {
        var settings = new NpgsqlConnectionStringBuilder(databases.ConnectionString(database))
        {
            MaxPoolSize = 1,
            ConnectionIdleLifetime = 60,
            Timeout = 2,
            CommandTimeout = 2,
            CancellationTimeout = -1
        };
        settings.Options += " -c work_mem=64kB";
        return NpgsqlDataSource.Create(settings);
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources.Values)
            await source.DisposeAsync();
    }
}
