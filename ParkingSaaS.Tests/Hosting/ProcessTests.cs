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
        Assert.Equal(0, await ParkingProcess.StopAsync(next));
        Assert.False(File.Exists(program.PidFile));

        // Whoever runs the program gets in again when the password is lost.
        var reset = program.Start("Production", "--reset-admin");
        Assert.Contains(secrets, await reset.StandardOutput.ReadToEndAsync(Ct));
        await reset.WaitForExitAsync(Ct);
        Assert.Equal(0, reset.ExitCode);
        Assert.DoesNotContain(password, await File.ReadAllTextAsync(secrets, Ct));
        Assert.False(File.Exists(program.PidFile));
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
