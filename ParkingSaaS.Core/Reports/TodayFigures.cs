using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Reports;

/// <summary>How full a lot is, and where it lies if that is known.</summary>
public sealed record LotOccupancy(Guid LotId, string Name, Places Places, double? Latitude, double? Longitude);

/// <summary>The day so far.</summary>
/// <param name="Date">The business date.</param>
/// <param name="Income">What was paid today.</param>
/// <param name="Payments">By how many payments.</param>
/// <param name="Orders">Orders opened today.</param>
/// <param name="NeedDecision">Orders that wait for a person, see <see cref="OrderCases"/>.</param>
/// <param name="InTrouble">Devices that somebody should look after, see <see cref="DeviceFault.InTrouble"/>.</param>
/// <param name="Lots">The lots within reach, fullest first.</param>
/// <param name="Passages">The last passages, newest first.</param>
public sealed record Today(DateOnly Date, Money Income, int Payments, int Orders, int NeedDecision, int InTrouble, IReadOnlyList<LotOccupancy> Lots,
    IReadOnlyList<RecentPassage> Passages)
{
    /// <summary>All lots together.</summary>
    public Places Places => Lots.Aggregate(default(Places), (sum, lot) => sum + lot.Places);
}

/// <summary>Today's figures within the actor's reach, as of now.</summary>
public sealed class TodayFigures(CitySessions sessions)
{
    const int Recent = 15;

    /// <exception cref="AccessDeniedException">The actor may not see them.</exception>
    public async Task<Today> RunAsync(Actor actor, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, ReportPermissions.Home, ct);
        var today = s.City.Zone.Date(s.Now);
        var midnight = s.City.Zone.StartOf(today);
        var income = await s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded && p.BusinessDate == today)
            .GroupBy(p => 1).Select(g => new { Count = g.Count(), Minor = g.Sum(p => p.Amount.Minor) }).FirstOrDefaultAsync(ct);
        var orders = await s.Db.Set<Order>().CountAsync(o => o.CreatedAt >= midnight && o.State != OrderState.Void, ct);
        var needDecision = await OrderCases.Waiting(s).CountAsync(ct);
        var parked = await s.Db.Set<Order>().Where(Order.IsInLot).GroupBy(o => o.LotId).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var lots = await s.Db.Set<Lot>().Where(l => l.RetiredAt == null).Select(l => new { l.Id, l.Name, l.Capacity, l.Latitude, l.Longitude }).ToListAsync(ct);
        return new Today(today, new Money(income?.Minor ?? 0), income?.Count ?? 0, orders, needDecision,
            await DeviceFault.InTrouble(s).CountAsync(ct),
            [.. lots.Select(l => new LotOccupancy(l.Id, l.Name, Places.Of(l.Capacity, parked.GetValueOrDefault(l.Id)), l.Latitude, l.Longitude))
                .OrderByDescending(l => l.Places.Capacity == 0 ? 0 : (double)l.Places.Parked / l.Places.Capacity)
                .ThenBy(l => l.Name, StringComparer.Ordinal)],
            await RecentPassage.ReadAsync(s, null, Recent, ct));
    }
}
