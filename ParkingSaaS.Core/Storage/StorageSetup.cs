using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;

namespace ParkingSaaS.Core.Storage;

public static class StorageSetup
{
    /// <param name="controlConnectionString">Connection string of the control database.</param>
    /// <param name="key">What the passwords of the cities' roles are made from, and the keys of cookies are sealed with.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, string controlConnectionString, MasterKey key)
    {
        var control = new ControlDatabase(controlConnectionString);
        var keys = new KeyStore(control, key);
        return services
            .AddSingleton(control)
            .AddSingleton(_ => new CityDatabases(control, key)) // made by the container, so that it ends the connections
            .AddSingleton<DatabaseProbes>()
            .AddSingleton(keys)
            .AddSingleton<IXmlRepository>(keys);
    }
}
