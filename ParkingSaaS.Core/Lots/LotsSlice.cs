using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;

namespace ParkingSaaS.Core.Lots;

/// <summary>Areas, companies, lots, lanes and berths.</summary>
static class LotsSlice
{
    public static IServiceCollection AddLots(this IServiceCollection services) => services
        .AddPermission(LotPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff, Roles.Attendant)
        .AddPermission(LotPermissions.Manage, Roles.City, Roles.District, Roles.Company)
        .AddPermission(LotPermissions.ManageAreas, Roles.City)
        .AddPermission(LotPermissions.ManageCompanies, Roles.City)
        .AddSingleton<SaveArea>()
        .AddSingleton<RemoveArea>()
        .AddSingleton<SaveCompany>()
        .AddSingleton<RetireCompany>()
        .AddSingleton<SaveLot>()
        .AddSingleton<SaveLane>()
        .AddSingleton<RetireLane>()
        .AddSingleton<AddBerths>()
        .AddSingleton<ChangeBerth>();
}
