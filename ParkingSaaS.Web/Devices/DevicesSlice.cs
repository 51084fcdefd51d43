using MudBlazor;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Devices;

sealed class DevicesSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Resources, 350, "devices", "Devices", Icons.Material.Outlined.Videocam, DevicePermissions.View),
        new(MenuGroup.Resources, 355, "messages", "Device messages", Icons.Material.Outlined.DataObject, DevicePermissions.View)
    ];

    public void AddServices(IServiceCollection services, Settings settings) => services.AddSingleton<PictureUpload>()
        .AddSingleton(new LotPart(50, typeof(LotDevicesPart), DevicePermissions.View));

    public void MapEndpoints(IEndpointRouteBuilder app) =>
        app.MapPut("/devices/pictures/{name}", (HttpContext http, string name, PictureUpload upload) => upload.PutAsync(http, name)).AllowAnonymous();
}
