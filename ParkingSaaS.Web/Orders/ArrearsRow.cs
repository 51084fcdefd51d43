using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Orders;

/// <summary>How long ago the car left that owes.</summary>
public enum ArrearsAge
{
    /// <summary>Seven days ago or less.</summary>
    Week,

    /// <summary>More than that, and thirty days or less.</summary>
    Month,

    /// <summary>More than that, and ninety days or less.</summary>
    Quarter,

    /// <summary>More than ninety days ago.</summary>
    Longer
}

/// <summary>What a car owes. The amount is in minor units.</summary>
public sealed class ArrearsRow
{
    /// <summary>Null for all cars whose plate was not read.</summary>
    public string? Plate { get; init; }

    /// <summary>The owner's name, where the car has one that the reader may see.</summary>
    public string? Owner { get; init; }

    public int Orders { get; init; }

    public long Owed { get; init; }

    /// <summary>When it left the first time without paying.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it left the last time without paying.</summary>
    public DateTimeOffset? Latest { get; init; }

    /// <summary>When its owner was last reminded of arrears; null where the reader may not see messages.</summary>
    public DateTimeOffset? RemindedAt { get; init; }

    /// <summary>Whether somebody knows whose car it is, so that they can be reminded.</summary>
    public bool Known { get; init; }
}

/// <summary>What cars owe that are not older, or not younger, than an age.</summary>
public sealed record AgedArrears(ArrearsAge Age, int Orders, Money Owed);

/// <summary>Which arrears are wanted; every part that is set narrows.</summary>
public sealed record ArrearsFilter
{
    /// <summary>A part of the plate.</summary>
    public string? Plate { get; init; }
    public Guid? LotId { get; init; }

    /// <summary>The area and all below it.</summary>
    public Guid? AreaId { get; init; }
    public ArrearsAge? Age { get; init; }

    /// <summary>What the address of the list says.</summary>
    public static ArrearsFilter Of(ListFilters f) => new()
    {
        Plate = f["plate"],
        LotId = f.Id("lotId"),
        AreaId = f.Id("areaId"),
        Age = f.Of<ArrearsAge>("age")
    };

    /// <summary>The orders within the session's reach that are wanted.</summary>
    /// <param name="areas">All areas of the city.</param>
    public IQueryable<Order> Orders(CitySession s, IReadOnlyList<Area> areas)
    {
        var orders = new OrderFilter { Plate = Plate, LotId = LotId, AreaId = AreaId, State = OrderState.Arrears }.Orders(s, areas).Where(Order.IsDemanded);
        var (week, month, quarter) = (s.Now.AddDays(-7), s.Now.AddDays(-30), s.Now.AddDays(-90));
        return Age switch
        {
            ArrearsAge.Week => orders.Where(o => o.ExitedAt >= week),
            ArrearsAge.Month => orders.Where(o => o.ExitedAt < week && o.ExitedAt >= month),
            ArrearsAge.Quarter => orders.Where(o => o.ExitedAt < month && o.ExitedAt >= quarter),
            ArrearsAge.Longer => orders.Where(o => o.ExitedAt < quarter),
            _ => orders
        };
    }

    /// <summary>The cars that owe.</summary>
    /// <param name="owners">The reader may see owners.</param>
    public IQueryable<ArrearsRow> Apply(CitySession s, IReadOnlyList<Area> areas, bool owners) => Orders(s, areas).GroupBy(o => o.Plate)
        .Select(g => new
        {
            Plate = g.Key,
            Orders = g.Count(),
            Owed = g.AsQueryable().Sum(Order.Arrears),
            Since = g.Min(o => o.ExitedAt),
            Latest = g.Max(o => o.ExitedAt)
        })
        .Select(c => new ArrearsRow
        {
            Plate = c.Plate,
            Owner = owners
                ? s.Db.Set<Owner>().Where(o => s.Db.Set<OwnerPlate>().Any(p => p.OwnerId == o.Id && p.Plate == c.Plate)).Select(o => o.Name).FirstOrDefault()
                : null,
            Orders = c.Orders,
            Owed = c.Owed,
            Since = c.Since,
            Latest = c.Latest,
            RemindedAt = s.Db.Set<Message>().Where(m => m.Plate == c.Plate && SceneKind.Arrears.Contains(m.Scene) && m.State != MessageState.Withheld)
                .Max(m => (DateTimeOffset?)m.CreatedAt),
            Known = s.Db.Set<OwnerPlate>().Any(p => p.Plate == c.Plate)
        });

    /// <summary>How old what is wanted is, each age once.</summary>
    public async Task<IReadOnlyList<AgedArrears>> AgesAsync(CitySession s, IReadOnlyList<Area> areas, CancellationToken ct)
    {
        List<AgedArrears> ages = [];
        foreach (var age in Enum.GetValues<ArrearsAge>().Where(a => Age is null || a == Age))
        {
            var orders = (this with { Age = age }).Orders(s, areas);
            ages.Add(new AgedArrears(age, await orders.CountAsync(ct), new Money(await orders.SumAsync(Order.Arrears, ct))));
        }
        return ages;
    }
}
