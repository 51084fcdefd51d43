using Microsoft.Extensions.DependencyInjection;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Users, roles and partners' API clients.</summary>
static class AccountsSlice
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddPermission(AccountPermissions.ManageUsers, Roles.City, Roles.Company)
        .AddPermission(AccountPermissions.ManageClients, Roles.City)
        .AddSingleton<RoleCatalogue>()
        .AddSingleton<UserStores>()
        .AddSingleton<AddUser>()
        .AddSingleton<ChangeUser>()
        .AddSingleton<ResetPassword>()
        .AddSingleton<SwitchUser>()
        .AddSingleton<AddApiClient>()
        .AddSingleton<RevokeApiClient>();
}
