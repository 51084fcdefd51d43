using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Takes note that a receipt is printed: two papers for one payment must not look like two payments.</summary>
public sealed class PrintReceipts(CitySessions sessions)
{
    /// <param name="id">Made up by the page, so that a repeated request is the same print.</param>
    /// <returns>Which print it is: 1 for the first.</returns>
    /// <exception cref="AccessDeniedException">The actor may not print receipts.</exception>
    public Task<Result<int>> RunAsync(Actor actor, Guid id, Guid paymentId, CancellationToken ct) => TakePayment.RaceAsync<int>(async () =>
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Receipts, ct);
        var prints = s.Db.Set<ReceiptPrint>();
        if (await prints.FindAsync([id], ct) is { } known)
            return known.PaymentId == paymentId ? known.Number : new NotFound("payment");
        if (await s.Db.Set<Payment>().FirstOrDefaultAsync(p => p.Id == paymentId && p.State == PaymentState.Succeeded, ct) is not { } payment)
            return new NotFound("payment");
        var print = new ReceiptPrint
        {
            Id = id,
            LotId = payment.LotId,
            PaymentId = paymentId,
            Number = 1 + await prints.CountAsync(p => p.PaymentId == paymentId, ct),
            At = s.Now,
            By = actor.Name
        };
        prints.Add(print);
        return (await s.SaveAsync(ct)).Error is { } error ? error : print.Number;
    });
}
