using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>What a sighting does to the stays of its car. It looks at the neighbours in time, not at the order of arrival, so
/// late, repeated and out-of-order events come to the same end:
/// <list type="bullet">
/// <item>The same again within <see cref="RepeatWindow"/> changes nothing.</item>
/// <item>An entry opens a stay. A stay still open before it has lost its exit: unresolved, not charged.</item>
/// <item>A berth's stay ends when the berth is reported free, never because another plate is read there: cameras misread. The order is
/// marked, for a person to look at.</item>
/// <item>An entry just before an exit that had no entry completes that stay.</item>
/// <item>An exit ends the stay before it; without one it is kept as an unresolved order for a person to decide.</item>
/// <item>What falls into a stay that is over divides it, as if it had come in time. Once that stay is paid it is only kept as a
/// passage: nobody is charged twice.</item>
/// </list></summary>
sealed class StayRules(CitySession s, StayBook book, Pricing pricing)
{
    /// <summary>The same car, place and direction within this time is the same passage.</summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromSeconds(60);

    /// <summary>A car that stands at the exit this long is read again without the fee growing.</summary>
    public static readonly TimeSpan AtExitWindow = TimeSpan.FromMinutes(15);

    /// <summary>Orders that changed, for the live screens.</summary>
    public HashSet<Order> Touched { get; } = [];

    /// <summary>Commands to gates and displays, to be sent after the commit.</summary>
    public List<(Guid LaneId, Order Order, string Type)> Wanted { get; } = [];

    /// <summary>Applies one sighting and keeps the passage.</summary>
    public async Task<Passage> ApplyAsync(Sighting seen, CancellationToken ct)
    {
        var stays = book.Stays(seen.Key);
        var (outcome, order) = seen.Entering ? await EnterAsync(seen, stays, ct) : await LeaveAsync(seen, stays, ct);
        if (order is not null)
            Touched.Add(order);
        if (seen.Live && seen.LaneId is { } lane && order is not null)
            Ask(lane, seen, outcome, order);
        var passage = new Passage
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
            RefusedFor = outcome is PassageOutcome.Refused
                ? (await book.Cars.DecideAsync(seen.Lot.Id, seen.Plate, seen.At, ct)).Rule?.Reason
                : null,
            Outcome = outcome,
            OrderId = order?.Id
        };
        s.Db.Passages.Add(passage);
        return passage;
    }

    void Ask(Guid lane, Sighting seen, PassageOutcome outcome, Order order)
    {
        if (seen.Entering ? outcome is PassageOutcome.Opened or PassageOutcome.Repeated : order.State is OrderState.Completed)
            Wanted.Add((lane, order, DeviceCommand.OpenGate));
        else if (!seen.Entering && order.State is OrderState.AwaitingPayment)
            Wanted.Add((lane, order, DeviceCommand.ShowText));
    }

    async Task<(PassageOutcome, Order?)> EnterAsync(Sighting seen, IReadOnlyList<Order> stays, CancellationToken ct)
    {
        var before = stays.LastOrDefault(o => o.Start <= seen.At);
        var after = stays.FirstOrDefault(o => o.Start > seen.At);
        if ((IsSameEntry(before, seen) ? before : IsSameEntry(after, seen) ? after : null) is { } same)
        {
            // A camera may read the plate later than the sensor saw the car.
            if (same.Plate is null && seen.Plate is not null)
                (same.Plate, same.Colour, same.Vehicle) = (seen.Plate, seen.Colour, seen.Vehicle);
            if (seen.Plate is not null)
                same.Anomalies &= ~OrderAnomaly.NoPlate;
            if (!SamePlate(same, seen) && !same.Anomalies.HasFlag(OrderAnomaly.Corrected))
                same.Anomalies |= OrderAnomaly.OtherPlate;
            return (PassageOutcome.Repeated, same);
        }
        var decision = await book.Cars.DecideAsync(seen.Lot.Id, seen.Plate, seen.At, ct);
        // Whom a person lets in is in; so is whoever was seen long ago, or stands on a street.
        if (decision.Refused && seen is { Live: true, DeviceId: not null, LaneId: not null })
            return (PassageOutcome.Refused, null);
        if (before is { EnteredAt: not null } && before.ExitedAt > seen.At)
            return before.Received > Money.Zero
                ? (PassageOutcome.Superseded, before)
                : (PassageOutcome.Opened, await DivideByEntryAsync(seen, before, ct));
        if (after is { EnteredAt: null, State: OrderState.Unresolved })
        {
            SetEntry(after, seen);
            after.Anomalies = (after.Anomalies & ~OrderAnomaly.NoEntry) | OrderAnomaly.Late;
            StayBook.Log(s, after, "entered", seen.By, seen.At);
            var standsThere = seen.Live && s.Now - after.ExitedAt!.Value <= AtExitWindow && after == stays[^1];
            await SettleExitAsync(seen, after, standsThere, ct);
            if (standsThere && after.ExitLaneId is { } exit)
                Wanted.Add((exit, after, after.State is OrderState.Completed ? DeviceCommand.OpenGate : DeviceCommand.ShowText));
            return (PassageOutcome.Opened, after);
        }
        if (before is { State: OrderState.Parked })
        {
            before.Go(OrderState.Unresolved);
            before.Anomalies |= OrderAnomaly.NoExit;
            StayBook.Log(s, before, "exit-missing", seen.By, seen.At);
            Touched.Add(before);
        }
        else if (before is { State: OrderState.AwaitingPayment })
        {
            before.Go(OrderState.Arrears);
            StayBook.Log(s, before, "left-unpaid", seen.By, seen.At, before.Owed);
            Touched.Add(before);
        }
        var order = New(seen, after is null ? OrderState.Parked : OrderState.Unresolved);
        SetEntry(order, seen);
        if (after is not null)
            order.Anomalies |= OrderAnomaly.NoExit | OrderAnomaly.Late;
        book.Open(order);
        StayBook.Log(s, order, "entered", seen.By, seen.At);
        NoteIfRefused(decision, order, seen);
        if (await MissedExitAsync(seen, before, after, ct) is { } missed)
        {
            (missed.OrderId, missed.Outcome) = (order.Id, PassageOutcome.Closed);
            (order.ExitedAt, order.ExitLaneId) = (missed.At, missed.LaneId);
            order.Anomalies &= ~OrderAnomaly.NoExit;
            order.Anomalies |= OrderAnomaly.Late;
            await SettleExitAsync(seen, order, standsThere: false, ct);
        }
        return (PassageOutcome.Opened, order);
    }

    /// <summary>The order says that the black list has the car, and why.</summary>
    void NoteIfRefused(ExitDecision decision, Order order, Sighting seen)
    {
        if (!decision.Refused)
            return;
        order.Anomalies |= OrderAnomaly.Blacklisted;
        StayBook.Log(s, order, "blacklisted", seen.By, seen.At, detail: decision.Rule!.Reason);
    }

    /// <summary>An exit that came before its entry did: of a berth, or taken for a repetition of the exit of the stay before.</summary>
    async Task<Passage?> MissedExitAsync(Sighting seen, Order? before, Order? after, CancellationToken ct) =>
        seen.FreeSince ? await book.UnmatchedExitAsync(seen, after?.Start, ct)
        : !seen.Live && seen.BerthId is null && after is null && before is not null
            ? await book.RepeatedAsync(before, entering: false, seen.At, ct)
        : null;

    /// <summary>A late exit may show that what looked like a sensor's repetition was the next car: then that one came in.</summary>
    async Task ReopenAsync(Sighting seen, Order ended, CancellationToken ct)
    {
        if (seen.Live || seen.BerthId is null || await book.RepeatedAsync(ended, entering: true, seen.At, ct) is not { } entry)
            return;
        var again = seen with { Entering = true, At = entry.At, PlateRead = entry.Plate, FreeSince = true, MessageId = entry.MessageId };
        // The other plate was the next car's.
        if (again.Plate is not null && again.Plate != ended.Plate)
            ended.Anomalies &= ~OrderAnomaly.OtherPlate;
        var (outcome, order) = await EnterAsync(again, book.Stays(seen.Key), ct);
        (entry.Outcome, entry.OrderId) = (outcome, order?.Id);
        if (order is not null)
            Touched.Add(order);
    }

    /// <summary>An entry within a stay: the exit was this car's second one, and the first stay has lost its exit.</summary>
    async Task<Order> DivideByEntryAsync(Sighting seen, Order first, CancellationToken ct)
    {
        var second = New(seen, OrderState.Unresolved);
        SetEntry(second, seen);
        second.Anomalies |= OrderAnomaly.Late;
        (second.ExitedAt, second.ExitLaneId) = (first.ExitedAt, first.ExitLaneId);
        book.Open(second);
        await book.MoveExitAsync(first, second, ct);
        (first.ExitedAt, first.ExitLaneId, first.Receivable, first.FeeLines) = (null, null, Money.Zero, null);
        if (first.State is not OrderState.Unresolved)
            first.Go(OrderState.Unresolved);
        first.Anomalies |= OrderAnomaly.NoExit | OrderAnomaly.Late;
        StayBook.Log(s, first, "exit-missing", seen.By, seen.At);
        Touched.Add(first);
        await SettleExitAsync(seen, second, standsThere: false, ct);
        return second;
    }

    /// <summary>An exit within a stay: the stay was over then, and the later exit has lost its entry.</summary>
    async Task DivideByExitAsync(Sighting seen, Order first, CancellationToken ct)
    {
        if (first.BerthId is null)
        {
            var second = New(seen, OrderState.Unresolved);
            second.Anomalies |= OrderAnomaly.NoEntry | OrderAnomaly.Late;
            (second.ExitedAt, second.ExitLaneId) = (first.ExitedAt, first.ExitLaneId);
            second.BusinessDate = s.City.Zone.Date(second.ExitedAt!.Value);
            book.Open(second);
            await book.MoveExitAsync(first, second, ct);
            StayBook.Log(s, second, "exited", seen.By, second.ExitedAt!.Value);
            Touched.Add(second);
        }
        else
            await book.MoveExitAsync(first, null, ct);
        (first.ExitedAt, first.ExitLaneId) = (seen.At, seen.LaneId);
        first.Anomalies |= OrderAnomaly.Late;
        await SettleExitAsync(seen, first, standsThere: false, ct);
    }

    async Task<(PassageOutcome, Order?)> LeaveAsync(Sighting seen, IReadOnlyList<Order> stays, CancellationToken ct)
    {
        var before = stays.LastOrDefault(o => o.Start <= seen.At);
        var after = stays.FirstOrDefault(o => o.Start > seen.At);
        if ((IsSameExit(before, seen.At) ? before : after is { EnteredAt: null } && IsSameExit(after, seen.At) ? after : null) is { } same)
        {
            // It may have been sent over to another lane: the gate that opens is where it stands now.
            if (seen is { Live: true, LaneId: { } lane } && seen.At >= same.ExitedAt)
                same.ExitLaneId = lane;
            return (PassageOutcome.Repeated, same);
        }
        var isLast = before is not null && before == stays[^1];
        if (before is { ExitedAt: null } || (before is { State: OrderState.AwaitingPayment } && before.ExitedAt <= seen.At))
        {
            before.ExitedAt = seen.At;
            before.ExitLaneId = seen.LaneId;
            if (before.Anomalies.HasFlag(OrderAnomaly.NoExit))
                before.Anomalies = (before.Anomalies & ~OrderAnomaly.NoExit) | OrderAnomaly.Late;
            await SettleExitAsync(seen, before, standsThere: seen.Live && isLast, ct);
            await ReopenAsync(seen, before, ct);
            return (PassageOutcome.Closed, before);
        }
        if (before is { EnteredAt: not null } && before.ExitedAt > seen.At)
        {
            if (before.Received > Money.Zero)
                return (PassageOutcome.Superseded, before);
            await DivideByExitAsync(seen, before, ct);
            await ReopenAsync(seen, before, ct);
            return (PassageOutcome.Closed, before);
        }
        // A sensor that says "free" of a berth where nothing was is no exit: there is nobody to bill.
        if (seen.BerthId is not null)
            return (PassageOutcome.Superseded, null);
        var order = New(seen, OrderState.Unresolved);
        order.ExitedAt = seen.At;
        order.ExitLaneId = seen.LaneId;
        order.Anomalies |= OrderAnomaly.NoEntry;
        book.Open(order);
        StayBook.Log(s, order, "exited", seen.By, seen.At);
        NoteIfRefused(await book.Cars.DecideAsync(seen.Lot.Id, seen.Plate, seen.At, ct), order, seen);
        return (PassageOutcome.NoEntry, order);
    }

    static bool SamePlate(Order order, Sighting seen) =>
        order.BerthId is null || order.Plate is null || seen.Plate is null || order.Plate == seen.Plate;

    static bool IsSameEntry(Order? order, Sighting seen) =>
        order is { EnteredAt: { } entered } && !(order.ExitedAt < seen.At)
        // A berth's sensor repeats what it sees for as long as the car is there.
        && (order is { State: OrderState.Parked, BerthId: not null } && entered <= seen.At
            || (entered - seen.At).Duration() <= RepeatWindow && SamePlate(order, seen));

    /// <summary>While a car waits at the exit, pays and drives off, its plate is read again and again.</summary>
    static bool IsSameExit(Order? order, DateTimeOffset at)
    {
        if (order?.ExitedAt is not { } left)
            return false;
        var patience = order.BerthId is null && order.State is not OrderState.Parked
            ? AtExitWindow
            : RepeatWindow;
        return (at - left).Duration() <= RepeatWindow || (at > left && at - left <= patience);
    }

    /// <summary>Prices a stay whose two ends are known. What is owed holds the gate while the car stands there; once it is gone
    /// it is arrears.</summary>
    async Task SettleExitAsync(Sighting seen, Order order, bool standsThere, CancellationToken ct)
    {
        order.BusinessDate = s.City.Zone.Date(order.ExitedAt!.Value);
        if (!await pricing.PriceAsync(s, seen.Lot, order, order.ExitedAt.Value, ct, book.Cars))
        {
            if (order.State is not OrderState.Unresolved)
                order.Go(OrderState.Unresolved);
            StayBook.Log(s, order, "exited", seen.By, order.ExitedAt.Value, detail: "no-fee");
            return;
        }
        var next = order.Owed == Money.Zero ? OrderState.Completed
            : standsThere && seen.Lot.Gated ? OrderState.AwaitingPayment
            : OrderState.Arrears;
        if (order.State != next)
            order.Go(next);
        StayBook.Log(s, order, "exited", seen.By, order.ExitedAt.Value, order.Owed);
    }

    /// <summary>The car came in then, and the tariff in force then prices the stay.</summary>
    void SetEntry(Order order, Sighting seen) => (order.EnteredAt, order.EntryLaneId, order.TariffVersionId) =
        (seen.At, seen.LaneId, book.Tariffs.VersionAt(order.LotId, seen.At));

    Order New(Sighting seen, OrderState state) => new()
    {
        Id = Guid.CreateVersion7(),
        LotId = seen.Lot.Id,
        BerthId = seen.BerthId,
        Plate = seen.Plate,
        Colour = seen.Colour,
        Vehicle = seen.Vehicle,
        State = state,
        Anomalies = seen.Plate is null ? OrderAnomaly.NoPlate : OrderAnomaly.None,
        BusinessDate = s.City.Zone.Date(seen.At),
        CreatedAt = s.Now
    };
}
