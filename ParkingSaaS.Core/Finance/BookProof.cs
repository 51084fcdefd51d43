using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Finance;

/// <summary>What the ledger says of a lot's day, and whether orders, passes and payments say the same. One more proof of the day takes its place.</summary>
public sealed class BookProof : ILotOwned
{
    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required DateOnly Day { get; init; }

    /// <summary>What was charged that day, less what was given back.</summary>
    public Money Charged { get; set; }

    /// <summary>What was let go of it that day: reductions and discounts.</summary>
    public Money Discounts { get; set; }

    /// <summary>What was given up of it that day.</summary>
    public Money WrittenOff { get; set; }

    /// <summary>What came in that day, less what was paid back.</summary>
    public Money Received { get; set; }

    /// <summary>What drivers owe at the end of the day.</summary>
    public Money Outstanding { get; set; }

    /// <summary>What drivers have paid in advance, or too much, at the end of the day.</summary>
    public Money Prepaid { get; set; }

    /// <summary>How many orders, passes and methods of payment the ledger says otherwise of; see <see cref="BookDifferences"/>.</summary>
    public int Differences { get; set; }

    public required DateTimeOffset ProvenAt { get; set; }
}
