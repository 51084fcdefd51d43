using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Tenancy;

sealed class TenancySlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu => [new(100, "platform/cities", "Cities", "location_city", TenancyPermissions.ManageCities)];
}
