using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>What the page hands to WeChat, in whose browser it is shown, so that the driver pays there.</summary>
/// <param name="TimeStamp">Seconds since 1970.</param>
/// <param name="Package">What was prepared.</param>
/// <param name="PaySign">By the merchant's key over all of it.</param>
public sealed record WeChatCall(string AppId, string TimeStamp, string NonceStr, string Package, string PaySign);

/// <summary>The next step of a driver in WeChat's browser: one of the two.</summary>
/// <param name="SignIn">WeChat says there who the driver is, without asking them, and leads back with a code.</param>
/// <param name="Call">The payment is prepared.</param>
public sealed record InWeChat(Uri? SignIn, WeChatCall? Call);

/// <summary>A driver pays in WeChat's own browser (JSAPI). The order there is made for the one who pays, so WeChat is asked first who that is: only as
/// an id (openid) that means something to this app alone. It is used at once and not kept.</summary>
public sealed class PayInWeChat(CitySessions sessions, WeChatPayClient client)
{
    /// <param name="page">The page itself, to which WeChat leads back; without a query.</param>
    /// <param name="code">With what WeChat led back; null where it was not asked yet.</param>
    /// <returns><see cref="ChannelUnavailable"/> where WeChat cannot be asked, or knows the code no more; it may be tried again.</returns>
    public async Task<Result<InWeChat>> RunAsync(Actor actor, Guid paymentId, Uri page, string? code, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Begin, ct);
        if (await s.Db.Set<ChannelOrder>().AsNoTracking().FirstOrDefaultAsync(o => o.PaymentId == paymentId && o.Way == ChannelWay.InApp, ct) is not { } order)
            return new NotFound("payment");
        var account = await s.Db.Set<ChannelAccount>().AsNoTracking().FirstAsync(a => a.Id == order.AccountId, ct);
        if (order.Address is { } prepared)
            return new InWeChat(null, client.Call(account, prepared));
        if (code is null)
            return new InWeChat(WeChatPayClient.SignIn(account, page, paymentId), null);
        if (await client.PayerAsync(account, code, ct) is not { } payer)
            return new ChannelUnavailable();
        var payment = await s.Db.Set<Payment>().AsNoTracking().FirstAsync(p => p.Id == paymentId, ct);
        var wanted = WeChatOrder.Of(payment, order, await ChannelOrder.SubjectAsync(s, payment, ct), payer);
        if (!(await client.OrderAsync(s.City.Code, account, wanted, ct)).Try(out var made, out var error))
            return error;
        await s.Db.Set<ChannelOrder>().Where(o => o.PaymentId == paymentId).ExecuteUpdateAsync(set => set.SetProperty(o => o.Address, made), ct);
        return new InWeChat(null, client.Call(account, made));
    }
}
