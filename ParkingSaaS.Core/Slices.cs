using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Lots;

namespace ParkingSaaS.Core;

/// <summary>The use cases of all slices, lowest first. Each slice registers itself.</summary>
public static class Slices
{
    /// <summary>Registers every slice's use cases.</summary>
    public static IServiceCollection AddSlices(this IServiceCollection services) => services
        .AddAccounts()
        .AddLots();
}
