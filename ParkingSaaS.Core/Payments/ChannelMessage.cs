using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Payments;

/// <summary>What a payment channel was asked, or told by itself.</summary>
public enum ChannelMessageKind
{
    /// <summary>To make an order.</summary>
    Order,

    /// <summary>What became of a payment.</summary>
    Ask,

    /// <summary>To close an order.</summary>
    Close,

    /// <summary>To pay back.</summary>
    Refund,

    /// <summary>What became of a refund.</summary>
    AskRefund,

    /// <summary>It told by itself.</summary>
    Notice
}

/// <summary>What was said to a payment channel about a payment and what it answered, kept for when that is in question. Nothing in it is secret, and
/// nothing says who paid.</summary>
public sealed class ChannelMessage : ILotOwned
{
    /// <summary>The rest of a longer text is not kept.</summary>
    public const int MaxText = 4000;

    /// <summary>What channels call who pays, and by what.</summary>
    static readonly string[] Personal =
    [
        "payer", "payer_client_ip", "user_received_account", "auth_code", "buyer_id", "buyer_logon_id", "buyer_user_id", "buyer_open_id", "buyer_user_name",
        "fund_bill_list", "refund_detail_item_list"
    ];

    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>The payment or the refund.</summary>
    public required Guid PaymentId { get; init; }

    public required Guid AccountId { get; init; }

    public required ChannelMessageKind Kind { get; init; }

    /// <summary>When it was asked, or told.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was sent with the question; empty where nothing was.</summary>
    public string Sent { get; init; } = "";

    /// <summary>The HTTP status of the answer; null where none came, and for what the channel told by itself.</summary>
    public int? Status { get; init; }

    /// <summary>What the channel said.</summary>
    public string Said { get; init; } = "";

    /// <summary>How long the answer took.</summary>
    public int Milliseconds { get; init; }

    /// <summary>Why it was no answer, or was not believed; null where it was.</summary>
    public string? Problem { get; init; }

    /// <summary>A text as it is kept.</summary>
    internal static string Text(ReadOnlySpan<byte> json) => KeptJson.Text(json, Personal, MaxText);
}

/// <summary>How long what was said to and by payment channels is kept.</summary>
public sealed record ChannelLogPolicy
{
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(180);
}
