using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Finance;

/// <summary>A review in the list of all. Amounts are in minor units.</summary>
public sealed class ReviewRow
{
    public Guid Id { get; init; }
    public ReviewKind Kind { get; init; }
    public ReviewState State { get; init; }
    public ReviewSteps Next { get; init; }

    /// <summary>How far what goes back by a channel is; null for all else.</summary>
    public PaymentState? Refund { get; init; }
    public Guid OrderId { get; init; }
    public string? Plate { get; init; }
    public string Lot { get; init; } = "";
    public long Amount { get; init; }
    public string Reason { get; init; } = "";
    public string AskedBy { get; init; } = "";
    public string AskedById { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>The reviews within reach, narrowed as the address says.</summary>
    /// <param name="mine">The steps that this person may decide.</param>
    public static IQueryable<ReviewRow> Of(CitySession s, ListFilters f, IReadOnlyList<ReviewSteps> mine)
    {
        var (kind, state, lot, waiting, me) = (f.Of<ReviewKind>("kind"), f.Of<ReviewState>("state"), f.Id("lot"), f.Is("waiting"), s.Actor.Id);
        return s.Db.Set<Review>().Where(r => (kind == null || r.Kind == kind) && (state == null || r.State == state) && (lot == null || r.LotId == lot)
                && (!waiting || r.State == ReviewState.Open && mine.Contains(r.Next) && r.AskedById != me
                    && !s.Db.Set<ReviewDecision>().Any(d => d.ReviewId == r.Id && d.ById == me)))
            .Select(r => new ReviewRow
            {
                Id = r.Id,
                Kind = r.Kind,
                State = r.State,
                Next = r.Next,
                Refund = r.PaymentId == null ? null : s.Db.Set<Payment>().Where(p => p.Id == r.Id).Select(p => (PaymentState?)p.State).FirstOrDefault(),
                OrderId = r.OrderId,
                Plate = s.Db.Set<Order>().First(o => o.Id == r.OrderId).Plate,
                Lot = s.Db.Set<Lot>().First(l => l.Id == r.LotId).Name,
                Amount = r.Amount.Minor,
                Reason = r.Reason,
                AskedBy = r.AskedBy,
                AskedById = r.AskedById,
                AskedAt = r.AskedAt
            });
    }
}
