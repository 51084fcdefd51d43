using System.Diagnostics;
using Npgsql;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Storage;

/// <summary>The private server through its life and through accidents.</summary>
public sealed class EmbeddedPostgresTests : IDisposable
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly string directory = Shared.Directory("parking server ");
    readonly MasterKey key = MasterKey.Generate();

    Task<EmbeddedPostgres> StartAsync(string? below = null) =>
        EmbeddedPostgres.StartAsync(below is null ? directory : Path.Combine(directory, below), key, durable: true, Ct);

    string PidFile => Path.Combine(directory, "cluster", "postmaster.pid");

    int Postmaster => int.Parse(File.ReadLines(PidFile).First());

    static async Task<object?> AskAsync(EmbeddedPostgres server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(server.SetupConnectionString) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Ct);
    }

    [Fact]
    public async Task Starts_in_an_empty_directory_stops_and_keeps_its_data()
    {
        var log = new FileInfo(Path.Combine(directory, "server.log"));
        await using (var first = await StartAsync())
        {
            await AskAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");
            await AskAsync(first, "ALTER TABLE kept ADD UNIQUE (answer)");
            await Assert.ThrowsAsync<PostgresException>(() => AskAsync(first, "INSERT INTO kept VALUES (42)"));
        }
        Assert.False(File.Exists(PidFile));
        var said = await File.ReadAllTextAsync(log.FullName, Ct);
        Assert.Contains("duplicate key", said);
        Assert.DoesNotContain("42)", said);
        await using (var fill = log.OpenWrite())
            fill.SetLength(17 << 20);

        await using var second = await StartAsync();
        log.Refresh();
        Assert.InRange(log.Length, 1, 1 << 20); // the long one was put aside
        Assert.Equal(42, await AskAsync(second, "SELECT answer FROM kept"));
        Assert.Equal("", await AskAsync(second, "SELECT current_setting('listen_addresses')"));
    }

    [Fact]
    public async Task The_password_is_readable_to_its_owner_only_and_needed()
    {
        await using var server = await StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(directory, "password")));
        await using var guess = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres", Password = "guess", Pooling = false }.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(async () => await guess.OpenConnectionAsync(Ct));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task Another_key_does_not_open_it()
    {
        await (await StartAsync()).DisposeAsync();
        var refused = await Assert.ThrowsAsync<StorageSetupException>(
            () => EmbeddedPostgres.StartAsync(directory, MasterKey.Generate(), durable: true, Ct));
        Assert.Contains("not the one that the databases were made with", refused.Message);
        Assert.False(File.Exists(PidFile));
    }

    [Fact]
    public async Task A_directory_of_an_earlier_version_is_refused_with_a_word()
    {
        await using (var server = await StartAsync())
            await AskAsync(server, "CREATE DATABASE parking_control");
        await using (var server = await StartAsync())
        {
            await AskAsync(server, "REVOKE CONNECT ON DATABASE postgres FROM parking_platform");
            await AskAsync(server, "DROP ROLE parking_platform");
        }
        Assert.Contains("made by an earlier version", (await Assert.ThrowsAsync<StorageSetupException>(() => StartAsync())).Message);
        Assert.False(File.Exists(PidFile));
    }

    [Fact]
    public async Task Of_two_users_the_last_one_stops_it()
    {
        var one = await StartAsync();
        var two = await StartAsync();
        await one.DisposeAsync();
        Assert.Equal(1, await AskAsync(two, "SELECT 1"));
        await two.DisposeAsync();
        Assert.False(File.Exists(PidFile));
        await two.DisposeAsync();
    }

    [Fact]
    public async Task A_killed_server_whose_process_id_somebody_else_has_now_is_started_again()
    {
        var lost = await StartAsync();
        await AskAsync(lost, "CREATE TABLE kept AS SELECT 42 AS answer");
        KillPostmaster();
        var lines = await File.ReadAllLinesAsync(PidFile, Ct);
        lines[0] = Environment.ProcessId.ToString();
        await File.WriteAllLinesAsync(PidFile, lines, Ct);

        await using var server = await StartAsync();
        Assert.NotEqual(Environment.ProcessId, Postmaster);
        Assert.Equal(42, await AskAsync(server, "SELECT answer FROM kept"));
        await lost.DisposeAsync();
        Assert.Equal(1, await AskAsync(server, "SELECT 1"));
    }

    void KillPostmaster()
    {
        using var postmaster = Process.GetProcessById(Postmaster);
        postmaster.Kill();
        Assert.True(postmaster.WaitForExit(TimeSpan.FromSeconds(30)), "The killed server lives on");
    }

    [Fact]
    public async Task A_server_that_dies_is_started_again_once_by_the_programs_that_use_it()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await AskAsync(one, "CREATE TABLE kept AS SELECT 42 AS answer");
        using var stop = new CancellationTokenSource();
        var (logOfOne, logOfTwo) = (new CapturedLogs(), new CapturedLogs());
        var watching = new[] { one.WatchAsync(logOfOne.CreateLogger(""), TimeProvider.System, stop.Token),
            two.WatchAsync(logOfTwo.CreateLogger(""), TimeProvider.System, stop.Token) };
        KillPostmaster();
        // The other may have looked only when it was back already.
        await Eventually.HoldsAsync(() => logOfOne.Lines.Concat(logOfTwo.Lines).Any(l => l.Contains("is back after 1 attempts")));
        await Eventually.HoldsAsync(() => !one.IsGone && !two.IsGone);
        Assert.Equal(42, await AskAsync(two, "SELECT answer FROM kept"));
        await stop.CancelAsync();
        await Task.WhenAll(watching);
        Assert.Equal(1, await AskAsync(one, "SELECT 1"));
    }

    [Fact]
    public async Task While_it_cannot_start_the_pauses_grow_a_stop_ends_at_once_and_it_comes_back_when_it_can()
    {
        await using var server = await StartAsync();
        var settings = Path.Combine(directory, "cluster", "postgresql.auto.conf");
        var good = await File.ReadAllTextAsync(settings, Ct);
        await File.WriteAllTextAsync(settings, "no setting at all", Ct);
        KillPostmaster();

        var (logs, clock) = (new CapturedLogs(), new FakeTime());
        using (var stop = new CancellationTokenSource())
        {
            var watching = server.WatchAsync(logs.CreateLogger(""), clock, stop.Token);
            await Eventually.HoldsAsync(() => logs.Lines.Any(l => l.Contains("Attempt 4")), () => clock.Advance(TimeSpan.FromSeconds(1)));
            Assert.True(server.IsGone);
            Assert.Single(logs.Lines, l => l.Contains("is gone"));
            Assert.Equal(["00:00:01", "00:00:02", "00:00:04", "00:00:08"],
                logs.Lines.Where(l => l.Contains("Attempt")).Take(4).Select(l => l.Split("again in ")[1][..8]));
            await stop.CancelAsync();
            await watching;
        }

        await File.WriteAllTextAsync(settings, good, Ct);
        using (var stop = new CancellationTokenSource())
        {
            var watching = server.WatchAsync(logs.CreateLogger(""), clock, stop.Token);
            await Eventually.HoldsAsync(() => logs.Lines.Any(l => l.Contains("is back")), () => clock.Advance(TimeSpan.FromSeconds(1)));
            Assert.False(server.IsGone);
            Assert.Equal(1, await AskAsync(server, "SELECT 1"));
            await stop.CancelAsync();
            await watching;
        }
    }

    [Fact]
    public async Task A_directory_too_deep_for_a_socket_and_in_Chinese_will_do()
    {
        var deep = Path.Combine([.. Enumerable.Repeat("停车数据目录", 8)]);
        await using var server = await StartAsync(deep);
        Assert.Equal(1, await AskAsync(server, "SELECT 1"));
        Assert.True(File.Exists(Path.Combine(directory, deep, "cluster", "PG_VERSION")));
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
