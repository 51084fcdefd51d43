using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Finance;

sealed class FinanceSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(FinancePermissions.Books, Roles.City, Roles.District, Roles.Company)
        .AddPermission(FinancePermissions.Prove, Roles.City)
        .AddSingleton<ProveBooks>()
        .AddSingleton<BookQueries>();
}
