using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Storage;

/// <summary>Many rows written at once are what EF Core reads back, and are held to the same rules as one.</summary>
public sealed class BulkSaveTests(Cluster cluster) : DayTest(cluster)
{
    [Fact]
    public async Task Rows_are_kept_as_they_are()
    {
        string[] images = ["https://example.org/a,b?q=\"{c}\"\\d", "图片 😀", ""];
        var passages = Enumerable.Range(0, 50).Select(i => new Passage
        {
            Id = Guid.CreateVersion7(),
            LotId = day.City.EntryCamera.LotId,
            Entering = i % 2 == 0,
            At = Day.Minute(i),
            Plate = i % 3 == 0 ? null : $"粤B{i:D5}",
            Confidence = i % 5 == 0 ? null : i / 50.0,
            ImageNames = [.. images.Take(i % 4)],
            Outcome = PassageOutcome.Superseded
        }).ToList();
        await SaveAsync(s => s.Db.AddRange(passages));
        var kept = (await day.PassagesAsync()).ToDictionary(p => p.Id);
        Assert.All(passages, p => Assert.Equivalent(p, kept[p.Id], strict: true));
        Assert.Equal(passages.Count, kept.Count);
    }

    [Fact]
    public async Task Only_what_changed_is_written()
    {
        await ParkAsync(3);
        await SaveAsync(s =>
        {
            foreach (var order in s.Db.Set<Order>())
                (order.Receivable, order.MarkReason) = (new Money(1200), order.Plate == "粤B00001" ? "two berths" : null);
        });
        Assert.All(await day.OrdersAsync(), o => Assert.Equal(
            (OrderState.Parked, new Money(1200), o.Plate == "粤B00001" ? "two berths" : null), (o.State, o.Receivable, o.MarkReason)));
    }

    [Fact]
    public async Task Of_two_writers_one_wins()
    {
        await ParkAsync(2);
        var e = await Assert.ThrowsAsync<DbUpdateConcurrencyException>(async () => await SaveAsync(async s =>
        {
            var orders = await s.Db.Set<Order>().OrderBy(o => o.Plate).ToListAsync(Ct);
            await SaveAsync(other => other.Db.Set<Order>().First().MarkReason = "first");
            orders.ForEach(o => o.MarkReason = "second");
        }));
        Assert.Equal(FaultCause.Race, DbFault.CauseOf(e));
        Assert.DoesNotContain(await day.OrdersAsync(), o => o.MarkReason == "second");
    }

    [Fact]
    public async Task A_row_out_of_reach_is_refused()
    {
        await ParkAsync(1);
        var lot = (await day.OrderAsync()).LotId;
        await Assert.ThrowsAsync<OutOfScopeException>(() => SaveAsync(s =>
        {
            s.Db.Scope = VisibleScope.Nothing;
            s.Db.Add(new Passage { Id = Guid.CreateVersion7(), LotId = lot, Entering = true, At = Day.Minute(0), Outcome = PassageOutcome.Superseded });
        }));
        Assert.Single(await day.PassagesAsync());
    }

    async Task ParkAsync(int cars)
    {
        for (var i = 0; i < cars; i++)
            await day.EnterAsync($"粤B{i:D5}", i * 2);
    }

    Task SaveAsync(Action<CitySession> change) => SaveAsync(s =>
    {
        change(s);
        return Task.CompletedTask;
    });

    async Task SaveAsync(Func<CitySession, Task> change)
    {
        await using var s = await day.City.OpenAsync();
        await using var transaction = await s.Db.Database.BeginTransactionAsync(Ct);
        await change(s);
        await s.Db.SaveManyAsync(Ct);
        await transaction.CommitAsync(Ct);
    }
}
