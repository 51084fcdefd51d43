using Microsoft.AspNetCore.SignalR;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Vehicles;

/// <summary>The pages of owners, of lists, of groups of plates, and of cars that do not move.</summary>
sealed class VehiclesSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(315, "owners", "Owners", "person", VehiclePermissions.ViewOwners),
        new(320, "lists", "Lists", "playlist_add_check", VehiclePermissions.ViewLists),
        new(325, "groups", "Plate groups", "group_work", VehiclePermissions.ViewGroups),
        new(330, "zombies", "Zombie vehicles", "hourglass_bottom", VehiclePermissions.ViewLists)
    ];

    // Ten thousand pasted plates are some 120 kB.
    public void AddServices(IServiceCollection services, Settings settings) =>
        services.Configure<HubOptions>(options => options.MaximumReceiveMessageSize = 256 << 10);
}
