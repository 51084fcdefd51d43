using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments;

/// <summary>What a channel says that it took and paid back by an account on a day of the city. There is one for each day.</summary>
public sealed class ChannelBill
{
    public required Guid Id { get; init; }

    public required Guid AccountId { get; init; }

    public required DateOnly Day { get; init; }

    /// <summary>How many payments and refunds it lists.</summary>
    public required int Rows { get; init; }

    public required Money Paid { get; init; }

    /// <summary>What went back, or was to.</summary>
    public required Money Refunded { get; init; }

    /// <summary>Who brought it: an actor's name.</summary>
    public required string TakenBy { get; init; }

    public required DateTimeOffset TakenAt { get; init; }
}

/// <summary>A payment or a refund in a channel's bill.</summary>
public sealed class ChannelBillRow
{
    public required Guid Id { get; init; }

    public required Guid BillId { get; init; }

    /// <summary>When the channel took the money, or the refund.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The channel's own number.</summary>
    public required string Number { get; init; }

    /// <summary>Our number: the payment or the refund, also where nobody here knows it; null where it is no number of this program.</summary>
    public Guid? PaymentId { get; init; }

    /// <summary>Less than nothing where it went back.</summary>
    public required Money Amount { get; init; }
}
