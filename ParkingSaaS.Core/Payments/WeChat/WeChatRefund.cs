namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>A refund as WeChat Pay tells of it: in answers by <see cref="Status"/>, in notifications by <see cref="RefundStatus"/> and with the
/// merchant.</summary>
sealed record WeChatRefund
{
    /// <summary>What WeChat says of a number that it does not know.</summary>
    public const string Unknown = "RESOURCE_NOT_EXISTS";

    public string? Mchid { get; init; }
    public string? SpMchid { get; init; }
    public string? SubMchid { get; init; }

    /// <summary>The payment's number.</summary>
    public string? OutTradeNo { get; init; }

    /// <summary>Our number of the refund.</summary>
    public string? OutRefundNo { get; init; }

    /// <summary>WeChat's own number.</summary>
    public string? RefundId { get; init; }

    public string? Status { get; init; }
    public string? RefundStatus { get; init; }

    public Sums? Amount { get; init; }

    /// <summary>Why it is refused; null where it is not.</summary>
    public string? Code { get; init; }

    /// <param name="Total">Fen that were paid.</param>
    /// <param name="Refund">Fen that go back.</param>
    /// <param name="Currency">Told in answers alone.</param>
    internal sealed record Sums(long Total, long Refund, string? Currency);

    /// <summary>How far it is. What is closed or abnormal comes back to the merchant.</summary>
    public ChannelProgress Progress => (Code, Status ?? RefundStatus) switch
    {
        ({ } code, _) => new ChannelProgress(PaymentState.Failed, code),
        (_, WeChatTransaction.Success) => new ChannelProgress(PaymentState.Succeeded, RefundId ?? ""),
        (_, "CLOSED" or "ABNORMAL") => new ChannelProgress(PaymentState.Failed, (Status ?? RefundStatus)!),
        _ => ChannelProgress.Open
    };

    /// <summary>What does not belong to the refund; null where all does.</summary>
    public string? Misfit(Payment refund, Payment paid) =>
        OutRefundNo != WeChatTransaction.Number(refund.Id) ? "out_refund_no"
        : OutTradeNo != WeChatTransaction.Number(paid.Id) ? "out_trade_no"
        : Amount?.Total != paid.Amount.Minor ? "total"
        : Amount.Refund != -refund.Amount.Minor ? "refund"
        : Amount.Currency is not (null or "CNY") ? "currency"
        : null;

    /// <summary>Whether a notification is about the account's merchant.</summary>
    public bool IsOf(ChannelAccount account) => account.SubMerchantId is null ? Mchid == account.MerchantId
        : (SpMchid, SubMchid) == (account.MerchantId, account.SubMerchantId);
}
