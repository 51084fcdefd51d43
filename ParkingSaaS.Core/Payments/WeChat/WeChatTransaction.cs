namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>A payment as WeChat Pay tells of it. In the merchant's mode app and merchant stand in the fields without a prefix; in the service
/// provider's in those with one.</summary>
sealed record WeChatTransaction
{
    public const string Success = "SUCCESS";

    /// <summary>Begun, and the driver may still pay.</summary>
    static readonly string[] Open = ["NOTPAY", "USERPAYING", "ACCEPT"];

    public string? Appid { get; init; }
    public string? Mchid { get; init; }
    public string? SpAppid { get; init; }
    public string? SpMchid { get; init; }
    public string? SubAppid { get; init; }
    public string? SubMchid { get; init; }

    /// <summary>Our number: <see cref="Number"/>.</summary>
    public string? OutTradeNo { get; init; }

    /// <summary>WeChat's own number.</summary>
    public string? TransactionId { get; init; }

    public string? TradeState { get; init; }

    public Sum? Amount { get; init; }

    /// <param name="Total">Fen, as it was asked for: what the driver pays may be less by WeChat's own coupons.</param>
    internal sealed record Sum(long Total, string? Currency);

    /// <summary>What a request is refused for; null where it is not.</summary>
    public string? Code { get; init; }

    /// <summary>What may still become a payment, although it is told as a refusal.</summary>
    static readonly string[] Uncertain =
        ["USERPAYING", "SYSTEM_ERROR", "SYSTEMERROR", "BANK_ERROR", "BANKERROR", "FREQUENCY_LIMITED", "ORDERPAID", "ORDER_PAID"];

    /// <summary>Why a payment by code is refused for good; null where it is not.</summary>
    public string? RefusedFor => Code is not null ? Uncertain.Contains(Code) ? null : Code : TradeState is not null && IsOver ? TradeState : null;

    /// <summary>The money is there.</summary>
    public bool IsPaid => TradeState == Success;

    /// <summary>No money will come: closed, revoked, failed, or given back.</summary>
    public bool IsOver => !IsPaid && !Open.Contains(TradeState);

    /// <summary>The number by which WeChat knows a payment.</summary>
    public static string Number(Guid paymentId) => paymentId.ToString("N");

    /// <summary>What does not belong to the payment or the account; null where all does. Asked of money that is there.</summary>
    public string? Misfit(ChannelAccount account, Payment payment)
    {
        var partner = account.SubMerchantId is not null;
        return OutTradeNo != Number(payment.Id) ? "out_trade_no"
            : (partner ? SpAppid : Appid) != account.AppId ? "appid"
            : (partner ? SpMchid : Mchid) != account.MerchantId ? "mchid"
            : partner && SubMchid != account.SubMerchantId ? "sub_mchid"
            : partner && account.SubAppId is not null && SubAppid != account.SubAppId ? "sub_appid"
            : Amount?.Currency != "CNY" ? "currency"
            : Amount.Total != payment.Amount.Minor ? "total"
            : string.IsNullOrEmpty(TransactionId) ? "transaction_id"
            : null;
    }
}
