using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Web.Payments;

/// <summary>Cash that was just taken.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Amount">What was owed, and is paid.</param>
/// <param name="Given">What the driver gave for it.</param>
public sealed record CashTaken(Guid PaymentId, Money Amount, Money Given)
{
    /// <summary>What the driver gets back.</summary>
    public Money Change => Given - Amount;
}
