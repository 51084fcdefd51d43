using MudBlazor;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Tenancy;

sealed class TenancySlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.System, 100, "platform/cities", "Cities", Icons.Material.Outlined.LocationCity, TenancyPermissions.ManageCities),
        new(MenuGroup.System, 600, "city", "The city", Icons.Material.Outlined.Palette, TenancyPermissions.ChangeLook)
    ];
}
