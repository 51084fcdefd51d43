using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>The cities, and the doors to their data.</summary>
sealed class TenancySlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(TenancyPermissions.ChangeLook, Roles.City)
        .AddSingleton<ChangeLook>()
        .AddSingleton<CityDirectory>()
        .AddHostedService<CityRefresh>()
        .AddSingleton<CitySessions>()
        .AddSingleton<PlatformSessions>()
        .AddSingleton<AddCity>()
        .AddSingleton<UpdateDatabases>();
}
