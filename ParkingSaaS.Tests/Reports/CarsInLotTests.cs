using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Lots;

namespace ParkingSaaS.Tests.Reports;

/// <summary>Whoever says how many cars are in a lot says the same.</summary>
public sealed class CarsInLotTests(Cluster cluster) : DayTest(cluster)
{
    [Fact]
    public async Task Every_page_counts_the_same_cars()
    {
        await day.EnterAsync("粤B00001", 0);
        await day.EnterAsync("粤B00002", 1);
        await day.EnterAsync("粤B00003", 2);
        await day.EnterAsync("粤B00001", 90); // its exit is missing
        await day.LeaveAsync("粤B00002", 100); // waits to pay
        await day.LeaveAsync("粤B00004", 101); // came in unseen

        var today = await day.Platform.Get<TodayFigures>().RunAsync(City.User(ReportPermissions.Home), Ct);
        var occupancy = await day.Platform.Get<OccupancyFigures>().RunAsync(City.User(LotPermissions.View), null, StringComparer.Ordinal, Ct);
        await using var s = await City.OpenAsync();
        var listed = await LotRow.Of(s, retired: false).SumAsync(l => l.Parked, Ct);
        Assert.Equal((3, 3, 3, 2), (today.Places.Parked, occupancy.Total.Parked, listed, today.NeedDecision));
        Assert.Equal(new StillParked("North", 3), (await day.Platform.Get<RetireLot>().RunAsync(City.User(LotPermissions.Manage), City.North.Id, Ct)).Error);
    }
}
