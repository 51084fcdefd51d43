using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Tariffs;

sealed class TariffsSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu => [new(300, "tariffs", "Tariffs", "request_quote", TariffPermissions.View)];
}
