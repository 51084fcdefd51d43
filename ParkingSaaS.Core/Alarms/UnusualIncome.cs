using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Alarms;

/// <summary>Holds what came in today, up to now, against the same weekday of each of the last four weeks, up to the same time of the city's clock: in
/// every lot, and in the whole city. It is unusual where it is below the mean of the four by more than the rule's per cent and below all of them, or
/// above the mean by more and above all of them. Where less than <see cref="LeastPayments"/> payments came by that time on an average, or none on one of the
/// days, nobody can tell.</summary>
static class UnusualIncome
{
    const int Weeks = 4;

    /// <summary>Fewer are as often half as many or twice as many by chance.</summary>
    public const int LeastPayments = 20;

    /// <param name="Payments">How many.</param>
    /// <param name="Minor">Their sum, in the smallest unit.</param>
    readonly record struct Income(int Payments, long Minor);

    public static async Task<List<AlarmFinding>> FindAsync(CitySession s, AlarmRule rule, CancellationToken ct)
    {
        var now = s.City.Zone.Local(s.Now);
        var days = new List<Dictionary<Guid, Income>>(Weeks + 1);
        for (var week = 0; week <= Weeks; week++)
            days.Add(await UntilAsync(s, now.AddDays(-7 * week), ct));
        var lots = await s.Db.Set<Lot>().Where(l => l.RetiredAt == null).Select(l => l.Id).ToListAsync(ct);
        return
        [
            .. lots.Select(lot => Find(s, rule, lot, days.ConvertAll(day => day.GetValueOrDefault(lot)))).OfType<AlarmFinding>(),
            .. new[] { Find(s, rule, null, days.ConvertAll(Sum)) }.OfType<AlarmFinding>()
        ];
    }

    static Task<Dictionary<Guid, Income>> UntilAsync(CitySession s, DateTime local, CancellationToken ct)
    {
        var (date, until) = (DateOnly.FromDateTime(local), s.City.Zone.Instant(local));
        return s.Db.Set<Payment>().Where(p => p.State == PaymentState.Succeeded && p.BusinessDate == date && p.PaidAt <= until)
            .GroupBy(p => p.LotId).Select(g => new { g.Key, Count = g.Count(), Minor = g.Sum(p => p.Amount.Minor) })
            .ToDictionaryAsync(x => x.Key, x => new Income(x.Count, x.Minor), ct);
    }

    static Income Sum(Dictionary<Guid, Income> lots) => new(lots.Values.Sum(i => i.Payments), lots.Values.Sum(i => i.Minor));

    /// <param name="days">Today, and the days before it.</param>
    static AlarmFinding? Find(CitySession s, AlarmRule rule, Guid? lot, List<Income> days)
    {
        var (today, before) = (days[0].Minor, days[1..]);
        if (before.Exists(i => i.Payments == 0) || before.Sum(i => i.Payments) < LeastPayments * Weeks)
            return null;
        var usual = before.Sum(i => i.Minor) / Weeks;
        var (least, most) = (usual * (100 - rule.Threshold!.Value) / 100, usual * (100 + rule.Threshold.Value) / 100);
        return (today < least && before.TrueForAll(i => today < i.Minor)) || (today > most && before.TrueForAll(i => today > i.Minor))
            ? new AlarmFinding(new(rule.Kind, lot), s.Now, today, usual)
            : null;
    }
}
