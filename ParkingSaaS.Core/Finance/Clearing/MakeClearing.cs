using System.Data;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance.Clearing;

/// <summary>Shares out what lots took in on proven days by the agreements of these days, and makes each party's statement. What comes in or goes back later
/// belongs to the day on which it does, and so to a later period.</summary>
public sealed class MakeClearing(CitySessions sessions)
{
    /// <param name="id">Made up by the form when it is opened, so that a second click makes the same.</param>
    /// <param name="to">The last day, included.</param>
    /// <exception cref="AccessDeniedException">The actor may not share out.</exception>
    public Task<Result<Done>> RunAsync(Actor actor, Guid id, DateOnly? from, DateOnly? to, CancellationToken ct) => TakePayment.RaceAsync<Done>(async () =>
    {
        if (Check.All(Check.That(from is not null, "From", "required"), Check.That(to is not null, "To", "required")) is { } missing)
            return missing;
        var (first, last) = (from!.Value, to!.Value);
        if (Check.Period("To", first, last, BookQueries.MaxDays) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Clear, ct);
        if (!actor.Scope.IsWholeCity)
            return new NotFound("clearing");
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Books, ct);
        if (await s.Db.Set<ClearingRun>().AnyAsync(c => c.Id == id, ct))
            return new Done();
        if (await s.Db.Set<BookProof>().MaxAsync(p => (DateOnly?)p.Day, ct) is not { } proven || proven < last)
            return new DaysNotProven();
        if (await s.Db.Set<ClearingRun>().Where(c => c.VoidedAt == null && c.From <= last && c.To >= first).MaxAsync(c => (DateOnly?)c.To, ct) is { } cleared)
            return new DaysCleared(cleared);
        var lines = await LinesAsync(s, id, first, last, ct);
        if (lines.Count == 0)
            return new NothingToShare();
        s.Db.Add(new ClearingRun { Id = id, From = first, To = last, MadeBy = actor.Name, MadeAt = s.Now });
        s.Db.AddRange(lines.Select(l => l.Statement).Distinct());
        s.Db.AddRange(lines.Select(l => l.Line));
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(ct);
        return new Done();
    });

    /// <summary>The last day that is shared out; null for none.</summary>
    public static Task<DateOnly?> LastDayAsync(CitySession s, CancellationToken ct) =>
        s.Db.Set<ClearingRun>().Where(c => c.VoidedAt == null).MaxAsync(c => (DateOnly?)c.To, ct);

    static async Task<List<(ClearingStatement Statement, ClearingLine Line)>> LinesAsync(CitySession s, Guid runId, DateOnly first, DateOnly last,
        CancellationToken ct)
    {
        var takings = await s.Db.Set<BookProof>().Where(p => p.Day >= first && p.Day <= last)
            .Select(p => new { p.LotId, p.Day, p.Received }).ToListAsync(ct);
        var agreements = await s.Db.Set<ClearingAgreement>().AsNoTracking().Include(a => a.Shares).Where(a => a.From <= last).ToListAsync(ct);
        var parties = await s.Db.Set<Party>().AsNoTracking().ToDictionaryAsync(p => p.Id, ct);
        List<(Guid Party, ClearingAgreement Agreement, DateOnly To, Money Base, ClearingShare Share, Money Amount)> parts = [];
        foreach (var lot in agreements.GroupBy(a => a.LotId))
        {
            var inOrder = lot.OrderBy(a => a.From).ToList();
            for (var i = 0; i < inOrder.Count; i++)
            {
                var (agreement, end) = (inOrder[i], i + 1 < inOrder.Count ? inOrder[i + 1].From.AddDays(-1) : last);
                if (end < first || agreement.Shares.Count == 0)
                    continue;
                var sum = takings.Where(t => t.LotId == lot.Key && t.Day >= agreement.From && t.Day <= end)
                    .Aggregate(Money.Zero, (all, t) => all + t.Received);
                // The first of equal remainders is always the same one.
                var shares = agreement.Shares.OrderBy(x => x.PartyId).ToList();
                var amounts = Apportionment.Of(sum, [.. shares.Select(x => x.BasisPoints)]);
                if (sum != Money.Zero)
                    parts.AddRange(shares.Zip(amounts, (share, amount) => (share.PartyId, agreement, end, sum, share, amount)));
            }
        }
        return [.. parts.GroupBy(p => p.Party).SelectMany(ofParty =>
        {
            var party = parties[ofParty.Key];
            var statement = new ClearingStatement
            {
                Id = Guid.CreateVersion7(),
                RunId = runId,
                PartyId = party.Id,
                Party = party.Name,
                AccountHolder = party.AccountHolder,
                Bank = party.Bank,
                AccountNumber = party.AccountNumber,
                Amount = ofParty.Aggregate(Money.Zero, (all, p) => all + p.Amount)
            };
            return ofParty.Select(p => (statement, new ClearingLine
            {
                Id = Guid.CreateVersion7(),
                StatementId = statement.Id,
                LotId = p.Agreement.LotId,
                From = p.Agreement.From < first ? first : p.Agreement.From,
                To = p.To < last ? p.To : last,
                Base = p.Base,
                BasisPoints = p.Share.BasisPoints,
                Amount = p.Amount,
                Shared = p.Amount
            }));
        })];
    }
}
