using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ParkingSaaS.Web.Hosting;

/// <summary>The program with its demo as a newcomer starts it, in a process of its own, but without simulated cars and with room for many people.</summary>
internal sealed class PagesProgram : IAsyncDisposable
{
    /// <summary>Of its <c>/metrics</c>.</summary>
    public const string MetricsToken = "a-token-of-the-benchmark";

    private readonly DirectoryInfo data;
    private readonly Process process;

    private PagesProgram(DirectoryInfo data, Process process, JsonElement demo) => (this.data, this.process, Demo) = (data, process, demo);

    /// <summary>What <c>demo.json</c> says.</summary>
    public JsonElement Demo { get; }

    public int Id => process.Id;

    public Uri Address => new(Demo.GetProperty("baseUrl").GetString()!);

    public int MqttPort => Demo.GetProperty("mqttPort").GetInt32();

    /// <summary>The city that is looked at, and its administrator.</summary>
    public JsonElement City => Demo.GetProperty("cities")[0];

    public string Code => City.GetProperty("code").GetString()!;

    /// <summary>Name and password of the city's administrator.</summary>
    public (string Name, string Password) Administrator
    {
        get
        {
            var signIn = City.GetProperty("signIns").EnumerateArray().First(s => s.GetProperty("role").GetString() == "city");
            return (signIn.GetProperty("name").GetString()!, signIn.GetProperty("password").GetString()!);
        }
    }

    /// <summary>The gated lot that no simulator plays in.</summary>
    public JsonElement Manual => City.GetProperty("lots").EnumerateArray().First(l => !l.GetProperty("simulated").GetBoolean());

    public static async Task<PagesProgram> StartAsync()
    {
        var data = Directory.CreateTempSubdirectory("parking-bench-");
        // As root, the database server runs as another user, who must be able to enter.
        data.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead;
        var start = new ProcessStartInfo("dotnet", [typeof(ParkingHost).Assembly.Location, "--Demo=true", "--Simulator:Speed=0", $"--Data={data.FullName}",
            $"--Port={FreePort()}", $"--Mqtt:Port={FreePort()}", $"--Telemetry:MetricsToken={MetricsToken}", "--Limits:SignInsPerMinute=100000",
            "--Limits:AnonymousPerMinute=100000", "--Limits:PagesPerAddress=100000", "--Limits:PagesPerAccount=100000"])
        {
            RedirectStandardOutput = true
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Demo";
        var process = Process.Start(start)!;
        var said = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.AppendLine(line);
            if (!line.Contains("Ctrl-C"))
                continue;
            // A pipe that nobody reads would stop it.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new PagesProgram(data, process, JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data.FullName, "demo.json"))).RootElement);
        }
        throw new InvalidOperationException($"The program did not start: {said}");
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        // Its server ends with it when it is asked to end, and would stay when it is killed.
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        process.Dispose();
        data.Delete(recursive: true);
    }
}
