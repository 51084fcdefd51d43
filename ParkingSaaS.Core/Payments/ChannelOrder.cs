using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>How a driver pays at a channel.</summary>
public enum ChannelWay
{
    /// <summary>Another phone scans a code.</summary>
    Code,

    /// <summary>The phone that shows the page opens the channel's app by a link.</summary>
    Link,

    /// <summary>The page is shown by the channel's app itself.</summary>
    InApp,

    /// <summary>The channel's app shows a code, which an attendant scans.</summary>
    Scanned
}

/// <summary>A payment as its channel knows it, and when the channel is asked what became of it.</summary>
public sealed class ChannelOrder : OpenQuestion
{
    /// <summary>The account that takes the money.</summary>
    public required Guid AccountId { get; init; }

    public required ChannelWay Way { get; init; }

    /// <summary>Where the driver pays, in the app the number of what is prepared there; null until the channel has told.</summary>
    public string? Address { get; set; }

    /// <summary>Where the channel tells of it, and of what goes back of it; empty where nobody reached the city's pages by their address.</summary>
    public required string Notify { get; init; }

    /// <summary>The page where a driver pays it, relative to the city's pages.</summary>
    internal static string PageOf(Payment payment) => $"pay/channel/{payment.Id}";

    /// <summary>Prepares a payment at its channel: here before the channel knows of it, so that whatever comes of it is asked for.</summary>
    /// <param name="site">The beginning of the city's pages as the driver reached them.</param>
    /// <param name="way">How the driver pays.</param>
    /// <param name="make">Asks the channel where, with what the driver reads there.</param>
    /// <returns>The page that shows where.</returns>
    internal static async Task<Result<string>> BeginAsync(CitySession s, ChannelKind kind, Payment payment, Uri site, Func<ChannelAccount, ChannelWay> way,
        Func<ChannelAccount, ChannelOrder, string, Task<Result<string>>> make, CancellationToken ct)
    {
        var order = await s.Db.Set<ChannelOrder>().FindAsync([payment.Id], ct);
        var account = order is null ? await ChannelAccount.OfLotAsync(s, kind, payment.LotId, ct)
            : await s.Db.Set<ChannelAccount>().AsNoTracking().FirstAsync(a => a.Id == order.AccountId, ct);
        if (account is null)
            return new UnknownChannel(payment.Method);
        if (order is null)
        {
            s.Db.Add(order = New(payment, account, way(account), $"{new Uri(site, $"pay/{payment.Method}/{account.Id}")}"));
            if ((await s.SaveAsync(ct)).Error is { } changed)
                return changed;
        }
        // In the app it is made once the app has said who pays.
        if (order is { Address: null, Way: not ChannelWay.InApp })
        {
            if (!(await make(account, order, await SubjectAsync(s, payment, ct))).Try(out var address, out var error))
                return error;
            await s.Db.Set<ChannelOrder>().Where(o => o.PaymentId == payment.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Address, address), ct);
        }
        return PageOf(payment);
    }

    /// <summary>Adds that a payment is taken by a code, before the channel knows of it.</summary>
    /// <returns>The account; null where it was begun before, or no account takes the money.</returns>
    internal static async Task<ChannelAccount?> BeginCodeAsync(CitySession s, ChannelKind kind, Payment payment, CancellationToken ct)
    {
        if (await s.Db.Set<ChannelOrder>().AnyAsync(o => o.PaymentId == payment.Id, ct)
            || await ChannelAccount.OfLotAsync(s, kind, payment.LotId, ct) is not { } account)
            return null;
        s.Db.Add(New(payment, account, ChannelWay.Scanned, notify: ""));
        return (await s.SaveAsync(ct)).Ok ? account : null;
    }

    static ChannelOrder New(Payment payment, ChannelAccount account, ChannelWay way, string notify) => new()
    {
        PaymentId = payment.Id,
        LotId = payment.LotId,
        AccountId = account.Id,
        Way = way,
        Notify = notify,
        AskAt = payment.CreatedAt + FirstWait
    };

    /// <summary>What the driver reads at the channel.</summary>
    internal static async Task<string> SubjectAsync(CitySession s, Payment payment, CancellationToken ct) =>
        await s.Db.Set<Lot>().Where(l => l.Id == payment.LotId).Select(l => l.Name).FirstAsync(ct) + " 停车费";

    /// <summary>A payment at its channel, with the account that takes the money.</summary>
    internal static Task<(ChannelOrder Order, ChannelAccount Account)> OfAsync(CitySession s, Payment payment, CancellationToken ct) =>
        s.Db.Set<ChannelOrder>().AsNoTracking().Where(o => o.PaymentId == payment.Id)
            .Join(s.Db.Set<ChannelAccount>().AsNoTracking(), o => o.AccountId, a => a.Id, (o, a) => ValueTuple.Create(o, a)).FirstAsync(ct);
}
