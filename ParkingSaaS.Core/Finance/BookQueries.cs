using System.Data;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance;

/// <summary>What entries did to an account of a lot.</summary>
/// <param name="Account">One of <see cref="Payments.Account"/>.</param>
/// <param name="Balance">What went to it less what came from it.</param>
public sealed record AccountMove(Guid LotId, string Account, Money Balance);

/// <summary>A day of one lot, or of several, in the books.</summary>
/// <param name="Charged">What was charged, less what was given back.</param>
/// <param name="Discounts">What was let go of it.</param>
/// <param name="WrittenOff">What was given up of it.</param>
/// <param name="Received">What came in, less what was paid back.</param>
/// <param name="Outstanding">What drivers owe at its end; null where the day is not proven yet.</param>
/// <param name="Prepaid">What they have paid in advance, or too much, at its end; null where the day is not proven yet.</param>
/// <param name="Differences">What the ledger says otherwise than orders, passes and payments; null where the day is not proven yet.</param>
/// <param name="ProvenAt">When it was proven, the first of the lots.</param>
public sealed record BookDay(DateOnly Day, Money Charged, Money Discounts, Money WrittenOff, Money Received, Money? Outstanding, Money? Prepaid,
    int? Differences, DateTimeOffset? ProvenAt)
{
    /// <summary>A day on which nothing was posted.</summary>
    public static BookDay Empty(DateOnly day) => new(day, Money.Zero, Money.Zero, Money.Zero, Money.Zero, null, null, null, null);
}

/// <summary>An account's day, of one lot or of several.</summary>
public sealed record AccountDay(string Account, Money Debits, Money Credits);

/// <summary>A day of the books with what stands behind it.</summary>
public sealed record BookDayDetail(BookDay Day, IReadOnlyList<AccountDay> Accounts, IReadOnlyList<BookDifference> Differences);

/// <summary>A month of one lot, or of several, in the books.</summary>
/// <param name="Month">Its first day; as a day it has the sums of its days, and what is outstanding at its end or on its last proven day.</param>
/// <param name="Proven">How many of its days are proven.</param>
/// <param name="Days">How many days it has.</param>
/// <param name="Closed">Who closed it and when; null where it is open.</param>
/// <param name="Next">It is the one that can be closed next.</param>
public sealed record BookMonthSums(BookDay Month, int Proven, int Days, BookMonth? Closed, bool Next);

/// <summary>Reads the books, within the actor's reach.</summary>
public sealed class BookQueries(CitySessions sessions)
{
    /// <summary>The longest range that is answered, in days.</summary>
    public const int MaxDays = 366;

    /// <summary>The days of a period on which something was posted or that are proven, newest first.</summary>
    /// <param name="to">The last day, included.</param>
    /// <param name="lotId">One lot, or null for all.</param>
    /// <exception cref="AccessDeniedException">The actor may not see the books.</exception>
    public async Task<Result<IReadOnlyList<BookDay>>> DaysAsync(Actor actor, DateOnly from, DateOnly to, Guid? lotId, CancellationToken ct)
    {
        if (Check.Period("Period", from, to, MaxDays) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Books, ct);
        return await DaysAsync(s, from, to, lotId, ct);
    }

    /// <summary>The months since the first entry, newest first.</summary>
    /// <exception cref="AccessDeniedException">The actor may not see the books.</exception>
    public async Task<IReadOnlyList<BookMonthSums>> MonthsAsync(Actor actor, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Books, ct);
        if (await s.Db.Set<Posting>().MinAsync(p => (DateOnly?)p.Day, ct) is not { } first)
            return [];
        var days = await DaysAsync(s, first, s.City.Zone.Date(s.Now), null, ct);
        var closed = await s.Db.Set<BookMonth>().AsNoTracking().ToDictionaryAsync(m => m.Month, ct);
        List<BookMonthSums> months = [];
        for (var month = new DateOnly(first.Year, first.Month, 1); month <= s.City.Zone.Date(s.Now); month = month.AddMonths(1))
        {
            var its = days.Where(d => d.Day.Year == month.Year && d.Day.Month == month.Month).ToList();
            var proven = its.Where(d => d.ProvenAt is not null).ToList();
            var begun = month < first ? first.Day - 1 : 0;
            months.Add(new BookMonthSums(new BookDay(month, Sum(its, d => d.Charged), Sum(its, d => d.Discounts), Sum(its, d => d.WrittenOff),
                    Sum(its, d => d.Received), proven.FirstOrDefault()?.Outstanding, proven.FirstOrDefault()?.Prepaid,
                    proven.Count == 0 ? null : proven.Sum(d => d.Differences), proven.Count == 0 ? null : proven.Max(d => d.ProvenAt)),
                proven.Count, month.AddMonths(1).DayNumber - month.DayNumber - begun, closed.GetValueOrDefault(month),
                !closed.ContainsKey(month) && (months.Count == 0 || months[^1].Closed is not null)));
        }
        months.Reverse();
        return months;
    }

    static Money Sum(List<BookDay> days, Func<BookDay, Money> of) => new(days.Sum(d => of(d).Minor));

    /// <summary>One day: the turnover of each account, and the differences as they are now.</summary>
    /// <param name="lotId">One lot, or null for all.</param>
    /// <exception cref="AccessDeniedException">The actor may not see the books.</exception>
    public async Task<BookDayDetail> DayAsync(Actor actor, DateOnly day, Guid? lotId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Books, ct);
        await using var snapshot = await s.Db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var days = await DaysAsync(s, day, day, lotId, ct);
        var turnover = await s.Db.Set<Posting>().Where(p => p.Day == day && (lotId == null || p.LotId == lotId)).GroupBy(p => new { p.Debit, p.Credit })
            .Select(g => new { g.Key.Debit, g.Key.Credit, Minor = g.Sum(p => p.Amount.Minor) }).ToListAsync(ct);
        var accounts = turnover.Select(t => t.Debit).Union(turnover.Select(t => t.Credit)).Order(StringComparer.Ordinal).Select(a => new AccountDay(a,
            new Money(turnover.Where(t => t.Debit == a).Sum(t => t.Minor)), new Money(turnover.Where(t => t.Credit == a).Sum(t => t.Minor))));
        var differences = await BookDifferences.OfAsync(s, day, lotId, ct);
        return new BookDayDetail(days.Count > 0 ? days[0] : BookDay.Empty(day), [.. accounts], differences);
    }

    static async Task<List<BookDay>> DaysAsync(CitySession s, DateOnly from, DateOnly to, Guid? lotId, CancellationToken ct)
    {
        var proofs = await ProvenAsync(s.Db.Set<BookProof>().Where(p => p.Day >= from && p.Day <= to && (lotId == null || p.LotId == lotId)), ct);
        // Days are proven one after the other, so those that are not come last; only of them the entries are summed up here.
        var open = proofs.Count > 0 ? proofs.Max(p => p.Day).AddDays(1) : from;
        var entered = await EnteredAsync(s.Db.Set<Posting>().Where(p => p.Day >= open && p.Day <= to && (lotId == null || p.LotId == lotId)), ct);
        return [.. entered.Concat(proofs).OrderByDescending(d => d.Day)];
    }

    /// <summary>The days of proofs.</summary>
    internal static async Task<List<BookDay>> ProvenAsync(IQueryable<BookProof> proofs, CancellationToken ct) =>
        (await proofs.GroupBy(p => p.Day).Select(g => new
        {
            Day = g.Key,
            Charged = g.Sum(p => p.Charged.Minor),
            Discounts = g.Sum(p => p.Discounts.Minor),
            WrittenOff = g.Sum(p => p.WrittenOff.Minor),
            Received = g.Sum(p => p.Received.Minor),
            Outstanding = g.Sum(p => p.Outstanding.Minor),
            Prepaid = g.Sum(p => p.Prepaid.Minor),
            Differences = g.Sum(p => p.Differences),
            ProvenAt = g.Min(p => p.ProvenAt)
        }).ToListAsync(ct)).ConvertAll(p => new BookDay(p.Day, new(p.Charged), new(p.Discounts), new(p.WrittenOff), new(p.Received),
            new Money(p.Outstanding), new Money(p.Prepaid), p.Differences, p.ProvenAt));

    /// <summary>The days of entries, as if none were proven.</summary>
    internal static async Task<List<BookDay>> EnteredAsync(IQueryable<Posting> postings, CancellationToken ct) =>
        (await postings.GroupBy(p => p.Day).Select(g => new
        {
            Day = g.Key,
            Charged = g.AsQueryable().Sum(Posting.Charges),
            Discounts = g.AsQueryable().Sum(Posting.To(Account.Discount)),
            WrittenOff = g.AsQueryable().Sum(Posting.To(Account.WrittenOff)),
            Received = g.AsQueryable().Sum(Posting.Receipts)
        }).ToListAsync(ct)).ConvertAll(m =>
            new BookDay(m.Day, new(m.Charged), new(m.Discounts), new(m.WrittenOff), new(m.Received), null, null, null, null));

    /// <summary>What entries did to each account of each lot.</summary>
    internal static async Task<List<AccountMove>> MovesAsync(IQueryable<Posting> postings, CancellationToken ct) =>
        [.. (await postings.GroupBy(p => new { p.LotId, p.Debit, p.Credit })
            .Select(g => new { g.Key.LotId, g.Key.Debit, g.Key.Credit, Minor = g.Sum(p => p.Amount.Minor) }).ToListAsync(ct))
            .SelectMany(m => new[] { (m.LotId, Account: m.Debit, m.Minor), (m.LotId, Account: m.Credit, Minor: -m.Minor) })
            .GroupBy(m => (m.LotId, m.Account)).Select(g => new AccountMove(g.Key.LotId, g.Key.Account, new Money(g.Sum(m => m.Minor))))];
}
