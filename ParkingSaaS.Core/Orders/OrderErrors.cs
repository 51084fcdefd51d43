using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Orders;

/// <summary>The order is in a state in which this cannot be done.</summary>
public sealed record WrongState(OrderState State) : Error("orders.wrong-state", State);

/// <summary>Entry after exit.</summary>
public sealed record EntryAfterExit() : Error("orders.entry-after-exit");

/// <summary>The lane has no gate or camera that could open it.</summary>
public sealed record NoGate() : Error("orders.no-gate");
