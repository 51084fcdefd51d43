using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Reports;

/// <summary>How full some lots are.</summary>
/// <param name="Lots">How many lots.</param>
/// <param name="Capacity">How many cars they hold.</param>
/// <param name="Parked">Cars in now.</param>
/// <param name="Free">Places left, lot by lot and never below zero: where a lot is overfull, this and the cars in come to more
/// than the capacity.</param>
public readonly record struct Places(int Lots, int Capacity, int Parked, int Free)
{
    /// <summary>Of one lot.</summary>
    public static Places Of(int capacity, int parked) => new(1, capacity, parked, Math.Max(0, capacity - parked));

    /// <summary>Cars in for a hundred places, rounded; null without a capacity.</summary>
    public int? Percent => Capacity == 0 ? null : (int)Math.Round(100m * Parked / Capacity, MidpointRounding.AwayFromZero);

    public static Places operator +(Places a, Places b) =>
        new(a.Lots + b.Lots, a.Capacity + b.Capacity, a.Parked + b.Parked, a.Free + b.Free);
}

/// <summary>An area with all below it.</summary>
/// <param name="Depth">How many of the areas listed are above it.</param>
public sealed record AreaPlaces(Guid Id, string Name, int Depth, Places Places);

/// <summary>A road.</summary>
/// <param name="Id">The road; null for the lots that name none.</param>
/// <param name="Area">The name of its area.</param>
public sealed record RoadPlaces(Guid? Id, string? Name, string? Area, Places Places);

/// <summary>How full the lots in use are.</summary>
/// <param name="Areas">By area, parents before children; areas without a lot are left out.</param>
/// <param name="Roads">By road, in the order of names; last those that name none.</param>
/// <param name="Total">All lots.</param>
public sealed record Occupancy(IReadOnlyList<AreaPlaces> Areas, IReadOnlyList<RoadPlaces> Roads, Places Total);

/// <summary>Sums up how full the lots within reach are, by area and by road.</summary>
public sealed class OccupancyFigures(CitySessions sessions)
{
    /// <param name="kind">Lots of this kind; null for all.</param>
    /// <param name="order">How who asked sorts names.</param>
    public async Task<Occupancy> RunAsync(Actor actor, LotKind? kind, IComparer<string?> order, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.View, ct);
        var cars = s.Db.Set<Order>().Where(Order.IsInLot);
        var lots = await s.Db.Set<Lot>().Where(l => l.RetiredAt == null && (kind == null || l.Kind == kind))
            .Select(l => new
            {
                l.AreaId,
                l.RoadId,
                l.Capacity,
                Parked = cars.Count(o => o.LotId == l.Id)
            }).ToListAsync(ct);
        var areas = await s.Db.Set<Area>().AsNoTracking().ToListAsync(ct);
        var roads = await s.Db.Set<Road>().AsNoTracking().ToDictionaryAsync(r => r.Id, ct);
        var places = lots.ConvertAll(l => (l.AreaId, l.RoadId,
            Places: Places.Of(l.Capacity, l.Parked)));

        var byArea = places.ToLookup(l => l.AreaId, l => l.Places);
        var tree = new List<AreaPlaces>();
        foreach (var top in Below(null))
            Add(top, 0);
        return new Occupancy(tree,
            [.. places.GroupBy(l => l.RoadId, l => l.Places)
                .Select(g => g.Key is { } id
                    ? new RoadPlaces(id, roads[id].Name, areas.Find(a => a.Id == roads[id].AreaId)?.Name, Sum(g))
                    : new RoadPlaces(null, null, null, Sum(g)))
                .OrderBy(r => r.Id is null).ThenBy(r => r.Name, order).ThenBy(r => r.Area, order)],
            Sum(places.Select(l => l.Places)));

        // A district's tree begins at the district: what is above it is not its own.
        IEnumerable<Area> Below(Guid? parent) => areas
            .Where(a => parent is null && actor.Scope.AreaId is { } top ? a.Id == top : a.ParentId == parent)
            .OrderBy(a => a.Name, order);

        Places Add(Area area, int depth)
        {
            var at = tree.Count;
            var sum = Below(area.Id).Aggregate(Sum(byArea[area.Id]), (sum, child) => sum + Add(child, depth + 1));
            if (sum.Lots > 0)
                tree.Insert(at, new AreaPlaces(area.Id, area.Name, depth, sum));
            return sum;
        }
    }

    static Places Sum(IEnumerable<Places> places) => places.Aggregate(default(Places), (sum, p) => sum + p);
}
