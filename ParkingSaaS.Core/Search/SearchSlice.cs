using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Search;

/// <summary>One search for all that has a page.</summary>
sealed class SearchSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(SearchPermissions.Use, Roles.City, Roles.District, Roles.Company, Roles.Staff, Roles.Attendant)
        .AddSingleton<SearchEverything>();
}
