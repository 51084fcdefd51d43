using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Finds what may be one car that was read twice with different plates: two stays that begin, or an exit without an entry and another
/// exit, at one lane within the lot's seconds, whose plates differ in no more than the lot's characters, or of which one was not read. Two cars
/// of a fleet may be so, too; therefore they are marked for a person, and never joined by themselves. Of three readings the third names
/// one of the others.</summary>
static class MisreadPairs
{
    sealed record Reading(Guid OrderId, Guid LaneId, bool Entering, DateTimeOffset At, string? Plate, bool HasEntry);

    /// <summary>Marks the pairs that the passage events of a unit of work make, with one another or with what was kept before.</summary>
    /// <param name="events">What was seen.</param>
    /// <param name="passages">What was kept of it, not saved yet.</param>
    /// <param name="window">The orders that they opened.</param>
    /// <param name="touched">Gets those that are marked.</param>
    public static async Task MarkAsync(CitySession s, IReadOnlyList<PassageEvent> events, IReadOnlyList<Passage> passages, StayWindow window,
        HashSet<Order> touched, CancellationToken ct)
    {
        var lots = events.Where(x => x is { LaneId: not null, Lot.MisreadSeconds: > 0 }).Select(x => x.Lot).DistinctBy(l => l.Id).ToDictionary(l => l.Id);
        var opened = passages.Where(p => lots.ContainsKey(p.LotId) && Opens(p)).Select(Of).ToList();
        if (opened.Count == 0)
            return;
        var (lanes, ids) = (opened.Select(r => r.LaneId).Distinct().ToList(), lots.Keys.ToList());
        var most = TimeSpan.FromSeconds(lots.Values.Max(l => l.MisreadSeconds));
        var (from, to) = (opened.Min(r => r.At) - most, opened.Max(r => r.At) + most);
        var known = (await s.Db.Set<Passage>().AsNoTracking().Where(p => ids.Contains(p.LotId) && p.At >= from && p.At <= to && lanes.Contains(p.LaneId!.Value)
                && p.OrderId != null
                && (p.Outcome == PassageOutcome.Opened || p.Outcome == PassageOutcome.NoEntry || p.Outcome == PassageOutcome.Closed)).ToListAsync(ct))
            .Select(Of).Concat(opened).DistinctBy(r => r.OrderId).ToLookup(r => (r.LaneId, r.Entering));
        foreach (var reading in opened)
        {
            var order = window.Find(reading.OrderId);
            var lot = lots[order.LotId];
            if (order.MisreadOf is not null || order.State is OrderState.Void)
                continue;
            var like = known[(reading.LaneId, reading.Entering)]
                .Where(r => r.OrderId != order.Id && (r.At - reading.At).Duration() <= TimeSpan.FromSeconds(lot.MisreadSeconds)
                    && (reading.Entering || !(r.HasEntry && reading.HasEntry)) && AreAlike(r.Plate, reading.Plate, lot.MisreadCharacters));
            var others = new List<Order>();
            foreach (var near in like.OrderBy(r => (r.At - reading.At).Duration()))
                if (await s.Db.Set<Order>().FindAsync([near.OrderId], ct) is { State: not OrderState.Void } found && found.Plate != order.Plate)
                    others.Add(found);
            if ((others.Find(o => o.MisreadOf is null) ?? others.FirstOrDefault()) is not { } other)
                continue;
            Mark(s, order, other);
            if (other.MisreadOf is null)
                Mark(s, other, order);
            touched.UnionWith([order, other]);
        }
    }

    static bool Opens(Passage p) =>
        p is { LaneId: not null, OrderId: not null, Outcome: PassageOutcome.Opened or PassageOutcome.NoEntry or PassageOutcome.Closed };

    /// <summary>Whether they may be one plate: of one no more than so many characters were misread, or it was not read at all.</summary>
    internal static bool AreAlike(string? a, string? b, int characters) =>
        (a, b) is (null, not null) or (not null, null) || (a is not null && ExitCandidates.Distance(a, b!) <= characters);

    static Reading Of(Passage p) =>
        new(p.OrderId!.Value, p.LaneId!.Value, p.Entering, p.At, Vehicles.PlateGrammar.Normalize(p.Plate), p.Outcome is PassageOutcome.Closed);

    static void Mark(CitySession s, Order order, Order other)
    {
        (order.MisreadOf, order.Anomalies) = (other.Id, order.Anomalies | OrderAnomaly.Misread);
        OrderOperation.Log(s, order, OrderOperationKind.Misread, s.Actor.Name, s.Now, detail: other.Plate ?? "");
    }

    /// <summary>One order is struck out for another of the same car: whatever else looks like it is compared with the one that stays.</summary>
    public static async Task PutInPlaceAsync(CitySession s, Order gone, Order kept, CancellationToken ct)
    {
        var thirds = await s.Db.Set<Order>().Where(o => o.MisreadOf == gone.Id && o.Id != kept.Id).ToListAsync(ct);
        thirds.ForEach(third => third.MisreadOf = kept.Id);
        await ForgetAsync(s, kept, gone, ct);
        if (thirds.Exists(third => third.State is not OrderState.Void))
            kept.Anomalies |= OrderAnomaly.Misread;
    }

    /// <summary>The two say nothing of each other any more; the mark goes where there is no third.</summary>
    public static async Task ForgetAsync(CitySession s, Order order, Order other, CancellationToken ct)
    {
        foreach (var (one, its) in new[] { (order, other), (other, order) })
        {
            if (one.MisreadOf == its.Id)
                one.MisreadOf = null;
            var third = await s.Db.Set<Order>().Where(o => o.MisreadOf == one.Id && o.Id != its.Id && o.State != OrderState.Void).ToListAsync(ct);
            if (one.State is OrderState.Void || (one.MisreadOf is null && third.Count == 0))
                (one.MisreadOf, one.Anomalies) = (null, one.Anomalies & ~OrderAnomaly.Misread);
        }
    }
}
