using MudBlazor;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Tariffs;

sealed class TariffsSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu => [new(MenuGroup.Resources, 300, "tariffs", "Tariffs", Icons.Material.Outlined.RequestQuote, TariffPermissions.View)];

    public void AddServices(IServiceCollection services, Settings settings) =>
        services.AddSingleton(new LotPart(30, typeof(LotTariffPart), TariffPermissions.View));
}
