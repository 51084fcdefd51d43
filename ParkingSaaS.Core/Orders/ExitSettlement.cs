using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>What becomes of a stay whose two ends are known: it is priced, and its car may go, is held at the exit, or has left arrears. How long
/// a car is taken to stand at an exit is said here alone.</summary>
public static class ExitSettlement
{
    /// <summary>A reading that is older than this when it arrives moves no gate.</summary>
    public static readonly TimeSpan LiveWindow = TimeSpan.FromMinutes(2);

    /// <summary>A car that stands at the exit this long is read again without the fee growing; a stay that is settled later leaves arrears.</summary>
    public static readonly TimeSpan StandingWindow = TimeSpan.FromMinutes(15);

    /// <summary>Nobody waits longer than this at an exit. Who pays later pays from elsewhere, and no gate opens for whoever stands
    /// there now.</summary>
    public static readonly TimeSpan PayingWindow = TimeSpan.FromMinutes(30);

    /// <summary>What still waits at an exit after this has left without paying, whoever let it out: no gate has opened for its money for long.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(2);

    /// <summary>Whether a reading is of a car that may stand at the gate when it is told of.</summary>
    /// <param name="at">When the car was read.</param>
    /// <param name="replay">Told after the device had been cut off.</param>
    /// <param name="told">When it was told of.</param>
    public static bool IsLive(DateTimeOffset at, bool replay, DateTimeOffset told) => !replay && told - at <= LiveWindow;

    /// <summary>Whether a car that was at the lot's exit then may stand there now.</summary>
    internal static bool MayStand(Lot lot, DateTimeOffset? at, DateTimeOffset now) => lot.Gated && now - at <= StandingWindow;

    /// <summary>Whether the car stands at its exit lane while it pays: no other car has come there since.</summary>
    internal static async Task<bool> StandsThereAsync(CitySession s, Order order, CancellationToken ct) =>
        s.Now - order.ExitedAt <= PayingWindow
        && !await s.Db.Set<Order>().AnyAsync(o => o.ExitLaneId == order.ExitLaneId && o.ExitedAt > order.ExitedAt
            && o.State != OrderState.Void && o.MisreadOf != order.Id, ct);

    /// <summary>Prices a stay that is over. What is owed holds the gate while the car stands there; once it is gone it is arrears.</summary>
    /// <returns>False where no fee can be worked out; then nothing has changed.</returns>
    internal static async Task<bool> SettleAsync(
        CitySession s, Pricing pricing, Lot lot, Order order, bool standsThere, CancellationToken ct, StayWindow? window = null)
    {
        if (!await pricing.PriceAsync(s, lot, order, order.ExitedAt!.Value, ct, window))
            return false;
        order.BusinessDate = s.City.Zone.Date(order.ExitedAt.Value);
        order.Become(order.Owed == Money.Zero ? OrderState.Completed : standsThere ? OrderState.AwaitingPayment : OrderState.Arrears);
        return true;
    }
}
