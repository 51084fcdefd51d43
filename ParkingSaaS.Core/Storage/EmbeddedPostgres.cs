using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ParkingSaaS.Core.Storage;

/// <summary>A private PostgreSQL cluster that the program starts, watches and stops by itself, for installations without a database
/// server. It listens on a Unix socket only. Several programs may share one data directory: the last one stops the server.</summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>Sets the server up, and is never what the program works as.</summary>
    const string SuperUser = "parking";

    const string PlatformRole = "parking_platform";
    const string Control = "parking_control";

    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>A log of more bytes is put aside when the server starts.</summary>
    const long LongLog = 16L << 20;

    /// <summary>After it was told to stop, the server goes on doing so by itself.</summary>
    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    readonly string root;
    readonly string cluster;
    readonly string sockets;
    readonly string binaries;
    readonly string? osUser;
    FileStream? share;
    volatile bool gone;

    EmbeddedPostgres(string directory)
    {
        osUser = geteuid() == 0 ? (Accounts().Any(a => a[0] == "postgres") ? "postgres" : "nobody") : null;
        root = Reachable(Path.GetFullPath(directory));
        cluster = Path.Combine(root, "cluster");
        // A socket's path is cut at some 107 bytes, so a deep data directory keeps its socket elsewhere.
        sockets = Encoding.UTF8.GetByteCount(root) <= 80
            ? Path.Combine(root, "socket")
            : Path.Combine(Path.GetTempPath(), "parking-" + Digest(root));
        binaries = FindBinaries();
    }

    /// <summary>Where it lives.</summary>
    public string Root => root;

    /// <summary>Connects to the control database as the platform's role.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Connects to the database <c>postgres</c> as the superuser.</summary>
    internal string SetupConnectionString { get; private set; } = "";

    /// <summary>Whether the watch found the server dead and has not brought it back yet.</summary>
    public bool IsGone => gone;

    /// <summary>Bytes that are free where it lives.</summary>
    public long FreeSpace => new DriveInfo(root).AvailableFreeSpace;

    /// <summary>Starts the cluster in a directory, creating it at the first start, or joins the one that runs there already,
    /// for example after the program was killed.</summary>
    /// <param name="directory">Where it lives. As root it belongs to another user; where that user cannot reach the directory
    /// (under /root, say) it lives under /var/lib/parkingsaas instead.</param>
    /// <param name="key">What the password of the platform's role is made from.</param>
    /// <param name="durable">False gives up what saves data from a crash of the machine, for tests only.</param>
    /// <exception cref="StorageSetupException">What is there was made with another key, or by an earlier version.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(string directory, MasterKey key, bool durable, CancellationToken ct)
    {
        var server = new EmbeddedPostgres(directory);
        try
        {
            await server.StartAsync(key, durable, ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    async Task StartAsync(MasterKey key, bool durable, CancellationToken ct)
    {
        Directory.CreateDirectory(root);
        Directory.CreateDirectory(sockets);
        using var gate = await LockAsync(ct);
        var password = await PasswordAsync(ct);
        await GiveAwayAsync(root, sockets, PasswordFile, LogFile);
        // Whoever uses the server shares this lock; the system drops it when the program ends, however it ends.
        share = new FileStream(UsersFile, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
        if (!File.Exists(Path.Combine(cluster, "PG_VERSION")))
            await CreateAsync(durable, ct);
        await WriteSettingsAsync(durable, ct);
        await EnsureRunningAsync(ct);
        SetupConnectionString = Connect(SuperUser, password, "postgres");
        ConnectionString = Connect(PlatformRole, key.PasswordOf(PlatformRole), Control);
        await DatabaseRoles.MakePlatformAsync(SetupConnectionString, Control, PlatformRole, key.PasswordOf(PlatformRole), ct);
    }

    string Connect(string role, string password, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = sockets,
        Username = role,
        Password = password,
        Database = database,
        MaxPoolSize = 32,
        ConnectionIdleLifetime = 60
    }.ConnectionString;

    async Task EnsureRunningAsync(CancellationToken ct)
    {
        // A server that is still starting, after a crash say, or stopping, is left to it.
        while (IsAlive() && !IsReady())
            await Task.Delay(50, ct);
        if (IsAlive())
            return;
        await ClearStaleFilesAsync(ct);
        if (new FileInfo(LogFile) is { Exists: true, Length: > LongLog })
            File.Move(LogFile, LogFile + ".old", overwrite: true);
        // pg_ctl starts the server in a session of its own: Ctrl-C in our terminal does not reach it.
        await RunAsync(Tool("pg_ctl", "-D", cluster, "-l", LogFile, "-w", "-t", "120", "-s", "start"), ct, readOutput: false);
    }

    /// <summary>Starts the server again, until it is cancelled, whenever its main process is gone: killed, or ended by itself on a full
    /// disk. What keeps it from starting may last, so the pauses grow, from a second to a minute.</summary>
    public async Task WatchAsync(ILogger log, TimeProvider clock, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Look, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                if (!IsAlive())
                    await ReviveAsync(log, clock, ct);
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    async Task ReviveAsync(ILogger log, TimeProvider clock, CancellationToken ct)
    {
        gone = true;
        log.LogError("The private database server is gone; starting it again. It says why in {File}", LogFile);
        var since = clock.GetTimestamp();
        var pause = Look;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Another program on the same directory may have been quicker.
                using var gate = await LockAsync(ct);
                await EnsureRunningAsync(ct);
                NpgsqlConnection.ClearAllPools(); // they are of the server that is gone
                gone = false;
                log.LogWarning("The private database server is back after {Attempts} attempts in {Seconds:0} s", attempt,
                    clock.GetElapsedTime(since).TotalSeconds);
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogWarning("Attempt {Attempt} to start the private database server failed, {Seconds:0} s after it went; again in {Pause}: {Reason}",
                    attempt, clock.GetElapsedTime(since).TotalSeconds, pause, e.Message);
            }
            await Task.Delay(pause, clock, ct);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    string PasswordFile => Path.Combine(root, "password");
    string UsersFile => Path.Combine(root, "users");
    string LogFile => Path.Combine(root, "server.log");

    /// <summary>A killed initdb leaves only <c>cluster.new</c>, never half a cluster.</summary>
    async Task CreateAsync(bool durable, CancellationToken ct)
    {
        var fresh = cluster + ".new";
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        await RunAsync(Tool("initdb", ["-D", fresh, "-U", SuperUser, "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256",
            "--pwfile=" + PasswordFile, .. durable ? (string[])["--data-checksums"] : []]), ct);
        Directory.Move(fresh, cluster);
    }

    async Task WriteSettingsAsync(bool durable, CancellationToken ct)
    {
        var file = Path.Combine(cluster, "postgresql.auto.conf");
        var settings = $"""
            listen_addresses = ''
            unix_socket_directories = '{sockets.Replace("'", "''")}'
            unix_socket_permissions = 0700
            max_connections = 1000
            shared_buffers = 256MB
            max_wal_size = 2GB
            timezone = 'UTC'
            log_checkpoints = off
            log_error_verbosity = terse # details tell plates and telephone numbers, statements may
            log_min_error_statement = panic
            fsync = {On(durable)}
            synchronous_commit = {On(durable)}
            full_page_writes = {On(durable)}
            wal_compression = {On(durable)}

            """;
        if (await File.ReadAllTextAsync(file, ct) == settings)
            return;
        // On a full disk the old file stays as it is.
        await File.WriteAllTextAsync(file + ".new", settings, ct);
        await GiveAwayAsync(file + ".new");
        File.Move(file + ".new", file, overwrite: true);
    }

    static string On(bool on) => on ? "on" : "off";

    async Task<string> PasswordAsync(CancellationToken ct)
    {
        if (!File.Exists(PasswordFile))
        {
            await using (File.Open(PasswordFile, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
            })) { }
            await File.WriteAllTextAsync(PasswordFile, Convert.ToHexString(RandomNumberGenerator.GetBytes(24)), ct);
        }
        return (await File.ReadAllTextAsync(PasswordFile, ct)).Trim();
    }

    /// <summary>The main process lives, whether it starts, works or stops. The file of a killed server may name a process id that
    /// somebody else has now; the real server's working directory is the cluster.</summary>
    bool IsAlive() => PidFile() is [var process, ..] && WorksIn($"/proc/{process}");

    bool IsReady() => PidFile() is { Length: >= 8 } lines && lines[7].StartsWith("ready", StringComparison.Ordinal);

    /// <summary>Line 1 is the process, line 8 its state.</summary>
    string[] PidFile()
    {
        try
        {
            return File.ReadAllLines(Path.Combine(cluster, "postmaster.pid"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    bool WorksIn(string process)
    {
        try
        {
            return new FileInfo(process + "/cwd").LinkTarget == cluster;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    async Task ClearStaleFilesAsync(CancellationToken ct)
    {
        // Children of a killed server live on for a moment; they end by themselves once they notice.
        var patience = Stopwatch.StartNew();
        while (Directory.EnumerateDirectories("/proc").Any(WorksIn))
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(30))
                throw new InvalidOperationException($"Processes of a killed PostgreSQL still work in {cluster}");
            await Task.Delay(50, ct);
        }
        File.Delete(Path.Combine(cluster, "postmaster.pid"));
        foreach (var file in Directory.GetFiles(sockets, ".s.PGSQL.*"))
            File.Delete(file);
    }

    /// <summary>Stops the server, unless other programs still use it. One that does not answer is not waited for longer than ten
    /// seconds.</summary>
    /// <exception cref="InvalidOperationException">It has not stopped in that time; it may still do so by itself.</exception>
    public async ValueTask DisposeAsync()
    {
        if (share is null)
            return;
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            using var gate = await LockAsync(patience.Token);
            await share.DisposeAsync();
            share = null;
            if (UsedByOthers() || !IsAlive())
                return;
            await RunAsync(Tool("pg_ctl", "-D", cluster, "-w", "-t", $"{StopPatience.TotalSeconds:0}", "-m", "fast", "-s", "stop"), patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"The private database server in {cluster} does not stop");
        }
        finally
        {
            if (share is not null)
                await share.DisposeAsync();
            share = null;
        }
        NpgsqlConnection.ClearAllPools();
    }

    bool UsedByOthers()
    {
        try
        {
            using var alone = new FileStream(UsersFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>One program at a time starts or stops the server.</summary>
    async Task<FileStream> LockAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(50, ct);
            }
        }
    }

    ProcessStartInfo Tool(string name, params string[] arguments)
    {
        var tool = Path.Combine(binaries, name);
        var start = osUser is null
            ? new ProcessStartInfo(tool)
            : new ProcessStartInfo("setpriv", ["--reuid", osUser, "--regid", Accounts().First(a => a[0] == osUser)[3], "--clear-groups", "--", tool]);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.WorkingDirectory = "/";
        start.Environment["LC_ALL"] = "C";
        foreach (var variable in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(variable);
        return start;
    }

    /// <param name="readOutput">False where the process leaves a child behind that would hold the pipe open.</param>
    static async Task RunAsync(ProcessStartInfo start, CancellationToken ct, bool readOutput = true)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        try
        {
            var output = readOutput
                ? await Task.WhenAll(process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct))
                : [];
            await process.WaitForExitAsync(ct);
            if (process.ExitCode != 0)
                throw new InvalidOperationException(
                    $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode} {string.Concat(output).Trim()}".Trim());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    async Task GiveAwayAsync(params string[] paths)
    {
        if (osUser is not null)
            await RunAsync(new ProcessStartInfo("chown", [osUser, .. paths.Where(Path.Exists)]), CancellationToken.None);
    }

    /// <summary>Every folder above must let the other user through.</summary>
    string Reachable(string directory)
    {
        if (osUser is null)
            return directory;
        for (var parent = Directory.GetParent(directory); parent is not null; parent = parent.Parent)
            if (parent.Exists && !File.GetUnixFileMode(parent.FullName).HasFlag(UnixFileMode.OtherExecute))
                return Path.Combine("/var/lib/parkingsaas", Digest(directory));
        return directory;
    }

    internal static string FindBinaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var v) ? v : 0)
            : Enumerable.Empty<string>();
        return debian.Select(d => Path.Combine(d, "bin")).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            ?? throw new InvalidOperationException(
                "No PostgreSQL server programs under /usr/lib/postgresql. Install the package 'postgresql', or name a server in ConnectionStrings:Control.");
    }

    static IEnumerable<string[]> Accounts() => File.ReadLines("/etc/passwd").Select(line => line.Split(':'));

    static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..10];

    [DllImport("libc")]
    static extern uint geteuid();
}
