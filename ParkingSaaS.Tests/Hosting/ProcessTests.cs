using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Node;

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
        // A Chinese newcomer reads it too.
        foreach (var words in new[] { "系统已启动", "地址", "设备", "登录", "用户名 admin", "密钥", "数据", "停止" })
            Assert.Contains(block, l => l.Contains(words));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secrets));
        var password = (await File.ReadAllLinesAsync(secrets, Ct)).Single(l => l.StartsWith("password:", StringComparison.Ordinal))[9..].Trim();
        Assert.Equal(20, password.Length);
        Assert.DoesNotContain(block, l => l.Contains(password));
        Assert.False(File.Exists(Path.Combine(program.Data, "demo.json")));

        killed.Kill();
        await killed.WaitForExitAsync(Ct).InTimeAsync();
        var postmaster = (await File.ReadAllLinesAsync(program.PidFile, Ct))[0];

        var next = program.Start("Production");
        await ParkingProcess.ReadBlockAsync(next);
        Assert.Equal(postmaster, (await File.ReadAllLinesAsync(program.PidFile, Ct))[0]);
        Assert.Contains(password, await File.ReadAllTextAsync(secrets, Ct));

        var second = program.Start("Production");
        Assert.StartsWith("Another process runs as the node 'main': stop it, or give this one a name of its own by the setting Node.",
            await second.StandardError.ReadToEndAsync(Ct).InTimeAsync());
        await second.WaitForExitAsync(Ct).InTimeAsync();
        Assert.Equal(1, second.ExitCode);
        var other = program.Start("Production", "--Node=other");
        await ParkingProcess.ReadBlockAsync(other);
        Assert.Equal(0, await ParkingProcess.StopAsync(other));

        Assert.Equal(0, await ParkingProcess.StopAsync(next));
        Assert.False(File.Exists(program.PidFile));

        // Whoever runs the program gets in again when the password is lost.
        var reset = program.Start("Production", "reset-admin");
        Assert.Contains(secrets, await reset.StandardOutput.ReadToEndAsync(Ct).InTimeAsync());
        await reset.WaitForExitAsync(Ct).InTimeAsync();
        Assert.Equal(0, reset.ExitCode);
        Assert.DoesNotContain(password, await File.ReadAllTextAsync(secrets, Ct));
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

        // It is gone for about a second, which who asks may miss.
        program.KillServer();
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync(Ct).InTimeAsync();
        while (line is not null && !line.Contains("The private database server is back"));
        Assert.NotNull(line);
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
    [InlineData("--Dta=/tmp", "There is no setting or command 'Dta'. All settings are in appsettings.json.")]
    [InlineData("--Mqtt:TlsPrt=8883", "There is no setting or command 'Mqtt:TlsPrt'.")]
    [InlineData("restor-city", "There is no setting or command 'restor-city'.")]
    [InlineData("-Port=80", "There is no setting or command '-Port=80'.")]
    [InlineData("--Mqtt:Port", "The setting Mqtt:Port wants a value.")]
    [InlineData("--Demo=perhaps", "The setting Demo is true or false")]
    [InlineData("--Payments:Demo=true", "A production start never takes demonstration payments")]
    [InlineData("--DetailedErrors=true", "A production start never shows faults to browsers.")]
    [InlineData("--FORWARDEDHEADERS_ENABLED=true", "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes anybody's X-Forwarded-For.")]
    [InlineData("--Mqtt:Port=70000", "The setting Mqtt:Port is a port number")]
    [InlineData("--Address=here", "The setting Address is an address of this machine")]
    [InlineData("--Mqtt:TlsAddress=localhost", "The setting Mqtt:TlsAddress is an address of this machine")]
    [InlineData("--Proxies:0=10.0.0.0/99", "The setting Proxies holds addresses and networks")]
    [InlineData("--Limits:PlatesPerHour=none", "The setting Limits:PlatesPerHour is a whole number above zero")]
    [InlineData("--Drivers:StrangerSees=All", "The setting Drivers:StrangerSees is Exact, Coarse or Proof")]
    [InlineData("--Simulator:Speed=fast", "The setting Simulator:Speed is a number")]
    [InlineData("--Logging:LogLevel:Default=Loud", "The setting Logging:LogLevel:Default is a level")]
    [InlineData("--ConnectionStrings:Control=Hots=db", "The setting ConnectionStrings:Control cannot be used")]
    [InlineData("--ConnectionStrings:Control=Host=db;Database=d;Include Error Detail=true", "The setting ConnectionStrings:Control cannot be used")]
    public async Task A_setting_that_cannot_be_ends_the_start_with_a_sentence(string setting, string sentence)
    {
        Assert.StartsWith(sentence, await RefusalAsync(program.Start("Production", setting)));
        Assert.Empty(Directory.GetFileSystemEntries(program.Data));
    }

    [Fact]
    public async Task An_environment_that_nobody_knows_is_held_like_production() =>
        Assert.StartsWith("A production start never makes demo data.", await RefusalAsync(program.Start("Prodution", "--Demo=true")));

    /// <summary>What cannot be used lies outside of the settings.</summary>
    [Theory]
    [InlineData("--ConnectionStrings:Control=Host=127.0.0.1;Port=1;Database=parking_control;Username=parking;Password=hidden",
        "The database server of the setting ConnectionStrings:Control cannot be used: Failed to connect to 127.0.0.1:1.")]
    [InlineData("--Data=/dev/null/parking", "The data directory /dev/null/parking cannot be written to:")]
    [InlineData("--Data=/proc", "The data directory /proc cannot be written to:")]
    [InlineData("--Address=192.0.2.1", "The program cannot listen where the settings Port, Address and Mqtt say:")]
    public async Task What_the_machine_does_not_allow_ends_the_start_with_a_sentence(string setting, string sentence)
    {
        var said = await RefusalAsync(program.Start("Production", setting));
        Assert.StartsWith(sentence, said);
        Assert.DoesNotContain("hidden", said);
    }

    [Fact]
    public async Task A_certificate_that_is_none_ends_the_start_with_a_sentence()
    {
        var file = Path.Combine(program.Data, "broken.pem");
        await File.WriteAllTextAsync(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Ct);
        Assert.StartsWith($"The certificate {file} cannot be used:",
            await RefusalAsync(program.Start("Production", "--Mqtt:TlsPort=0", $"--Mqtt:Certificate={file}")));
    }

    [Fact]
    public async Task A_file_of_settings_that_is_no_JSON_ends_the_start_with_its_place()
    {
        const string environment = "BrokenSettings";
        var file = Path.Combine(AppContext.BaseDirectory, $"appsettings.{environment}.json");
        try
        {
            await File.WriteAllTextAsync(file, "{ \"Port\": 80,, }", Ct);
            var said = await RefusalAsync(program.Start(environment));
            Assert.Contains(file, said);
            Assert.Contains("LineNumber: 0", said);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("Port", "web pages another one: ./run.sh --port P, or the setting Port")]
    [InlineData("Mqtt:Port", "devices another one: ./run.sh --mqtt-port M, or the setting Mqtt:Port")]
    public async Task A_port_in_use_is_told_with_what_helps_and_nothing_else(string setting, string help)
    {
        using var taken = new TcpListener(IPAddress.IPv6Any, 0);
        taken.Server.DualMode = true;
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Equal($"Port {port} is in use, by another program or a second start of this one. Give {help}.\n",
            await RefusalAsync(program.Start("Production", $"--{setting}={port}"), silent: true));
    }

    /// <summary>One sentence, exit code 1, no stack, and no fault in the log.</summary>
    /// <param name="silent">Nor is there any other line.</param>
    static async Task<string> RefusalAsync(Process process, bool silent = false)
    {
        var log = process.StandardOutput.ReadToEndAsync(Ct);
        var said = await process.StandardError.ReadToEndAsync(Ct).InTimeAsync();
        Assert.DoesNotContain("   at ", said + await log.InTimeAsync());
        if (silent)
            Assert.Empty(await log);
        Assert.DoesNotContain("\"LogLevel\":\"Error\"", await log.InTimeAsync());
        Assert.DoesNotContain("\"LogLevel\":\"Critical\"", await log.InTimeAsync());
        await process.WaitForExitAsync(Ct).InTimeAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Single(said.TrimEnd('\n').Split('\n'));
        return said;
    }

    public void Dispose() => program.Dispose();
}
