using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>Asks WeChat Pay what became of payments of which it told nothing: after a quarter of a minute, then at growing distance. What is paid
/// is booked as if it had told. A payment that has waited too long is closed there before it is given up here, so no driver pays for what is
/// over; where closing says that it is paid already, the question right after finds that.</summary>
public sealed class AskWeChatPay(CitySessions sessions, WeChatPayClient client, TakePayment payments, ILogger<AskWeChatPay> log)
{
    /// <summary>So many at a time, the longest due first.</summary>
    const int Most = 50;

    /// <summary>After so many doublings of the first wait the distance grows no more: it is eight minutes.</summary>
    const int Doublings = 5;

    /// <returns>How many payments have succeeded or failed by it.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(WeChatPay.ActorOf(city), PaymentPermissions.Confirm, ct);
        var due = await (from order in s.Db.Set<ChannelOrder>().AsNoTracking()
                         join payment in s.Db.Set<Payment>().AsNoTracking() on order.PaymentId equals payment.Id
                         join account in s.Db.Set<ChannelAccount>().AsNoTracking() on order.AccountId equals account.Id
                         where order.AskAt <= s.Now
                         orderby order.AskAt
                         select new { order, payment, account }).Take(Most).ToListAsync(ct);
        var settled = 0;
        foreach (var each in due)
            if (await ClaimAsync(s, each.order, each.payment, ct) && await AskAsync(s.City.Code, each.payment, each.account, s.Now, ct))
            {
                settled++;
                await NoMoreAsync(s, each.payment.Id, ct);
            }
        return settled;
    }

    /// <summary>Another node may have been quicker; and whatever happens while WeChat is asked, it is asked again later.</summary>
    static async Task<bool> ClaimAsync(CitySession s, ChannelOrder order, Payment payment, CancellationToken ct)
    {
        if (payment.State is not PaymentState.Pending)
        {
            await NoMoreAsync(s, payment.Id, ct);
            return false;
        }
        DateTimeOffset? next = s.Now + ChannelOrder.FirstWait * (1 << Math.Min(order.Asked, Doublings));
        return await s.Db.Set<ChannelOrder>().Where(o => o.PaymentId == order.PaymentId && o.AskAt == order.AskAt)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.AskAt, next).SetProperty(o => o.Asked, o => o.Asked + 1), ct) == 1;
    }

    static Task NoMoreAsync(CitySession s, Guid paymentId, CancellationToken ct) => s.Db.Set<ChannelOrder>().Where(o => o.PaymentId == paymentId)
        .ExecuteUpdateAsync(set => set.SetProperty(o => o.AskAt, (DateTimeOffset?)null), ct);

    /// <returns>Whether the payment has succeeded or failed.</returns>
    async Task<bool> AskAsync(string city, Payment payment, ChannelAccount account, DateTimeOffset now, CancellationToken ct)
    {
        var late = now - payment.CreatedAt >= GiveUpPayments.MaxWait;
        if (late)
            await client.CloseAsync(city, account, payment, ct);
        if (await client.FindAsync(city, account, payment, ct) is not { } told)
            return false;
        var channel = WeChatPay.ActorOf(city);
        if (told.IsPaid)
        {
            if (told.Misfit(account, payment) is not { } misfit)
                return (await payments.ConfirmAsync(channel, payment.Id, payment.Amount, told.TransactionId!, ct)).Ok;
            log.LogWarning("What WeChat Pay tells of payment {Payment} does not fit it: {Misfit}", payment.Id, misfit);
            return false;
        }
        // What WeChat does not know yet may be on its way there.
        var over = told.TradeState is null ? late : told.IsOver;
        return over && (await payments.FailAsync(channel, payment.Id, ct)).Ok;
    }
}
