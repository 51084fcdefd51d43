using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Orders;

/// <summary>The order is in a state in which this cannot be done.</summary>
public sealed record WrongState(OrderState State) : Error("orders.wrong-state", State);

/// <summary>It is being checked whether the car was there all the time; until then nothing is paid for it.</summary>
public sealed record StayChecked() : Error("orders.being-checked");

public sealed record EntryAfterExit() : Error("orders.entry-after-exit");

/// <summary>The lane has no gate or camera that could open it.</summary>
public sealed record NoGate() : Error("orders.no-gate");

/// <summary>Cars do not pass this lane in that direction.</summary>
public sealed record WrongLane(string Lane) : Error("orders.wrong-lane", new GivenName(Lane));

/// <summary>The car has not left since it came in. With the word that it comes in all the same it is let in.</summary>
/// <param name="Since">When it came in, by the city's wall clock; with the day unless it is today.</param>
public sealed record AlreadyIn(string Plate, string Since) : Error("orders.already-in", Plate, Since);

/// <summary>No fee can be worked out: the stay is longer than the tariff can say.</summary>
public sealed record NoFee() : Error("orders.no-fee");

/// <summary>Another open order of the lot has this plate.</summary>
public sealed record PlateTaken(string Plate) : Error("orders.plate-taken", Plate);

/// <summary>The car has another stay in that time, so it would pay twice.</summary>
public sealed record StaysOverlap() : Error("orders.stays-overlap");

/// <summary>Money was received for it; what was paid cannot be struck out.</summary>
public sealed record MoneyReceived(Money Amount, Currency Currency) : Error("orders.money-received", Currency.Text(Amount));

/// <summary>Money was received for it, so its fee stays as it was shown.</summary>
public sealed record AlreadyPaid(Money Amount, Currency Currency) : Error("orders.already-paid", Currency.Text(Amount));

/// <summary>The tariff charges nothing by hand.</summary>
public sealed record NothingByHand() : Error("orders.nothing-by-hand");

/// <summary>These two are not one stay: they belong to different lots, or one of them is not half of a stay.</summary>
public sealed record NoMatch() : Error("orders.no-match");

/// <summary>What was seen of it belongs to another stay now; that one can be split.</summary>
public sealed record PartOfAnother() : Error("orders.part-of-another");
