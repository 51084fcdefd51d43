using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Hosting;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>The real application on a free port, with the platform's databases and clock: what a browser and a script meet.</summary>
public sealed partial class WebHost : IAsyncDisposable
{
    /// <summary>The password of everybody whom <see cref="AddUserAsync"/> adds.</summary>
    public const string Password = "correct-horse-7";

    /// <summary>Answers whom the application holds its caller for.</summary>
    public const string Who = "/test/who";

    readonly TestPlatform platform;
    readonly ParkingHost host;
    WebHost(TestPlatform platform, ParkingHost host, string data, CapturedLogs logs)
    {
        (this.platform, this.host, Data, Logs) = (platform, host, data, logs);
        Uri[] addresses = [.. host.App.Urls.Select(u => new Uri(u.Replace("[::]", "localhost").Replace("0.0.0.0", "localhost")))];
        (Address, MqttPort, MqttTlsPort) = (addresses[0], addresses.ElementAtOrDefault(1)?.Port ?? 0, addresses.ElementAtOrDefault(2)?.Port);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Where devices connect to; 0 where they do so elsewhere.</summary>
    public int MqttPort { get; }

    /// <summary>Where they connect to over TLS; null when the settings name no such port.</summary>
    public int? MqttTlsPort { get; }

    /// <summary>Its data directory.</summary>
    public string Data { get; }

    /// <summary>What it logged, at the levels that are on by default.</summary>
    public CapturedLogs Logs { get; }

    /// <summary>A service of the running application.</summary>
    public T Get<T>() where T : notnull => host.App.Services.GetRequiredService<T>();

    /// <summary>Starts the application on the platform's databases, in the environment Test.</summary>
    /// <param name="platform">Its databases and its clock.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="adjust">A last word on the services.</param>
    /// <param name="settings">More settings, as arguments.</param>
    public static async Task<WebHost> StartAsync(TestPlatform platform, CancellationToken ct, Action<IServiceCollection>? adjust = null,
        params string[] settings)
    {
        var data = Directory.CreateTempSubdirectory("parking-web-").FullName;
        var logs = new CapturedLogs();
        var host = await ParkingHost.StartAsync(
            ["--environment=Test", $"--Data={data}", "--Port=0", "--Mqtt:Port=0",
                $"--ConnectionStrings:Control={platform.ControlConnectionString}", platform.KeySetting,
                .. settings],
            services =>
            {
                services.RemoveAll<TimeProvider>();
                services.AddSingleton<TimeProvider>(platform.Clock);
                services.Configure(TestPlatform.CheapPasswords);
                services.RemoveAll<ILoggerProvider>();
                services.AddSingleton<ILoggerProvider>(logs);
                services.AddEndpoints(app => app.MapGet(Who, (ClaimsPrincipal user) =>
                    user.FindFirst("city") is { } city ? $"{user.Identity!.Name} of {city.Value}" : "nobody").AllowAnonymous());
                adjust?.Invoke(services);
            }, ct);
        return new WebHost(platform, host, data, logs);
    }

    /// <summary>A browser without cookies that does not follow redirects.</summary>
    public HttpClient Browser(CookieContainer? cookies = null) =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = cookies ?? new CookieContainer(),
            Expect100ContinueTimeout = Timeout.InfiniteTimeSpan // a busy server says no later than in the usual second
        })
        { BaseAddress = Address };

    /// <summary>Adds somebody to a city.</summary>
    public async Task<User> AddUserAsync(TestCity city, string name, string role, CancellationToken ct, Action<User>? restrict = null)
    {
        var user = new User
        {
            Id = Guid.CreateVersion7(),
            UserName = name,
            NormalizedUserName = name.ToUpperInvariant(),
            DisplayName = name,
            Role = role
        };
        user.PasswordHash = platform.Get<IPasswordHasher<User>>().HashPassword(user, Password);
        restrict?.Invoke(user);
        await using var s = await city.OpenAsync();
        s.Db.Set<User>().Add(user);
        await s.Db.SaveChangesAsync(ct);
        return user;
    }

    /// <summary>The text of a page that holds a circuit, as somebody sees it, once it is so.</summary>
    public async Task<string> ShowAsync(TestCity city, User who, Type type, Func<IElement, bool> so, string words, CancellationToken ct,
        params (string Name, object? Value)[] parameters)
    {
        var signedIn = (await Get<SignInUser>().RunAsync(new(city.Code, who.UserName!, Password, "127.0.0.1", "127.0.0.1", ""), ct)).Value;
        await using var scope = Get<IServiceScopeFactory>().CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CityContext>().City = Get<CityDirectory>().Get(city.Code);
        ((IHostEnvironmentAuthenticationStateProvider)scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>())
            .SetAuthenticationState(Task.FromResult(new AuthenticationState(Principals.Of(signedIn))));
        var address = new Uri(Address, $"/{city.Code}/").ToString();
        ((IHostEnvironmentNavigationManager)scope.ServiceProvider.GetRequiredService<NavigationManager>()).Initialize(address, address);
        await using var context = new PageContext(scope.ServiceProvider);
        var page = context.Render(builder =>
        {
            builder.OpenElement(0, "main");
            builder.OpenComponent(1, type);
            foreach (var (name, value) in parameters)
                builder.AddComponentParameter(2, name, value);
            builder.CloseComponent();
            builder.CloseElement();
        });
        await page.WaitForAssertionAsync(() => Assert.True(so(page.Find("main")), $"{words}, in {page.Find("main").TextContent}"));
        return page.Find("main").TextContent;
    }

    /// <summary>Fills in the sign-in page and sends it.</summary>
    /// <param name="browser">Keeps the cookie.</param>
    /// <param name="city">The code of the city, or empty for the platform.</param>
    /// <param name="name">The sign-in name.</param>
    /// <param name="password">The password.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string city, string name, string password,
        CancellationToken ct)
    {
        var path = $"/{city}/account/sign-in".Replace("//", "/");
        var page = await PageAsync(await browser.GetAsync(path, ct), ct);
        var fields = page.QuerySelectorAll("form input[type=hidden]")
            .ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        fields["Input.Name"] = name;
        fields["Input.Password"] = password;
        return await browser.PostAsync(path, new FormUrlEncodedContent(fields), ct);
    }

    /// <summary>Reads the answer's HTML.</summary>
    public static async Task<IDocument> PageAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        var html = await answer.Content.ReadAsStringAsync(ct);
        return await BrowsingContext.New(Configuration.Default).OpenAsync(r => r.Content(html), ct);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        if (Directory.Exists(Data)) // a test may stop it before its end
            Directory.Delete(Data, recursive: true);
    }

    /// <summary>Something that looks like a whole plate of mainland China.</summary>
    [GeneratedRegex("[\\u4e00-\\u9fa5][A-Z][A-Z0-9]{4,5}[A-Z0-9学警港澳挂领]")]
    public static partial Regex WholePlate { get; }
}

/// <summary>Keeps what is logged.</summary>
public sealed class CapturedLogs : ILoggerProvider
{
    readonly ConcurrentQueue<string> lines = new();

    /// <summary>Level, category, message and exception, in the order in which they came.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

    public void Dispose() { }

    sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format) =>
            lines.Enqueue($"{level} {category}: {format(state, exception)} {exception}");
    }
}
