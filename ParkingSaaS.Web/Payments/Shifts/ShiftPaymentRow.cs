using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Payments.Shifts;

/// <summary>A payment in the list of its shift. The amount is in minor units.</summary>
public sealed class ShiftPaymentRow
{
    public Guid Id { get; init; }
    public DateTimeOffset At { get; init; }
    public string Method { get; init; } = "";
    public long Amount { get; init; }

    /// <summary>Its money came after the shift was handed in.</summary>
    public bool Late { get; init; }

    /// <summary>How often its receipt was printed.</summary>
    public int Prints { get; init; }

    /// <summary>The order that it is of; null for a pass.</summary>
    public Guid? OrderId { get; init; }
    public string? Plate { get; init; }

    /// <summary>The pass that it is of; null for an order.</summary>
    public Guid? PassId { get; init; }
    public long? PassNumber { get; init; }

    /// <summary>The payments of a shift whose money came.</summary>
    public static IQueryable<ShiftPaymentRow> Of(CitySession s, Guid shiftId) => s.Db.Set<Payment>()
        .Where(p => p.ShiftId == shiftId && p.State == PaymentState.Succeeded)
        .Select(p => new
        {
            Payment = p,
            PassId = p.Kind != PassPayments.Code ? (Guid?)null
                : s.Db.Set<PassPeriod>().Where(y => y.Id == p.PayableId).Select(y => (Guid?)y.PassId).FirstOrDefault() ?? p.PayableId
        }).Select(x => new ShiftPaymentRow
        {
            Id = x.Payment.Id,
            At = x.Payment.PaidAt!.Value,
            Method = x.Payment.Method,
            Amount = x.Payment.Amount.Minor,
            Late = s.Db.Set<Shift>().Any(y => y.Id == shiftId && y.ClosedAt < x.Payment.PaidAt),
            Prints = s.Db.Set<ReceiptPrint>().Count(y => y.PaymentId == x.Payment.Id),
            OrderId = x.PassId == null ? x.Payment.PayableId : null,
            Plate = s.Db.Set<Order>().Where(o => o.Id == x.Payment.PayableId).Select(o => o.Plate).FirstOrDefault(),
            PassId = x.PassId,
            PassNumber = s.Db.Set<Pass>().Where(y => y.Id == x.PassId).Select(y => (long?)y.Number).FirstOrDefault()
        });
}
