using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Names;

/// <summary>What the city's names are in other languages.</summary>
sealed class NamesSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(NamePermissions.Translate, Roles.City)
        .AddSingleton<CityNames>()
        .AddSingleton<NamesInUse>()
        .AddSingleton<TranslateName>();
}
