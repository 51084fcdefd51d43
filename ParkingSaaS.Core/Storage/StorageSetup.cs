using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Storage;

/// <summary>Registers the databases and the door to them.</summary>
public static class StorageSetup
{
    /// <param name="services">The host's services.</param>
    /// <param name="controlConnectionString">Connection string of the control database.</param>
    /// <param name="key">What the passwords of the cities' roles are made from, and the keys of cookies are sealed with.</param>
    /// <param name="node">What tells this node from others of the installation.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, string controlConnectionString, MasterKey key, string node)
    {
        var control = new ControlDatabase(controlConnectionString);
        var keys = new KeyStore(control, key);
        return services
            .AddSingleton(new NodeName(node))
            .AddSingleton(control)
            .AddSingleton(_ => new CityDatabases(control, key)) // made by the container, so that it ends the connections
            .AddSingleton<DatabaseProbes>()
            .AddSingleton(keys)
            .AddSingleton<IXmlRepository>(keys)
            .AddSingleton<CityDirectory>()
            .AddHostedService<CityRefresh>()
            .AddSingleton<FaultLog>()
            .AddSingleton<CitySessions>()
            .AddSingleton<PlatformSessions>()
            .AddSingleton<LiveFeed>()
            .AddSingleton<NodeChannel>()
            .AddSingleton<NodePresence>()
            .AddSingleton<AddCity>();
    }

    /// <summary>Brings the control database and those of all cities up to date, and fills the directory of cities.</summary>
    /// <exception cref="StorageSetupException">The database server cannot be used as it is, or the key is another one.</exception>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<ControlDatabase>()
            .MigrateAsync(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(StorageSetup)), ct);
        services.GetRequiredService<KeyStore>().RequireOwn();
        var directory = services.GetRequiredService<CityDirectory>();
        await directory.RefreshAsync(ct);
        foreach (var city in directory.Active)
            await services.GetRequiredService<CityDatabases>().MigrateAsync(city, ct);
    }
}
