using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Payments;

namespace ParkingSaaS.Core.Passes;

/// <summary>Passes: monthly cards and the like.</summary>
sealed class PassesSlice : ISlice
{
    public void AddServices(IServiceCollection services)
    {
        services.TryAddSingleton(new PassPolicy()); // unless the host has settings
        services
            .AddPermission(PassPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff, Roles.Attendant)
            .AddPermission(PassPermissions.Sell, Roles.City, Roles.Company, Roles.Staff, Roles.Attendant)
            .AddPermission(PassPermissions.Review, Roles.City, Roles.Company)
            .AddPermission(PassPermissions.Products, Roles.City, Roles.Company)
            .AddPermission(PassPermissions.Service, Roles.City, Roles.Company, Roles.Staff)
            .AddPermission(PassPermissions.Refund, Roles.City, Roles.Company)
            .AddNames("pass-product", s => s.Db.Set<PassProduct>().Where(p => p.WithdrawnAt == null).Select(p => p.Name))
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
    }
}
