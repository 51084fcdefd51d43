using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>Tests of what a day brings to a city.</summary>
public abstract class DayTest(Cluster cluster) : PlatformTest(cluster)
{
    protected Day day => field ??= new Day(platform);
}
