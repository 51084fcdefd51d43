using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>What an event does of whose car something newer is known: the car's <see cref="Timeline"/> is read again, and its orders follow.</summary>
sealed class LateEvents(CitySession s, StayWindow window, Pricing pricing, StayChanges changes)
{
    /// <summary>Something newer of the car is known already: its history is read again from the stay on that was before.</summary>
    public async Task ReadAgainAsync(PassageEvent seen, Passage passage, IReadOnlyList<Order> stays, CancellationToken ct)
    {
        var key = seen.Key!.Value;
        var since = stays.LastOrDefault(o => o.Start <= seen.At)?.Start ?? seen.At;
        var orders = stays.Where(o => o.Start >= since).ToList();
        var readings = await window.ReadingsAsync(key, orders, since, ct);
        var seenOf = readings.Select(r => r.OrderId).ToHashSet();
        readings.Add(passage);
        foreach (var order in orders)
            readings.AddRange(Unseen(order, readings));
        var told = Timeline.Read(readings, orders.Where(StayChanges.IsSettled), key.BerthId is not null);
        var unmatched = orders.Where(o => !StayChanges.IsSettled(o)).ToList();
        var changed = false;
        foreach (var stay in told)
        {
            var isLast = stay == told[^1];
            if (stay.Settled is { } settled)
            {
                if (!isLast)
                    changes.MarkFollowed(settled, seen);
                if (stay.Contradicted || (changed && settled.Received > Money.Zero && await pricing.CostsOtherwiseAsync(s, seen.Lot, settled, ct, window)))
                    changes.Contradict(settled, seen);
                Follow(settled, stay);
                continue;
            }
            var known = Match(stay, isLast, unmatched);
            var order = known ?? changes.Open(seen, stay.Entry, stay.Exit);
            unmatched.Remove(order);
            changed |= await RewriteAsync(seen, order, stay, known is null, isLast, changed, ct);
            Follow(order, stay);
        }
        foreach (var order in unmatched)
            Merge(order, seen, told, seenOf.Contains(order.Id));
    }

    /// <summary>What a person said, or what is older than the passages that are kept, counts like what was seen.</summary>
    static List<Passage> Unseen(Order order, List<Passage> readings)
    {
        List<Passage> unseen = [];
        if (order.EnteredAt is { } entered && !readings.Any(r => r.OrderId == order.Id && r.Entering && r.At == entered))
            unseen.Add(Reading(true, entered, order.EntryLaneId));
        if (order.ExitedAt is { } exited && !readings.Any(r => r.OrderId == order.Id && !r.Entering && r.At == exited))
            unseen.Add(Reading(false, exited, order.ExitLaneId));
        return unseen;

        Passage Reading(bool entering, DateTimeOffset at, Guid? lane) => new()
        {
            Id = Guid.Empty,
            LotId = order.LotId,
            BerthId = order.BerthId,
            LaneId = lane,
            Entering = entering,
            At = at,
            Plate = order.Plate,
            Outcome = entering ? PassageOutcome.Opened : PassageOutcome.Closed,
            OrderId = order.Id
        };
    }

    /// <summary>The order that was this stay so far. Only one order of a car can be open, so the open one stays open.</summary>
    static Order? Match(SeenStay stay, bool isLast, List<Order> orders)
    {
        var ids = stay.Readings.Select(r => r.OrderId).ToHashSet();
        return orders.Where(o => ids.Contains(o.Id))
            .OrderByDescending(o => o.Received > Money.Zero)
            .ThenByDescending(o => isLast && stay.Exit is null && o.State is OrderState.Parked)
            .ThenByDescending(o => stay.Entry is { } entry && o.EnteredAt == entry.At)
            .ThenByDescending(o => stay.Exit is { } exit && o.ExitedAt == exit.At)
            .FirstOrDefault();
    }

    static void Follow(Order order, SeenStay stay)
    {
        foreach (var reading in stay.Readings)
            reading.OrderId = order.Id;
        order.SeenUntil = stay.Span.SeenUntil;
    }

    /// <returns>True where the stay is another than it was, so that what follows may cost something else.</returns>
    async Task<bool> RewriteAsync(PassageEvent seen, Order order, SeenStay stay, bool isNew, bool isLast, bool earlierChanged,
        CancellationToken ct)
    {
        var missing = stay.Entry is null ? OrderAnomaly.NoEntry : stay.Exit is null && !isLast ? OrderAnomaly.NoExit : OrderAnomaly.None;
        var wasMissing = order.Anomalies.HasFlag(missing);
        var changed = isNew || order.EnteredAt != stay.Entry?.At || order.ExitedAt != stay.Exit?.At;
        if (order.EnteredAt != stay.Entry?.At)
            changes.SetEntry(order, stay.Entry);
        (order.ExitedAt, order.ExitLaneId) = (stay.Exit?.At, changed ? stay.Exit?.LaneId : order.ExitLaneId);
        // It stays: a history that is read from this stay on lacks what was said of its first instant by the stay before.
        if (stay.Doubtful)
            order.Anomalies |= OrderAnomaly.Doubtful;
        changed |= ReadPlate(order, stay);
        if (changed)
        {
            order.Anomalies |= OrderAnomaly.Late;
            changes.Touched.Add(order);
        }
        order.Anomalies = (order.Anomalies & ~(OrderAnomaly.NoEntry | OrderAnomaly.NoExit)) | missing;
        order.BusinessDate = s.City.Zone.Date(order.ExitedAt ?? order.Start);
        if (missing is not OrderAnomaly.None)
        {
            Reopen(order, OrderState.Unresolved);
            if (!wasMissing)
                OrderOperation.Log(s, order, stay.Entry is null ? OrderOperationKind.EntryMissing : OrderOperationKind.ExitMissing, seen.By, seen.At);
        }
        else if (stay.Exit is null)
            Reopen(order, OrderState.Parked);
        else if (changed || earlierChanged)
            await changes.SettleAsync(seen, order, isLast && changes.StandsAtExit(seen.Lot, stay.Readings.Last(r => !r.Entering)), ct);
        else if (!isLast)
            changes.MarkFollowed(order, seen);
        if (isNew)
            await changes.NoteAsync(order, seen, ct);
        return changed;
    }

    /// <summary>An end of the stay is not known, or not any more, so nor is its fee.</summary>
    static void Reopen(Order order, OrderState state)
    {
        if (order.State == state)
            return;
        order.Become(state);
        order.Charge(Money.Zero, null);
    }

    /// <summary>A berth's plate is the first that was read of the stay, unless a person said what it is.</summary>
    /// <returns>True where it is another than it was.</returns>
    static bool ReadPlate(Order order, SeenStay stay)
    {
        if (order.BerthId is null || order.Anomalies.HasFlag(OrderAnomaly.Corrected))
            return false;
        var before = order.Plate;
        var plates = stay.Readings.Select(r => StayChanges.PlateOf(r)).OfType<string>().ToList();
        order.Anomalies &= ~(OrderAnomaly.OtherPlate | OrderAnomaly.NoPlate);
        if (plates.Count == 0)
            order.Anomalies |= OrderAnomaly.NoPlate;
        else if (plates[0] != order.Plate)
            (order.Plate, order.Colour, order.Vehicle) = StayChanges.Car(plates[0]);
        if (plates.Any(p => p != plates[0]))
            order.Anomalies |= OrderAnomaly.OtherPlate;
        return order.Plate != before;
    }

    /// <summary>The order is a part of another stay: it goes, and what it was is told in its log. One that was paid stays, and has nothing that
    /// was seen of it any more.</summary>
    void Merge(Order order, PassageEvent seen, List<SeenStay> told, bool wasSeen)
    {
        if (order.Received > Money.Zero)
        {
            if (wasSeen)
                changes.Contradict(order, seen);
            return;
        }
        changes.Touched.Add(order);
        var into = told.LastOrDefault(t => t.Entry?.At <= order.Start);
        order.Become(OrderState.Void);
        OrderOperation.Log(s, order, OrderOperationKind.Merged, seen.By, seen.At, detail: into is null ? "" : $"{into.Readings[0].OrderId:N}");
    }
}
