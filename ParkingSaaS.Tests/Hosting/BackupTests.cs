using System.Net;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Hosting;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>Backups, as an operator makes and restores them while the program runs.</summary>
public sealed class BackupTests(Cluster cluster) : IAsyncLifetime
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly string directory = Directory.CreateTempSubdirectory("parking-backup-").FullName;
    TestPlatform platform = null!;
    WebHost web = null!;

    string City => platform.Get<CityDirectory>().Get("alpha").Database;
    string Control => new NpgsqlConnectionStringBuilder(platform.ControlConnectionString).Database!;
    string File(string name) => Path.Combine(directory, name);

    public async ValueTask InitializeAsync()
    {
        platform = await cluster.NewPlatformAsync();
        web = await WebHost.StartAsync(platform, Ct);
        await web.AddUserAsync(platform.Alpha, "li", Roles.City, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await web.DisposeAsync();
        await cluster.DropAsync(City + "_before_restore");
        await cluster.DropAsync(Control + "_before_restore");
        await platform.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    async Task<string> RunAsync(params string[] command)
    {
        var said = new StringWriter();
        await BackupCommand.Of([.. command, "--environment=Test", $"--Data={directory}", $"--ConnectionStrings:Control={platform.ControlConnectionString}",
            platform.KeySetting])!
            .RunAsync(said, Ct);
        return said.ToString();
    }

    async Task<string> RefusalAsync(params string[] command) =>
        (await Assert.ThrowsAsync<StartUpException>(() => RunAsync(command))).Message;

    async Task<List<string>> AskAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(cluster.SetupConnectionString(database));
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(Ct);
        List<string> found = [];
        while (await rows.ReadAsync(Ct))
            found.Add(rows.GetValue(0).ToString()!);
        return found;
    }

    /// <summary>Each table with the number of its rows and a digest of what they say; indexes, triggers.</summary>
    async Task<List<string>> ContentAsync(string database) =>
    [
        .. await AskAsync(database, """
            SELECT tablename || ' ' || query_to_xml(
              format('SELECT count(*), md5(string_agg(t.kept, chr(10) ORDER BY t.kept)) FROM (SELECT (to_jsonb(r) - %L::text[])::text AS kept FROM %I r) t',
                CASE tablename WHEN 'sign_in_sessions' THEN '{ended_at,end_reason}' ELSE '{}' END, tablename), false, true, '')
            FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'broker_states' ORDER BY 1
            """),
        .. await AskAsync(database, "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"),
        .. await AskAsync(database, "SELECT tgname || tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
    ];

    async Task<HttpStatusCode> SignInAsync()
    {
        using var browser = web.Browser();
        return (await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct)).StatusCode;
    }

    [Fact]
    public async Task A_damaged_city_is_restored_under_a_running_program()
    {
        using var browser = web.Browser();
        Assert.Equal(HttpStatusCode.Redirect, (await WebHost.SignInAsync(browser, "alpha", "li", WebHost.Password, Ct)).StatusCode);
        var before = await ContentAsync(City);
        Assert.Contains(City, await RunAsync("backup-city", "alpha", File("alpha.dump")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File("alpha.dump")));
        Assert.Contains("is there already", await RefusalAsync("backup-city", "alpha", File("alpha.dump")));

        await AskAsync(City, "DROP TABLE devices CASCADE; DELETE FROM users; UPDATE lots SET name = 'spoilt ' || name");
        Assert.Contains(City + "_before_restore", await RunAsync("restore-city", "alpha", File("alpha.dump")));

        Assert.Equal(before, await ContentAsync(City));
        Assert.Equal(["spoilt North", "spoilt South"], await AskAsync(City + "_before_restore", "SELECT name FROM lots ORDER BY 1"));
        await Eventually.HoldsAsync(async () => await SignInAsync() is HttpStatusCode.Redirect);
        // It might have been ended since the backup.
        var refused = await browser.GetAsync("/alpha/users", Ct);
        Assert.EndsWith("&ended=EndedByAdministrator", $"{refused.StatusCode} {refused.Headers.Location}");
        // Once more, over what was kept.
        await RunAsync("restore-city", "alpha", File("alpha.dump"));
        Assert.Equal(before, await ContentAsync(City));

        Assert.Equal([City], await AskAsync(City, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"));
        Assert.Equal(["0"], await AskAsync("postgres", $"SELECT count(*) FROM pg_auth_members WHERE roleid = '{City}'::regrole"));
        Assert.Equal(["0"], await AskAsync("postgres", $"""
            SELECT count(*) FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE datname LIKE '{City}%' AND grantee = 0
            """));

        // As on another machine, where there is neither the database nor its role.
        await cluster.DropAsync(City);
        await cluster.DropAsync(City + "_before_restore");
        await AskAsync("postgres", $"DROP ROLE {City}");
        Assert.DoesNotContain("_before_restore", await RunAsync("restore-city", "alpha", File("alpha.dump")));
        Assert.Equal(before, await ContentAsync(City));
    }

    [Fact]
    public async Task What_cannot_be_restored_is_refused_and_changes_nothing()
    {
        await RunAsync("backup-city", "alpha", File("alpha.dump"));
        await RunAsync("backup-city", "beta", File("beta.dump"));
        var good = await System.IO.File.ReadAllBytesAsync(File("alpha.dump"), Ct);
        await System.IO.File.WriteAllBytesAsync(File("cut.dump"), good[..(good.Length * 3 / 4)], Ct);
        await System.IO.File.WriteAllTextAsync(File("text.dump"), "no backup", Ct);
        await AskAsync(City, "UPDATE \"__EFMigrationsHistory\" SET migration_id = '20261121040954_Initial'");
        await RunAsync("backup-city", "alpha", File("older.dump"));
        var first = new CityDb(new DbContextOptionsBuilder<CityDb>().UsePostgres().Options).Database.GetMigrations().First();
        await AskAsync(City, $"UPDATE \"__EFMigrationsHistory\" SET migration_id = '{first}'");
        await AskAsync(City, "INSERT INTO \"__EFMigrationsHistory\" VALUES ('99990101000000_Later', '99')");
        await RunAsync("backup-city", "alpha", File("later.dump"));
        var before = await ContentAsync(City);

        Assert.Contains("is a backup of the database beta", await RefusalAsync("restore-city", "alpha", File("beta.dump")));
        Assert.Contains("pg_restore", await RefusalAsync("restore-city", "alpha", File("cut.dump")));
        Assert.Contains("pg_restore", await RefusalAsync("restore-city", "alpha", File("text.dump")));
        Assert.Contains("99990101000000_Later", await RefusalAsync("restore-city", "alpha", File("later.dump")));
        Assert.Contains("is of an older version", await RefusalAsync("restore-city", "alpha", File("older.dump")));
        Assert.Contains("There is no file", await RefusalAsync("restore-city", "alpha", File("nothing.dump")));
        Assert.Contains("There is no city gamma", await RefusalAsync("backup-city", "gamma", File("gamma.dump")));
        Assert.Contains("Could not find", await RefusalAsync("backup-city", "alpha", File("nowhere/alpha.dump")));
        Assert.Contains("usage", Assert.Throws<StartUpException>(() => BackupCommand.Of(["backup-city", "--Data=x"])).Message);

        Assert.Equal(before, await ContentAsync(City));
        Assert.DoesNotContain(await AskAsync("postgres", "SELECT datname FROM pg_database"), d => d.StartsWith(City + "_", StringComparison.Ordinal));
        Assert.Equal(6, Directory.GetFiles(directory).Length);
    }

    [Fact]
    public async Task The_control_database_is_restored_when_nobody_uses_it()
    {
        await RunAsync("backup-control", File("control.dump"));
        await AskAsync(Control, "DELETE FROM cities");
        Assert.Contains("Stop all nodes", await RefusalAsync("restore-control", File("control.dump")));
        await web.DisposeAsync();
        using (var pool = new NpgsqlConnection(platform.ControlConnectionString))
            NpgsqlConnection.ClearPool(pool);
        await Eventually.HoldsAsync(async () => await AskAsync("postgres", $"SELECT pid FROM pg_stat_activity WHERE datname = '{Control}'") is []);
        await RunAsync("restore-control", File("control.dump"));
        Assert.Equal(["alpha", "beta"], await AskAsync(Control, "SELECT code FROM cities ORDER BY 1"));
        web = await WebHost.StartAsync(platform, Ct);
        Assert.Equal(HttpStatusCode.Redirect, await SignInAsync());
    }
}
