using ParkingSaaS.Core.Devices;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Devices;

/// <summary>The pages of devices and their messages.</summary>
sealed class DevicesSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(350, "devices", "Devices", "videocam", DevicePermissions.View),
        new(355, "messages", "Device messages", "data_object", DevicePermissions.View)
    ];
}
