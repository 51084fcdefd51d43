using System.Diagnostics;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>A file cannot be written, or cannot be restored; the message tells the operator why.</summary>
public sealed class DatabaseFileException(string message) : Exception(message);

/// <summary>Copies a database into a file and back, with PostgreSQL's own tools, while the program runs.</summary>
/// <param name="platform">Connects to the server as the platform's role.</param>
/// <param name="owner">Connects as the role that owns the database: a city's, or the platform's.</param>
sealed class DatabaseFile(string platform, string owner)
{
    /// <summary>Writes all of a database, as of one moment, into a new file that only its owner may read. It appears whole or not at all.</summary>
    /// <exception cref="DatabaseFileException">The file is there already, or cannot be written, or the database cannot be read.</exception>
    public async Task SaveAsync(string database, string path, CancellationToken ct)
    {
        if (File.Exists(path))
            throw new DatabaseFileException($"{path} is there already.");
        var part = path + ".part";
        try
        {
            File.Delete(part);
            await using (var file = new FileStream(part, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
            }))
            {
                await RunAsync("pg_dump", database, ct, "--format=custom", "--no-owner", "--no-privileges", "--file=" + part);
                file.Flush(flushToDisk: true);
            }
            File.Move(part, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseFileException(e.Message);
        }
        finally
        {
            if (File.Exists(part))
                File.Delete(part);
        }
    }

    /// <summary>Puts what a file holds in the place of a database. Until all of it is read and found good the database works on unchanged;
    /// then its connections are ended, and what it held is kept under another name until the next restore.</summary>
    /// <param name="database">The database; it need not be there any more.</param>
    /// <param name="path">A file of <see cref="SaveAsync"/>.</param>
    /// <param name="check">Brings the copy, whose name it gets, up to date, or refuses it.</param>
    /// <returns>The name of the database that holds what was there before; null where nothing was.</returns>
    /// <exception cref="DatabaseFileException">The file cannot be used.</exception>
    public async Task<string?> RestoreAsync(string database, string path, Func<string, Task> check, CancellationToken ct)
    {
        if (await OriginAsync(path, ct) is var origin && origin != database)
            throw new DatabaseFileException($"{path} is a backup of the database {origin}, not of {database}.");
        var (copy, kept) = (database + "_restore", database + "_before_restore");
        await using var server = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(platform) { Database = "postgres", Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await server.OpenAsync(ct);
        var role = DatabaseRoles.Quote(new NpgsqlConnectionStringBuilder(owner).Username!);
        var ours = platform == owner;
        if (!ours)
            await ExecuteAsync(server, $"GRANT {role} TO CURRENT_USER", ct);
        try
        {
            return await RestoreAsync(server, role, database, copy, kept, path, check, ct);
        }
        finally
        {
            if (!ours)
                await ExecuteAsync(server, $"REVOKE {role} FROM CURRENT_USER", CancellationToken.None);
        }
    }

    async Task<string?> RestoreAsync(NpgsqlConnection server, string role, string database, string copy, string kept, string path,
        Func<string, Task> check, CancellationToken ct)
    {
        var there = await AskAsync(server, "SELECT 1 FROM pg_database WHERE datname = $1", ct, database) is not null;
        await ExecuteAsync(server, $"DROP DATABASE IF EXISTS {DatabaseRoles.Quote(copy)} WITH (FORCE)", ct);
        await ExecuteAsync(server, $"CREATE DATABASE {DatabaseRoles.Quote(copy)} TEMPLATE template0 OWNER {role}", ct);
        try
        {
            await ExecuteAsync(server, $"REVOKE ALL ON DATABASE {DatabaseRoles.Quote(copy)} FROM PUBLIC", ct);
            await RunAsync("pg_restore", copy, ct, "--exit-on-error", "--no-owner", "--no-privileges", "--dbname=" + copy, path);
            await check(copy);
        }
        catch
        {
            await ExecuteAsync(server, $"DROP DATABASE IF EXISTS {DatabaseRoles.Quote(copy)} WITH (FORCE)", CancellationToken.None);
            throw;
        }
        // From here on it is too late to give up.
        if (!there)
        {
            await ExecuteAsync(server, $"ALTER DATABASE {DatabaseRoles.Quote(copy)} RENAME TO {DatabaseRoles.Quote(database)}", CancellationToken.None);
            return null;
        }
        await ExecuteAsync(server, $"DROP DATABASE IF EXISTS {DatabaseRoles.Quote(kept)} WITH (FORCE)", CancellationToken.None);
        await ExchangeAsync(server, database, copy, kept);
        return kept;
    }

    static async Task ExchangeAsync(NpgsqlConnection server, string database, string copy, string kept)
    {
        var closed = database;
        await ExecuteAsync(server, $"ALTER DATABASE {DatabaseRoles.Quote(database)} ALLOW_CONNECTIONS false", CancellationToken.None);
        try
        {
            await AskAsync(server, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1", CancellationToken.None, database);
            await using var both = await server.BeginTransactionAsync();
            // It waits some seconds for the connections' end.
            await ExecuteAsync(server, $"ALTER DATABASE {DatabaseRoles.Quote(database)} RENAME TO {DatabaseRoles.Quote(kept)}", CancellationToken.None);
            await ExecuteAsync(server, $"ALTER DATABASE {DatabaseRoles.Quote(copy)} RENAME TO {DatabaseRoles.Quote(database)}", CancellationToken.None);
            await both.CommitAsync();
            closed = kept;
        }
        finally
        {
            await ExecuteAsync(server, $"ALTER DATABASE {DatabaseRoles.Quote(closed)} ALLOW_CONNECTIONS true", CancellationToken.None);
        }
    }

    /// <summary>Which database the file was made of.</summary>
    async Task<string> OriginAsync(string path, CancellationToken ct)
    {
        const string Mark = "dbname: ";
        if (!File.Exists(path))
            throw new DatabaseFileException($"There is no file {path}.");
        var list = await RunAsync("pg_restore", null, ct, "--list", path);
        var line = list.Split('\n').FirstOrDefault(l => l.Contains(Mark)) ?? throw new DatabaseFileException($"{path} is no backup.");
        return line[(line.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..].Trim();
    }

    /// <returns>What the tool wrote.</returns>
    async Task<string> RunAsync(string tool, string? database, CancellationToken ct, params string[] arguments)
    {
        var settings = new NpgsqlConnectionStringBuilder(owner);
        var start = new ProcessStartInfo(Path.Combine(EmbeddedPostgres.FindBinaries(), tool), ["--no-password", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["LC_ALL"] = "C",
                ["PGHOST"] = settings.Host,
                ["PGPORT"] = settings.Port.ToString(),
                ["PGUSER"] = settings.Username,
                ["PGPASSWORD"] = settings.Password,
                ["PGDATABASE"] = database,
                ["PGSSLROOTCERT"] = settings.RootCertificate,
                ["PGSSLMODE"] = settings.SslMode switch
                {
                    SslMode.VerifyCA => "verify-ca",
                    SslMode.VerifyFull => "verify-full",
                    var mode => mode.ToString().ToLowerInvariant()
                }
            }
        };
        using var process = Process.Start(start)!;
        try
        {
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? said[0] : throw new DatabaseFileException(said[1].Trim());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    static async Task ExecuteAsync(NpgsqlConnection server, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, server);
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task<object?> AskAsync(NpgsqlConnection server, string sql, CancellationToken ct, string name)
    {
        await using var command = new NpgsqlCommand(sql, server);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return await command.ExecuteScalarAsync(ct);
    }
}
