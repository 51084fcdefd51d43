using ParkingSaaS.Core.Devices;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Devices;

sealed class DevicesSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(350, "devices", "Devices", "videocam", DevicePermissions.View),
        new(355, "messages", "Device messages", "data_object", DevicePermissions.View)
    ];
}
