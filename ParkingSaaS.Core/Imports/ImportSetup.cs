using Microsoft.Extensions.DependencyInjection;

namespace ParkingSaaS.Core.Imports;

public static class ImportSetup
{
    /// <summary>Registers an import, also as one of all that there are.</summary>
    public static IServiceCollection AddImport<T>(this IServiceCollection services) where T : TableImport =>
        services.AddSingleton<T>().AddSingleton<TableImport>(p => p.GetRequiredService<T>());
}
