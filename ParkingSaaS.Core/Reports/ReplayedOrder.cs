using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Core.Reports;

/// <summary>What a lot says about the price of its stays.</summary>
sealed record ReplayedLot(Guid Id, string Name, DayTypes Days, int MinutesToLeave);

/// <summary>An order as far as its price goes.</summary>
/// <param name="Plate">The plate; null where none was read.</param>
/// <param name="Then">What it was charged, in minor units.</param>
/// <param name="Free">A list made it free.</param>
/// <param name="Waived">A person let its fee go: no tariff decides it.</param>
/// <param name="Covered">The time that passes covered.</param>
readonly record struct ReplayedOrder(Guid Id, ReplayedLot Lot, string? Plate, DateTimeOffset Exit, long Then, bool Free, bool Waived,
    IReadOnlyList<Stretch> Covered, Stay Stay)
{
    /// <summary>What it costs under the tariff. Time that a pass covered stays covered.</summary>
    /// <returns>Null where there is no fee.</returns>
    public long? FeeUnder(Tariff tariff, CityZone zone) => Free ? 0 : Waived ? Then
        : StayPrice.Parts(Stay, Covered, _ => tariff, Lot.Days, zone)?.Sum(p => p.Quote.Total.Minor);
}
