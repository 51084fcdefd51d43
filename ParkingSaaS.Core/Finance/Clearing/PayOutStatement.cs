using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance.Clearing;

/// <summary>Somebody says that the bank has moved a statement's money. It cannot be taken back.</summary>
public sealed class PayOutStatement(CitySessions sessions)
{
    /// <summary>The longest number of a transfer, in characters.</summary>
    public const int MaxReference = 64;

    /// <param name="paidOn">The day on which the bank moved it: not after today.</param>
    /// <param name="reference">The bank's number of the transfer.</param>
    /// <returns>Done where it is paid already.</returns>
    /// <exception cref="AccessDeniedException">The actor may not share out.</exception>
    public Task<Result<Done>> RunAsync(Actor actor, Guid id, DateOnly? paidOn, string? reference, CancellationToken ct) =>
        TakePayment.RaceAsync<Done>(async () =>
        {
            await using var s = await sessions.OpenAsync(actor, FinancePermissions.Clear, ct);
            await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
            await s.LockAsync(CityLock.Books, ct);
            if (!actor.Scope.IsWholeCity || await s.Db.Set<ClearingStatement>().FindAsync([id], ct) is not { } statement)
                return new NotFound("statement");
            if (statement.PaidOn is not null)
                return new Done();
            var run = await s.Db.Set<ClearingRun>().FirstAsync(c => c.Id == statement.RunId, ct);
            if (run.VoidedAt is not null)
                return new StatementVoided();
            if (Check.All(
                    Check.That(paidOn is not null, "PaidOn", "required")
                        ?? Check.That(paidOn > run.To && paidOn <= s.City.Zone.Date(s.Now), "PaidOn", "out-of-range"),
                    Check.Required("Reference", reference, MaxReference)) is { } invalid)
                return invalid;
            (statement.PaidOn, statement.Reference, statement.PaidBy, statement.PaidAt) = (paidOn, reference!.Trim(), actor.Name, s.Now);
            foreach (var line in await s.Db.Set<ClearingLine>().Where(l => l.StatementId == id).ToListAsync(ct))
                line.PaidOut = line.Shared;
            if ((await s.SaveAsync(ct)).Error is { } error)
                return error;
            await transaction.CommitAsync(ct);
            return new Done();
        });
}
