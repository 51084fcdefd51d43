using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Devices;

/// <summary>Has pictures deleted whose time is over. Each node does so: where files lie on disks, each has its own.</summary>
sealed class PictureUpkeep(CityDirectory cities, ExpirePictures expire, TimeProvider clock, FaultLog faults)
    : CityUpkeep(cities, clock, faults, TimeSpan.FromHours(1), "the deletion of old pictures")
{
    protected override Task RunAsync(City city, CancellationToken ct) => expire.RunAsync(city.Code, ct);
}
