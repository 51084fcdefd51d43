using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Payments;

namespace ParkingSaaS.Core.Passes;

/// <summary>Passes: monthly cards and the like.</summary>
static class PassesSlice
{
    public static IServiceCollection AddPasses(this IServiceCollection services) => services
        .AddPermission(PassPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff, Roles.Attendant)
        .AddPermission(PassPermissions.Sell, Roles.City, Roles.Company, Roles.Staff, Roles.Attendant)
        .AddPermission(PassPermissions.Review, Roles.City, Roles.Company)
        .AddPermission(PassPermissions.Products, Roles.City, Roles.Company)
        .AddPermission(PassPermissions.Service, Roles.City, Roles.Company, Roles.Staff)
        .AddPermission(PassPermissions.Refund, Roles.City, Roles.Company)
        .AddPassPolicy()
        .AddSingleton<SavePassProduct>()
        .AddSingleton<WithdrawPassProduct>()
        .AddSingleton<SellPass>()
        .AddSingleton<PassChange>()
        .AddSingleton<ReviewPass>()
        .AddSingleton<RenewPass>()
        .AddSingleton<SwitchAutoRenew>()
        .AddSingleton<ChangePassPlate>()
        .AddSingleton<SuspendPass>()
        .AddSingleton<ResumePass>()
        .AddSingleton<AskCancel>()
        .AddSingleton<ReviewCancel>()
        .AddSingleton<PassUpkeep>()
        .AddSingleton<DriverPasses>()
        .AddSingleton<SellPasses>()
        .AddSingleton<SettlePasses>()
        .AddSingleton<PassPayments>()
        .AddSingleton<IPayable>(services => services.GetRequiredService<PassPayments>());

    /// <summary>The usual policy, unless the host has another.</summary>
    static IServiceCollection AddPassPolicy(this IServiceCollection services)
    {
        services.TryAddSingleton(new PassPolicy());
        return services;
    }
}
