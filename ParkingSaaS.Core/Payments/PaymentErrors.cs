using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments;

/// <summary>The amount has changed since it was shown.</summary>
/// <param name="Owed">What is owed now.</param>
public sealed record AmountChanged(Money Owed, Currency Currency) : Error("payments.amount-changed", Currency.Text(Owed));

public sealed record NothingOwed() : Error("payments.nothing-owed");

/// <summary>The channel or the driver gave this payment up; another one may be begun.</summary>
public sealed record PaymentGivenUp() : Error("payments.given-up");

/// <summary>The channel did not take the payment up: out of reach, too slow, or it refused. Nothing was paid.</summary>
public sealed record ChannelUnavailable() : Error("payments.channel-unavailable");

/// <summary>More than is left of a payment cannot go back by its channel.</summary>
/// <param name="Left">What is left of it.</param>
public sealed record RefundAbovePayment(Money Left, Currency Currency) : Error("payments.refund-above-payment", Currency.Text(Left));

/// <summary>Money is on its way back already.</summary>
public sealed record RefundUnderWay() : Error("payments.refund-under-way");

public sealed record UnknownChannel(string Channel) : Error("payments.unknown-channel", Channel);

/// <summary>A notification is not the channel's, or not about a payment of that account.</summary>
/// <param name="Part">What of it is wrong.</param>
public sealed record NoticeRefused(string Part) : Error("payments.notice-refused", Part);
