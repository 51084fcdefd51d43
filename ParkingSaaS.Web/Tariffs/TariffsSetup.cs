using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Tariffs;

/// <summary>The pages of tariffs.</summary>
static class TariffsSetup
{
    public static IServiceCollection AddTariffPages(this IServiceCollection services) =>
        services.AddMenu(300, "tariffs", "Tariffs", "request_quote", TariffPermissions.View);
}
