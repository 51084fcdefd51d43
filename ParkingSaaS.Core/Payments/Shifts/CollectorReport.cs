using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.Shifts;

/// <summary>What a collector took in all shifts of a period.</summary>
/// <param name="Collector">The name in the last of these shifts.</param>
/// <param name="Shifts">How many.</param>
/// <param name="Unconfirmed">How many of them nobody has taken over.</param>
/// <param name="Sums">By method, cash first. What came late is in them: this is about money, not about a count.</param>
/// <param name="Over">What was counted too much, of shifts that were handed in.</param>
/// <param name="Short">What was counted too little; nothing or more.</param>
public sealed record CollectorRow(Guid CollectorId, string Collector, int Shifts, int Unconfirmed, IReadOnlyList<ShiftSum> Sums, Money Over, Money Short);

/// <summary>What each collector took and paid back, and how counts differed, by the shifts that were opened in a period, within the actor's reach.</summary>
public sealed class CollectorReport(CitySessions sessions)
{
    /// <summary>The longest period that is answered, in days.</summary>
    public const int MaxDays = 366;

    /// <param name="from">First day on which a shift was opened.</param>
    /// <param name="to">Last day, included.</param>
    /// <param name="lotId">One lot, or null for all.</param>
    /// <returns>By name.</returns>
    /// <exception cref="AccessDeniedException">The actor may not see everybody's shifts.</exception>
    public async Task<Result<IReadOnlyList<CollectorRow>>> RunAsync(Actor actor, DateOnly from, DateOnly to, Guid? lotId, CancellationToken ct)
    {
        if (Check.Period("Period", from, to, MaxDays) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Shifts, ct);
        var (first, end) = (s.City.Zone.StartOf(from), s.City.Zone.StartOf(to.AddDays(1)));
        var shifts = s.Db.Set<Shift>().Where(x => x.OpenedAt >= first && x.OpenedAt < end && (lotId == null || x.LotId == lotId));
        var collectors = await shifts.GroupBy(x => x.CollectorId).Select(g => new
        {
            Id = g.Key,
            Name = g.OrderByDescending(x => x.OpenedAt).First().Collector,
            Shifts = g.Count(),
            Unconfirmed = g.Count(x => x.State != ShiftState.Confirmed),
            Over = g.Sum(x => x.Counted.Minor > x.Expected.Minor ? x.Counted.Minor - x.Expected.Minor : 0),
            Short = g.Sum(x => x.Counted.Minor < x.Expected.Minor ? x.Expected.Minor - x.Counted.Minor : 0)
        }).ToListAsync(ct);
        var sums = await shifts.Join(s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded), x => x.Id, p => p.ShiftId,
                (x, p) => new { x.CollectorId, p.Method, p.Amount.Minor })
            .GroupBy(x => new { x.CollectorId, x.Method }).Select(g => new
            {
                g.Key.CollectorId,
                g.Key.Method,
                Count = g.Count(),
                Taken = g.Sum(x => x.Minor > 0 ? x.Minor : 0),
                PaidBack = g.Sum(x => x.Minor < 0 ? -x.Minor : 0)
            }).ToListAsync(ct);
        var byCollector = sums.OrderBy(x => x.Method != TakePayment.Cash).ThenBy(x => x.Method, StringComparer.Ordinal)
            .ToLookup(x => x.CollectorId, x => new ShiftSum(x.Method, Late: false, x.Count, new Money(x.Taken), new Money(x.PaidBack)));
        return collectors.OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Id)
            .Select(c => new CollectorRow(c.Id, c.Name, c.Shifts, c.Unconfirmed, [.. byCollector[c.Id]], new Money(c.Over), new Money(c.Short))).ToList();
    }
}
