using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Reports;

/// <summary>The day of one lot.</summary>
public sealed class LotDayTests(Cluster cluster) : DayTest(cluster)
{
    [Fact]
    public async Task A_lots_day_is_what_it_took_who_came_and_what_waits()
    {
        await day.EnterAsync("粤B00001", 0);
        await day.EnterAsync("粤B00002", 1);
        await day.LeaveAsync("粤B00001", 70);
        var order = (await day.OrdersAsync()).Single(o => o.Plate == "粤B00001");
        Assert.True((await day.CashAsync(order, order.Receivable.Minor)).Ok);
        day.Until(100);

        Assert.Equal(new LotDay(order.Receivable, 2, Money.Zero, 0), await RunAsync(City.North.Id));
        Assert.Equal(new LotDay(Money.Zero, 0, Money.Zero, 0), await RunAsync(City.South.Id));
    }

    Task<LotDay> RunAsync(Guid lot) => day.Platform.Get<LotDayFigures>().RunAsync(City.User(ReportPermissions.Home), lot, Ct);
}
