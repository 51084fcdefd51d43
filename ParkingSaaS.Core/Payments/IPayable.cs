using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>What payments are for. Implemented by the slices above that ask for money; payments know only what is payable and
/// how much.</summary>
public interface IPayable
{
    /// <summary>What it is, as a code that payments keep: <c>order</c>, <c>pass</c>, …</summary>
    string Kind { get; }

    /// <summary>What is owed now. A question: nothing is written.</summary>
    /// <returns>The lot it belongs to and the amount, or the rule that says nothing can be paid.</returns>
    Task<Result<Owing>> OwedAsync(CitySession s, Guid payableId, CancellationToken ct);

    /// <summary>Takes note, in the session's transaction, that money came. What it leads to (a gate, a message) is done by the
    /// returned action after the commit.</summary>
    Task<Action> ReceivedAsync(CitySession s, Payment payment, CancellationToken ct);

    /// <summary>Takes note, in the session's transaction, that money is back by the channel it came by, or that it cannot be: the refund has succeeded or
    /// failed. What follows is done by the returned action after the commit.</summary>
    Task<Action> PaidBackAsync(CitySession s, Payment refund, CancellationToken ct);
}

/// <summary>What is owed now for something payable.</summary>
public sealed record Owing(Guid LotId, Money Amount);
