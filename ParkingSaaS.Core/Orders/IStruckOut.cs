using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>What hangs on orders and ends with them. Implemented by the slice above that keeps it.</summary>
public interface IStruckOut
{
    /// <summary>People have struck these orders out, or made them a part of another; it is saved with the session.</summary>
    Task EndAsync(CitySession s, IReadOnlyCollection<Order> orders, CancellationToken ct);
}
