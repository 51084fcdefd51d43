using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>A database server that the program is given: whether it can be used, in words for whoever runs the program. No word repeats the
/// connection string, which holds a password.</summary>
public static class DatabaseServer
{
    /// <summary>Why the text is no connection string for this program; null where it is one.</summary>
    public static string? Problem(string connectionString)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connectionString);
            return parts.Host is null or "" || parts.Database is null or "" ? "it names no host or no database"
                : parts.IncludeErrorDetail || parts.LogParameters
                    ? "Include Error Detail and Log Parameters write plates and telephone numbers to the log"
                : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return "it is not of the form Host=…;Database=…;Username=…;Password=…";
        }
    }

    /// <summary>What an operator can do something about: the server is away, refuses the user, has no such database or no room, or is just
    /// starting or stopping. Null for anything else.</summary>
    public static string? Refused(DbException e) =>
        e is PostgresException { SqlState: not ['2', '8', ..] and not ['3', 'D', ..] and not ['5', '3' or '7', ..] } ? null : e.Message;

    /// <summary>Signs in once.</summary>
    /// <returns>Why that is not possible; null where it is. A database that is not there yet is no reason: it will be made.</returns>
    public static async Task<string?> TryAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(ct);
            return null;
        }
        catch (PostgresException e)
        {
            return e.SqlState == PostgresErrorCodes.InvalidCatalogName ? null : e.MessageText;
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            return e.Message;
        }
    }
}
