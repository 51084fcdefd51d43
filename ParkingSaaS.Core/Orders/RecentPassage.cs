using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>A car seen in or out, as lists of what just happened show it.</summary>
/// <param name="Lot">The lot's name.</param>
/// <param name="Place">The lane's name or the berth's number.</param>
/// <param name="Entering">True for in.</param>
/// <param name="At">When, by the device's clock.</param>
/// <param name="Plate">As read.</param>
/// <param name="OrderId">The order it belongs to.</param>
/// <param name="OrderState">Where that stands now.</param>
/// <param name="RefusedFor">Why the black list has a car that was refused.</param>
/// <param name="Replay">Told after the device had been cut off.</param>
/// <param name="ToldAt">When the device's message arrived; null where a person entered it, or the message is no longer kept.</param>
public sealed record RecentPassage(Guid Id, string Lot, string? Place, bool Entering, DateTimeOffset At, string? Plate,
    PassageOutcome Outcome, Guid? OrderId, OrderState? OrderState, Guid? LaneId, string? RefusedFor, bool Replay, DateTimeOffset? ToldAt)
{
    /// <summary>The car may have stood at the gate when it was told of.</summary>
    public bool Live => ExitSettlement.IsLive(At, Replay, KnownAt);

    /// <summary>When it became known.</summary>
    public DateTimeOffset KnownAt => ToldAt ?? At;

    /// <summary>The last passages within the session's reach: of a lot by when they were, the newest first; of all lots by when they became known, the
    /// newest first, so that what a device tells late is neither lost nor keeps anything out.</summary>
    /// <param name="lotId">One lot, or null for all.</param>
    public static async Task<IReadOnlyList<RecentPassage>> ReadAsync(CitySession s, Guid? lotId, int count, CancellationToken ct)
    {
        // Row ids grow with time, so the newest of the city are the end of the primary key.
        var newest = lotId is { } lot
            ? s.Db.Set<Passage>().Where(p => p.LotId == lot).OrderByDescending(p => p.At).Take(count)
            : s.Db.Set<Passage>().OrderByDescending(p => p.Id).Take(count);
        return await newest.Select(p => new RecentPassage(p.Id, s.Db.Set<Lot>().First(l => l.Id == p.LotId).Name,
            s.Db.Set<Lane>().Where(l => l.Id == p.LaneId).Select(l => l.Name).FirstOrDefault()
                ?? s.Db.Set<Berth>().Where(b => b.Id == p.BerthId).Select(b => b.Number).FirstOrDefault(),
            p.Entering, p.At, p.Plate, p.Outcome, p.OrderId,
            s.Db.Set<Order>().Where(o => o.Id == p.OrderId).Select(o => (OrderState?)o.State).FirstOrDefault(), p.LaneId, p.RefusedFor, p.Replay,
            s.Db.Set<DeviceMessage>().Where(m => m.Id == p.MessageId).Select(m => (DateTimeOffset?)m.ReceivedAt).FirstOrDefault())).ToListAsync(ct);
    }
}
