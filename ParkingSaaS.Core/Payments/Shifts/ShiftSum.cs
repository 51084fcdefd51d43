using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.Shifts;

/// <summary>What was taken and paid back in a shift by one method.</summary>
/// <param name="Method">Code of the method.</param>
/// <param name="Late">It came after the shift was handed in, and is in none of its figures.</param>
/// <param name="Count">How many payments, both ways.</param>
/// <param name="PaidBack">Nothing or more.</param>
public sealed record ShiftSum(string Method, bool Late, int Count, Money Taken, Money PaidBack)
{
    /// <summary>What is left of it.</summary>
    public Money Left => Taken - PaidBack;

    /// <summary>What a shift holds by the payments that name it: cash first, what came late last.</summary>
    public static async Task<IReadOnlyList<ShiftSum>> OfAsync(CitySession s, Shift shift, CancellationToken ct)
    {
        var (id, closed) = (shift.Id, shift.ClosedAt);
        var sums = await s.Db.Set<Payment>().Where(p => p.ShiftId == id && p.State == PaymentState.Succeeded)
            .GroupBy(p => new { p.Method, Late = closed != null && p.PaidAt > closed })
            .Select(g => new
            {
                g.Key.Method,
                g.Key.Late,
                Count = g.Count(),
                Taken = g.Sum(p => p.Amount.Minor > 0 ? p.Amount.Minor : 0),
                PaidBack = g.Sum(p => p.Amount.Minor < 0 ? -p.Amount.Minor : 0)
            }).ToListAsync(ct);
        return [.. sums.Select(x => new ShiftSum(x.Method, x.Late, x.Count, new Money(x.Taken), new Money(x.PaidBack)))
            .OrderBy(x => x.Late).ThenBy(x => x.Method != TakePayment.Cash).ThenBy(x => x.Method, StringComparer.Ordinal)];
    }

    /// <summary>What should lie in the drawer: the float, and the cash that was taken and not paid back.</summary>
    public static Money Expected(Shift shift, IEnumerable<ShiftSum> sums) =>
        sums.Where(x => x is { Method: TakePayment.Cash, Late: false }).Aggregate(shift.Float, (sum, x) => sum + x.Left);
}
