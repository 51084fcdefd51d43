using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices;

/// <summary>What of a stay or pass can be invoiced now: what was paid and is not back or on its way back, at most what was to be paid, less what stands on
/// invoices. Of a stay that is not over, or owes, it is nothing: what it costs is not certain.</summary>
/// <param name="Kind">The code of its <see cref="IPayable"/>.</param>
/// <param name="Id">The order or the pass.</param>
/// <param name="Name">The plate, or the number of the pass.</param>
public sealed record Invoiceable(string Kind, Guid Id, Guid LotId, string Name, Money Left)
{
    /// <summary>Of an order; null where there is none with that id.</summary>
    public static async Task<Invoiceable?> OfOrderAsync(CitySession s, Guid orderId, CancellationToken ct)
    {
        if (await s.Db.Set<Order>().AsNoTracking().FirstOrDefaultAsync(o => o.Id == orderId, ct) is not { } order)
            return null;
        var paid = order.State is OrderState.Completed ? await PaidAsync(s, s.Db.Set<Payment>().Where(p => p.PayableId == orderId), ct) : 0;
        return new Invoiceable(Payment.Order, orderId, order.LotId, order.Plate ?? "", await LeftAsync(s, orderId, Math.Min(paid, order.Due.Minor), ct));
    }

    /// <summary>Of a pass with all its periods; null where there is none with that id.</summary>
    public static async Task<Invoiceable?> OfPassAsync(CitySession s, Guid passId, CancellationToken ct)
    {
        if (await s.Db.Set<Pass>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == passId, ct) is not { } pass)
            return null;
        // A period is paid for, and money of the pass goes back.
        var payments = s.Db.Set<Payment>().Where(p => p.PayableId == passId
            || s.Db.Set<PassPeriod>().Where(x => x.PassId == passId).Select(x => x.Id).Contains(p.PayableId));
        var due = await s.Db.Set<PassPeriod>().Where(x => x.PassId == passId && x.State == PassPeriodState.Paid)
            .SumAsync(x => x.ListPrice.Minor - x.Discount.Minor, ct);
        return new Invoiceable(PassPayments.Code, passId, pass.LotId, $"{pass.Number}",
            await LeftAsync(s, passId, Math.Min(await PaidAsync(s, payments, ct), due), ct));
    }

    /// <summary>Of either.</summary>
    internal static async Task<Invoiceable?> OfAsync(CitySession s, InvoiceItem item, CancellationToken ct) => item.Kind switch
    {
        Payment.Order => await OfOrderAsync(s, item.Id, ct),
        PassPayments.Code => await OfPassAsync(s, item.Id, ct),
        _ => null
    };

    static Task<long> PaidAsync(CitySession s, IQueryable<Payment> payments, CancellationToken ct) => payments
        .Where(p => p.State == PaymentState.Succeeded || (p.State == PaymentState.Pending && p.Amount.Minor < 0)).SumAsync(p => p.Amount.Minor, ct);

    static async Task<Money> LeftAsync(CitySession s, Guid payableId, long most, CancellationToken ct) => new(Math.Max(0, most
        - await s.Db.Set<InvoiceLine>().Where(l => l.PayableId == payableId && !l.Released).SumAsync(l => l.Gross.Minor, ct)));
}

/// <summary>A stay or pass that is to stand on an invoice.</summary>
/// <param name="Kind">The code of its <see cref="IPayable"/>.</param>
/// <param name="Id">The order or the pass.</param>
public sealed record InvoiceItem(string Kind, Guid Id);
