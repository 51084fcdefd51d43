using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;

namespace ParkingSaaS.Tests.Orders;

/// <summary>A booth reads what it shows, whatever was left behind at its lanes.</summary>
public sealed class BoothReadTests(Cluster cluster) : DayTest(cluster)
{
    /// <summary>Cars that came to the exit one after the other, a second apart, and did not pay.</summary>
    async Task LeaveBehindAsync(int count)
    {
        await using var s = await day.City.OpenAsync();
        for (var i = 0; i < count; i++)
            s.Db.Set<Order>().Add(new Order
            {
                Id = Guid.CreateVersion7(),
                LotId = day.City.North.Id,
                Plate = $"粤B{10000 + i}",
                State = OrderState.AwaitingPayment,
                EnteredAt = TestPlatform.Start.AddHours(-2),
                ExitLaneId = day.City.Exit.Id,
                ExitedAt = TestPlatform.Start.AddSeconds(i - 1000),
                Receivable = new Money(700),
                CreatedAt = TestPlatform.Start.AddHours(-2),
                BusinessDate = new DateOnly(2026, 11, 21)
            });
        await s.Db.SaveChangesAsync(Ct);
    }

    async Task<BoothView> LoadAsync()
    {
        await using var s = await day.Platform.Get<CitySessions>().OpenAsync(day.City.User(OrderPermissions.Booth), OrderPermissions.Booth, Ct);
        return await BoothView.LoadAsync(s, day.City.North.Id, [day.City.Entry, day.City.Exit]);
    }

    [Fact]
    public async Task Hundreds_that_were_left_behind_are_no_more_to_read_than_a_few()
    {
        using var counter = await ReadCounter.StartAsync(day.Platform.Get<CityDirectory>().Get(day.City.Code).Database, LoadAsync);
        await LeaveBehindAsync(3);
        counter.Reset();
        var few = await LoadAsync();
        var (queries, rows) = (counter.Queries, counter.Rows);
        Assert.InRange(queries, 1, 12); // the counter counts

        await LeaveBehindAsync(400);
        counter.Reset();
        var many = await LoadAsync();
        Assert.Equal((queries, rows), (counter.Queries, counter.Rows));

        Assert.Equal(("粤B10002", 2), (few.Lanes[1].Car!.Plate, few.Lanes[1].MoreWaiting));
        Assert.Equal(("粤B10399", BoothView.Most), (many.Lanes[1].Car!.Plate, many.Lanes[1].MoreWaiting));
        Assert.Null(many.Lanes[0].Car);
    }

    [Fact]
    public async Task The_newest_that_waits_is_found_by_its_index()
    {
        await using var s = await day.City.OpenAsync();
        await using var transaction = await s.Db.Database.BeginTransactionAsync(Ct);
        await using var command = BoothView.Waiting(s, day.City.Exit, TestPlatform.Start).Take(1).CreateDbCommand();
        command.CommandText = "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; EXPLAIN " + command.CommandText;
        var plan = "";
        await using var reader = await command.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
            plan += reader.GetString(0) + "\n";
        Assert.Contains("Index Scan using ix_orders_at_exit", plan);
        Assert.DoesNotContain("Sort", plan);
    }

    [Fact]
    public async Task Cars_that_are_gone_are_closed_however_many()
    {
        await LeaveBehindAsync(1100);
        day.Platform.Clock.Advance(ExitSettlement.LongestWait);
        Assert.Equal(1000, (await day.Platform.Get<CloseWaiting>().RunAsync(day.City.Code, Ct)).Value);
        await using var s = await day.City.OpenAsync();
        Assert.Equal((1000, 1000),
            (await s.Db.Set<Order>().CountAsync(o => o.State == OrderState.Arrears, Ct), await s.Db.Set<OrderOperation>().CountAsync(Ct)));
    }
}
