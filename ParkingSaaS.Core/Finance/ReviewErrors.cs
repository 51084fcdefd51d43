using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Finance;

/// <summary>Another review of the same kind is open for the order.</summary>
public sealed record ReviewOpen() : Error("finance.review-open");

/// <summary>The review stands elsewhere than was shown: somebody has decided meanwhile.</summary>
public sealed record ReviewMoved() : Error("finance.review-moved");

/// <summary>It is not this person's turn.</summary>
public sealed record NotYourTurn(ReviewSteps Step) : Error("finance.not-your-turn", Step);

/// <summary>More than was paid too much cannot be paid back.</summary>
/// <param name="Most">What was paid too much.</param>
public sealed record RefundAboveOverpaid(Money Most, Currency Currency) : Error("finance.refund-above-overpaid", Currency.Text(Most));
