using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>Drivers pay by WeChat: on a computer by a code that their phone scans (Native), on a phone by a link (H5), in WeChat's own browser right there
/// (JSAPI), where the account has what that takes.</summary>
sealed class WeChatPay(CitySessions sessions, WeChatPayClient client, ILogger<WeChatPay> log) : IPaymentChannel
{
    /// <summary>The method code of its payments.</summary>
    public const string Name = "wechat";

    /// <summary>The channel as it calls back, and as it is asked.</summary>
    public static Actor ActorOf(string city) => Actor.Channel(city, Name, PaymentPermissions.Confirm);

    /// <inheritdoc/>
    public string Code => Name;

    /// <inheritdoc/>
    public async Task<bool> TakesAsync(CitySession s, Guid lotId, CancellationToken ct) =>
        s.City.Currency == Currency.Yuan && await ChannelAccount.OfLotAsync(s, ChannelKind.WeChatPay, lotId, ct) is not null;

    /// <inheritdoc/>
    public async Task<Result<string>> BeginAsync(City city, Payment payment, Payer payer, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city.Code), PaymentPermissions.Confirm, ct);
        var order = await s.Db.Set<ChannelOrder>().FindAsync([payment.Id], ct);
        var account = order is null ? await ChannelAccount.OfLotAsync(s, ChannelKind.WeChatPay, payment.LotId, ct)
            : await s.Db.Set<ChannelAccount>().AsNoTracking().FirstAsync(a => a.Id == order.AccountId, ct);
        if (account is null)
            return new UnknownChannel(Name);
        if (order is null)
        {
            // Before WeChat knows of it, so that whatever comes of it is asked for.
            s.Db.Add(order = new ChannelOrder
            {
                PaymentId = payment.Id,
                LotId = payment.LotId,
                AccountId = account.Id,
                Way = !payer.InWeChat ? payer.OnPhone ? ChannelWay.Link : ChannelWay.Code
                    : account.AppSecret.Length > 0 ? ChannelWay.InApp : ChannelWay.Code,
                Notify = $"{new Uri(payer.Site, $"pay/wechat/{account.Id}")}",
                AskAt = payment.CreatedAt + ChannelOrder.FirstWait
            });
            if ((await s.SaveAsync(ct)).Error is { } changed)
                return changed;
        }
        // In the app it is made once WeChat has said who pays.
        if (order is { Address: null, Way: not ChannelWay.InApp })
        {
            var lot = await s.Db.Set<Lot>().Where(l => l.Id == payment.LotId).Select(l => l.Name).FirstAsync(ct);
            var made = await client.OrderAsync(city.Code, account, WeChatOrder.Of(payment, order, lot, payer.Address), ct);
            if (!made.Try(out var address, out var error))
                return error;
            await s.Db.Set<ChannelOrder>().Where(o => o.PaymentId == payment.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Address, address), ct);
        }
        return $"pay/channel/{payment.Id}";
    }

    /// <inheritdoc/>
    public async Task<RefundProgress> RefundAsync(City city, Payment refund, Payment paid, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city.Code), PaymentPermissions.Confirm, ct);
        var (order, account) = await s.Db.Set<ChannelOrder>().AsNoTracking().Where(o => o.PaymentId == paid.Id)
            .Join(s.Db.Set<ChannelAccount>().AsNoTracking(), o => o.AccountId, a => a.Id, (o, a) => ValueTuple.Create(o, a)).FirstAsync(ct);
        var told = await client.FindRefundAsync(city.Code, account, refund, ct);
        // Only what WeChat does not know is handed in: so what is refused then has not been taken up before.
        if (told?.Code is WeChatRefund.Unknown)
            told = await client.RefundAsync(city.Code, account, refund, paid, new Uri(order.Notify), ct);
        if (told is null)
            return RefundProgress.Open;
        if (told.Code is null && told.Misfit(refund, paid) is { } misfit)
        {
            log.LogWarning("What WeChat Pay tells of refund {Refund} does not fit it: {Misfit}", refund.Id, misfit);
            return RefundProgress.Open;
        }
        return told.Progress;
    }
}
