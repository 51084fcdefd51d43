using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Playwright;
using ParkingSaaS.E2E.Infrastructure;
using ParkingSaaS.Tests.Infrastructure;

[assembly: AssemblyFixture(typeof(RunningDemo))]

namespace ParkingSaaS.E2E.Infrastructure;

/// <summary>The program with its demo, as a newcomer starts it but for the simulated cars, and a browser to look at it. One for
/// the whole run: journeys keep out of each other's way by their own plates.</summary>
public sealed class RunningDemo : IAsyncLifetime
{
    const int Terminate = 15;

    /// <summary>A minute and more is only slowness: both processors may be at work for somebody else.</summary>
    public const float Patience = 90_000;

    static readonly string Results = Path.Combine(AppContext.BaseDirectory, "TestResults");
    readonly string data = Directory.CreateTempSubdirectory("parking-e2e-").FullName;
    Process? program;
    IPlaywright? playwright;
    IBrowser? browser;

    /// <summary>What <c>demo.json</c> says.</summary>
    public JsonElement Demo { get; private set; }

    public string BaseUrl => Demo.GetProperty("baseUrl").GetString()!;

    public int MqttPort => Demo.GetProperty("mqttPort").GetInt32();

    public async ValueTask InitializeAsync()
    {
        // The database server runs as another user when we are root.
        File.SetUnixFileMode(data, File.GetUnixFileMode(data) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        program = await StartAsync();
        Demo = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data, "demo.json"))).RootElement;
        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium-headless-shell",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            Timeout = Patience
        });
    }

    /// <summary>Starts the program, and once more where its ports were taken meanwhile.</summary>
    async Task<Process> StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var starting = Start();
            var said = new List<string>();
            while (await starting.StandardOutput.ReadLineAsync().InTimeAsync(words: "the program's start block") is { } line)
            {
                said.Add(line);
                if (!line.Contains("Ctrl-C"))
                    continue;
                _ = KeepAsync(starting.StandardOutput);
                return starting;
            }
            await starting.WaitForExitAsync().InTimeAsync(words: "the end of a program that did not start");
            Assert.True(attempt < 3, string.Join('\n', said));
        }
    }

    /// <summary>What it says from then on is kept with the results of the run.</summary>
    static async Task KeepAsync(StreamReader output)
    {
        Directory.CreateDirectory(Results);
        await using var log = new FileStream(Path.Combine(Results, "program.log"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await output.BaseStream.CopyToAsync(log);
    }

    Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ParkingSaaS.Web.dll"), "--Demo=true",
            "--DemoDays=3", "--Simulator:Speed=0", "--Limits:SignInsPerMinute=1000", $"--Data={data}", $"--Port={Ports.Free()}", $"--Mqtt:Port={Ports.Free()}"])
        {
            RedirectStandardOutput = true
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Test";
        return Process.Start(start)!;
    }

    /// <summary>A browser of its own, with its own cookies.</summary>
    /// <param name="language">The browser's language.</param>
    /// <param name="width">390 is a phone.</param>
    /// <param name="dark">In which theme.</param>
    public async Task<Browser> BrowserAsync(string language = "en", int width = 1360, bool dark = false)
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = language,
            ViewportSize = new ViewportSize { Width = width, Height = 844 }
        });
        context.SetDefaultTimeout(Patience);
        await context.AddCookiesAsync([new Cookie { Name = "theme", Value = dark ? "dark" : "light", Url = BaseUrl }]);
        return new Browser(context, Results);
    }

    /// <summary>Signs in who manages the cities.</summary>
    public async Task<IPage> SignInToPlatformAsync(Browser browser)
    {
        var page = await browser.NewPageAsync();
        var admin = Demo.GetProperty("platform");
        await page.GotoAsync($"{BaseUrl}/platform/cities");
        await page.FillAsync("input[name='Input.Name']", admin.GetProperty("name").GetString()!);
        await page.FillAsync("input[name='Input.Password']", admin.GetProperty("password").GetString()!);
        await page.ClickAsync("button[type=submit]");
        await page.WaitForSelectorAsync("nav.menu a", new() { State = WaitForSelectorState.Attached });
        return page;
    }

    /// <summary>A city of the demo.</summary>
    public DemoCity City(string code) =>
        new(this, Demo.GetProperty("cities").EnumerateArray().Single(c => c.GetProperty("code").GetString() == code));

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Kill(int process, int signal);

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (program is not null)
        {
            _ = Kill(program.Id, Terminate);
            await program.WaitForExitAsync().InTimeAsync();
            program.Dispose();
        }
        Directory.Delete(data, recursive: true);
    }
}
