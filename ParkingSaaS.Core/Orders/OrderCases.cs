using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Why a person has to look at an order.</summary>
public enum CaseKind
{
    /// <summary>A plate that looks alike was read at the lane within seconds.</summary>
    Misread,

    /// <summary>Only the exit was seen.</summary>
    NoEntry,

    /// <summary>Only the entry was seen, and the car has come again since.</summary>
    NoExit,

    /// <summary>Both ends are known, and no fee can be worked out.</summary>
    NoFee,

    /// <summary>It was paid or decided, and something was seen afterwards that does not fit.</summary>
    Contradicted,

    /// <summary>It is doubted that the car was there all the time: <see cref="Order.Doubts"/>.</summary>
    Frozen,

    /// <summary>More was paid than is owed, and nobody has asked for the refund yet.</summary>
    Overpaid
}

/// <summary>What the exceptions desk works off: the orders about which a person has to say what is so. All figures and lists of what waits for a
/// decision go by this.</summary>
public static class OrderCases
{
    /// <summary>Those marks that wait for a person whatever the order's state; the index ix_orders_marked knows them, too.</summary>
    public const OrderAnomaly Marks = OrderAnomaly.Contradicted | OrderAnomaly.Misread | OrderAnomaly.Overpaid | OrderAnomaly.Frozen;

    const OrderAnomaly MarksBesidesOverpaid = Marks & ~OrderAnomaly.Overpaid;

    static readonly OrderOperationKind?[] UnderWay = [OrderOperationKind.RefundAsked, OrderOperationKind.RefundBegun];

    static readonly OrderOperationKind[] Refunds =
    [
        OrderOperationKind.RefundAsked, OrderOperationKind.RefundBegun, OrderOperationKind.Refunded, OrderOperationKind.RefundFailed,
        OrderOperationKind.ReviewEnded
    ];

    /// <summary>All within the session's reach.</summary>
    public static IQueryable<Order> Waiting(CitySession s) => Waiting(s, s.Db.Set<Order>());

    /// <summary>Those of some orders. What was paid too much waits until somebody asks for its refund; what then is said to that, the reviews show.</summary>
    public static IQueryable<Order> Waiting(CitySession s, IQueryable<Order> orders) => orders.Where(o => o.State == OrderState.Unresolved
        || ((o.Anomalies & Marks) != 0 && o.State != OrderState.Void
            && ((o.Anomalies & MarksBesidesOverpaid) != 0 || !UnderWay.Contains(s.Db.Set<OrderOperation>()
                .Where(l => l.OrderId == o.Id && Refunds.Contains(l.Kind)).OrderByDescending(l => l.Id).Select(l => (OrderOperationKind?)l.Kind)
                .FirstOrDefault()))));

    /// <summary>Those that are of a kind. An order may be of several, and counts as the first.</summary>
    public static IQueryable<Order> OfKind(IQueryable<Order> waiting, CaseKind kind)
    {
        if (kind is CaseKind.Misread)
            return waiting.Where(o => (o.Anomalies & OrderAnomaly.Misread) != 0);
        waiting = waiting.Where(o => (o.Anomalies & OrderAnomaly.Misread) == 0);
        return kind switch
        {
            CaseKind.NoEntry => waiting.Where(o => o.State == OrderState.Unresolved && o.EnteredAt == null),
            CaseKind.NoExit => waiting.Where(o => o.State == OrderState.Unresolved && o.EnteredAt != null && o.ExitedAt == null),
            CaseKind.NoFee => waiting.Where(o => o.State == OrderState.Unresolved && o.EnteredAt != null && o.ExitedAt != null),
            CaseKind.Contradicted => waiting.Where(o => o.State != OrderState.Unresolved && (o.Anomalies & OrderAnomaly.Contradicted) != 0),
            CaseKind.Frozen => waiting.Where(o => o.State != OrderState.Unresolved
                && (o.Anomalies & (OrderAnomaly.Contradicted | OrderAnomaly.Frozen)) == OrderAnomaly.Frozen),
            _ => waiting.Where(o => o.State != OrderState.Unresolved && (o.Anomalies & MarksBesidesOverpaid) == 0)
        };
    }

    /// <summary>The kind of one that waits.</summary>
    public static CaseKind KindOf(OrderState state, OrderAnomaly anomalies, bool entered, bool left) => (state, anomalies) switch
    {
        _ when anomalies.HasFlag(OrderAnomaly.Misread) => CaseKind.Misread,
        (OrderState.Unresolved, _) => !entered ? CaseKind.NoEntry : left ? CaseKind.NoFee : CaseKind.NoExit,
        _ when anomalies.HasFlag(OrderAnomaly.Contradicted) => CaseKind.Contradicted,
        _ when anomalies.HasFlag(OrderAnomaly.Frozen) => CaseKind.Frozen,
        _ => CaseKind.Overpaid
    };
}
