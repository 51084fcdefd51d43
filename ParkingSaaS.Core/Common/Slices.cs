using Microsoft.Extensions.DependencyInjection;

namespace ParkingSaaS.Core.Common;

/// <summary>What a folder brings: its use cases and permissions.</summary>
interface ISlice
{
    void AddServices(IServiceCollection services);
}

/// <summary>The use cases of all slices. Each slice registers itself.</summary>
public static class Slices
{
    /// <summary>Registers every slice's use cases, by the slices' names. The host adds the link to the devices.</summary>
    public static IServiceCollection AddSlices(this IServiceCollection services)
    {
        foreach (var slice in Find<ISlice>())
            slice.AddServices(services);
        return services;
    }

    /// <summary>One of each class that the interface's assembly has of it, by name.</summary>
    public static IEnumerable<T> Find<T>() => typeof(T).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(T)))
        .OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => (T)Activator.CreateInstance(t)!);
}
