using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>The stays that some passage events may concern, in memory for one unit of work: those still open, and those of the days
/// around. Orders that the rules open are added here and saved with the session.</summary>
sealed class StayWindow
{
    readonly CitySession s;
    readonly Dictionary<StayKey, List<Order>> stays = [];
    readonly Dictionary<StayKey, HashSet<Passage>> readings = [];
    readonly Dictionary<Guid, Order> orders = [];

    StayWindow(CitySession session, LotTariffTable tariffs) => (s, Tariffs, Cars) = (session, tariffs, new PlateLists(session));

    /// <summary>Which tariff version prices an entry.</summary>
    public LotTariffTable Tariffs { get; }

    /// <summary>What lists say of the cars, and whether they have passes.</summary>
    public PlateLists Cars { get; }

    public static async Task<StayWindow> LoadAsync(CitySession s, TariffsInForce tariffs, IReadOnlyCollection<PassageEvent> events,
        CancellationToken ct)
    {
        var lots = events.Select(x => x.Lot.Id).Distinct().ToArray();
        var window = new StayWindow(s, await tariffs.ForLotsAsync(s, lots, ct));
        var plates = events.Where(x => x.BerthId is null).Select(x => x.Plate).OfType<string>().Distinct().ToArray();
        var berths = events.Select(x => x.BerthId).OfType<Guid>().Distinct().ToArray();
        var since = (events.Count > 0 ? events.Min(x => x.At) : s.Now).AddDays(-1);
        await window.ReadAsync(lots, plates, berths, since, ct);
        // A stay that is open or unresolved since long ago has neighbours as old: an exit belongs to the last one before it.
        if (window.Oldest is { } oldest && oldest < since)
            await window.ReadAsync(lots, plates, berths, oldest, ct);
        await window.Cars.LoadAsync(
            events.Select(x => x.Plate).Concat(window.stays.Values.SelectMany(list => list).Select(o => o.Plate)).OfType<string>(), berths, ct);
        return window;
    }

    DateTimeOffset? Oldest => stays.Values.SelectMany(list => list).Min(o => (DateTimeOffset?)o.Start);

    async Task ReadAsync(Guid[] lots, string[] plates, Guid[] berths, DateTimeOffset since, CancellationToken ct)
    {
        // No join: as long as a table has no statistics the planner loops over all its rows for each plate.
        if (plates.Length > 0)
            Add(await s.Db.Set<Order>().Where(o => plates.Contains(o.Plate) && o.BerthId == null && lots.Contains(o.LotId))
                .Where(Relevant(since)).ToListAsync(ct));
        if (berths.Length > 0)
            Add(await s.Db.Set<Order>().Where(o => berths.Contains(o.BerthId!.Value)).Where(Relevant(since)).ToListAsync(ct));
    }

    static System.Linq.Expressions.Expression<Func<Order, bool>> Relevant(DateTimeOffset since) => o =>
        o.State != OrderState.Void
        && (o.State == OrderState.Parked || o.State == OrderState.AwaitingPayment || o.State == OrderState.Unresolved
            || o.EnteredAt >= since || o.ExitedAt >= since);

    void Add(IEnumerable<Order> found)
    {
        foreach (var order in found)
            if (orders.TryAdd(order.Id, order))
                Of(StayKey.Of(order)!.Value).Add(order);
    }

    List<Order> Of(StayKey key) => stays.TryGetValue(key, out var list) ? list : stays[key] = [];

    /// <summary>The car's stays in order of time.</summary>
    public IReadOnlyList<Order> Stays(StayKey? key) => key is { } k ? [.. Of(k).Where(o => o.State is not OrderState.Void).OrderBy(o => o.Start)] : [];

    public void Open(Order order)
    {
        s.Db.Set<Order>().Add(order);
        orders.Add(order.Id, order);
        if (StayKey.Of(order) is { } key)
            Of(key).Add(order);
    }

    public Order Find(Guid id) => orders[id];

    /// <summary>Keeps a passage of this unit of work in mind.</summary>
    public void Keep(StayKey key, Passage passage) => Readings(key).Add(passage);

    HashSet<Passage> Readings(StayKey key) => readings.TryGetValue(key, out var known) ? known : readings[key] = [];

    /// <summary>What was seen of these stays; of a berth also what belongs to none.</summary>
    /// <param name="of">Its stays, from some instant on.</param>
    public async Task<List<Passage>> ReadingsAsync(StayKey key, IReadOnlyCollection<Order> of, DateTimeOffset since, CancellationToken ct)
    {
        var ids = of.Select(o => (Guid?)o.Id).ToList();
        var known = Readings(key);
        known.UnionWith(await (key.BerthId is { } berth
            ? s.Db.Set<Passage>().Where(p => p.BerthId == berth && p.At >= since && (p.OrderId == null || ids.Contains(p.OrderId)))
            : s.Db.Set<Passage>().Where(p => ids.Contains(p.OrderId))).ToListAsync(ct));
        return [.. known.Where(p => p.At >= since && (p.OrderId is null ? p.BerthId is not null : ids.Contains(p.OrderId)))];
    }

    /// <summary>The orders that this unit of work knows; what it changed of them is not saved yet.</summary>
    public static IEnumerable<Order> Known(CitySession s, StayWindow? window) => window?.orders.Values ?? s.Db.Set<Order>().Local.AsEnumerable();

    /// <summary>The car's stays in a lot that this unit of work knows, wherever it stood.</summary>
    public static IEnumerable<Order> OfPlate(CitySession s, StayWindow? window, Guid lotId, string plate) =>
        Known(s, window).Where(o => o.LotId == lotId && o.Plate == plate);

    /// <summary>Whether another car came to the lane by which this one leaves.</summary>
    public bool IsFollowedAt(Order order) => orders.Values.Any(o => o.ExitLaneId == order.ExitLaneId && o.ExitedAt > order.ExitedAt
        && o.State is not OrderState.Void && o.MisreadOf != order.Id);

    /// <summary>Whether a command to open the lane's gate for the order is under way: a car that is read again and again has it opened once. One that
    /// failed is none.</summary>
    public Task<bool> IsBeingOpenedAsync(Guid lane, Order order, CancellationToken ct) =>
        s.Db.Set<DeviceCommand>().AnyAsync(c => c.OrderId == order.Id && c.Type == DeviceCommand.OpenGate && c.ExpiresAt > s.Now
            && c.State != CommandState.Failed && s.Db.Set<Device>().Any(d => d.Id == c.DeviceId && d.LaneId == lane), ct);

    /// <summary>Whether the car, or the berth, had another stay in the lot between these instants. Half a stay counts at the end that is known.</summary>
    /// <param name="stay">The car's stay, which is to last from <paramref name="entry"/> to <paramref name="exit"/>.</param>
    /// <param name="entry">When it would begin.</param>
    /// <param name="exit">When it would end.</param>
    /// <param name="besides">An order that does not count.</param>
    public static async Task<bool> OverlapAsync(CitySession s, Order stay, DateTimeOffset entry, DateTimeOffset exit, Guid besides,
        CancellationToken ct) =>
        StayKey.Of(stay) is not null && await s.Db.Set<Order>().AnyAsync(o => o.LotId == stay.LotId && o.Id != stay.Id && o.Id != besides
            && ((stay.Plate != null && o.Plate == stay.Plate) || (stay.BerthId != null && o.BerthId == stay.BerthId))
            && o.State != OrderState.Void && (o.EnteredAt ?? o.ExitedAt) < exit && (o.ExitedAt ?? o.EnteredAt) > entry, ct);

    /// <summary>The other stays in the lot of the same car or, on a berth, of the same berth; none where no plate says which car it is.</summary>
    public static IQueryable<Order> OthersOf(CitySession s, Order stay)
    {
        var known = StayKey.Of(stay) is not null;
        return s.Db.Set<Order>().Where(o => known && o.Id != stay.Id && o.LotId == stay.LotId && o.BerthId == stay.BerthId
            && (stay.BerthId != null || o.Plate == stay.Plate) && o.State != OrderState.Void);
    }

    /// <summary>Writes what the session changed. Where more was paid than is owed in the end, the order says so. A car has one open order
    /// at a time, and the database looks at each row as it is written: where an order takes the place of another, that one must be over
    /// before.</summary>
    /// <param name="save">How it is written: one row after the other, or many at once.</param>
    public static async Task WriteAsync(CitySession s, IReadOnlyCollection<Order> touched, Func<CancellationToken, Task> save, CancellationToken ct)
    {
        foreach (var order in touched)
            order.Anomalies = order.IsOverpaid
                ? order.Anomalies | OrderAnomaly.Overpaid
                : order.Anomalies & ~OrderAnomaly.Overpaid;
        var reopened = touched.Where(o => o.State is OrderState.Parked).Select(o => s.Db.Entry(o))
            .Where(e => e.State is EntityState.Modified && e.Property(o => o.State).OriginalValue is not OrderState.Parked).ToList();
        await using var own = reopened.Count > 0 && s.Db.Database.CurrentTransaction is null ? await s.Db.Database.BeginTransactionAsync(ct) : null;
        if (reopened.Count > 0)
        {
            reopened.ForEach(e => e.Entity.State = e.Property(o => o.State).OriginalValue);
            await s.Db.SaveChangesAsync(ct);
            reopened.ForEach(e => e.Entity.State = OrderState.Parked);
        }
        await save(ct);
        if (own is not null)
            await own.CommitAsync(ct);
    }
}
