using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Payments;

/// <summary>Money that goes back by the channel it came by, and when the channel is asked how far it is. The money itself is a <see cref="Payment"/> of
/// less than nothing: pending until the channel says that it is back, failed where it cannot be.</summary>
public sealed class Refund : ILotOwned
{
    /// <summary>The channel is first asked again when its own word is so late.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(15);

    /// <summary>The payment of less than nothing; also the number by which the channel knows the refund.</summary>
    public required Guid PaymentId { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>What is paid back, in part or as a whole.</summary>
    public required Guid OfPaymentId { get; init; }

    /// <summary>How often the channel was asked.</summary>
    public int Asked { get; set; }

    /// <summary>When it is asked next; null where nothing is open.</summary>
    public DateTimeOffset? AskAt { get; set; }
}

/// <summary>How far a channel has come with money that goes back.</summary>
/// <param name="State">Pending while it is on its way, or nobody knows.</param>
/// <param name="Reference">The channel's own number; of what failed the channel's code for why.</param>
public sealed record RefundProgress(PaymentState State, string Reference)
{
    /// <summary>It is on its way, or nobody knows.</summary>
    public static readonly RefundProgress Open = new(PaymentState.Pending, "");
}

/// <summary>A payment that can go back by its channel.</summary>
/// <param name="Left">How much of it: all, less what went back and what is on its way.</param>
public sealed record Refundable(Guid PaymentId, string Method, DateTimeOffset PaidAt, Money Left);
