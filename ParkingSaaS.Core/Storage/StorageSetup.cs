using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Storage;

/// <summary>Registers the databases and the door to them.</summary>
public static class StorageSetup
{
    /// <param name="services">The host's services.</param>
    /// <param name="controlConnectionString">Connection string of the control database.</param>
    /// <param name="node">What tells this node from others of the installation.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, string controlConnectionString, string node) => services
        .AddSingleton(new NodeName(node))
        .AddPooledDbContextFactory<ControlDb>(options => options.UseNpgsql(controlConnectionString))
        .AddSingleton(new CityDatabases(controlConnectionString))
        .AddSingleton(new DatabaseProbes(controlConnectionString))
        .AddSingleton<CityDirectory>()
        .AddHostedService<CityRefresh>()
        .AddSingleton<FaultLog>()
        .AddSingleton<CitySessions>()
        .AddSingleton<LiveFeed>()
        .AddSingleton<NodeChannel>()
        .AddSingleton<NodePresence>()
        .AddSingleton<AddCity>();

    /// <summary>Brings the control database and those of all cities up to date, and fills the directory of cities.</summary>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken ct)
    {
        await using (var control = await services.GetRequiredService<IDbContextFactory<ControlDb>>().CreateDbContextAsync(ct))
        {
            // Migrating makes these by itself, but writes errors to the log before it does.
            var creator = control.GetService<IRelationalDatabaseCreator>();
            if (!await creator.ExistsAsync(ct))
                await creator.CreateAsync(ct);
            await control.GetService<IHistoryRepository>().CreateIfNotExistsAsync(ct);
            await control.Database.MigrateAsync(ct);
        }
        var directory = services.GetRequiredService<CityDirectory>();
        await directory.RefreshAsync(ct);
        foreach (var city in directory.Active)
            await services.GetRequiredService<CityDatabases>().MigrateAsync(city, ct);
    }
}
