using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Orders;

namespace ParkingSaaS.Tests.Orders;

/// <summary>Parts of plates are searched by an index of their own, which whole plates never take: for those it is slow.</summary>
public sealed class PlateIndexTests(Cluster cluster) : PlatformTest(cluster)
{
    const string OfParts = "ix_orders_plate_part";

    /// <summary>The plan of a query on a table that is no longer small enough to be read as a whole.</summary>
    static async Task<string> PlanAsync<T>(CitySession s, IQueryable<T> query)
    {
        await using var transaction = await s.Db.Database.BeginTransactionAsync(Ct);
        await using var command = query.CreateDbCommand();
        command.CommandText = "SET LOCAL enable_seqscan = off; EXPLAIN " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var plan = new List<string>();
        while (await reader.ReadAsync(Ct))
            plan.Add(reader.GetString(0));
        return string.Join('\n', plan);
    }

    [Fact]
    public async Task Parts_go_by_the_one_and_whole_plates_by_the_other()
    {
        await using var s = await platform.Alpha.OpenAsync();
        Assert.Contains(OfParts, await PlanAsync(s, new OrderFilter { Plate = "B123" }.Apply(s, [])));
        string[] plates = ["粤B12345", "粤B54321"];
        Assert.DoesNotContain(OfParts, await PlanAsync(s, s.Db.Set<Order>().Where(o => plates.Contains(o.Plate))));
    }
}
