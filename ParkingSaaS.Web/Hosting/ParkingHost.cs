using System.Net.Sockets;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Web.Demo;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;
using ParkingSaaS.Web.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>The whole program: its database, its web host, and the order in which they start and stop.</summary>
public sealed class ParkingHost : IAsyncDisposable
{
    /// <summary>Requests and events under way have this long to finish.</summary>
    static readonly TimeSpan FinishPatience = TimeSpan.FromSeconds(15);

    /// <summary>And everything but the private server this long to end: with the server's ten seconds a stop takes less than thirty, even
    /// where a database no longer answers.</summary>
    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(18);

    /// <summary>The framework's own settings, which are no part of ours; the last two are refused with their reasons.</summary>
    static readonly string[] ReadElsewhere = [WebHostDefaults.EnvironmentKey, WebHostDefaults.DetailedErrorsKey, "FORWARDEDHEADERS_ENABLED"];

    readonly EmbeddedPostgres? postgres;
    readonly CancellationTokenSource watching = new();
    Task watch = Task.CompletedTask;
    WebApplication? app;
    bool ended;

    /// It did not come to a start.
    volatile bool failed;

    /// All connections are closed, and services end.
    volatile bool stopped;

    ParkingHost(EmbeddedPostgres? postgres) => this.postgres = postgres;

    public WebApplication App => app!;

    /// <summary>Starts everything.</summary>
    /// <param name="args">Settings as command-line arguments.</param>
    /// <param name="adjust">A last word on the services, for tests.</param>
    /// <exception cref="StartUpException">A setting cannot be used.</exception>
    public static Task<ParkingHost> StartAsync(string[] args, Action<IServiceCollection>? adjust, CancellationToken ct) =>
        StartAsync(args, adjust, ServeAsync, ct);

    /// <summary>Gives the platform's administrator a new password and ends their sessions; nothing is listened on. Another process may run
    /// meanwhile.</summary>
    /// <returns>The file in which the password is.</returns>
    /// <exception cref="StartUpException">A setting cannot be used.</exception>
    public static async Task<string> ResetAdministratorAsync(string[] args, CancellationToken ct)
    {
        await using var host = await StartAsync(args, null, (app, _, token) => app.Services.GetRequiredService<FirstSignIn>().ResetAsync(token), ct);
        return host.App.Services.GetRequiredService<FirstSignIn>().File;
    }

    static async Task<ParkingHost> StartAsync(string[] args, Action<IServiceCollection>? adjust,
        Func<WebApplication, Settings, CancellationToken, Task> begin, CancellationToken ct)
    {
        var builder = Builder(args);
        var settings = Settings.Read(builder.Configuration, builder.Environment);
        var key = await settings.ReadKeyAsync(ct);
        var postgres = await settings.StartServerAsync(key, ct);
        var host = new ParkingHost(postgres);
        try
        {
            await host.StartAsync(builder, settings with { Database = postgres?.Root }, settings.Control ?? postgres!.ConnectionString, key, adjust,
                begin, ct);
            return host;
        }
        catch (Exception e)
        {
            host.failed = true;
            await host.DisposeAsync();
            if (!ct.IsCancellationRequested && (Listening.PortInUse(e, settings) ?? Reason(e)) is { } reason)
                throw new StartUpException(reason);
            throw;
        }
    }

    internal static WebApplicationBuilder Builder(string[] args)
    {
        try
        {
            RefuseUnknown(args);
            return WebApplication.CreateBuilder(new WebApplicationOptions
            {
                Args = args,
                ApplicationName = typeof(ParkingHost).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory
            });
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            // The innermost knows line and position, the outermost the file.
            throw new StartUpException(e.GetBaseException() is var cause && cause == e ? e.Message : $"{e.Message.TrimEnd('.')}: {cause.Message}");
        }
    }

    /// <summary>A misspelt setting would be left out without a word, and the program would serve, or restore, another installation.</summary>
    static void RefuseUnknown(string[] args)
    {
        var known = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build()
            .AsEnumerable().ToDictionary(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Length; i++)
        {
            var key = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..].Split('=')[0] : null;
            if (key is null || !IsKnown(key))
                throw new StartUpException($"There is no setting or command '{key ?? args[i]}'. All settings are in appsettings.json.");
            if (!args[i].Contains('=') && ++i == args.Length)
                throw new StartUpException($"The setting {key} wants a value.");
        }

        // Lists have entries by number, and whatever logs has a level.
        bool IsKnown(string key) => known.ContainsKey(key) || ReadElsewhere.Contains(key, StringComparer.OrdinalIgnoreCase)
            || key.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase)
            || (ConfigurationPath.GetParentPath(key) is { } list && known.TryGetValue(list, out var entries) && entries == "");
    }

    /// <summary>A sentence for what an operator can put right; null for anything else.</summary>
    static string? Reason(Exception e) => e switch
    {
        MqttCertificateException or StorageSetupException => e.Message,
        System.Data.Common.DbException refused => DatabaseServer.Refused(refused) is { } refusal ? $"The database server cannot be used: {refusal}" : null,
        SocketException => $"The program cannot listen where the settings Port, Address and Mqtt say: {e.Message}.",
        _ => e.InnerException is { } inner ? Reason(inner) : null
    };

    async Task StartAsync(WebApplicationBuilder builder, Settings settings, string control, MasterKey key,
        Action<IServiceCollection>? adjust, Func<WebApplication, Settings, CancellationToken, Task> begin, CancellationToken ct)
    {
        builder.WebHost.UseStaticWebAssets();
        // Assets change with a build only; and the fallback that reading them anew brings answers every unknown POST with 405.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings));
        builder.Logging.AddLogs(builder.Environment);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = FinishPatience);
        builder.Services.AddSingleton(settings).AddSingleton(settings.MqttOperator).AddSingleton(settings.SignIn)
            .AddSingleton(settings.WeChatPay).AddSingleton(settings.Alipay).AddSingleton(settings.Nuonuo).AddSingleton(settings.ChannelLog)
            .AddSingleton(settings.Messages)
            .AddSingleton(settings.Passes).AddSingleton(settings.Clocks).AddSingleton(settings.Pictures)
            .AddSingleton(new NodeName(settings.Node)).AddSingleton(TimeProvider.System);
        // Made by the container, so that it ends the connections.
        builder.Services.AddSingleton<IFileStore>(_ => settings.S3 is { } store ? new S3Files(store) : new DiskFiles(Path.Combine(settings.Data, "files")));
        builder.Services.AddStorage(control, key).AddSlices().AddWeb(settings).AddOperation()
            .AddTelemetry(settings.Telemetry, settings.Node);
        if (postgres is not null)
            builder.Services.AddSingleton(postgres);
        var wrongSecrets = new WrongSecretLimit(settings.Limits.WrongSecretsPerMinute);
        if (settings.Broker is { } broker)
            builder.Services.AddExternalDevices(broker, wrongSecrets);
        else
            builder.Services.AddMqttDevices(
                new MqttBrokerOptions { MaxConnectionsPerAddress = settings.Limits.DeviceConnectionsPerAddress, AddressKey = ClientAddress.Key },
                wrongSecrets);
        if (settings.MqttCertificate is { } certificate)
            builder.Services.AddSingleton(certificate).AddSingleton<MqttCertificate>();
        adjust?.Invoke(builder.Services);
        // What goes wrong in the start is thrown to whoever started, who says it once.
        var starting = true;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => !starting && level >= LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", level => !failed && level >= LogLevel.Information);
        // A page that was being read when the program stopped finds neither services nor data any more, and nobody sees it.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Components", level => !stopped && level >= LogLevel.Warning);

        app = builder.Build();
        if (postgres is not null)
            watch = postgres.WatchAsync(app.Services.GetRequiredService<ILogger<EmbeddedPostgres>>(), TimeProvider.System, watching.Token);
        await app.Services.GetRequiredService<UpdateDatabases>().RunAsync(ct);
        await begin(app, settings, ct);
        starting = false;
    }

    static async Task ServeAsync(WebApplication app, Settings settings, CancellationToken ct)
    {
        if (!await app.Services.GetRequiredService<NodePresence>().TryClaimAsync(ct))
            throw new StartUpException(
                $"Another process runs as the node '{settings.Node}': stop it, or give this one a name of its own by the setting Node.");
        app.UseWeb();
        if (settings.Demo)
            await app.Services.GetRequiredService<DemoSeed>().RunAsync(ct);
        else
            await app.Services.GetRequiredService<FirstSignIn>().RunAsync(ct);
        await app.StartAsync(ct);
    }

    /// <summary>Ends when the program is told to stop, or a fault ends it.</summary>
    public async Task WaitForStopAsync(CancellationToken stop)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var byUs = stop.Register(() => told.TrySetResult());
        await using var byFault = App.Lifetime.ApplicationStopping.Register(() => told.TrySetResult());
        await told.Task;
    }

    /// <summary>Stops listening, finishes what is under way, then stops the database. What takes too long is left: whatever was not
    /// acknowledged comes again, and the next start joins a server that still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref ended, true))
            return;
        try
        {
            await EndAsync().WaitAsync(StopPatience);
        }
        catch (TimeoutException)
        {
            await Console.Error.WriteLineAsync(
                $"Not everything under way could be finished in {StopPatience.TotalSeconds:0} s; what was not acknowledged comes again.");
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
            if (postgres is not null)
                await StopServerAsync(postgres);
            watching.Dispose();
        }
    }

    async Task EndAsync()
    {
        if (app is null)
            return;
        if (!app.Lifetime.ApplicationStopped.IsCancellationRequested)
            await app.StopAsync();
        stopped = true;
        await app.DisposeAsync();
    }

    static async Task StopServerAsync(EmbeddedPostgres postgres)
    {
        try
        {
            await postgres.DisposeAsync();
        }
        catch (InvalidOperationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
    }
}
