using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Vehicles;

/// <summary>The pages of lists, and of cars that do not move.</summary>
static class VehiclesSetup
{
    public static IServiceCollection AddVehiclePages(this IServiceCollection services) => services
        .AddMenu(320, "lists", "Lists", "playlist_add_check", VehiclePermissions.ViewLists)
        .AddMenu(330, "zombies", "Zombie vehicles", "hourglass_bottom", VehiclePermissions.ViewLists);
}
