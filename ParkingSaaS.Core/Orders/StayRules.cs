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
sealed class StayRules
{
    readonly CitySession s;
    readonly StayWindow window;
    readonly StayChanges changes;
    readonly LateEvents late;
    readonly PlatelessCars plateless;
    readonly GateRequests gates;

    public StayRules(CitySession session, StayWindow window, Pricing pricing)
    {
        (s, this.window, changes, gates) = (session, window, new StayChanges(session, window, pricing), new GateRequests(session, window));
        (late, plateless) = (new LateEvents(session, window, pricing, changes), new PlatelessCars(session, changes));
    }

    /// <summary>Orders that changed, for the live screens.</summary>
    public HashSet<Order> Touched => changes.Touched;

    /// <summary>Commands to gates and displays, to be sent after the commit.</summary>
    public List<(Guid LaneId, Order Order, string Type)> Wanted => gates.Wanted;

    /// <summary>Applies one passage event and keeps the passage.</summary>
    public async Task<Passage> ApplyAsync(PassageEvent seen, CancellationToken ct)
    {
        var stays = window.Stays(seen.Key);
        var passage = New(seen, await RefusalAsync(seen, stays, ct));
        s.Db.Set<Passage>().Add(passage);
        if (passage.Outcome is PassageOutcome.Refused)
            return passage;
        if (await plateless.JoinStandingAsync(seen, passage, ct) is { } standing)
        {
            changes.Touched.Add(standing);
            await gates.AskAsync(seen, passage, standing, ct);
            return passage;
        }
        if (seen.Outdated || (stays.Count > 0 && stays[^1].Anomalies.HasFlag(OrderAnomaly.Doubtful))
            || stays.Any(o => StaySpan.Of(o)!.Value.SeenUntil >= seen.At))
            await late.ReadAgainAsync(seen, passage, stays, ct);
        else
            await AppendAsync(seen, passage, stays.LastOrDefault(), ct);
        if (seen.Key is { } key)
            window.Keep(key, passage);
        if (passage.OrderId is { } id && window.Find(id) is var order)
        {
            changes.Touched.Add(order);
            if (seen.ClockWrong)
                order.Anomalies |= OrderAnomaly.ClockWrong;
            if (passage.Outcome is not PassageOutcome.Superseded)
                await gates.AskAsync(seen, passage, order, ct);
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
                    changes.MarkFollowed(last, seen);
                last = changes.Open(seen, entry: seen.Entering ? passage : null, exit: seen.Entering ? null : passage);
                await changes.NoteAsync(last, seen, ct);
                break;
            case PassageOutcome.Repeated:
                if (See(last!, seen) && last!.ExitedAt is not null && !StayChanges.IsSettled(last))
                    await changes.SettleAsync(seen, last, standsThere: false, ct);
                break;
            case PassageOutcome.Closed:
                (last!.ExitedAt, last.ExitLaneId) = (seen.At, seen.LaneId);
                if (last.Anomalies.HasFlag(OrderAnomaly.NoExit))
                    last.Anomalies = (last.Anomalies & ~OrderAnomaly.NoExit) | OrderAnomaly.Late;
                await changes.SettleAsync(seen, last, changes.StandsAtExit(seen.Lot, passage), ct);
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
        ImageNames = [.. seen.Images],
        Replay = seen.Replay,
        RefusedFor = refusal?.Reason,
        Outcome = refusal is null ? PassageOutcome.Superseded : PassageOutcome.Refused
    };
}
