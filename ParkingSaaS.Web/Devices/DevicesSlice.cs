using MudBlazor;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Devices;

sealed class DevicesSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Resources, 350, "devices", "Devices", Icons.Material.Outlined.Videocam, DevicePermissions.View),
        new(MenuGroup.Resources, 355, "messages", "Device messages", Icons.Material.Outlined.DataObject, DevicePermissions.View)
    ];
}
