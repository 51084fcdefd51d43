using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Payments;

/// <summary>A row by which somebody is charged, or gets a part of what came in. Each change of what it says here is posted to the ledger with it.</summary>
public interface IClaim : ILotOwned
{
    Guid Id { get; }

    /// <summary>The code of its <see cref="IPayable"/>.</summary>
    string Kind { get; }

    /// <summary>What is charged as the row stands: nothing before that is certain; less than nothing where a charge is given back.</summary>
    Money Claim { get; }

    /// <summary>How much of it is let go: a reduction, a discount.</summary>
    Money Discounts => Money.Zero;

    /// <summary>How much of it nobody waits for any more.</summary>
    Money WrittenOff => Money.Zero;

    /// <summary>What was paid for it.</summary>
    Money Received { get; }

    /// <summary>What was paid for it beyond what is to be paid: in advance, or too much.</summary>
    Money Prepaid => Received - (Claim - Discounts - WrittenOff) is var more && more > Money.Zero ? more : Money.Zero;

    /// <summary>How much of what came in belongs to somebody else by it.</summary>
    Money Shared => Money.Zero;

    /// <summary>How much of that they have got.</summary>
    Money PaidOut => Money.Zero;

    /// <summary>When it was charged, where a row that is added says so; null for now. A change is always of now.</summary>
    DateTimeOffset? ClaimedAt => null;
}
