using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>The program as an operator starts, stops and kills it, on a data directory of its own. After a failed test, too, nothing
/// goes on running.</summary>
public sealed class ParkingProcess(string prefix) : IDisposable
{
    const int KillNow = 9, Terminate = 15, Continue = 18, Stop = 19;

    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly List<Process> started = [];

    /// <summary>Its data directory.</summary>
    public string Data { get; } = Shared.Directory(prefix);

    /// <summary>There while its database server runs.</summary>
    public string PidFile => Path.Combine(Data, "postgres", "cluster", "postmaster.pid");

    /// <summary>Starts it on free ports, unless the settings say otherwise.</summary>
    public Process Start(string environment, params string[] settings) => StartTrusting(null, environment, settings);

    /// <summary>Starts it where the certificates of that file are all that the machine trusts.</summary>
    public Process StartTrusting(string? certificates, string environment, params string[] settings)
    {
        // A command, where there is one, comes first.
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ParkingSaaS.Web.dll"),
            .. settings.Where(s => !s.StartsWith('-')), $"--Data={Data}", "--Port=0", "--Mqtt:Port=0", .. settings.Where(s => s.StartsWith('-'))])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["DOTNET_ENVIRONMENT"] = environment;
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        if (certificates is not null)
            start.Environment["SSL_CERT_FILE"] = certificates;
        var process = Process.Start(start)!;
        started.Add(process);
        return process;
    }

    /// <summary>Reads the start block to its last line: then it is up.</summary>
    public static async Task<List<string>> ReadBlockAsync(Process process)
    {
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(Ct).InTimeAsync() is { } line)
        {
            lines.Add(line);
            if (line.Contains("Ctrl-C"))
                return lines;
        }
        throw new InvalidOperationException(string.Join('\n', lines) + await process.StandardError.ReadToEndAsync(Ct).InTimeAsync());
    }

    /// <summary>Asks it to stop and waits.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> StopAsync(Process process)
    {
        Assert.Equal(0, Kill(process.Id, Terminate));
        await process.StandardOutput.ReadToEndAsync(Ct).InTimeAsync();
        await process.WaitForExitAsync(Ct).InTimeAsync();
        return process.ExitCode;
    }

    /// <summary>Its database server answers nothing until it is thawed, and closes no connection.</summary>
    public void FreezeServer() => SignalServer(Stop);

    /// <summary>Lets it go on.</summary>
    public void ThawServer() => SignalServer(Continue);

    /// <summary>Kills its database server's main process.</summary>
    public void KillServer() => Kill(int.Parse(File.ReadLines(PidFile).First()), KillNow);

    void SignalServer(int signal)
    {
        // Every process of the server says which one it is a child of; its main process itself is the first line of the file.
        var main = File.ReadLines(PidFile).First();
        foreach (var process in Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)))
            if (process == main || ParentOf(process!) == main)
                Kill(int.Parse(process!), signal);
    }

    static string? ParentOf(string process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
        }
        catch (IOException)
        {
            return null; // it has ended since
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Kill(int process, int signal);

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }
        if (File.Exists(PidFile))
            Kill(int.Parse(File.ReadLines(PidFile).First()), Terminate);
        Directory.Delete(Data, recursive: true);
    }
}
