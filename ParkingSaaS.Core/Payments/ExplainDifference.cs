using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>A person says what a difference between a bill and the books was. It changes no money: what has to be booked or paid back is done where it
/// is done otherwise.</summary>
public sealed class ExplainDifference(CitySessions sessions, BillDifferences differences)
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
        if (!(await differences.RunAsync(actor, billId, ct)).Try(out var found, out var error))
            return error;
        if (found.FirstOrDefault(d => d.SubjectId == subjectId) is not { } difference)
            return new NotFound("bill");
        if (difference.Explanation is not null)
            return new Done();
        return await TakePayment.RaceAsync<Done>(async () =>
        {
            await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Bills, ct);
            if (await s.Db.Set<BillExplanation>().AnyAsync(e => e.BillId == billId && e.SubjectId == subjectId, ct))
                return new Done();
            s.Db.Add(new BillExplanation { BillId = billId, SubjectId = subjectId, Note = note!.Trim(), By = actor.Name, At = s.Now });
            return await s.SaveAsync(ct);
        });
    }
}
