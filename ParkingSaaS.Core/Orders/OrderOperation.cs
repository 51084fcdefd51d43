using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>What can be done to an order, or become known of it.</summary>
public enum OrderOperationKind
{
    Entered,

    /// <summary>The car came to the exit.</summary>
    Exited,

    /// <summary>The car came to the exit, and no fee can be worked out.</summary>
    NoFee,

    /// <summary>An exit was seen of which nobody saw the entry.</summary>
    EntryMissing,

    /// <summary>The car came in again, and nobody saw it leave.</summary>
    ExitMissing,

    /// <summary>It turned out to be a part of another stay: the detail is that order.</summary>
    Merged,

    /// <summary>Something was seen that cannot be so, of a stay that is paid.</summary>
    Contradicted,

    /// <summary>A person saw a contradiction, and the stay stays as it is.</summary>
    ContradictionSettled,

    /// <summary>The car left, or is gone, and owes.</summary>
    LeftUnpaid,

    Paid,

    /// <summary>Money came, and more than is owed.</summary>
    Overpaid,

    /// <summary>A person opened the gate.</summary>
    GateOpened,

    /// <summary>A person said which exit this entry has.</summary>
    ExitMatched,

    /// <summary>Of an exit: a person said which entry it belongs to.</summary>
    MatchedToEntry,

    /// <summary>A person said when the car came.</summary>
    EntrySet,

    /// <summary>A person said when the car left.</summary>
    ExitSet,

    /// <summary>A person said when the car left, and let the fee go.</summary>
    ExitSetWaived,

    /// <summary>A person said what the plate is.</summary>
    PlateCorrected,

    /// <summary>A person struck the order out.</summary>
    Voided,

    /// <summary>A person brought it back, or took its exit back.</summary>
    Reopened,

    /// <summary>A person said that another of the car's stays is a part of this one.</summary>
    StaysMerged,

    /// <summary>A person said that it was two stays; this is the first.</summary>
    Split,

    /// <summary>The second of two stays that were one; the detail is the first.</summary>
    SplitOff,

    /// <summary>A plate that looks alike was read at the same lane at that time.</summary>
    Misread,

    /// <summary>A person said that both readings are of this car.</summary>
    MisreadJoined,

    /// <summary>A person said that the two readings are of two cars.</summary>
    TwoCars,

    /// <summary>Its fee was worked out once more, as an earlier stay of the car changed.</summary>
    PricedAgain,

    /// <summary>A person marked it for what the tariff charges by hand.</summary>
    Marked,

    /// <summary>A person took that mark back.</summary>
    Unmarked,

    /// <summary>The black list knows the car; the detail is why.</summary>
    Blacklisted,

    /// <summary>A person said how much is to be paid in all; the amount is that.</summary>
    AmountChanged,

    /// <summary>Somebody asked that what was paid too much be paid back.</summary>
    RefundAsked,

    /// <summary>It is to go back by the channel it came by: the detail.</summary>
    RefundBegun,

    /// <summary>It was paid back; the detail is how.</summary>
    Refunded,

    /// <summary>The channel cannot pay it back; the detail is why.</summary>
    RefundFailed,

    /// <summary>Somebody asked that the arrears be given up.</summary>
    WriteOffAsked,

    /// <summary>The arrears were given up.</summary>
    WrittenOff,

    /// <summary>Money came for arrears that were given up.</summary>
    Recovered,

    /// <summary>What somebody had asked for was refused or taken back; the detail is why.</summary>
    ReviewEnded,

    /// <summary>It is doubted that the car was there all the time; the detail is why, by the names of <see cref="StayDoubt"/>.</summary>
    Frozen,

    /// <summary>A person has looked at a frozen stay, and it is right as it is.</summary>
    FreezeLifted,

    /// <summary>The driver thinks that it is wrong; the detail is what they say.</summary>
    AppealFiled,

    /// <summary>The driver was right; the detail is what they were told.</summary>
    AppealGranted,

    /// <summary>The driver was not; the detail is what they were told.</summary>
    AppealRefused
}

/// <summary>Who did what to an order, when.</summary>
public sealed class OrderOperation : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid OrderId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who: an actor's name.</summary>
    public required string By { get; init; }

    public required OrderOperationKind Kind { get; init; }

    /// <summary>State afterwards.</summary>
    public required OrderState State { get; init; }

    public Money Amount { get; init; }

    /// <summary>Reason or other detail, in the words of who did it.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Notes in the order's log what was done; it is saved with the session.</summary>
    internal static void Log(CitySession s, Order order, OrderOperationKind kind, string by, DateTimeOffset at, Money amount = default,
        string detail = "") => s.Db.Add(new OrderOperation
        {
            Id = Guid.CreateVersion7(),
            LotId = order.LotId,
            OrderId = order.Id,
            At = at,
            By = by,
            Kind = kind,
            State = order.State,
            Amount = amount,
            Detail = detail
        });
}
