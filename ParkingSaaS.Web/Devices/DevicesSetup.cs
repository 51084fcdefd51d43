using ParkingSaaS.Core.Devices;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Devices;

/// <summary>The pages of devices and their messages.</summary>
static class DevicesSetup
{
    public static IServiceCollection AddDevicePages(this IServiceCollection services) => services
        .AddMenu(350, "devices", "Devices", "videocam", DevicePermissions.View)
        .AddMenu(355, "messages", "Device messages", "data_object", DevicePermissions.View);
}
