using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Passes;

/// <summary>The pass is in a state in which this cannot be done.</summary>
public sealed record WrongPassState(PassState State) : Error("passes.wrong-state", State);

/// <summary>The product is withdrawn, or not sold today or in this way.</summary>
public sealed record NotForSale(string Product) : Error("passes.not-for-sale", new GivenName(Product));

/// <summary>Another pass has this plate or berth on some of these days, in some of these lots: renew that one.</summary>
public sealed record PassOverlap(string Of, long Number) : Error("passes.overlap", Of, Number);

/// <summary>The product is not sold to this plate or kind of vehicle.</summary>
public sealed record NotForVehicle(object Of) : Error("passes.not-for-vehicle", Of);

/// <summary>One person cannot do both: sell and review, or review as customer service and as finance.</summary>
public sealed record SamePerson() : Error("passes.same-person");

/// <summary>More than was paid cannot be paid back.</summary>
/// <param name="Paid">What was paid.</param>
public sealed record RefundAbovePaid(Money Paid, Currency Currency) : Error("passes.refund-above-paid", Currency.Text(Paid));

/// <summary>There is a renewal that waits to be paid already.</summary>
public sealed record RenewalOpen() : Error("passes.renewal-open");

public sealed record PlateTwice(string Plate) : Error("passes.plate-twice", Plate);

/// <summary>Its last day is over, so nothing of it can stand still or be paid back.</summary>
public sealed record PassOver() : Error("passes.over");
