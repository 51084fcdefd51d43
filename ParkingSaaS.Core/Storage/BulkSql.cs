using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>One statement for many rows, which EF Core cannot say: columns go as arrays to <c>unnest</c>. It is run within the context's
/// transaction, if it has one.</summary>
static class BulkSql
{
    /// <summary>Runs a statement.</summary>
    /// <param name="sql">The statement; parameters are $1, $2, ….</param>
    /// <param name="parameters">Values, or arrays of them.</param>
    public static Task ExecuteAsync(DbContext db, string sql, CancellationToken ct, params object[] parameters) =>
        RunAsync(db, sql, command => command.ExecuteNonQueryAsync(ct), ct, parameters);

    /// <summary>Runs a statement that returns rows.</summary>
    /// <param name="sql">The statement; parameters are $1, $2, ….</param>
    /// <param name="parameters">Values, or arrays of them.</param>
    public static Task<List<T>> QueryAsync<T>(DbContext db, string sql, Func<DbDataReader, T> read, CancellationToken ct, params object[] parameters) =>
        RunAsync(db, sql, async command =>
        {
            var found = new List<T>();
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
                found.Add(read(rows));
            return found;
        }, ct, parameters);

    static async Task<T> RunAsync<T>(DbContext db, string sql, Func<NpgsqlCommand, Task<T>> run, CancellationToken ct, object[] parameters)
    {
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection(),
                (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
            foreach (var value in parameters)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            return await run(command);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
