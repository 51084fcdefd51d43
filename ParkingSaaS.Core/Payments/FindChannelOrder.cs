using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>A payment under way, for the driver who pays it.</summary>
/// <param name="Kind">With <paramref name="PayableId"/>: what is paid, and where its page is.</param>
/// <param name="Address">See <see cref="ChannelOrder.Address"/>.</param>
public sealed record PaymentUnderWay(string Kind, Guid PayableId, string Method, Money Amount, PaymentState State, ChannelWay Way, string? Address);

/// <summary>Finds a payment that its channel waits for, by an id that cannot be guessed.</summary>
public sealed class FindChannelOrder(CitySessions sessions)
{
    /// <returns>Null where there is none, or the channel has not told where to pay.</returns>
    public async Task<PaymentUnderWay?> RunAsync(Actor actor, Guid paymentId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Begin, ct);
        return await (from order in s.Db.Set<ChannelOrder>()
                      join payment in s.Db.Set<Payment>() on order.PaymentId equals payment.Id
                      where order.PaymentId == paymentId && (order.Address != null || order.Way == ChannelWay.InApp)
                      select new PaymentUnderWay(payment.Kind, payment.PayableId, payment.Method, payment.Amount, payment.State, order.Way, order.Address))
            .FirstOrDefaultAsync(ct);
    }
}
