using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Payments;

/// <summary>A row by which somebody is charged. Each change of its claim is posted to the ledger with it.</summary>
public interface IClaim : ILotOwned
{
    Guid Id { get; }

    /// <summary>The code of its <see cref="IPayable"/>.</summary>
    string Kind { get; }

    /// <summary>What is charged as the row stands: nothing before that is certain; less than nothing where a charge is given back.</summary>
    Money Claim { get; }

    /// <summary>When it was charged, where a row that is added says so; null for now. A change is always of now.</summary>
    DateTimeOffset? ClaimedAt => null;
}
