using Microsoft.Extensions.DependencyInjection;

namespace ParkingSaaS.Core.Common;

/// <summary>What a folder brings: its use cases and permissions.</summary>
interface ISlice
{
    /// <summary>Registers them.</summary>
    void AddServices(IServiceCollection services);
}

/// <summary>The use cases of all slices. Each slice registers itself.</summary>
public static class Slices
{
    /// <summary>Registers every slice's use cases, by the slices' names. The host adds the link to the devices.</summary>
    public static IServiceCollection AddSlices(this IServiceCollection services)
    {
        foreach (var type in typeof(ISlice).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(ISlice))).OrderBy(t => t.Name, StringComparer.Ordinal))
            ((ISlice)Activator.CreateInstance(type)!).AddServices(services);
        return services;
    }
}
