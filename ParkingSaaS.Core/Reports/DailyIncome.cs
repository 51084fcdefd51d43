using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Reports;

/// <summary>What came in on one business date, in one lot, by one method.</summary>
/// <param name="Date">The city's calendar day of the payments.</param>
/// <param name="Lot">Its name.</param>
/// <param name="Method">Code of the payment channel, for example <c>cash</c>.</param>
/// <param name="Count">How many payments.</param>
/// <param name="Amount">Their sum.</param>
public sealed record IncomeRow(DateOnly Date, Guid LotId, string Lot, string Method, int Count, Money Amount);

/// <summary>Income by business date, lot and method: payments that succeeded, within the actor's reach.</summary>
public sealed class DailyIncome(CitySessions sessions)
{
    /// <summary>The longest range that is answered, in days.</summary>
    public const int MaxDays = 366;

    /// <param name="from">First business date.</param>
    /// <param name="to">Last business date, included.</param>
    /// <param name="lotId">One lot, or null for all.</param>
    /// <returns>By date, lot name and method.</returns>
    /// <exception cref="AccessDeniedException">The actor may not see income.</exception>
    public async Task<Result<IReadOnlyList<IncomeRow>>> RunAsync(Actor actor, DateOnly from, DateOnly to, Guid? lotId, CancellationToken ct)
    {
        if (Check.Period("Period", from, to, MaxDays) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, ReportPermissions.Income, ct);
        var sums = await s.Db.Set<Payment>()
            .Where(p => p.State == PaymentState.Succeeded && p.BusinessDate >= from && p.BusinessDate <= to && (lotId == null || p.LotId == lotId))
            .GroupBy(p => new { p.BusinessDate, p.LotId, p.Method })
            .Select(g => new { g.Key.BusinessDate, g.Key.LotId, g.Key.Method, Count = g.Count(), Minor = g.Sum(p => p.Amount.Minor) })
            .ToListAsync(ct);
        var names = await s.Db.Set<Lot>().ToDictionaryAsync(l => l.Id, l => l.Name, ct);
        return sums.Select(x => new IncomeRow(x.BusinessDate!.Value, x.LotId, names[x.LotId], x.Method, x.Count, new Money(x.Minor)))
            .OrderBy(r => r.Date).ThenBy(r => r.Lot, StringComparer.Ordinal).ThenBy(r => r.LotId).ThenBy(r => r.Method, StringComparer.Ordinal)
            .ToList();
    }
}
