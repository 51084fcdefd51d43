using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>What can be done to a pass, or become of it.</summary>
public enum PassOperationKind
{
    /// <summary>It was sold, and waits for review or money; the detail is its days.</summary>
    Sold,

    /// <summary>Who reviews sales agreed.</summary>
    Agreed,

    /// <summary>Who reviews sales did not.</summary>
    Refused,

    /// <summary>Money came for it or a renewal.</summary>
    Paid,

    /// <summary>Money came for what was paid already.</summary>
    Overpaid,

    /// <summary>A renewal was sold; the detail is its days.</summary>
    Renewed,

    /// <summary>It renews itself, and the renewal waits for its money.</summary>
    RenewalReady,

    /// <summary>A renewal that waited for its money gave way to another.</summary>
    RenewalReplaced,

    /// <summary>From now on it renews itself.</summary>
    AutoRenewOn,

    /// <summary>It renews itself no longer.</summary>
    AutoRenewOff,

    /// <summary>One of its cars is another.</summary>
    PlateChanged,

    /// <summary>It stands still from a day on, which the detail says.</summary>
    Suspended,

    /// <summary>It goes on; the detail is its new last day.</summary>
    Resumed,

    /// <summary>Its holder wants it cancelled.</summary>
    CancelAsked,

    /// <summary>Customer service agreed to an amount to be paid back.</summary>
    CancelAgreed,

    /// <summary>The wish was turned down.</summary>
    CancelRefused,

    /// <summary>Its money was paid back, and it is cancelled.</summary>
    Refunded,

    /// <summary>It is to go back by the channel it came by: the detail.</summary>
    RefundBegun,

    /// <summary>The channel cannot pay it back; the detail is why.</summary>
    RefundFailed,

    /// <summary>Its money, or a renewal's, did not come in time.</summary>
    Lapsed
}

/// <summary>Who did what to a pass, when.</summary>
public sealed class PassOperation : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid PassId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who: an actor's name.</summary>
    public required string By { get; init; }

    public required PassOperationKind Kind { get; init; }

    /// <summary>State afterwards.</summary>
    public required PassState State { get; init; }

    public Money Amount { get; init; }

    /// <summary>Reason, dates or other detail.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Notes in the pass's log what was done; it is saved with the session.</summary>
    internal static void Log(CitySession s, Pass pass, PassOperationKind kind, Money amount = default, string detail = "") => s.Db.Add(new PassOperation
    {
        Id = Guid.CreateVersion7(),
        LotId = pass.LotId,
        PassId = pass.Id,
        At = s.Now,
        By = s.Actor.Name,
        Kind = kind,
        State = pass.State,
        Amount = amount,
        Detail = detail
    });
}
