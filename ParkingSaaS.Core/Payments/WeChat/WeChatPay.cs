using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>Drivers pay by WeChat: on a computer by a code that their phone scans (Native), on a phone by a link (H5).</summary>
sealed class WeChatPay(CitySessions sessions, WeChatPayClient client) : IPaymentChannel
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
                OnPhone = payer.OnPhone,
                AskAt = payment.CreatedAt + ChannelOrder.FirstWait
            });
            if ((await s.SaveAsync(ct)).Error is { } changed)
                return changed;
        }
        if (order.Address is null)
        {
            var lot = await s.Db.Set<Lot>().Where(l => l.Id == payment.LotId).Select(l => l.Name).FirstAsync(ct);
            var made = await client.OrderAsync(account, new WeChatOrder(payment, $"{lot} 停车费", new Uri(payer.Site, $"pay/wechat/{account.Id}"),
                payment.CreatedAt + GiveUpPayments.MaxWait, order.OnPhone ? payer.Address : null), ct);
            if (!made.Try(out var address, out var error))
                return error;
            await s.Db.Set<ChannelOrder>().Where(o => o.PaymentId == payment.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Address, address), ct);
        }
        return $"pay/channel/{payment.Id}";
    }
}
