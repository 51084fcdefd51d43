using System.Diagnostics;
using System.Net;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>The program as an operator starts and ends it, with its own database.</summary>
public sealed class ProcessTests : IDisposable
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    readonly ParkingProcess program = new("parking data ");

    [Fact]
    public async Task A_first_start_names_its_administrator_a_killed_one_leaves_its_database_to_the_next_which_stops_it()
    {
        var killed = program.Start("Production");
        var block = await ParkingProcess.ReadBlockAsync(killed);
        var secrets = Path.Combine(program.Data, "first-sign-in.txt");
        Assert.Contains(block, l => l.Contains($"as admin, password in {secrets}"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secrets));
        var password = (await File.ReadAllLinesAsync(secrets, Ct)).Single(l => l.StartsWith("password:", StringComparison.Ordinal))[9..].Trim();
        Assert.Equal(20, password.Length);
        Assert.DoesNotContain(block, l => l.Contains(password));
        Assert.False(File.Exists(Path.Combine(program.Data, "demo.json")));

        killed.Kill();
        await killed.WaitForExitAsync(Ct);
        var postmaster = (await File.ReadAllLinesAsync(program.PidFile, Ct))[0];

        var next = program.Start("Production");
        await ParkingProcess.ReadBlockAsync(next);
        Assert.Equal(postmaster, (await File.ReadAllLinesAsync(program.PidFile, Ct))[0]);
        Assert.Contains(password, await File.ReadAllTextAsync(secrets, Ct));

        var second = program.Start("Production");
        Assert.StartsWith("Another process runs as the node 'main': stop it, or give this one a name of its own by the setting Node.",
            await second.StandardError.ReadToEndAsync(Ct));
        await second.WaitForExitAsync(Ct);
        Assert.Equal(1, second.ExitCode);
        var other = program.Start("Production", "--Node=other");
        await ParkingProcess.ReadBlockAsync(other);
        Assert.Equal(0, await ParkingProcess.StopAsync(other));

        Assert.Equal(0, await ParkingProcess.StopAsync(next));
        Assert.False(File.Exists(program.PidFile));
    }

    [Fact]
    public async Task A_database_server_that_dies_comes_back_and_one_that_hangs_holds_up_neither_health_nor_a_stop()
    {
        var process = program.Start("Production");
        var block = await ParkingProcess.ReadBlockAsync(process);
        using var http = new HttpClient { BaseAddress = new Uri(block.Single(l => l.Contains("Address")).Split(' ')[^1]) };
        var ready = await http.GetStringAsync("/health/ready", Ct);
        Assert.Equal("""{"status":"ready","control":"ok","cities":{},"server":"running"}""", ready);

        program.KillServer();
        await Eventually.HoldsAsync(async () => (await http.GetAsync("/health/ready", Ct)).StatusCode is HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live", Ct)).StatusCode);
        await Eventually.HoldsAsync(async () => (await http.GetAsync("/health/ready", Ct)).StatusCode is HttpStatusCode.OK);

        program.FreezeServer();
        try
        {
            // What was asked just before is kept for a second.
            await Eventually.HoldsAsync(async () => (await http.GetAsync("/health/ready", Ct)).StatusCode is HttpStatusCode.ServiceUnavailable);
            var watch = Stopwatch.StartNew();
            Assert.Contains("\"control\":\"unreachable\"", await (await http.GetAsync("/health/ready", Ct)).Content.ReadAsStringAsync(Ct));
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4)); // two, and what a busy machine adds
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live", Ct)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/nowhere", Ct)).StatusCode);
            watch.Restart();
            Assert.Equal(0, await ParkingProcess.StopAsync(process));
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(40)); // thirty
        }
        finally
        {
            program.ThawServer();
        }
        await Eventually.HoldsAsync(() => !File.Exists(program.PidFile));
    }

    [Theory]
    [InlineData("--Demo=true", "A production start never makes demo data.")]
    [InlineData("--Demo=perhaps", "The setting Demo is true or false")]
    [InlineData("--Mqtt:Port=70000", "The setting Mqtt:Port is a port number")]
    public async Task A_setting_that_cannot_be_ends_the_start_with_a_sentence(string setting, string sentence)
    {
        var process = program.Start("Production", setting);
        var said = await process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith(sentence, said);
        Assert.Empty(Directory.GetFileSystemEntries(program.Data));
    }

    public void Dispose() => program.Dispose();
}
