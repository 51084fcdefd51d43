using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments.Shifts;

/// <summary>The person has an open shift in the lot.</summary>
public sealed record ShiftOpenAlready() : Error("payments.shift-open");

/// <summary>The shift stands elsewhere than was shown: it was handed in or decided about meanwhile.</summary>
public sealed record ShiftMoved() : Error("payments.shift-moved");

/// <summary>Money was taken or paid back since the count was begun.</summary>
/// <param name="Expected">What should lie in the drawer now.</param>
public sealed record ExpectedChanged(Money Expected, Currency Currency) : Error("payments.shift-expected-changed", Currency.Text(Expected));

/// <summary>Nobody takes over what they handed in themselves, or what is their own.</summary>
public sealed record OwnShift() : Error("payments.own-shift");
