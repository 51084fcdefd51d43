using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParkingSaaS.Bench.Faults;

/// <summary>What happens to a database server in its life, done to one by signals and by its disk. Each ends by itself.</summary>
/// <param name="cluster">The server's data directory, by which its processes are known.</param>
/// <param name="disk">A file system of its own that the server lives on; null where there is none, and then it does not get full.</param>
/// <param name="random">How long, how many, which.</param>
internal sealed class ServerFaults(string cluster, string? disk, Random random)
{
    const int Interrupt = 2, Quit = 3, Killed = 9, Terminate = 15, Continue = 18, Stop = 19;

    /// <summary>All that can be done here, by name.</summary>
    public IReadOnlyDictionary<string, Func<CancellationToken, Task>> All { get; private init; } = null!;

    /// <inheritdoc cref="ServerFaults"/>
    public static ServerFaults Of(string cluster, string? disk, Random random)
    {
        var faults = new ServerFaults(cluster, disk, random);
        Dictionary<string, Func<CancellationToken, Task>> all = new()
        {
            ["connections cut again and again"] = faults.CutAsync,
            ["frozen"] = faults.FreezeAsync,
            ["a backend killed"] = faults.CrashAsync,
            ["killed"] = _ => faults.SignalServer(Killed),
            ["stopped at once"] = _ => faults.SignalServer(Quit),
            ["stopped"] = _ => faults.SignalServer(Interrupt)
        };
        if (disk is not null)
            all["disk full"] = faults.FillAsync;
        return new ServerFaults(cluster, disk, random) { All = all };
    }

    /// <summary>Each connection that serves a city ends, every tenth of a second.</summary>
    async Task CutAsync(CancellationToken ct)
    {
        for (var round = random.Next(10, 30); round > 0 && !ct.IsCancellationRequested; round--)
        {
            foreach (var backend in Backends())
                _ = Signal(backend, Terminate);
            await Pause(TimeSpan.FromMilliseconds(100), ct);
        }
    }

    async Task FreezeAsync(CancellationToken ct)
    {
        var processes = Processes();
        foreach (var process in processes)
            _ = Signal(process, Stop);
        try
        {
            await Pause(TimeSpan.FromSeconds(1 + 4 * random.NextDouble()), ct);
        }
        finally
        {
            foreach (var process in processes)
                _ = Signal(process, Continue);
        }
    }

    /// <summary>Then the server ends all connections and recovers.</summary>
    Task CrashAsync(CancellationToken ct)
    {
        if (Backends() is { Count: > 0 } backends)
            _ = Signal(backends[random.Next(backends.Count)], Killed);
        return Task.CompletedTask;
    }

    Task SignalServer(int signal)
    {
        var file = Path.Combine(cluster, "postmaster.pid");
        if (File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), out var server) && Processes().Contains(server))
            _ = Signal(server, signal);
        return Task.CompletedTask;
    }

    async Task FillAsync(CancellationToken ct)
    {
        var filler = Path.Combine(disk!, "filler");
        try
        {
            await using (var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                var zeros = new byte[64 * 1024];
                try
                {
                    while (true)
                        file.Write(zeros);
                }
                catch (IOException)
                {
                    // full
                }
            }
            await Pause(TimeSpan.FromSeconds(1 + 5 * random.NextDouble()), ct);
        }
        finally
        {
            File.Delete(filler);
        }
    }

    /// <summary>The server's processes: their working directory is its data.</summary>
    List<int> Processes() => [.. Directory.EnumerateDirectories("/proc")
        .Where(p => int.TryParse(Path.GetFileName(p), out _) && WorksInCluster(p)).Select(p => int.Parse(Path.GetFileName(p)))];

    bool WorksInCluster(string process)
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

    /// <summary>Those that serve a connection to a city's database.</summary>
    List<int> Backends() => [.. Processes().Where(p => Title(p).Contains(" city_", StringComparison.Ordinal))];

    static string Title(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    static async Task Pause(TimeSpan time, CancellationToken ct) =>
        await Task.Delay(time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Signal(int process, int signal);
}

/// <summary>A directory on a small file system of its own, in memory, so that it can be filled; only root may make one.</summary>
internal sealed class SmallDisk : IDisposable
{
    const string Prefix = "parking-faults-";
    const int Megabytes = 1500;

    SmallDisk(string path, bool mounted) => (Path, IsMounted) = (path, mounted);

    public string Path { get; }

    /// <summary>False where it is an ordinary directory.</summary>
    public bool IsMounted { get; }

    public static SmallDisk Create()
    {
        Clear();
        var path = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), Prefix + Environment.ProcessId)).FullName;
        // As root, the database server runs as another user, who must be able to enter.
        var mounted = Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m,mode=755", "tmpfs", path) == 0;
        return new SmallDisk(path, mounted);
    }

    /// <summary>What runs left that were killed.</summary>
    static void Clear()
    {
        foreach (var path in Directory.GetDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
            if (int.TryParse(System.IO.Path.GetFileName(path)[Prefix.Length..], out var run) && !Directory.Exists($"/proc/{run}"))
            {
                Run("pkill", "-9", "-f", path);
                Run("umount", "-l", path);
                Directory.Delete(path, recursive: true);
            }
    }

    public void Dispose()
    {
        if (IsMounted)
            Run("umount", "-l", Path);
        Directory.Delete(Path, recursive: true);
    }

    static int Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode;
    }
}
