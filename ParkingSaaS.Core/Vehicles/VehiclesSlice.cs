using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>Plates, whose they are, and the lists that they are on.</summary>
sealed class VehiclesSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(VehiclePermissions.ViewLists, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddPermission(VehiclePermissions.ManageLists, Roles.City, Roles.District, Roles.Company)
        .AddPermission(VehiclePermissions.ViewGroups, Roles.City, Roles.District)
        .AddPermission(VehiclePermissions.ManageGroups, Roles.City)
        .AddPermission(VehiclePermissions.ViewOwners, Roles.City, Roles.District, Roles.Company)
        .AddPermission(VehiclePermissions.ViewPhones, Roles.City)
        .AddPermission(VehiclePermissions.ManageOwners, Roles.City)
        .AddNames("plate-group", s => s.Db.Set<PlateGroup>().Select(g => g.Name))
        .AddSingleton<SaveOwner>()
        .AddSingleton<EraseOwner>()
        .AddSingleton<SavePlateGroup>()
        .AddSingleton<RemovePlateGroup>()
        .AddSingleton<RemoveGroupPlate>()
        .AddSingleton<RestoreGroupPlate>()
        .AddSingleton<SavePlateRules>()
        .AddSingleton<RemovePlateRule>()
        .AddSingleton<RestorePlateRule>()
        .AddSingleton<TableImport>(p => Import(p, PlateListKind.White))
        .AddSingleton<TableImport>(p => Import(p, PlateListKind.Black))
        .AddSingleton<TableImport>(p => Import(p, PlateListKind.Special));

    static ImportPlates Import(IServiceProvider services, PlateListKind list) =>
        new(services.GetRequiredService<CitySessions>(), services.GetRequiredService<CityNames>(), list);
}
