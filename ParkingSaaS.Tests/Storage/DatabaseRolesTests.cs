using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Storage;

/// <summary>The server's own wall: what a city's role can do when nothing of the program stands before it, and the platform's.</summary>
public sealed class DatabaseRolesTests(Cluster cluster) : IAsyncLifetime
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly NewCity request = new("r" + Guid.NewGuid().ToString("N")[..12], "苏州", "Suzhou", "Asia/Shanghai", "CNY", null, "admin", "seven-wet-otters");
    TestPlatform platform = null!;

    public async ValueTask InitializeAsync()
    {
        platform = await cluster.NewPlatformAsync();
        Assert.True((await platform.Get<AddCity>().RunAsync(Actor.Platform(Guid.Empty, "root"), request, null, Ct)).Ok);
    }

    public async ValueTask DisposeAsync()
    {
        await platform.DisposeAsync();
        await cluster.DropAsync(City);
    }

    string City => "city_" + request.Code;

    string Alpha => platform.Get<CityDirectory>().Get("alpha").Database;

    string Control => new NpgsqlConnectionStringBuilder(platform.ControlConnectionString).Database!;

    static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Ct);
    }

    string As(string role, string database) => new NpgsqlConnectionStringBuilder(cluster.CityConnectionString(role)) { Database = database }.ConnectionString;

    static async Task RefusedAsync(string connectionString, string sql = "SELECT 1") => Assert.Equal(PostgresErrorCodes.InsufficientPrivilege,
        (await Assert.ThrowsAsync<PostgresException>(() => AskAsync(connectionString, sql))).SqlState);

    /// <summary>One that the product made, and one of the tests' own: they must be alike, or other tests show nothing.</summary>
    [Fact]
    public async Task A_citys_role_reaches_its_own_database_only()
    {
        (string Role, string Other)[] roles = [(City, Alpha), (Alpha, City)];
        await Assert.AllAsync(roles, async of =>
        {
            Assert.Equal(of.Role, await AskAsync(As(of.Role, of.Role), "SELECT current_user::text"));
            foreach (var database in new[] { of.Other, Control, "postgres", "template1" })
                await RefusedAsync(As(of.Role, database));
        });
    }

    [Fact]
    public async Task A_citys_role_is_no_superuser_and_makes_neither_roles_nor_databases_nor_programs()
    {
        Assert.Equal(false, await AskAsync(As(City, City), """
            SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = current_user
            """));
        Assert.Equal(0L, await AskAsync(As(City, City), "SELECT count(*) FROM pg_auth_members WHERE member = current_user::text::regrole"));
        await RefusedAsync(As(City, City), "COPY areas TO PROGRAM 'cat'");
        await RefusedAsync(As(City, City), "COPY areas FROM '/etc/passwd'");
        await RefusedAsync(As(City, City), "SELECT pg_read_file('/etc/passwd')");
        await RefusedAsync(As(City, City), "CREATE ROLE mine SUPERUSER");
        await RefusedAsync(As(City, City), "CREATE DATABASE mine");
        await RefusedAsync(As(City, City), $"SET ROLE {Alpha}");
        await RefusedAsync(As(City, City), "SET ROLE parking");
        await RefusedAsync(As(City, City), "CREATE EXTENSION file_fdw");
    }

    [Fact]
    public async Task The_platforms_role_is_no_superuser_and_sees_no_citys_data()
    {
        var asPlatform = cluster.ConnectionString(Control);
        Assert.Equal((false, true, true), await AttributesAsync());
        await RefusedAsync(asPlatform, "COPY cities TO PROGRAM 'cat'");
        await RefusedAsync(cluster.ConnectionString(City));

        async Task<(bool, bool, bool)> AttributesAsync()
        {
            await using var source = NpgsqlDataSource.Create(asPlatform);
            await using var ask = source.CreateCommand("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user");
            await using var row = await ask.ExecuteReaderAsync(Ct);
            await row.ReadAsync(Ct);
            return (row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2));
        }
    }

    [Fact]
    public async Task Nothing_that_runs_is_a_superuser()
    {
        await using var web = await WebHost.StartAsync(platform, Ct);
        Assert.Equal(0L, await AskAsync(cluster.SetupConnectionString("postgres"), $"""
            SELECT count(*) FROM pg_stat_activity JOIN pg_roles r ON r.oid = usesysid
            WHERE rolsuper AND datname IN ('{Control}', '{Alpha}', '{City}') AND backend_type = 'client backend'
            """));
    }

    [Fact]
    public async Task A_user_that_may_too_much_or_too_little_is_refused_with_what_is_missing()
    {
        (string Attributes, string Why)[] users =
        [
            ("SUPERUSER", "is a superuser"),
            ("CREATEROLE", "may not make databases (CREATEDB), of which"),
            ("CREATEDB", "may not make roles (CREATEROLE), of which"),
            ("INHERIT", "may not make databases (CREATEDB) and roles (CREATEROLE), of which")
        ];
        await Assert.AllAsync(users, async user =>
        {
            var role = "user_" + Guid.NewGuid().ToString("N")[..12];
            await AskAsync(cluster.SetupConnectionString("postgres"), $"CREATE ROLE {role} LOGIN PASSWORD 'p' {user.Attributes}");
            await AskAsync(cluster.SetupConnectionString("postgres"), $"CREATE DATABASE {role} OWNER {role}");
            var settings = new NpgsqlConnectionStringBuilder(cluster.ConnectionString(role)) { Username = role, Password = "p", Pooling = false };
            var refused = await Assert.ThrowsAsync<StorageSetupException>(
                () => new ControlDatabase(settings.ConnectionString).MigrateAsync(NullLogger.Instance, Ct));
            Assert.Contains(role, refused.Message);
            Assert.Contains(user.Why, refused.Message);
            await cluster.DropAsync(role);
        });
    }

    [Fact]
    public async Task Keys_of_cookies_are_sealed_in_the_database()
    {
        var key = new XElement("key", new XElement("masterKey", new XElement("value", "c2VjcmV0")));
        platform.Get<IXmlRepository>().StoreElement(key, "key-1");
        Assert.Equal(key.ToString(), Assert.Single(platform.Get<IXmlRepository>().GetAllElements()).ToString());
        await using var db = platform.Get<ControlDatabase>().Open();
        var kept = await db.Set<ProtectionKey>().SingleAsync(Ct);
        Assert.DoesNotContain("c2VjcmV0", kept.Xml);
        Assert.DoesNotContain("masterKey", Encoding.UTF8.GetString(Convert.FromBase64String(kept.Xml)));
        var stranger = new KeyStore(platform.Get<ControlDatabase>(), MasterKey.Generate());
        Assert.Contains("All nodes need the same one", Assert.Throws<StorageSetupException>(stranger.RequireOwn).Message);
        // One that was moved to another name is none either.
        db.Add(new ProtectionKey { Name = "key-2", Xml = kept.Xml });
        await db.SaveChangesAsync(Ct);
        Assert.Throws<StorageSetupException>(platform.Get<KeyStore>().RequireOwn);
    }
}
