using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices;

/// <summary>A stay of which the driver can have an invoice.</summary>
/// <param name="Lot">The lot's name.</param>
/// <param name="Left">What can be invoiced.</param>
/// <param name="Payments">By which it was paid.</param>
public sealed record DriverInvoiceable(Guid OrderId, string Lot, DateTimeOffset? EnteredAt, Money Left, IReadOnlyList<Guid> Payments);

/// <summary>What a driver is shown of invoices of a stay.</summary>
/// <param name="Choices">The stay, and others of its car that the same issuer invoices, newest first; none where nobody issues invoices for its lot.</param>
/// <param name="Invoices">Those that the stay stands or stood on, oldest first.</param>
public sealed record DriverInvoicing(IReadOnlyList<DriverInvoiceable> Choices, IReadOnlyList<Invoice> Invoices);

/// <summary>What drivers see of invoices on their phones. The caller has made sure that the stay is theirs.</summary>
public sealed class DriverInvoices(CitySessions sessions)
{
    /// <summary>So many of a car's other stays are looked at.</summary>
    const int Most = 30;

    /// <summary>So far back.</summary>
    static readonly TimeSpan Reach = TimeSpan.FromDays(90);

    /// <param name="others">With other stays of the car. Whether these are the same driver's is for the caller to find out.</param>
    public async Task<DriverInvoicing> OfStayAsync(Actor actor, Guid orderId, bool others, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, InvoicePermissions.Ask, ct);
        var invoices = await s.Db.Set<Invoice>().AsNoTracking().Where(i => s.Db.Set<InvoiceLine>().Any(l => l.InvoiceId == i.Id && l.PayableId == orderId))
            .OrderBy(i => i.AskedAt).ToListAsync(ct);
        if (await s.Db.Set<Order>().AsNoTracking().FirstOrDefaultAsync(o => o.Id == orderId, ct) is not { } order
            || await Issuer.OfLotAsync(s, order.LotId, ct) is not { } issuer)
            return new DriverInvoicing([], invoices);
        var stays = new List<Order> { order };
        if (others && order.Plate is { } plate)
            stays.AddRange(await s.Db.Set<Order>().AsNoTracking().Where(o => o.Plate == plate && o.Id != orderId && o.State == OrderState.Completed
                    && o.Received.Minor > 0 && (o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) > s.Now - Reach)
                .OrderByDescending(o => o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt).Take(Most).ToListAsync(ct));
        var choices = new List<DriverInvoiceable>();
        foreach (var stay in stays)
            if ((await Invoiceable.OfOrderAsync(s, stay.Id, ct))!.Left is var left && left > Money.Zero
                && (stay.LotId == order.LotId || (await Issuer.OfLotAsync(s, stay.LotId, ct))?.Id == issuer.Id))
                choices.Add(new DriverInvoiceable(stay.Id, await s.Db.Set<Lot>().Where(l => l.Id == stay.LotId).Select(l => l.Name).FirstAsync(ct),
                    stay.EnteredAt, left, await s.Db.Set<Payment>().Where(p => p.PayableId == stay.Id).Select(p => p.Id).ToListAsync(ct)));
        return new DriverInvoicing(choices, invoices);
    }
}
