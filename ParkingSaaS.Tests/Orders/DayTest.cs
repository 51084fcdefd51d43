using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Orders;

/// <summary>Tests of what a day brings to a city. Whatever it was, afterwards the books say the same as the orders and the payments.</summary>
public abstract class DayTest(Cluster cluster) : PlatformTest(cluster)
{
    bool booksForged;

    protected Day day => field ??= new Day(platform);

    /// <summary>The test changes rows past the program: the books cannot say the same.</summary>
    protected void ForgeBooks() => booksForged = true;

    protected override async Task AfterwardsAsync()
    {
        if (booksForged)
            return;
        await using var s = await City.OpenAsync();
        var days = (await s.Db.Set<Order>().Select(o => o.BusinessDate).Union(s.Db.Set<Posting>().Select(p => p.Day))
                .Union(s.Db.Set<Payment>().Where(p => p.BusinessDate != null).Select(p => p.BusinessDate!.Value)).ToListAsync())
            .Union((await s.Db.Set<PassPeriod>().Where(p => p.PaidAt != null).Select(p => p.PaidAt!.Value).ToListAsync()).Select(s.City.Zone.Date));
        foreach (var date in days)
            Assert.Equal([], await BookDifferences.OfAsync(s, date, null, CancellationToken.None));
    }
}
