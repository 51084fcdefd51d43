using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance.Clearing;

/// <summary>Takes back all statements of a period of which none is paid, so that it can be shared out once more.</summary>
public sealed class VoidClearing(CitySessions sessions)
{
    /// <summary>The longest reason, in characters.</summary>
    public const int MaxReason = 200;

    /// <returns>Done where it was taken back already.</returns>
    /// <exception cref="AccessDeniedException">The actor may not share out.</exception>
    public Task<Result<Done>> RunAsync(Actor actor, Guid id, string? reason, CancellationToken ct) => TakePayment.RaceAsync<Done>(async () =>
    {
        if (Check.Required("Reason", reason, MaxReason) is { } invalid)
            return invalid;
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Clear, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Books, ct);
        if (!actor.Scope.IsWholeCity || await s.Db.Set<ClearingRun>().FindAsync([id], ct) is not { } run)
            return new NotFound("clearing");
        if (run.VoidedAt is not null)
            return new Done();
        var statements = s.Db.Set<ClearingStatement>().Where(x => x.RunId == id);
        if (await statements.AnyAsync(x => x.PaidOn != null, ct))
            return new StatementPaid();
        (run.VoidedAt, run.VoidedBy, run.VoidReason) = (s.Now, actor.Name, reason!.Trim());
        foreach (var line in await s.Db.Set<ClearingLine>().Where(l => statements.Any(x => x.Id == l.StatementId)).ToListAsync(ct))
            line.Shared = Money.Zero;
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(ct);
        return new Done();
    });
}
