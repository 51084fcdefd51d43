using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>What passage events ask of gates and displays.</summary>
sealed class GateRequests(CitySession s, StayWindow window)
{
    /// <summary>Commands to gates and displays, to be sent after the commit.</summary>
    public List<(Guid LaneId, Order Order, string Type)> Wanted { get; } = [];

    /// <summary>Asks for what the event leads to: a gate that opens, a display that says what is owed.</summary>
    public async Task AskAsync(PassageEvent seen, Passage passage, Order order, CancellationToken ct)
    {
        if (seen is { Live: true, Entering: true, LaneId: { } entry } && order.ExitedAt is null
            && (passage.Outcome is PassageOutcome.Opened || !await IsBeingOpenedAsync(entry, order, ct)))
            Wanted.Add((entry, order, DeviceCommand.OpenGate));
        // Who came to the exit before we heard of the entry stands there still.
        var lane = !seen.Entering ? seen.Live ? seen.LaneId : null
            : order.ExitedAt is { } left && await IsNewestAsync(order, left, ct) ? order.ExitLaneId : null;
        if (lane is { } exit && order.State is OrderState.AwaitingPayment)
            Wanted.Add((exit, order, DeviceCommand.ShowText));
        else if (lane is { } way && order.State is OrderState.Completed
            && (passage.Outcome is not PassageOutcome.Repeated || !await IsBeingOpenedAsync(way, order, ct)))
            Wanted.Add((way, order, DeviceCommand.OpenGate));
    }

    async Task<bool> IsBeingOpenedAsync(Guid lane, Order order, CancellationToken ct) =>
        Wanted.Contains((lane, order, DeviceCommand.OpenGate)) || await window.IsBeingOpenedAsync(lane, order, ct);

    async Task<bool> IsNewestAsync(Order order, DateTimeOffset left, CancellationToken ct) =>
        s.Now - left <= ExitSettlement.StandingWindow && !window.IsFollowedAt(order) && await ExitSettlement.StandsThereAsync(s, order, ct);
}
