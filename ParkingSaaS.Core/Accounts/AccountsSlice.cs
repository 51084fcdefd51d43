using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Users, roles and partners' API clients.</summary>
sealed class AccountsSlice : ISlice
{
    public void AddServices(IServiceCollection services)
    {
        services.TryAddSingleton(new SignInPolicy()); // unless the host has settings
        services
            .AddPermission(AccountPermissions.ManageUsers, Roles.City, Roles.Company)
            .AddPermission(AccountPermissions.ManageClients, Roles.City)
            .AddPermission(AccountPermissions.KeepViews, [.. Roles.InCity])
            .AddSingleton<RoleCatalogue>()
            .AddSingleton<SecurityLog>()
            .AddSingleton<AccountDatabases>()
            .AddSingleton<SignInSessions>()
            .AddSingleton<SignInUser>()
            .AddSingleton<EndSession>()
            .AddSingleton<Passwords>()
            .AddSingleton<ChangeOwnPassword>()
            .AddSingleton<ResetAdministrator>()
            .AddSingleton<AddUser>()
            .AddSingleton<ChangeUser>()
            .AddSingleton<ResetPassword>()
            .AddSingleton<SwitchUser>()
            .AddSingleton<SaveView>()
            .AddSingleton<RenameView>()
            .AddSingleton<RemoveView>()
            .AddSingleton<AddApiClient>()
            .AddSingleton<RevokeApiClient>();
    }
}
