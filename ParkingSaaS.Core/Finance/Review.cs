using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance;

/// <summary>Where a review stands.</summary>
public enum ReviewState
{
    /// <summary>Somebody has to look.</summary>
    Open,

    /// <summary>All have agreed, and it is done.</summary>
    Agreed,

    /// <summary>Somebody said no.</summary>
    Refused,

    /// <summary>Whoever asked for it took it back.</summary>
    Withdrawn,

    /// <summary>Its order was struck out.</summary>
    Dropped
}

/// <summary>Somebody asks that money of an order be paid back or given up, and others look before it is done.</summary>
public sealed class Review : ILotOwned
{
    /// <summary>Row id, made up by the form that asks, so that a second click is the same review; also the id of the payment that pays back.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required ReviewKind Kind { get; init; }

    public required Guid OrderId { get; init; }

    public required Money Amount { get; init; }

    /// <summary>How it is paid back: one of <see cref="Passes.ReviewCancel.Methods"/>, or the method of <see cref="PaymentId"/>; null for what is given
    /// up.</summary>
    public string? Method { get; init; }

    /// <summary>The payment that it is paid back of, by the channel it came by; null where a person pays.</summary>
    public Guid? PaymentId { get; init; }

    public required string Reason { get; init; }

    /// <summary>Who asked: an actor's name.</summary>
    public required string AskedBy { get; init; }

    /// <summary>Who asked: an actor's id.</summary>
    public required string AskedById { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Who has to look: the chain as it was when it was asked for.</summary>
    public required ReviewSteps Steps { get; init; }

    /// <summary>Whose turn it is; none where nobody has to look any more.</summary>
    public ReviewSteps Next { get; set; }

    public ReviewState State { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The row's version: two people cannot both decide.</summary>
    public uint RowVersion { get; init; }

    /// <summary>Whose turn it is after a step; none where all have looked.</summary>
    /// <param name="step">None for the first.</param>
    public static ReviewSteps After(ReviewSteps steps, ReviewSteps step)
    {
        var left = (int)steps & (step is ReviewSteps.None ? -1 : -((int)step << 1));
        return (ReviewSteps)(left & -left);
    }
}

/// <summary>What one of those who look said.</summary>
public sealed class ReviewDecision : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid ReviewId { get; init; }

    public required ReviewSteps Step { get; init; }

    public required bool Agreed { get; init; }

    /// <summary>An actor's name.</summary>
    public required string By { get; init; }

    /// <summary>An actor's id.</summary>
    public required string ById { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Note { get; init; }
}
