using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Names;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Tariffs, their versions, and which lot uses which.</summary>
sealed class TariffsSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(TariffPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddPermission(TariffPermissions.Manage, Roles.City)
        .AddPermission(TariffPermissions.Assign, Roles.City, Roles.District)
        .AddNames("tariff", s => s.Db.Set<TariffPlan>().Where(p => p.RetiredAt == null).Select(p => p.Name))
        .AddSingleton<TariffsInForce>()
        .AddSingleton<AddTariff>()
        .AddSingleton<SaveDraft>()
        .AddSingleton<PublishVersion>()
        .AddSingleton<AssignTariff>()
        .AddSingleton<RetireTariff>();
}
