using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>The channel was asked, and does not say that the money has moved.</summary>
public sealed record StillOpenAtChannel() : Error("payments.still-open");

/// <summary>A bill has what is not booked here: its channel is asked once more, and what it says is booked. The bill's own word books nothing, as a person may
/// have brought it.</summary>
public sealed class AskDifference(CitySessions sessions, AskPayments payments, PayBack refunds)
{
    /// <param name="rowId">The bill's row.</param>
    /// <returns>Done where it is booked by now.</returns>
    /// <exception cref="AccessDeniedException">The actor may not see bills.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid rowId, CancellationToken ct)
    {
        Payment? payment;
        City city;
        await using (var s = await sessions.OpenAsync(actor, PaymentPermissions.Bills, ct))
            (city, payment) = (s.City, await s.Db.Set<Payment>().AsNoTracking()
                .FirstOrDefaultAsync(p => s.Db.Set<ChannelBillRow>().Any(r => r.Id == rowId && r.PaymentId == p.Id), ct));
        if (payment is null)
            return new NotFound("payment");
        if (payment.State is PaymentState.Succeeded)
            return new Done();
        if (payment.Amount > Money.Zero)
            return await payments.AskAsync(city, payment, close: false, ct) is PaymentState.Succeeded ? new Done() : new StillOpenAtChannel();
        await refunds.AskAsync(city.Code, payment.Id, ct);
        await using var after = await sessions.OpenAsync(actor, PaymentPermissions.Bills, ct);
        return await after.Db.Set<Payment>().AnyAsync(p => p.Id == payment.Id && p.State == PaymentState.Succeeded, ct)
            ? new Done() : new StillOpenAtChannel();
    }
}
