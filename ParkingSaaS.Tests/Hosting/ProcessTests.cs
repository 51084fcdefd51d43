using System.Diagnostics;
using System.Runtime.InteropServices;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>The program as an operator starts and ends it, with its own database.</summary>
public sealed class ProcessTests : IDisposable
{
    const int Terminate = 15;

    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly List<Process> started = [];
    readonly string data = Shared.Directory("parking data ");

    string PidFile => Path.Combine(data, "postgres", "cluster", "postmaster.pid");

    Process Start(string environment, params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ParkingSaaS.Web.dll"), $"--Data={data}",
            "--Port=0", "--Mqtt:Port=0", .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["DOTNET_ENVIRONMENT"] = environment;
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        var process = Process.Start(start)!;
        started.Add(process);
        return process;
    }

    /// <summary>Reads the start block to its last line.</summary>
    static async Task<List<string>> ReadBlockAsync(Process process)
    {
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(Ct) is { } line)
        {
            lines.Add(line);
            if (line.Contains("Ctrl-C"))
                return lines;
        }
        throw new InvalidOperationException(string.Join('\n', lines) + await process.StandardError.ReadToEndAsync(Ct));
    }

    static async Task<int> StopAsync(Process process)
    {
        Assert.Equal(0, Kill(process.Id, Terminate));
        await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return process.ExitCode;
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Kill(int process, int signal);

    [Fact]
    public async Task A_first_start_names_its_administrator_a_killed_one_leaves_its_database_to_the_next_which_stops_it()
    {
        var killed = Start("Production");
        var block = await ReadBlockAsync(killed);
        var secrets = Path.Combine(data, "first-sign-in.txt");
        Assert.Contains(block, l => l.Contains($"as admin, password in {secrets}"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secrets));
        var password = (await File.ReadAllLinesAsync(secrets, Ct)).Single(l => l.StartsWith("password:", StringComparison.Ordinal))[9..].Trim();
        Assert.Equal(20, password.Length);
        Assert.DoesNotContain(block, l => l.Contains(password));
        Assert.False(File.Exists(Path.Combine(data, "demo.json")));

        killed.Kill();
        await killed.WaitForExitAsync(Ct);
        var postmaster = (await File.ReadAllLinesAsync(PidFile, Ct))[0];

        var next = Start("Production");
        await ReadBlockAsync(next);
        Assert.Equal(postmaster, (await File.ReadAllLinesAsync(PidFile, Ct))[0]);
        Assert.Contains(password, await File.ReadAllTextAsync(secrets, Ct));
        Assert.Equal(0, await StopAsync(next));
        Assert.False(File.Exists(PidFile));
    }

    [Theory]
    [InlineData("--Demo=true", "A production start never makes demo data.")]
    [InlineData("--Demo=perhaps", "The setting Demo is true or false")]
    [InlineData("--Mqtt:Port=70000", "The setting Mqtt:Port is a port number")]
    public async Task A_setting_that_cannot_be_ends_the_start_with_a_sentence(string setting, string sentence)
    {
        var process = Start("Production", setting);
        var said = await process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith(sentence, said);
        Assert.Empty(Directory.GetFileSystemEntries(data));
    }

    /// <summary>After a failed test, too, nothing goes on running.</summary>
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
        Directory.Delete(data, recursive: true);
    }
}
