using System.Data;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance;

/// <summary>Closes a month of the books, one after the other: all of its days are proven, their proofs say what the entries say, and what is outstanding at its
/// end follows from what was at its beginning. The database takes no entry for it afterwards.</summary>
public sealed class CloseMonth(CitySessions sessions)
{
    /// <summary>The most characters of <see cref="BookMonth.Note"/>.</summary>
    public const int MaxNote = 500;

    /// <param name="month">Its first day.</param>
    /// <param name="note">Why it is closed all the same, where there are differences; else nothing is kept of it.</param>
    /// <returns>Done where it is closed already.</returns>
    /// <exception cref="AccessDeniedException">The actor may not close months.</exception>
    public Task<Result<Done>> RunAsync(Actor actor, DateOnly month, string? note, CancellationToken ct) => TakePayment.RaceAsync<Done>(async () =>
    {
        if (Check.Optional("Note", note, MaxNote) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Close, ct);
        if (!actor.Scope.IsWholeCity)
            return new NotFound("month");
        s.Db.Database.SetCommandTimeout(ProveBooks.MaxTime);
        await using var snapshot = await s.Db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        if (await s.Db.Set<BookMonth>().AnyAsync(m => m.Month == month, ct))
            return new Done();
        if (await s.Db.Set<Posting>().MinAsync(p => (DateOnly?)p.Day, ct) is not { } first || month.Day != 1 || month < First(first))
            return new NotFound("month");
        var next = await s.Db.Set<BookMonth>().MaxAsync(m => (DateOnly?)m.Month, ct) is { } last ? last.AddMonths(1) : First(first);
        if (month != next)
            return new EarlierMonthOpen(next);
        var end = month.AddMonths(1).AddDays(-1);
        if (await ProveBooks.NextAsync(s, ct) is { } unproven && unproven <= end || ProveBooks.LastOver(s) < end)
            return new MonthNotProven();
        if (await FirstThatDiffersAsync(s, month, end, ct) is { } day)
            return new DayNotAsProven(day);
        var differences = await s.Db.Set<BookProof>().Where(p => p.Day >= month && p.Day <= end).SumAsync(p => p.Differences, ct);
        if (differences > 0 && string.IsNullOrWhiteSpace(note))
            return new InvalidField("Note", "required");
        s.Db.Add(new BookMonth
        {
            Month = month,
            ClosedAt = s.Now,
            ClosedBy = actor.Name,
            Entries = await s.Db.Set<Posting>().LongCountAsync(p => p.Day >= month && p.Day <= end, ct),
            Differences = differences,
            Note = differences > 0 ? note!.Trim() : ""
        });
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await snapshot.CommitAsync(ct);
        return new Done();
    });

    static DateOnly First(DateOnly day) => new(day.Year, day.Month, 1);

    /// <summary>The first day whose entries are others than when it was proven, or whose end does not follow from that of the day before; null for
    /// none.</summary>
    static async Task<DateOnly?> FirstThatDiffersAsync(CitySession s, DateOnly month, DateOnly end, CancellationToken ct)
    {
        var before = month.AddDays(-1);
        var entered = (await BookQueries.EnteredAsync(s.Db.Set<Posting>().Where(p => p.Day >= month && p.Day <= end), ct)).ToDictionary(d => d.Day);
        var proven = (await BookQueries.ProvenAsync(s.Db.Set<BookProof>().Where(p => p.Day >= before && p.Day <= end), ct)).ToDictionary(d => d.Day);
        var left = proven.TryGetValue(before, out var opening) ? Left(opening) : 0;
        for (var day = month; day <= end; day = day.AddDays(1))
        {
            var sums = entered.GetValueOrDefault(day) ?? BookDay.Empty(day);
            left += (sums.Charged - sums.Discounts - sums.WrittenOff - sums.Received).Minor;
            if (proven.TryGetValue(day, out var proof) ? Sums(proof) != Sums(sums) || Left(proof) != left : entered.ContainsKey(day))
                return day;
        }
        return null;
    }

    static (Money, Money, Money, Money) Sums(BookDay day) => (day.Charged, day.Discounts, day.WrittenOff, day.Received);

    /// <summary>What drivers owe at a proven day's end, less what they have paid beyond it.</summary>
    static long Left(BookDay day) => day.Outstanding!.Value.Minor - day.Prepaid!.Value.Minor;
}
