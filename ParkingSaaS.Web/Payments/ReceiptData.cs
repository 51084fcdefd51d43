using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Payments;

/// <summary>What a receipt says of a stay's payment.</summary>
/// <param name="Fee">The fee, line by line; null where it was not worked out.</param>
public sealed record ReceiptData(City City, Lot Lot, Order Order, Payment Payment, FeeQuote? Fee)
{
    /// <summary>Reads it with the session's reach; null where there is no such payment of a stay, or its money has not come.</summary>
    public static async Task<ReceiptData?> ReadAsync(CitySession s, Guid paymentId, CancellationToken ct)
    {
        if (await s.Db.Set<Payment>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == paymentId && p.State == PaymentState.Succeeded, ct) is not { } payment
            || await s.Db.Set<Order>().AsNoTracking().FirstOrDefaultAsync(o => o.Id == payment.PayableId, ct) is not { } order)
            return null;
        var lot = await s.Db.Set<Lot>().AsNoTracking().FirstAsync(l => l.Id == order.LotId, ct);
        return new ReceiptData(s.City, lot, order, payment,
            order.FeeLines is { } json ? JsonSerializer.Deserialize<FeeQuote>(json, TariffJson.Options) : null);
    }
}
