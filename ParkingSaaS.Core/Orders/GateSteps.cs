using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Why a gate was asked to open, or was not.</summary>
public enum GateAnswer
{
    /// <summary>It was asked to open.</summary>
    Asked,

    /// <summary>The car was asked to pay, and the gate stayed closed.</summary>
    Owed,

    /// <summary>Told too late: nobody can stand there for it any more.</summary>
    NotLive,

    /// <summary>The black list names the car.</summary>
    Refused,

    /// <summary>Seen once more; what it was asked before still holds.</summary>
    Repeated,

    /// <summary>Nobody knows the entry: a person decides.</summary>
    NoEntry,

    /// <summary>It changed nothing of any stay.</summary>
    Superseded,

    /// <summary>It was paid when the car no longer stood at the exit, or in advance.</summary>
    PaidElsewhere,

    /// <summary>The lane has no device that could move a gate.</summary>
    NoDevice,

    /// <summary>It would have been asked to open, and no command is known: the lane had no device then, or it is not the program that told it.</summary>
    NotKnown
}

/// <summary>Something after which a gate may open: a car was read at a lane, or was paid for.</summary>
/// <param name="At">When the program heard of it.</param>
/// <param name="Payment">It was a payment.</param>
/// <param name="Entering">Of a reading: true for in.</param>
public sealed record GateStep(DateTimeOffset At, bool Payment, bool Entering, GateAnswer Answer)
{
    /// <summary>Those of an order, in the order of time. What people and rules asked of a lane stands at the instant at which they heard of the car, so
    /// commands are found by it; which devices a lane has is as of now.</summary>
    /// <param name="s">Who may see orders.</param>
    /// <param name="passages">All readings of the order.</param>
    /// <param name="told">When the messages of the readings arrived, by their ids; those that are no longer kept are missing.</param>
    /// <param name="payments">What was paid for the order.</param>
    /// <param name="commands">All commands for the order.</param>
    public static async Task<List<GateStep>> ReadAsync(CitySession s, Order order, IEnumerable<Passage> passages,
        IReadOnlyDictionary<Guid, DateTimeOffset> told, IEnumerable<Payment> payments, IReadOnlyCollection<DeviceCommand> commands, CancellationToken ct)
    {
        var equipped = await s.Db.Set<Device>().Where(d => d.LotId == order.LotId && d.LaneId != null && d.RetiredAt == null)
            .Select(d => d.LaneId!.Value).ToHashSetAsync(ct);
        var paid = payments.Where(p => p is { State: PaymentState.Succeeded, PaidAt: not null } && p.Amount > Money.Zero).ToList();
        var opened = commands.Where(c => c.Type == DeviceCommand.OpenGate).Select(c => c.CreatedAt).ToHashSet();
        var steps = new List<GateStep>();
        foreach (var p in passages)
            if (p.LaneId is { } lane)
            {
                var heard = p.MessageId is { } message && told.TryGetValue(message, out var at) ? at : p.At;
                steps.Add(new GateStep(heard, Payment: false, p.Entering, opened.Contains(heard) ? GateAnswer.Asked
                    : equipped.Contains(lane) ? WhyNot(p, heard, owed: order.Owed > Money.Zero || paid.Exists(x => x.PaidAt >= heard))
                    : GateAnswer.NoDevice));
            }
        foreach (var p in paid)
            if (p.PaidAt is { } at && (order.ExitLaneId ?? order.EntryLaneId) is { } lane)
                steps.Add(new GateStep(at, Payment: true, Entering: false, opened.Contains(at) ? GateAnswer.Asked
                    : equipped.Contains(lane) ? GateAnswer.PaidElsewhere : GateAnswer.NoDevice));
        return [.. steps.OrderBy(step => step.At)];
    }

    static GateAnswer WhyNot(Passage p, DateTimeOffset heard, bool owed) =>
        !ExitSettlement.IsLive(p.At, p.Replay, heard) ? GateAnswer.NotLive
        : p.Outcome switch
        {
            PassageOutcome.Refused => GateAnswer.Refused,
            PassageOutcome.Repeated => GateAnswer.Repeated,
            PassageOutcome.NoEntry => GateAnswer.NoEntry,
            PassageOutcome.Superseded => GateAnswer.Superseded,
            _ => !p.Entering && owed ? GateAnswer.Owed : GateAnswer.NotKnown
        };
}
