using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>What a passage event does to the orders of its car. What comes in order adds to the last stay. What comes late has the
/// <see cref="Timeline"/> read again from there on, and the orders follow:
/// <list type="bullet">
/// <item>A stay that is open when another follows has lost its exit: unresolved, not charged; and so is an exit without an entry.</item>
/// <item>Two orders that turn out to be one stay become one; the other is struck out.</item>
/// <item>A stay that is over, and paid or decided by a person, stays as it is: nobody is charged twice. What contradicts it marks it, for a
/// person to look at.</item>
/// </list></summary>
sealed class StayRules(CitySession s, StayWindow window, Pricing pricing)
{
    /// <summary>Orders that changed, for the live screens.</summary>
    public HashSet<Order> Touched { get; } = [];

    /// <summary>Commands to gates and displays, to be sent after the commit.</summary>
    public List<(Guid LaneId, Order Order, string Type)> Wanted { get; } = [];

    /// <summary>Applies one passage event and keeps the passage.</summary>
    public async Task<Passage> ApplyAsync(PassageEvent seen, CancellationToken ct)
    {
        var stays = window.Stays(seen.Key);
        var passage = New(seen, await RefusalAsync(seen, stays, ct));
        s.Db.Set<Passage>().Add(passage);
        if (passage.Outcome is PassageOutcome.Refused)
            return passage;
        if (await JoinStandingAsync(seen, passage, ct) is { } standing)
        {
            Touched.Add(standing);
            await AskAsync(seen, passage, standing, ct);
            return passage;
        }
        if (seen.Outdated || (stays.Count > 0 && stays[^1].Anomalies.HasFlag(OrderAnomaly.Doubtful)) || stays.Any(o => StaySpan.Of(o)!.Value.SeenUntil >= seen.At))
            await ReadAgainAsync(seen, passage, stays, ct);
        else
            await AppendAsync(seen, passage, stays.LastOrDefault(), ct);
        if (seen.Key is { } key)
            window.Keep(key, passage);
        if (passage.OrderId is { } id && window.Find(id) is var order)
        {
            Touched.Add(order);
            if (seen.ClockWrong)
                order.Anomalies |= OrderAnomaly.ClockWrong;
            if (passage.Outcome is not PassageOutcome.Superseded)
                await AskAsync(seen, passage, order, ct);
        }
        return passage;
    }

    /// <summary>The black list's entry that keeps the car out. Whom a person lets in is in; so is whoever was seen long ago, or stands on
    /// a street.</summary>
    async Task<Vehicles.PlateRule?> RefusalAsync(PassageEvent seen, IReadOnlyList<Order> stays, CancellationToken ct) =>
        seen is { Entering: true, Live: true, DeviceId: not null, LaneId: not null }
        && await window.Cars.DecideAsync(seen.Lot.Id, seen.Plate, seen.At, ct) is { Refused: true } decision
        && Timeline.Next(StaySpan.Of(stays.LastOrDefault(o => o.Start <= seen.At)), berth: false, entering: true, seen.At) is PassageOutcome.Opened
            ? decision.Rule
            : null;

    /// <summary>A car without a plate that stands at a lane is read again and again. What the same camera sees within the repeat window of such
    /// a reading is the same car, in whatever order the readings are told.</summary>
    /// <returns>Its order; null where it is the first reading.</returns>
    async Task<Order?> JoinStandingAsync(PassageEvent seen, Passage passage, CancellationToken ct)
    {
        if (seen is not { Key: null, LaneId: { } lane, DeviceId: { } camera })
            return null;
        var (from, to) = (seen.At - Timeline.RepeatWindow, seen.At + Timeline.RepeatWindow);
        var kept = await s.Db.Set<Passage>().Where(p => p.LaneId == lane && p.DeviceId == camera && p.Entering == seen.Entering && p.At >= from && p.At <= to)
            .ToListAsync(ct);
        var near = kept.Union(s.Db.Set<Passage>().Local.Where(p => p.LaneId == lane && p.DeviceId == camera && p.Entering == seen.Entering && p.At >= from && p.At <= to))
            .Where(p => p is { Plate: null, OrderId: not null }).OrderBy(p => p.At).ToList();
        var (before, after) = (near.LastOrDefault(p => p.At <= seen.At), near.Find(p => p.At > seen.At));
        if ((before ?? after) is not { } neighbour)
            return null;
        var order = (await s.Db.Set<Order>().FindAsync([neighbour.OrderId!.Value], ct))!;
        (passage.Outcome, passage.OrderId) = (PassageOutcome.Repeated, order.Id);
        if (before is null && order.State is OrderState.Parked && order.EnteredAt == after!.At)
            SetEntry(order, passage);
        else if (before is null && order is { State: OrderState.Unresolved, EnteredAt: null } && order.ExitedAt == after!.At)
            order.ExitedAt = seen.At;
        if (before is not null && after is not null && after.OrderId != order.Id)
            await MergeStandingAsync(order, after.OrderId!.Value, seen, ct);
        return order;
    }

    /// <summary>A reading between two others says that they are of one car.</summary>
    async Task MergeStandingAsync(Order order, Guid laterId, PassageEvent seen, CancellationToken ct)
    {
        var later = (await s.Db.Set<Order>().FindAsync([laterId], ct))!;
        if (later.Received > Money.Zero || later.Plate is not null || later.Anomalies.HasFlag(OrderAnomaly.Corrected)
            || later.State is not (OrderState.Parked or OrderState.Unresolved))
            return;
        var readings = await s.Db.Set<Passage>().Where(p => p.OrderId == later.Id).ToListAsync(ct);
        foreach (var reading in readings.Union(s.Db.Set<Passage>().Local.Where(p => p.OrderId == later.Id)))
            (reading.Outcome, reading.OrderId) = (PassageOutcome.Repeated, order.Id);
        later.Go(OrderState.Void);
        StayWindow.Log(s, later, "merged", seen.By, seen.At, detail: $"{order.Id:N}");
        Touched.Add(later);
    }

    /// <summary>It is the newest that is known of the car.</summary>
    async Task AppendAsync(PassageEvent seen, Passage passage, Order? last, CancellationToken ct)
    {
        passage.Outcome = Timeline.Next(StaySpan.Of(last), seen.BerthId is not null, seen.Entering, seen.At);
        if (passage.Outcome is PassageOutcome.NoEntry && last is { State: OrderState.AwaitingPayment })
        {
            // It did not leave then: it turned back and comes again.
            foreach (var earlier in await window.ReadingsAsync(seen.Key!.Value, [last], last.Start, ct))
                if (!earlier.Entering && earlier.OrderId == last.Id)
                    earlier.Outcome = PassageOutcome.TurnedBack;
            passage.Outcome = PassageOutcome.Closed;
        }
        switch (passage.Outcome)
        {
            case PassageOutcome.Superseded:
                return;
            case PassageOutcome.Opened or PassageOutcome.NoEntry:
                if (last is not null)
                    IsFollowed(last, seen);
                last = Open(seen, entry: seen.Entering ? passage : null, exit: seen.Entering ? null : passage);
                await NoteAsync(last, seen, ct);
                break;
            case PassageOutcome.Repeated:
                if (See(last!, seen) && last!.ExitedAt is not null && !IsSettled(last))
                    await SettleAsync(seen, last, standsThere: false, ct);
                break;
            case PassageOutcome.Closed:
                (last!.ExitedAt, last.ExitLaneId) = (seen.At, seen.LaneId);
                if (last.Anomalies.HasFlag(OrderAnomaly.NoExit))
                    last.Anomalies = (last.Anomalies & ~OrderAnomaly.NoExit) | OrderAnomaly.Late;
                await SettleAsync(seen, last, StandsAtExit(seen.Lot, passage), ct);
                break;
        }
        last!.SeenUntil = seen.At;
        passage.OrderId = last.Id;
    }

    /// <summary>The same car once more. A camera may read the plate later than the sensor saw the car; it may have been sent over to
    /// another lane, and the gate that opens is where it stands now.</summary>
    /// <returns>True where a plate is known now.</returns>
    static bool See(Order order, PassageEvent seen)
    {
        if (seen is { Entering: false, Live: true, LaneId: { } lane })
            order.ExitLaneId = lane;
        if (seen.BerthId is null || seen.Plate is null)
            return false;
        if (order.Plate is null)
        {
            (order.Plate, order.Colour, order.Vehicle, order.Anomalies) = (seen.Plate, seen.Colour, seen.Vehicle, order.Anomalies & ~OrderAnomaly.NoPlate);
            return true;
        }
        if (order.Plate != seen.Plate && !order.Anomalies.HasFlag(OrderAnomaly.Corrected))
            order.Anomalies |= OrderAnomaly.OtherPlate;
        return false;
    }

    /// <summary>Another stay of the car begins after this one.</summary>
    void IsFollowed(Order order, PassageEvent seen)
    {
        if (order.State is OrderState.Parked)
        {
            order.Go(OrderState.Unresolved);
            order.Anomalies |= OrderAnomaly.NoExit;
            StayWindow.Log(s, order, "exit-missing", seen.By, seen.At);
        }
        else if (order.State is OrderState.AwaitingPayment)
        {
            order.Go(OrderState.Arrears);
            StayWindow.Log(s, order, "left-unpaid", seen.By, seen.At, order.Owed);
        }
        else
        {
            return;
        }
        Touched.Add(order);
    }

    /// <summary>Something newer of the car is known already: its history is read again from the stay on that was before.</summary>
    async Task ReadAgainAsync(PassageEvent seen, Passage passage, IReadOnlyList<Order> stays, CancellationToken ct)
    {
        var key = seen.Key!.Value;
        var since = stays.LastOrDefault(o => o.Start <= seen.At)?.Start ?? seen.At;
        var orders = stays.Where(o => o.Start >= since).ToList();
        var readings = await window.ReadingsAsync(key, orders, since, ct);
        var seenOf = readings.Select(r => r.OrderId).ToHashSet();
        readings.Add(passage);
        foreach (var order in orders)
            readings.AddRange(Unseen(order, readings));
        var told = Timeline.Read(readings, orders.Where(IsSettled), key.BerthId is not null);
        var unmatched = orders.Where(o => !IsSettled(o)).ToList();
        var changed = false;
        foreach (var stay in told)
        {
            var isLast = stay == told[^1];
            if (stay.Settled is { } settled)
            {
                if (!isLast)
                    IsFollowed(settled, seen);
                if (stay.Contradicted || (changed && settled.Received > Money.Zero && await pricing.CostsOtherwiseAsync(s, seen.Lot, settled, ct, window)))
                    Contradict(settled, seen);
                Follow(settled, stay);
                continue;
            }
            var known = Match(stay, isLast, unmatched);
            var order = known ?? Open(seen, stay.Entry, stay.Exit);
            unmatched.Remove(order);
            changed |= await RewriteAsync(seen, order, stay, known is null, isLast, changed, ct);
            Follow(order, stay);
        }
        foreach (var order in unmatched)
            Merge(order, seen, told, seenOf.Contains(order.Id));
    }

    static bool IsSettled(Order order) => order is { EnteredAt: not null, ExitedAt: not null }
        && (order.Received > Money.Zero || order.Anomalies.HasFlag(OrderAnomaly.Corrected));

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
            SetEntry(order, stay.Entry);
        (order.ExitedAt, order.ExitLaneId) = (stay.Exit?.At, changed ? stay.Exit?.LaneId : order.ExitLaneId);
        // It stays: a history that is read from this stay on lacks what was said of its first instant by the stay before.
        if (stay.Doubtful)
            order.Anomalies |= OrderAnomaly.Doubtful;
        changed |= ReadPlate(order, stay);
        if (changed)
        {
            order.Anomalies |= OrderAnomaly.Late;
            Touched.Add(order);
        }
        order.Anomalies = (order.Anomalies & ~(OrderAnomaly.NoEntry | OrderAnomaly.NoExit)) | missing;
        order.BusinessDate = s.City.Zone.Date(order.ExitedAt ?? order.Start);
        if (missing is not OrderAnomaly.None)
        {
            Reopen(order, OrderState.Unresolved);
            if (!wasMissing)
                StayWindow.Log(s, order, stay.Entry is null ? "entry-missing" : "exit-missing", seen.By, seen.At);
        }
        else if (stay.Exit is null)
            Reopen(order, OrderState.Parked);
        else if (changed || earlierChanged)
            await SettleAsync(seen, order, isLast && StandsAtExit(seen.Lot, stay.Readings.Last(r => !r.Entering)), ct);
        else if (!isLast)
            IsFollowed(order, seen);
        if (isNew)
            await NoteAsync(order, seen, ct);
        return changed;
    }

    /// <summary>An end of the stay is not known, or not any more, so nor is its fee.</summary>
    static void Reopen(Order order, OrderState state)
    {
        if (order.State == state)
            return;
        order.Become(state);
        (order.Receivable, order.FeeLines) = (Money.Zero, null);
    }

    /// <summary>A berth's plate is the first that was read of the stay, unless a person said what it is.</summary>
    /// <returns>True where it is another than it was.</returns>
    static bool ReadPlate(Order order, SeenStay stay)
    {
        if (order.BerthId is null || order.Anomalies.HasFlag(OrderAnomaly.Corrected))
            return false;
        var before = order.Plate;
        var plates = stay.Readings.Select(r => PlateOf(r)).OfType<string>().ToList();
        order.Anomalies &= ~(OrderAnomaly.OtherPlate | OrderAnomaly.NoPlate);
        if (plates.Count == 0)
            order.Anomalies |= OrderAnomaly.NoPlate;
        else if (plates[0] != order.Plate)
            (order.Plate, order.Colour, order.Vehicle) = Car(plates[0]);
        if (plates.Any(p => p != plates[0]))
            order.Anomalies |= OrderAnomaly.OtherPlate;
        return order.Plate != before;
    }

    static string? PlateOf(Passage reading) => Vehicles.PlateGrammar.Normalize(reading.Plate);

    static (string?, PlateColour, VehicleKind) Car(string? plate)
    {
        var colour = Vehicles.PlateGrammar.ColourOf(plate, VehicleKind.Small);
        return (plate, colour, Vehicles.PlateGrammar.VehicleOf(plate, colour));
    }

    void Contradict(Order order, PassageEvent seen)
    {
        if (PricedAgain.Contradict(s, order, seen.By))
            Touched.Add(order);
    }

    /// <summary>The order is a part of another stay: it goes, and what it was is told in its log. One that was paid stays, and has nothing that
    /// was seen of it any more.</summary>
    void Merge(Order order, PassageEvent seen, List<SeenStay> told, bool wasSeen)
    {
        if (order.Received > Money.Zero)
        {
            if (wasSeen)
                Contradict(order, seen);
            return;
        }
        Touched.Add(order);
        var into = told.LastOrDefault(t => t.Entry?.At <= order.Start);
        order.Become(OrderState.Void);
        StayWindow.Log(s, order, "merged", seen.By, seen.At, detail: into is null ? "" : $"{into.Readings[0].OrderId:N}");
    }

    async Task AskAsync(PassageEvent seen, Passage passage, Order order, CancellationToken ct)
    {
        if (seen is { Live: true, Entering: true, LaneId: { } entry } && order.ExitedAt is null
            && (passage.Outcome is PassageOutcome.Opened || await GateIsShutAsync(entry, order, ct)))
            Wanted.Add((entry, order, DeviceCommand.OpenGate));
        // Who came to the exit before we heard of the entry stands there still.
        var lane = !seen.Entering ? seen.Live ? seen.LaneId : null
            : order.ExitedAt is { } left && await IsNewestAsync(order, left, ct) ? order.ExitLaneId : null;
        if (lane is { } exit && order.State is OrderState.AwaitingPayment)
            Wanted.Add((exit, order, DeviceCommand.ShowText));
        else if (lane is { } way && order.State is OrderState.Completed && (passage.Outcome is not PassageOutcome.Repeated || await GateIsShutAsync(way, order, ct)))
            Wanted.Add((way, order, DeviceCommand.OpenGate));
    }

    async Task<bool> GateIsShutAsync(Guid lane, Order order, CancellationToken ct) =>
        !Wanted.Contains((lane, order, DeviceCommand.OpenGate)) && await window.GateIsShutAsync(lane, order, ct);

    async Task<bool> IsNewestAsync(Order order, DateTimeOffset left, CancellationToken ct) =>
        s.Now - left <= ExitSettlement.StandingWindow && !window.IsFollowedAt(order) && await ExitSettlement.StandsThereAsync(s, order, ct);

    /// <summary>The car may stand at the exit now: the last reading there came from a device that was not cut off.</summary>
    bool StandsAtExit(Lots.Lot lot, Passage reading) => !reading.Replay && ExitSettlement.MayStand(lot, reading.At, s.Now);

    /// <summary>The order says that the black list has the car, and why.</summary>
    async Task NoteAsync(Order order, PassageEvent seen, CancellationToken ct)
    {
        var decision = await window.Cars.DecideAsync(order.LotId, order.Plate, order.Start, ct);
        if (!decision.Refused)
            return;
        order.Anomalies |= OrderAnomaly.Blacklisted;
        StayWindow.Log(s, order, "blacklisted", seen.By, order.Start, detail: decision.Rule!.Reason);
    }

    /// <summary>Settles a stay whose two ends are known, and notes what became of it.</summary>
    async Task SettleAsync(PassageEvent seen, Order order, bool standsThere, CancellationToken ct)
    {
        var (state, owed) = (order.State, order.Owed);
        var exit = order.ExitedAt!.Value;
        if (!await ExitSettlement.SettleAsync(s, pricing, seen.Lot, order, standsThere, ct, window))
        {
            order.BusinessDate = s.City.Zone.Date(exit);
            order.Become(OrderState.Unresolved);
            StayWindow.Log(s, order, "exited", seen.By, exit, detail: "no-fee");
            return;
        }
        if (state != order.State || owed != order.Owed)
        {
            StayWindow.Log(s, order, "exited", seen.By, exit, order.Owed);
            Touched.Add(order);
        }
        // A berth's history is read by itself; the car may have been on another one of the lot since.
        if (order.BerthId is not null)
            Touched.UnionWith(await PricedAgain.LaterAsync(s, pricing, seen.Lot, order, seen.By, ct, window));
    }

    /// <summary>The car came in then, and the tariff in force then prices the stay.</summary>
    void SetEntry(Order order, Passage? entry) => (order.EnteredAt, order.EntryLaneId, order.TariffVersionId) =
        (entry?.At, entry?.LaneId, entry is null ? null : window.Tariffs.VersionAt(order.LotId, entry.At));

    /// <summary>Opens an order for a stay that has none. Of a berth what is seen now may be another car than the stay's.</summary>
    Order Open(PassageEvent seen, Passage? entry, Passage? exit)
    {
        var at = (entry ?? exit)!;
        var (plate, colour, vehicle) = seen.BerthId is null || at.Id == seen.Id ? (seen.Plate, seen.Colour, seen.Vehicle) : Car(PlateOf(at));
        var order = new Order
        {
            Id = Guid.CreateVersion7(),
            LotId = seen.Lot.Id,
            BerthId = seen.BerthId,
            Plate = plate,
            Colour = colour,
            Vehicle = vehicle,
            State = exit is null ? OrderState.Parked : OrderState.Unresolved,
            Anomalies = (plate is null ? OrderAnomaly.NoPlate : OrderAnomaly.None) | (entry is null ? OrderAnomaly.NoEntry : OrderAnomaly.None),
            BusinessDate = s.City.Zone.Date(at.At),
            CreatedAt = s.Now
        };
        SetEntry(order, entry);
        (order.ExitedAt, order.ExitLaneId) = (exit?.At, exit?.LaneId);
        window.Open(order);
        StayWindow.Log(s, order, entry is null ? "exited" : "entered", seen.By, at.At);
        return order;
    }

    static Passage New(PassageEvent seen, Vehicles.PlateRule? refusal) => new()
    {
        Id = seen.Id,
        LotId = seen.Lot.Id,
        DeviceId = seen.DeviceId,
        MessageId = seen.MessageId,
        LaneId = seen.LaneId,
        BerthId = seen.BerthId,
        Entering = seen.Entering,
        At = seen.At,
        Plate = seen.PlateRead,
        Confidence = seen.Confidence,
        Images = [.. seen.Images],
        Replay = seen.Replay,
        RefusedFor = refusal?.Reason,
        Outcome = refusal is null ? PassageOutcome.Superseded : PassageOutcome.Refused
    };
}
