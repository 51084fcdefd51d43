using Microsoft.AspNetCore.Connections;
using ParkingSaaS.Core;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Devices;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Web.Demo;
using ParkingSaaS.Web.Drivers;

namespace ParkingSaaS.Web.Hosting;

/// <summary>The whole program: its database, its web host, and the order in which they start and stop.</summary>
public sealed class ParkingHost : IAsyncDisposable
{
    readonly EmbeddedPostgres? postgres;

    ParkingHost(WebApplication app, EmbeddedPostgres? postgres) => (App, this.postgres) = (app, postgres);

    /// <summary>The running application.</summary>
    public WebApplication App { get; }

    /// <summary>Starts everything.</summary>
    /// <param name="args">Settings as command-line arguments.</param>
    /// <param name="adjust">A last word on the services, for tests.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="StartUpException">A setting cannot be used.</exception>
    public static async Task<ParkingHost> StartAsync(string[] args, Action<IServiceCollection>? adjust, CancellationToken ct)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                Args = args,
                ApplicationName = typeof(ParkingHost).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory
            });
        var settings = Settings.Read(builder.Configuration, builder.Environment);
        Directory.CreateDirectory(settings.Data);
        var key = settings.Key ?? await KeyFile.ReadAsync(settings.Data, ct);
        EmbeddedPostgres? postgres = null;
        try
        {
            if (settings.Control is null)
                postgres = await EmbeddedPostgres.StartAsync(Path.Combine(settings.Data, "postgres"), key, durable: true, ct);
            return new ParkingHost(await StartAsync(builder, settings with { Database = postgres?.Root },
                settings.Control ?? postgres!.ConnectionString, key, adjust, ct), postgres);
        }
        catch (Exception e)
        {
            if (postgres is not null)
                await postgres.DisposeAsync();
            if (e is StorageSetupException)
                throw new StartUpException(e.Message);
            throw;
        }
    }

    static async Task<WebApplication> StartAsync(WebApplicationBuilder builder, Settings settings, string control, MasterKey key,
        Action<IServiceCollection>? adjust, CancellationToken ct)
    {
        builder.WebHost.UseStaticWebAssets();
        // Assets change with a build only; and the fallback that reading them anew brings answers every unknown POST with 405.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings));
        builder.Logging.AddLogs(builder.Environment);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton(settings).AddSingleton(settings.MqttOperator).AddSingleton(TimeProvider.System);
        builder.Services.AddStorage(control, key, settings.Node).AddSlices().AddWeb().AddDriverPages(settings).AddOperation(settings);
        if (settings.Broker is { } broker)
            builder.Services.AddExternalDevices(broker);
        else
            builder.Services.AddMqttDevices();
        if (settings.MqttCertificate is { } certificate)
            builder.Services.AddSingleton(certificate).AddSingleton<MqttCertificate>();
        adjust?.Invoke(builder.Services);

        var app = Build(builder);
        try
        {
            await StorageSetup.MigrateAsync(app.Services, ct);
            app.UseWeb();
            if (settings.Demo)
                await app.Services.GetRequiredService<DemoSeed>().RunAsync(ct);
            else
                await app.Services.GetRequiredService<FirstSignIn>().RunAsync(ct);
            await app.StartAsync(ct);
            return app;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            throw new StartUpException($"{e.Message} Another program, or a second start of this one, uses the port.");
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    static WebApplication Build(WebApplicationBuilder builder)
    {
        try
        {
            return builder.Build();
        }
        catch (MqttCertificateException e)
        {
            throw new StartUpException(e.Message);
        }
    }

    /// <summary>Stops listening, finishes what is under way, then stops the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!App.Lifetime.ApplicationStopped.IsCancellationRequested)
            await App.StopAsync();
        await App.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
    }
}
