using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Orders;

/// <summary>How a stay beside a case becomes one with it.</summary>
public enum CaseJoin
{
    /// <summary>One car read twice: <see cref="SettleMisread"/>.</summary>
    Misread,

    /// <summary>One is the exit of the other: <see cref="MatchExit"/>.</summary>
    Exit,

    /// <summary>Two stays that were one: <see cref="MergeOrders"/>.</summary>
    Merge
}

/// <summary>A stay near a case in time, of the same plate or of one that looks like it.</summary>
/// <param name="Distance">In how many characters the plates differ; 0 also where one was not read.</param>
/// <param name="Readings">What was seen of it, in the order of time.</param>
/// <param name="Join">How it may be one with the case; null where it cannot be.</param>
public sealed record CaseNeighbour(Order Order, string Lot, int Distance, IReadOnlyList<Passage> Readings, CaseJoin? Join);

/// <summary>A case as the exceptions desk shows it.</summary>
/// <param name="Kind">Null where nobody waits for a decision any more.</param>
/// <param name="Neighbours">Those that it may be one with first, the likeliest of them in front; then the others in the order of time.</param>
/// <param name="Places">What its lanes and those of its neighbours are called, and their berths.</param>
/// <param name="Last">What was done to it last.</param>
/// <param name="Lanes">The lanes of its lot.</param>
public sealed record DeskCase(Order Order, CaseKind? Kind, string Lot, IReadOnlyList<Passage> Readings, IReadOnlyList<CaseNeighbour> Neighbours,
    IReadOnlyDictionary<Guid, string> Places, IReadOnlyList<Lane> Lanes, OrderOperation? Last)
{
    /// <summary>How far around a stay its neighbours are looked for.</summary>
    static readonly TimeSpan Around = TimeSpan.FromDays(1);

    /// <summary>Who was away longer has left, as far as anybody can tell.</summary>
    static readonly TimeSpan Away = TimeSpan.FromHours(1);

    /// <summary>More stays are not compared.</summary>
    const int MaxCompared = 5_000;

    /// <summary>More neighbours nobody reads.</summary>
    const int MaxShown = 6;

    /// <summary>A plate that was misread hardly differs in more.</summary>
    const int NearCharacters = 2;

    /// <summary>What the key for joining joins it with; null where nothing offers itself.</summary>
    public CaseNeighbour? Proposed => Neighbours.FirstOrDefault(n => n.Join is not null);

    /// <summary>The car's next stay in the city, which says when it had left at the latest; null where none is known.</summary>
    public CaseNeighbour? Next => Neighbours.Where(n => n.Order.Plate == Order.Plate && n.Order.Start > Order.Start).MinBy(n => n.Order.Start);

    /// <summary>Reads it within the session's reach; null where there is no such order.</summary>
    /// <param name="id">The order.</param>
    /// <param name="merge">Whoever looks may merge.</param>
    public static async Task<DeskCase?> LoadAsync(CitySession s, Guid id, bool merge)
    {
        if (await s.Db.Set<Order>().AsNoTracking().FirstOrDefaultAsync(o => o.Id == id) is not { } order)
            return null;
        var waits = await OrderCases.Waiting(s).AnyAsync(o => o.Id == id);
        var others = await NeighboursAsync(s, order);
        var ids = others.Select(o => o.Id).Append(id).ToList();
        var readings = (await s.Db.Set<Passage>().AsNoTracking().Where(p => ids.Contains(p.OrderId!.Value)).OrderBy(p => p.At).ToListAsync())
            .ToLookup(p => p.OrderId!.Value);
        var lots = others.Select(o => o.LotId).Append(order.LotId).Distinct().ToList();
        var names = await s.Db.Set<Lot>().Where(l => lots.Contains(l.Id)).ToDictionaryAsync(l => l.Id, l => l.Name);
        var lanes = await s.Db.Set<Lane>().AsNoTracking().Where(l => lots.Contains(l.LotId)).ToListAsync();
        var berths = others.Append(order).Select(o => o.BerthId).OfType<Guid>().Distinct().ToList();
        var places = lanes.Select(l => (l.Id, l.Name))
            .Concat((await s.Db.Set<Berth>().Where(b => berths.Contains(b.Id)).Select(b => new { b.Id, b.Number }).ToListAsync()).Select(b => (b.Id, b.Number)))
            .ToDictionary(p => p.Item1, p => p.Item2);
        var last = await s.Db.Set<OrderOperation>().AsNoTracking().Where(o => o.OrderId == id).OrderByDescending(o => o.Id).FirstOrDefaultAsync();
        CaseKind? kind = waits ? OrderCases.KindOf(order.State, order.Anomalies, order.EnteredAt is not null, order.ExitedAt is not null) : null;
        var neighbours = others
            .Select(o => new CaseNeighbour(o, names[o.LotId], Distance(order, o), [.. readings[o.Id]], JoinOf(kind, order, o, merge)))
            .OrderBy(n => n.Join ?? (CaseJoin)int.MaxValue).ThenBy(n => n.Join is null ? 0 : n.Distance)
            .ThenBy(n => n.Join is null ? n.Order.Start.Ticks : Gap(order, n.Order).Ticks);
        return new DeskCase(order, kind, names[order.LotId], [.. readings[id]], [.. neighbours], places, [.. lanes.Where(l => l.LotId == order.LotId)], last);
    }

    /// <summary>The stays of the same plate around it anywhere in the city, those in its lot whose plates look like its own, and the one that
    /// it may be misread for.</summary>
    static async Task<List<Order>> NeighboursAsync(CitySession s, Order order)
    {
        var (from, to) = (order.Start - Around, (order.ExitedAt ?? order.Start) + Around);
        // An exit without an entry may belong to a stay that began long ago.
        var open = order is { State: OrderState.Unresolved, EnteredAt: null };
        var near = await s.Db.Set<Order>()
            .Where(o => o.LotId == order.LotId && o.BerthId == order.BerthId && o.Id != order.Id && o.State != OrderState.Void)
            .Where(o => ((o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) >= from && (o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) <= to)
                || (open && o.State == OrderState.Parked))
            .OrderByDescending(o => o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt).Take(MaxCompared).Select(o => new { o.Id, o.Plate }).ToListAsync();
        var alike = near.Where(o => o.Plate is not null && order.Plate is not null && o.Plate != order.Plate && Near(o.Plate, order.Plate))
            .OrderBy(o => ExitCandidates.Distance(o.Plate!, order.Plate!)).Take(MaxShown).Select(o => o.Id).ToList();
        var car = order.Plate is { } plate
            ? s.Db.Set<Order>().Where(o => o.Plate == plate && o.Id != order.Id && o.State != OrderState.Void) : null;
        var before = car is null ? [] : await car.Where(o => (o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) <= order.Start)
            .OrderByDescending(o => o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt).Take(2).AsNoTracking().ToListAsync();
        var after = car is null ? [] : await car.Where(o => (o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) > order.Start)
            .OrderBy(o => o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt).Take(2).AsNoTracking().ToListAsync();
        var others = await s.Db.Set<Order>().Where(o => alike.Contains(o.Id)
            || (o.State != OrderState.Void && (o.Id == order.MisreadOf || o.MisreadOf == order.Id))).AsNoTracking().ToListAsync();
        return [.. before.Concat(after).Concat(others).DistinctBy(o => o.Id)];
    }

    static bool Near(string a, string b) => ExitCandidates.Distance(a, b) <= NearCharacters;

    static int Distance(Order a, Order b) => a.Plate is null || b.Plate is null ? 0 : ExitCandidates.Distance(a.Plate, b.Plate);

    /// <summary>How long the car was away between the two.</summary>
    static TimeSpan Gap(Order a, Order b)
    {
        var (first, last) = a.Start <= b.Start ? (a, b) : (b, a);
        return (last.Start - (first.ExitedAt ?? first.Start)).Duration();
    }

    static CaseJoin? JoinOf(CaseKind? kind, Order order, Order other, bool merge)
    {
        if (kind is null)
            return null;
        if (order.MisreadOf == other.Id || other.MisreadOf == order.Id)
            return CaseJoin.Misread;
        if (order.LotId != other.LotId || order.BerthId != other.BerthId)
            return null;
        if (IsExitOf(order, other) || IsExitOf(other, order))
            return CaseJoin.Exit;
        var first = order.Start <= other.Start ? order : other;
        return merge && kind is CaseKind.NoEntry or CaseKind.NoExit or CaseKind.Contradicted && order.Plate == other.Plate
            && first.EnteredAt is not null && Gap(order, other) <= Away && (order.Received == Money.Zero || other.Received == Money.Zero)
            ? CaseJoin.Merge : null;
    }

    /// <summary>Whether one is an exit without an entry, and may be that of the other.</summary>
    public static bool IsExitOf(Order exit, Order entry) =>
        exit is { State: OrderState.Unresolved, EnteredAt: null, ExitedAt: { } left, BerthId: null }
        && entry is { State: OrderState.Parked or OrderState.Unresolved, EnteredAt: { } entered, ExitedAt: null } && entered <= left;
}
