using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Tariffs, their versions, and which lot uses which.</summary>
sealed class TariffsSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(TariffPermissions.View, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddPermission(TariffPermissions.Manage, Roles.City)
        .AddPermission(TariffPermissions.Assign, Roles.City, Roles.District)
        .AddSingleton<TariffsInForce>()
        .AddSingleton<AddTariff>()
        .AddSingleton<SaveDraft>()
        .AddSingleton<PublishVersion>()
        .AddSingleton<AssignTariff>()
        .AddSingleton<RetireTariff>();
}
