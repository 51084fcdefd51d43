using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Payments;

/// <summary>A receipt was sent to a printer.</summary>
public sealed class ReceiptPrint : ILotOwned
{
    /// <summary>Row id, made up by the page that prints, so that a repeated request is the same print.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid PaymentId { get; init; }

    /// <summary>1 for the first; all others say on paper that they are reprints.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who: an actor's name.</summary>
    public required string By { get; init; }
}
