using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>A way that drivers pay on their phone. Money moves outside of this program; the channel calls back.</summary>
public interface IPaymentChannel
{
    /// <summary>Its code, kept with payments.</summary>
    string Code { get; }

    /// <summary>Whether it takes money of that lot. A question: nothing is written, and nobody outside is asked.</summary>
    Task<bool> TakesAsync(CitySession s, Guid lotId, CancellationToken ct);

    /// <summary>Prepares the payment at the channel. It is saved, and no transaction is open, so this may ask over the network. Asked twice it is
    /// the same payment.</summary>
    /// <returns>Where the driver goes to pay, relative to the city's pages or absolute; or <see cref="ChannelUnavailable"/>.</returns>
    Task<Result<string>> BeginAsync(City city, Payment payment, Payer payer, CancellationToken ct);

    /// <summary>Pays money back the way it came, and says how far it is. It is saved, and no transaction is open, so this may ask over the network. Asked
    /// twice it is the same refund.</summary>
    /// <param name="refund">Of less than nothing.</param>
    /// <param name="paid">What it is of.</param>
    Task<RefundProgress> RefundAsync(City city, Payment refund, Payment paid, CancellationToken ct);
}

/// <summary>A driver's browser, as channels want to know it.</summary>
/// <param name="Address">The IP address that it asks from; empty where nobody knows.</param>
/// <param name="Site">The beginning of the city's pages as it reached them, with a slash at the end.</param>
/// <param name="OnPhone">It can open the channel's app by a link, which a computer cannot.</param>
public sealed record Payer(string Address, Uri Site, bool OnPhone)
{
    /// <summary>It is the browser of WeChat's own app, which opens no other.</summary>
    public bool InWeChat { get; init; }

    /// <summary>A browser of which nothing is known.</summary>
    public static readonly Payer Unknown = new("", new Uri("http://localhost/"), OnPhone: false);
}
