using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;

namespace ParkingSaaS.Tests.Orders;

/// <summary>Parts of plates are searched by an index of their own, which whole plates never take: for those it is slow.</summary>
public sealed class PlateIndexTests(Cluster cluster) : PlatformTest(cluster)
{
    const string OfParts = "ix_orders_plate_part";

    [Fact]
    public async Task Parts_go_by_the_one_and_whole_plates_by_the_other()
    {
        await using var s = await platform.Alpha.OpenAsync();
        Assert.Contains(OfParts, await Plans.OfAsync(s, new OrderFilter { Plate = "B123" }.Apply(s, [])));
        string[] plates = ["粤B12345", "粤B54321"];
        Assert.DoesNotContain(OfParts, await Plans.OfAsync(s, s.Db.Set<Order>().Where(o => plates.Contains(o.Plate))));
    }
}
