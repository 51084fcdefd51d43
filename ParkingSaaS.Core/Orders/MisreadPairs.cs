using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Finds what may be one car that was read twice with different plates: two stays that begin, or two exits without an entry, at
/// one lane within the lot's seconds, whose plates differ in no more than the lot's characters. Two cars of a fleet may be so, too;
/// therefore they are marked for a person, and never joined by themselves.</summary>
static class MisreadPairs
{
    sealed record Reading(Guid OrderId, Guid LaneId, bool Entering, DateTimeOffset At, string Plate);

    /// <summary>Marks the pairs that the sightings of a unit of work make, with one another or with what was kept before.</summary>
    /// <param name="s">The session.</param>
    /// <param name="sightings">What was seen.</param>
    /// <param name="passages">What was kept of it, not saved yet.</param>
    /// <param name="book">The orders that they opened.</param>
    /// <param name="touched">Gets those that are marked.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task MarkAsync(CitySession s, IReadOnlyList<Sighting> sightings, IReadOnlyList<Passage> passages, StayBook book,
        HashSet<Order> touched, CancellationToken ct)
    {
        var lots = sightings.Where(x => x is { LaneId: not null, Lot.MisreadSeconds: > 0 }).Select(x => x.Lot).DistinctBy(l => l.Id).ToDictionary(l => l.Id);
        var opened = passages.Where(p => lots.ContainsKey(p.LotId) && Opens(p)).Select(Of).OfType<Reading>().ToList();
        if (opened.Count == 0)
            return;
        var (lanes, ids) = (opened.Select(r => r.LaneId).Distinct().ToList(), lots.Keys.ToList());
        var most = TimeSpan.FromSeconds(lots.Values.Max(l => l.MisreadSeconds));
        var (from, to) = (opened.Min(r => r.At) - most, opened.Max(r => r.At) + most);
        var known = (await s.Db.Passages.AsNoTracking().Where(p => ids.Contains(p.LotId) && p.At >= from && p.At <= to && lanes.Contains(p.LaneId!.Value)
                && p.OrderId != null && p.Plate != null && (p.Outcome == PassageOutcome.Opened || p.Outcome == PassageOutcome.NoEntry)).ToListAsync(ct))
            .Select(Of).OfType<Reading>().Concat(opened).DistinctBy(r => r.OrderId).ToLookup(r => (r.LaneId, r.Entering));
        foreach (var reading in opened)
        {
            var order = book.Find(reading.OrderId);
            var lot = lots[order.LotId];
            if (order.MisreadOf is not null || order.State is OrderState.Void)
                continue;
            var like = known[(reading.LaneId, reading.Entering)]
                .Where(r => r.OrderId != order.Id && (r.At - reading.At).Duration() <= TimeSpan.FromSeconds(lot.MisreadSeconds)
                    && ExitCandidates.Distance(r.Plate, reading.Plate) <= lot.MisreadCharacters)
                .MinBy(r => (r.At - reading.At).Duration());
            if (like is null || await s.Db.Orders.FindAsync([like.OrderId], ct) is not { MisreadOf: null, State: not OrderState.Void } other || other.Plate == order.Plate)
                continue;
            Mark(s, order, other);
            Mark(s, other, order);
            touched.UnionWith([order, other]);
        }
    }

    static bool Opens(Passage p) => p is { LaneId: not null, OrderId: not null, Plate: not null, Outcome: PassageOutcome.Opened or PassageOutcome.NoEntry };

    static Reading? Of(Passage p) => Vehicles.PlateGrammar.Normalize(p.Plate) is { } plate ? new(p.OrderId!.Value, p.LaneId!.Value, p.Entering, p.At, plate) : null;

    static void Mark(CitySession s, Order order, Order other)
    {
        (order.MisreadOf, order.Anomalies) = (other.Id, order.Anomalies | OrderAnomaly.Misread);
        StayBook.Log(s, order, "misread", s.Actor.Name, s.Now, detail: other.Plate ?? "");
    }
}
