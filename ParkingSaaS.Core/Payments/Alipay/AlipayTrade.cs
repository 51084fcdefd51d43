using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Payments.Alipay;

/// <summary>What every answer of Alipay says of itself.</summary>
record AlipayAnswer
{
    /// <summary>10000 where it is done, 10003 where it goes on, 40004 where it is refused; all others leave it open.</summary>
    public string? Code { get; init; }

    /// <summary>Why it is refused.</summary>
    public string? SubCode { get; init; }

    public bool Done => Code == "10000";

    /// <summary>Refused for good: Alipay's own faults may pass.</summary>
    public bool Refused => Code == "40004" && SubCode?.EndsWith("SYSTEM_ERROR", StringComparison.Ordinal) != true;

    /// <summary>Alipay does not know the payment: also one whose code nobody has scanned yet.</summary>
    public bool Unknown => SubCode == "ACQ.TRADE_NOT_EXIST";
}

/// <summary>A payment as Alipay tells of it.</summary>
sealed record AlipayTrade : AlipayAnswer
{
    /// <summary>Our number: <see cref="Number"/>.</summary>
    public string? OutTradeNo { get; init; }

    /// <summary>Alipay's own number.</summary>
    public string? TradeNo { get; init; }

    public string? TradeStatus { get; init; }

    /// <summary>Yuan, as it was asked for: what the driver pays may be less by Alipay's own coupons.</summary>
    public string? TotalAmount { get; init; }

    /// <summary>Told where it is not the yuan, or may be.</summary>
    public string? TransCurrency { get; init; }

    /// <summary>The money is there; finished, it cannot go back any more.</summary>
    public bool IsPaid => TradeStatus is "TRADE_SUCCESS" or "TRADE_FINISHED";

    /// <summary>No money will come. Of what was paid it says that all went back.</summary>
    public bool IsOver => TradeStatus == "TRADE_CLOSED";

    /// <summary>The number by which Alipay knows a payment or a refund.</summary>
    public static string Number(Guid paymentId) => paymentId.ToString("N");

    /// <summary>What does not belong to the payment; null where all does.</summary>
    public string? Misfit(Payment payment) =>
        OutTradeNo != Number(payment.Id) ? "out_trade_no"
        : TransCurrency is not (null or "CNY") ? "trans_currency"
        : Currency.Yuan.Read(TotalAmount) != payment.Amount ? "total_amount"
        : string.IsNullOrEmpty(TradeNo) ? "trade_no"
        : null;
}

/// <summary>A refund as Alipay tells of it.</summary>
sealed record AlipayRefund : AlipayAnswer
{
    /// <summary>The payment's number.</summary>
    public string? OutTradeNo { get; init; }

    /// <summary>Our number of the refund; told where it is asked for.</summary>
    public string? OutRequestNo { get; init; }

    /// <summary>Alipay's own number of the payment: refunds have none.</summary>
    public string? TradeNo { get; init; }

    /// <summary>Y where this very request moved the money; told where a refund is handed in.</summary>
    public string? FundChange { get; init; }

    /// <summary>Told where it is asked for, and only of money that is back.</summary>
    public string? RefundStatus { get; init; }

    /// <summary>Yuan that went back; told where it is asked for.</summary>
    public string? RefundAmount { get; init; }

    /// <summary>What does not belong to a refund that was asked for; null where all does.</summary>
    public string? Misfit(Payment refund, Payment paid) =>
        OutRequestNo != AlipayTrade.Number(refund.Id) ? "out_request_no"
        : OutTradeNo != AlipayTrade.Number(paid.Id) ? "out_trade_no"
        : Currency.Yuan.Read(RefundAmount) != Money.Zero - refund.Amount ? "refund_amount"
        : null;
}
