using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Reports;

/// <summary>A lot's day so far.</summary>
/// <param name="Income">What was paid today.</param>
/// <param name="Entries">Cars that came today.</param>
/// <param name="Arrears">What is owed for stays that are over, whenever they were.</param>
/// <param name="NeedDecision">Orders that wait for a person, see <see cref="OrderCases"/>.</param>
public sealed record LotDay(Money Income, int Entries, Money Arrears, int NeedDecision);

/// <summary>The day of one lot, as <see cref="TodayFigures"/> and <see cref="DayTrendFigures"/> count it for all.</summary>
public sealed class LotDayFigures(CitySessions sessions)
{
    /// <summary>All nothing for a lot that the actor does not see.</summary>
    /// <exception cref="AccessDeniedException">The actor may not see such figures.</exception>
    public async Task<LotDay> RunAsync(Actor actor, Guid lotId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, ReportPermissions.Home, ct);
        var date = s.City.Zone.Date(s.Now);
        var (midnight, tomorrow) = (s.City.Zone.StartOf(date), s.City.Zone.StartOf(date.AddDays(1)));
        var income = await s.Db.Set<Payment>().Where(p => p.LotId == lotId && p.State == PaymentState.Succeeded && p.BusinessDate == date)
            .SumAsync(p => p.Amount.Minor, ct);
        var entries = await s.Db.Set<Passage>()
            .CountAsync(p => p.LotId == lotId && p.Entering && p.At >= midnight && p.At < tomorrow && p.OrderId != null, ct);
        var orders = s.Db.Set<Order>().Where(o => o.LotId == lotId);
        var arrears = await orders.Where(o => o.State == OrderState.Arrears).SumAsync(Order.Arrears, ct);
        return new LotDay(new Money(income), entries, new Money(arrears), await OrderCases.Waiting(s, orders).CountAsync(ct));
    }
}
