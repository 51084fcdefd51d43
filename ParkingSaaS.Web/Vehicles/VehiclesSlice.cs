using Microsoft.AspNetCore.SignalR;
using MudBlazor;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Vehicles;

/// <summary>The pages of owners, of lists, of groups of plates, and of cars that do not move.</summary>
sealed class VehiclesSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Customers, 315, "owners", "Owners", Icons.Material.Outlined.Person, VehiclePermissions.ViewOwners),
        new(MenuGroup.Customers, 320, "lists", "Lists", Icons.Material.Outlined.PlaylistAddCheck, VehiclePermissions.ViewLists),
        new(MenuGroup.Customers, 325, "groups", "Plate groups", Icons.Material.Outlined.GroupWork, VehiclePermissions.ViewGroups),
        new(MenuGroup.Operations, 330, "zombies", "Long-parked cars", Icons.Material.Outlined.HourglassBottom, VehiclePermissions.ViewLists)
    ];

    // Ten thousand pasted plates are some 120 kB.
    public void AddServices(IServiceCollection services, Settings settings) =>
        services.Configure<HubOptions>(options => options.MaximumReceiveMessageSize = 256 << 10);
}
