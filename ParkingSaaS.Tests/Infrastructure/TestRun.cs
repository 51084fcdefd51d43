using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>What a run of tests leaves on the machine. All its files lie in directories of its name, and its processes carry that name
/// in their environment; so the next run knows what a dead one left behind, and clears that alone.</summary>
public static class TestRun
{
    const string Prefix = "parking-run-";
    const string Variable = "TMPDIR";
    const string Memory = "/dev/shm";
    const int Quit = 3;

    // Held as long as the run lives: the system lets go of it, however the run ends.
    const string Alive = "alive";

    static readonly string Base = Path.GetTempPath();
    static FileStream? alive;

    /// <summary>Where this run's temporary files are.</summary>
    public static string Directory { get; private set; } = "";

    /// <summary>The same in memory; null on a machine that has no such place.</summary>
    public static string? InMemory { get; private set; }

    [ModuleInitializer]
    internal static void Begin()
    {
        Clear();
        (Directory, alive) = Create();
        if (System.IO.Directory.Exists(Memory))
            InMemory = Reachable(InMemoryOf(Directory)).FullName;
        Environment.SetEnvironmentVariable(Variable, Directory);
        // Programs that live for seconds gain nothing from being watched for what to optimise.
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            alive?.Dispose();
            Delete(Directory);
        };
    }

    /// <summary>A run's directory, which lives as long as the file is held.</summary>
    internal static (string Directory, FileStream Alive) Create()
    {
        var directory = Reachable(Path.Combine(Base, Prefix + Guid.NewGuid().ToString("N")[..12])).FullName;
        return (directory, new FileStream(Path.Combine(directory, Alive), FileMode.Create, FileAccess.ReadWrite, FileShare.None));
    }

    /// <summary>As root, the database server is another user, who must get there.</summary>
    static DirectoryInfo Reachable(string path)
    {
        var directory = System.IO.Directory.CreateDirectory(path);
        directory.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead;
        return directory;
    }

    static string InMemoryOf(string directory) => Path.Combine(Memory, Path.GetFileName(directory));

    /// <summary>Ends the processes of runs that are dead, and deletes their directories.</summary>
    internal static void Clear()
    {
        foreach (var directory in System.IO.Directory.GetDirectories(Base, Prefix + "*").Where(IsDead))
        {
            End(directory);
            Delete(directory);
        }
    }

    static bool IsDead(string directory)
    {
        try
        {
            var file = Path.Combine(directory, Alive);
            if (!File.Exists(file)) // it is just beginning, or was deleted halfway
                return TimeProvider.System.GetUtcNow() - System.IO.Directory.GetCreationTimeUtc(directory) > TimeSpan.FromMinutes(5);
            using var dead = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static void End(string directory)
    {
        // A database server that is killed leaves its shared memory behind; one that is told to quit does not.
        foreach (var server in Of(directory).Where(p => p.ProcessName == "postgres"))
            if (kill(server.Id, Quit) == 0)
                server.WaitForExit(TimeSpan.FromSeconds(10));
        foreach (var process in Of(directory))
        {
            try
            {
                process.Kill();
                process.WaitForExit(TimeSpan.FromSeconds(10));
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It ended by itself, or is somebody else's.
            }
        }
    }

    static IEnumerable<Process> Of(string directory) => Process.GetProcesses().Where(p => Carries(p.Id, directory));

    static bool Carries(int process, string directory)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Split('\0').Contains($"{Variable}={directory}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or somebody else's
        }
    }

    static void Delete(string directory)
    {
        foreach (var each in new[] { directory, InMemoryOf(directory) })
        {
            try
            {
                if (System.IO.Directory.Exists(each))
                    System.IO.Directory.Delete(each, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next run tries again.
            }
        }
    }

    [DllImport("libc")]
    static extern int kill(int process, int signal);
}
