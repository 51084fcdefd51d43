using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Service;

sealed class ServiceSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(ServicePermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddPermission(ServicePermissions.Decide, Roles.City, Roles.Company, Roles.Staff)
        .AddSingleton<FileAppeal>()
        .AddSingleton<DecideAppeal>()
        .AddSingleton<DriverAppeals>();
}
