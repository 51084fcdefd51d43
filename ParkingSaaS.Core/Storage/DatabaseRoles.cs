using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>The database server's own wall: the platform's role makes databases and roles, and owns the control database; a city's role owns its database
/// and reaches no other; none is a superuser. What is said here holds on PostgreSQL 15 and later: from 16 on, a role that may make roles is not thereby a
/// member of those that it made, so membership is granted for as long as it is needed.</summary>
static class DatabaseRoles
{
    /// <summary>So that two nodes do not make the same city at once.</summary>
    const long Making = 0x7061_726B_0000_0001;

    /// <summary>The platform's role on the private server, and the doors of the databases that come with a server.</summary>
    /// <param name="connectionString">Connects as the superuser.</param>
    /// <param name="control">The control database.</param>
    /// <param name="role">The platform's role.</param>
    /// <exception cref="StorageSetupException">The databases were made before there were roles, or with another key.</exception>
    public static async Task MakePlatformAsync(string connectionString, string control, string role, string password, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using (var source = NpgsqlDataSource.Create(settings))
        {
            if (await AskAsync(source, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role, ct) is not true)
            {
                if (await AskAsync(source, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", control, ct) is true)
                    throw new StorageSetupException("The data directory was made by an earlier version, whose databases all belong to the server's superuser. "
                        + "Start with an empty one: what that version kept cannot be taken over.");
                // One transaction: the role is the sign that all of it was done.
                await using var make = source.CreateCommand($"""
                    CREATE ROLE {Quote(role)} LOGIN CREATEDB CREATEROLE PASSWORD '{Verifier(password)}';
                    REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
                    GRANT CONNECT ON DATABASE postgres TO {Quote(role)}
                    """);
                await make.ExecuteNonQueryAsync(ct);
            }
        }
        (settings.Username, settings.Password) = (role, password);
        await using var platform = new NpgsqlConnection(settings.ConnectionString);
        await OpenAsync(platform, role, ct);
    }

    /// <summary>The role that the program runs as may do what is needed, and not everything; and its database is closed to the cities' roles.</summary>
    /// <returns>The databases of the server that are open to every role.</returns>
    /// <exception cref="StorageSetupException">It may not.</exception>
    public static async Task<IReadOnlyList<string>> CheckPlatformAsync(NpgsqlDataSource control, CancellationToken ct)
    {
        await using (var ask = control.CreateCommand("SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"))
        await using (var row = await ask.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            var (role, super, databases, roles) = (row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), row.GetBoolean(3));
            if (super)
                throw new StorageSetupException($"The database user {role} is a superuser, and the program does not run as one. Give it a user of its own: "
                    + "CREATE ROLE parking LOGIN CREATEDB CREATEROLE PASSWORD '…'");
            if (!databases || !roles)
                throw new StorageSetupException($"The database user {role} may not make {(databases ? "" : "databases (CREATEDB)")}"
                    + $"{(databases || roles ? "" : " and ")}{(roles ? "" : "roles (CREATEROLE)")}, of which each city has its own. "
                    + $"As a superuser: ALTER ROLE {Quote(role)} CREATEDB CREATEROLE");
        }
        await CloseAsync(control, ct);
        var open = new List<string>();
        await using (var ask = control.CreateCommand($"SELECT datname FROM pg_database d WHERE datallowconn AND {IsOpen} ORDER BY datname"))
        await using (var rows = await ask.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                open.Add(rows.GetString(0));
        return open;
    }

    /// <summary>A city's role and database, whichever of them is not there yet.</summary>
    /// <param name="connection">To the control database, as the platform's role, and not pooled: a lock ends with it.</param>
    /// <param name="name">The name of both.</param>
    /// <exception cref="StorageSetupException">There is a database of that name that belongs to somebody else.</exception>
    public static async Task MakeCityAsync(NpgsqlConnection connection, string name, string password, CancellationToken ct)
    {
        await connection.OpenAsync(ct);
        if (await LookAsync() is (true, { } its))
        {
            RequireOwn(its);
            return;
        }
        var quoted = Quote(name);
        await ExecuteAsync($"SELECT pg_advisory_lock({Making})");
        var (role, owner) = await LookAsync();
        if (owner is not null)
            RequireOwn(owner);
        if (!role)
            await MakeRoleAsync(connection, name, password, ct);
        await ExecuteAsync($"GRANT {quoted} TO CURRENT_USER");
        if (owner is null)
            await ExecuteAsync($"CREATE DATABASE {quoted} OWNER {quoted}");
        await ExecuteAsync($"REVOKE {quoted} FROM CURRENT_USER");

        async Task<(bool Role, string? Owner)> LookAsync()
        {
            await using var look = new NpgsqlCommand("""
                SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1), (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = $1)::text
                """, connection);
            look.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            await using var row = await look.ExecuteReaderAsync(ct);
            await row.ReadAsync(ct);
            return (row.GetBoolean(0), row.IsDBNull(1) ? null : row.GetString(1));
        }

        void RequireOwn(string owner)
        {
            if (owner != name)
                throw new StorageSetupException($"The database {name} belongs to the role {owner}, and not to the city's own, {name}. "
                    + "It was made by somebody else or by an earlier version, and cannot be taken over.");
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>A city's role, which may sign in and nothing else.</summary>
    public static async Task MakeRoleAsync(NpgsqlConnection connection, string name, string password, CancellationToken ct)
    {
        await using var make = new NpgsqlCommand($"CREATE ROLE {Quote(name)} LOGIN PASSWORD '{Verifier(password)}'", connection);
        await make.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Closes the database to all but its owner, who asks for it: a new one lets everybody connect.</summary>
    public static async Task CloseAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        // Only once: nodes that start together would be in each other's way.
        if (await AskAsync(database,
                $"SELECT {IsOpen} AND pg_has_role(datdba, 'USAGE') FROM pg_database d WHERE datname = current_database()", null, ct) is not true)
            return;
        await using var close = database.CreateCommand("DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$");
        await close.ExecuteNonQueryAsync(ct);
    }

    /// <exception cref="StorageSetupException">The role has another password.</exception>
    public static async Task OpenAsync(NpgsqlConnection connection, string role, CancellationToken ct)
    {
        try
        {
            await connection.OpenAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw StorageSetupException.WrongKey(role);
        }
    }

    /// <summary>What the server keeps of a password (RFC 5803), so that the password itself is in no statement and in no log of statements.</summary>
    internal static string Verifier(string password)
    {
        const int iterations = 4096;
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }

    /// <summary>Whether everybody may connect to the database <c>d</c>.</summary>
    const string IsOpen = "(datacl IS NULL OR EXISTS (SELECT FROM aclexplode(datacl) WHERE grantee = 0 AND privilege_type = 'CONNECT'))";

    internal static string Quote(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);

    static async Task<object?> AskAsync(NpgsqlDataSource source, string sql, string? argument, CancellationToken ct)
    {
        await using var ask = source.CreateCommand(sql);
        if (argument is not null)
            ask.Parameters.Add(new NpgsqlParameter<string> { TypedValue = argument });
        return await ask.ExecuteScalarAsync(ct);
    }
}
