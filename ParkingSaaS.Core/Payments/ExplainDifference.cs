using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>A person says what a difference between a bill and the books was. It changes no money: what has to be booked or paid back is done where it
/// is done otherwise.</summary>
public sealed class ExplainDifference(CitySessions sessions)
{
    /// <summary>The longest note, in characters.</summary>
    public const int MaxNote = 200;

    /// <param name="note">What it was, and what was done.</param>
    /// <returns>Done where somebody has explained it already.</returns>
    /// <exception cref="AccessDeniedException">The actor may not see bills.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid billId, Guid subjectId, string? note, CancellationToken ct)
    {
        if (Check.Required("Reason", note, MaxNote) is { } invalid)
            return invalid;
        return await TakePayment.RaceAsync<Done>(async () =>
        {
            await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Bills, ct);
            // In this order: somebody may explain it in between.
            if (!await BillDifferences.OpenOf(s).AnyAsync(d => d.BillId == billId && d.SubjectId == subjectId, ct))
                return await s.Db.Set<BillExplanation>().AnyAsync(e => e.BillId == billId && e.SubjectId == subjectId, ct)
                    ? new Done() : new NotFound("bill");
            s.Db.Add(new BillExplanation { BillId = billId, SubjectId = subjectId, Note = note!.Trim(), By = actor.Name, At = s.Now });
            return await s.SaveAsync(ct);
        });
    }
}
