using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments.Alipay;
using ParkingSaaS.Core.Payments.WeChat;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>A way that drivers pay on their phone. Money moves outside of this program; the channel calls back.</summary>
public interface IPaymentChannel
{
    /// <summary>Its code, kept with payments.</summary>
    string Code { get; }

    /// <summary>At which place among others it is offered for a lot, the least first; null where it takes no money of that lot. A question: nothing is
    /// written, and nobody outside is asked.</summary>
    Task<int?> PriorityAsync(CitySession s, Guid lotId, CancellationToken ct);

    /// <summary>Prepares the payment at the channel. It is saved, and no transaction is open, so this may ask over the network. Asked twice it is
    /// the same payment.</summary>
    /// <returns>Where the driver goes to pay, relative to the city's pages or absolute; or <see cref="ChannelUnavailable"/>.</returns>
    Task<Result<string>> BeginAsync(City city, Payment payment, Payer payer, CancellationToken ct);

    /// <summary>Whether drivers can also pay by a code that its app shows.</summary>
    bool TakesCodes => false;

    /// <summary>Whether a text looks like such a code: each channel has numbers of its own.</summary>
    bool IsCode(string text) => false;

    /// <summary>Takes a payment by such a code. It is saved, and no transaction is open, so this may ask over the network. What was begun before is only
    /// asked about.</summary>
    /// <returns>Pending while the driver is asked for the password, or nobody knows; or why the channel does not take it.</returns>
    Task<Result<ChannelProgress>> TakeCodeAsync(City city, Payment payment, string code, CancellationToken ct) =>
        Task.FromResult<Result<ChannelProgress>>(new NoPaymentCode());

    /// <summary>Pays money back the way it came, and says how far it is. It is saved, and no transaction is open, so this may ask over the network. Asked
    /// twice it is the same refund.</summary>
    /// <param name="refund">Of less than nothing.</param>
    /// <param name="paid">What it is of.</param>
    Task<ChannelProgress> RefundAsync(City city, Payment refund, Payment paid, CancellationToken ct);

    /// <summary>What became of a payment. No transaction is open, so this may ask over the network.</summary>
    /// <param name="close">What is not paid yet is closed, so that nobody can pay it any more.</param>
    Task<ChannelProgress> AskAsync(City city, Payment payment, bool close, CancellationToken ct) => Task.FromResult(ChannelProgress.Open);
}

/// <summary>How far a channel has come with money that comes or goes back.</summary>
/// <param name="State">Pending while it is on its way, or nobody knows.</param>
/// <param name="Reference">The channel's own number; of what failed the channel's code for why.</param>
public sealed record ChannelProgress(PaymentState State, string Reference)
{
    /// <summary>It is on its way, or nobody knows.</summary>
    public static readonly ChannelProgress Open = new(PaymentState.Pending, "");
}

/// <summary>A driver's browser, as channels want to know it.</summary>
/// <param name="Address">The IP address that it asks from; empty where nobody knows.</param>
/// <param name="Site">The beginning of the city's pages as it reached them, with a slash at the end.</param>
/// <param name="OnPhone">It can open the channel's app by a link, which a computer cannot.</param>
public sealed record Payer(string Address, Uri Site, bool OnPhone)
{
    /// <summary>The channel, by its code, whose own app's browser it is, which opens no other app; null where it is none.</summary>
    public string? App { get; init; }

    /// <param name="browser">What it says of itself: the header <c>User-Agent</c>.</param>
    public static Payer Of(string address, Uri site, string browser) => new(address, site, browser.Contains("Mobile", StringComparison.Ordinal))
    {
        App = browser.Contains("MicroMessenger", StringComparison.Ordinal) ? WeChatPay.Name
            : browser.Contains("AlipayClient", StringComparison.Ordinal) ? AlipayChannel.Name : null
    };

    /// <summary>A browser of which nothing is known.</summary>
    public static readonly Payer Unknown = new("", new Uri("http://localhost/"), OnPhone: false);
}
