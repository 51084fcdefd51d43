using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Vehicles;

/// <summary>The pages of owners, of lists, of groups of plates, and of cars that do not move.</summary>
static class VehiclesSetup
{
    public static IServiceCollection AddVehiclePages(this IServiceCollection services) => services
        // Ten thousand pasted plates are some 120 kB.
        .Configure<Microsoft.AspNetCore.SignalR.HubOptions>(options => options.MaximumReceiveMessageSize = 256 << 10)
        .AddMenu(320, "lists", "Lists", "playlist_add_check", VehiclePermissions.ViewLists)
        .AddMenu(325, "groups", "Plate groups", "group_work", VehiclePermissions.ViewGroups)
        .AddMenu(315, "owners", "Owners", "person", VehiclePermissions.ViewOwners)
        .AddMenu(330, "zombies", "Zombie vehicles", "hourglass_bottom", VehiclePermissions.ViewLists);
}
