using ParkingSaaS.Core.Common;
using static ParkingSaaS.Core.Orders.OrderState;

namespace ParkingSaaS.Core.Orders;

/// <summary>Which changes of state there are. Anything else is a fault of the program.</summary>
public static class OrderTransitions
{
    static readonly HashSet<(OrderState From, OrderState To)> Allowed =
    [
        (Parked, AwaitingPayment),  // stands at the exit and owes
        (Parked, Arrears),          // left a berth unpaid, or the exit was reported late
        (Parked, Completed),        // left and owes nothing
        (Parked, Unresolved),       // the next entry came without an exit
        (Parked, OrderState.Void),
        (AwaitingPayment, Completed),   // paid
        (AwaitingPayment, Arrears),     // left unpaid: let out by hand, seen again, or gone
        (AwaitingPayment, OrderState.Void),
        (Arrears, Completed),       // paid later
        (Arrears, OrderState.Void),
        (AwaitingPayment, Unresolved),  // a late event shows that the exit was another stay's; only while nothing is paid
        (Arrears, Unresolved),
        (Completed, Unresolved),
        (Unresolved, Parked),       // what looked like the next entry was the same one
        (Unresolved, AwaitingPayment),  // a person or a late entry gave what was missing, the car still stands there
        (Unresolved, Arrears),
        (Unresolved, Completed),
        (Unresolved, OrderState.Void),
        (OrderState.Void, Unresolved)   // a person brought it back
    ];

    /// <summary>True when an order may go from one state to the other.</summary>
    public static bool Allows(OrderState from, OrderState to) => Allowed.Contains((from, to));

    /// <summary>Changes the state. An order that is struck out asks for nothing any more; why it once did stays with it.</summary>
    /// <exception cref="InvalidOperationException">The table has no such change.</exception>
    public static void Go(this Order order, OrderState to)
    {
        if (!Allows(order.State, to))
            throw new InvalidOperationException($"An order cannot go from {order.State} to {to}");
        order.State = to;
        // What is paid, struck out or waits for a person anyway is not demanded.
        if (to is not (AwaitingPayment or Arrears))
            order.Anomalies &= ~OrderAnomaly.Frozen;
        if (to is OrderState.Void)
            order.Charge(Money.Zero, order.FeeLines);
    }

    /// <summary>Brings the order to the state, by way of <see cref="Unresolved"/> where the table has no direct change: what was worked out
    /// turns out to be otherwise.</summary>
    /// <exception cref="InvalidOperationException">There is no such way.</exception>
    public static void Become(this Order order, OrderState to)
    {
        if (order.State == to)
            return;
        if (!Allows(order.State, to))
            order.Go(Unresolved);
        order.Go(to);
    }
}
