using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Shifts;

namespace ParkingSaaS.Web.Payments.Shifts;

/// <summary>The columns of the report per collector, the same on screen and in the workbook.</summary>
static class CollectorTable
{
    /// <summary>All methods that somebody took money by, cash first.</summary>
    public static IReadOnlyList<string> Methods(IEnumerable<CollectorRow> rows) =>
        [.. rows.SelectMany(r => r.Sums).Select(x => x.Method).Distinct().OrderBy(m => m != TakePayment.Cash).ThenBy(m => m, StringComparer.Ordinal)];

    public static Money Taken(CollectorRow row, string method) => Sum(row, method, x => x.Taken);

    public static Money PaidBack(CollectorRow row, string? method = null) => Sum(row, method, x => x.PaidBack);

    static Money Sum(CollectorRow row, string? method, Func<ShiftSum, Money> amount) =>
        row.Sums.Where(x => method is null || x.Method == method).Aggregate(Money.Zero, (sum, x) => sum + amount(x));
}
