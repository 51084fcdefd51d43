using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>How far a payment has come.</summary>
public enum PaymentState
{
    /// <summary>The driver was sent to the channel; no money has moved.</summary>
    Pending,

    /// <summary>The money is ours.</summary>
    Succeeded,

    /// <summary>The channel or the driver gave up, or nothing was heard for long. Money that comes all the same counts.</summary>
    Failed
}

/// <summary>Money for something payable. It knows only what is payable and how much.</summary>
public sealed class Payment : ILotOwned
{
    /// <summary>The kind of what is paid most: stays.</summary>
    public const string Order = "order";

    /// <summary>Row id; also the number that the channel knows the payment by, so a repeated callback finds this row.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>The order or other payable thing.</summary>
    public required Guid PayableId { get; init; }

    /// <summary>What that is: the code of its <see cref="IPayable"/>.</summary>
    public string Kind { get; init; } = Order;

    /// <summary>Code of the channel: <c>cash</c>, <c>demo</c>, …</summary>
    public required string Method { get; init; }

    /// <summary>How much; less than nothing where it was paid back.</summary>
    public required Money Amount { get; init; }

    public PaymentState State { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? PaidAt { get; set; }

    /// <summary>The city's calendar day of <see cref="PaidAt"/>: the day on whose report it stands.</summary>
    public DateOnly? BusinessDate { get; set; }

    /// <summary>Who took it: the attendant's name, or the channel's own transaction number.</summary>
    public string Reference { get; set; } = "";

    /// <summary>The shift of who took it by hand, or paid it back in cash; null where no hand did.</summary>
    public Guid? ShiftId { get; init; }

    /// <summary>The instant up to which this payment covers the stay.</summary>
    public required DateTimeOffset QuotedAt { get; set; }
}
