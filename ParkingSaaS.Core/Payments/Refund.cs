using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments;

/// <summary>Money that goes back by the channel it came by, and when the channel is asked how far it is. The money itself is a <see cref="Payment"/> of
/// less than nothing: pending until the channel says that it is back, failed where it cannot be.</summary>
public sealed class Refund : OpenQuestion
{
    /// <summary>What is paid back, in part or as a whole.</summary>
    public required Guid OfPaymentId { get; init; }
}

/// <summary>A payment that can go back by its channel.</summary>
/// <param name="Left">How much of it: all, less what went back and what is on its way.</param>
public sealed record Refundable(Guid PaymentId, string Method, DateTimeOffset PaidAt, Money Left);
