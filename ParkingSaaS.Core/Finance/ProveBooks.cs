using System.Data;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance;

/// <summary>Proves days of the books, one after the other: holds the entries of a day beside orders, passes and payments as they are now, works out what is
/// outstanding, and writes down what came of it.</summary>
public sealed class ProveBooks(CitySessions sessions)
{
    /// <summary>After midnight: what began before it has ended by then.</summary>
    static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    /// <summary>A day of a million entries is read in less.</summary>
    internal static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(10);

    static Actor ActorOf(string city) => Actor.Job(city, "prove-books", FinancePermissions.Prove);

    /// <summary>Proves each day that is over and not proven yet; ends at one that cannot be.</summary>
    /// <returns>How many days.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var turn = await sessions.OpenAsync(ActorOf(city), FinancePermissions.Prove, ct);
        await using var held = await turn.Db.Database.BeginTransactionAsync(ct);
        await turn.LockAsync(CityLock.Books, ct);
        for (var days = 0; ; days++)
        {
            DateOnly? next;
            bool last;
            await using (var s = await sessions.OpenAsync(ActorOf(city), FinancePermissions.Prove, ct))
                last = (next = await NextAsync(s, ct)) == LastOver(s);
            // Of many days that wait, what all comes to now is looked at once.
            if (next is not { } day || !(await RunAsync(ActorOf(city), day, balances: last, ct)).Ok)
                return days;
        }
    }

    /// <summary>The first day that can be proven and is not; null for none.</summary>
    internal static async Task<DateOnly?> NextAsync(CitySession s, CancellationToken ct)
    {
        var proven = await s.Db.Set<BookProof>().MaxAsync(p => (DateOnly?)p.Day, ct);
        var next = proven?.AddDays(1) ?? await s.Db.Set<Posting>().MinAsync(p => (DateOnly?)p.Day, ct);
        return next <= LastOver(s) ? next : null;
    }

    /// <summary>The last day that is over, with what began on it.</summary>
    internal static DateOnly LastOver(CitySession s) => s.City.Zone.Date(s.Now - Settling).AddDays(-1);

    /// <summary>Proves a day once more, or the next one: none is left out.</summary>
    /// <returns>How many differences there are.</returns>
    /// <exception cref="AccessDeniedException">The actor may not prove the books.</exception>
    public Task<Result<int>> RunAsync(Actor actor, DateOnly day, CancellationToken ct) => RunAsync(actor, day, balances: true, ct);

    Task<Result<int>> RunAsync(Actor actor, DateOnly day, bool balances, CancellationToken ct) => TakePayment.RaceAsync<int>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Prove, ct);
        s.Db.Database.SetCommandTimeout(MaxTime);
        await using var snapshot = await s.Db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        if (!await s.Db.Set<BookProof>().AnyAsync(p => p.Day == day, ct) && await NextAsync(s, ct) != day)
            return new InvalidField("Day", "out-of-range");
        if (await s.Db.Set<BookMonth>().MaxAsync(m => (DateOnly?)m.Month, ct) is { } closed && day < closed.AddMonths(1))
            return new MonthClosed();
        var differences = await BookDifferences.OfAsync(s, day, null, ct, balances);
        var proofs = s.Db.Set<BookProof>();
        // No day is left out, and a lot with a proof of one day has one of each later day.
        var opening = await proofs.Where(p => p.Day == day.AddDays(-1)).ToDictionaryAsync(p => p.LotId, p => (p.Outstanding, p.Prepaid), ct);
        var moves = await BookQueries.MovesAsync(s.Db.Set<Posting>().Where(p => p.Day == day), ct);
        var known = await proofs.Where(p => p.Day == day).ToDictionaryAsync(p => p.LotId, ct);
        foreach (var lot in opening.Keys.Union(moves.Select(m => m.LotId)).Union(differences.Select(d => d.LotId)).Union(known.Keys))
        {
            if (!known.TryGetValue(lot, out var proof))
                s.Db.Add(proof = new BookProof { LotId = lot, Day = day, ProvenAt = s.Now });
            var ofLot = moves.FindAll(m => m.LotId == lot);
            proof.Charged = Money.Zero - Sum(ofLot, Account.Income);
            proof.Discounts = Sum(ofLot, Account.Discount);
            proof.WrittenOff = Sum(ofLot, Account.WrittenOff);
            proof.Received = Sum(ofLot, Account.Money);
            var (owed, prepaid) = opening.GetValueOrDefault(lot);
            (proof.Outstanding, proof.Prepaid) = (owed + Sum(ofLot, Account.Receivable), prepaid - Sum(ofLot, Account.Prepaid));
            proof.Differences = differences.Count(d => d.LotId == lot);
            proof.ProvenAt = s.Now;
        }
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await snapshot.CommitAsync(ct);
        return differences.Count;
    });

    /// <param name="account">An account, or how several begin.</param>
    static Money Sum(List<AccountMove> moves, string account) =>
        new(moves.Where(m => m.Account.StartsWith(account, StringComparison.Ordinal)).Sum(m => m.Balance.Minor));
}
