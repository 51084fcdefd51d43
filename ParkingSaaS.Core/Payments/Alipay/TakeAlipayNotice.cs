using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.Alipay;

/// <summary>Alipay tells what became of a payment. Nothing is believed but what it signed, and says of a payment that was begun with that account, to the
/// fen. Told once or a thousand times, it counts once.</summary>
public sealed class TakeAlipayNotice(CitySessions sessions, TakePayment payments, ChannelLog messages)
{
    /// <summary>More bytes are no notification.</summary>
    public const int MaxBytes = 64 << 10;

    /// <param name="accountId">The account that the address names.</param>
    /// <param name="notice">The form's parameters.</param>
    public async Task<Result<Done>> RunAsync(string city, Guid accountId, IReadOnlyDictionary<string, string> notice, CancellationToken ct)
    {
        var channel = AlipayChannel.ActorOf(city);
        await using var s = await sessions.OpenAsync(channel, PaymentPermissions.Confirm, ct);
        if (await s.Db.Set<ChannelAccount>().AsNoTracking()
                .FirstOrDefaultAsync(a => a.Id == accountId && a.Kind == ChannelKind.Alipay, ct) is not { } account)
            return new NotFound("channel-account");
        if (!AlipaySignature.Signed(account, notice))
            return new NoticeRefused("sign");
        if (notice.GetValueOrDefault("app_id") != account.AppId)
            return new NoticeRefused("app_id");
        if (notice.GetValueOrDefault("seller_id") != account.MerchantId)
            return new NoticeRefused("seller_id");
        var told = new AlipayTrade
        {
            OutTradeNo = notice.GetValueOrDefault("out_trade_no"),
            TradeNo = notice.GetValueOrDefault("trade_no"),
            TradeStatus = notice.GetValueOrDefault("trade_status"),
            TotalAmount = notice.GetValueOrDefault("total_amount"),
            TransCurrency = notice.GetValueOrDefault("trans_currency")
        };
        if (!Guid.TryParseExact(told.OutTradeNo, "N", out var id)
            || await s.Db.Set<ChannelOrder>().Where(o => o.PaymentId == id && o.AccountId == accountId)
                .Join(s.Db.Set<Payment>().AsNoTracking(), o => o.PaymentId, p => p.Id, (_, p) => p).FirstOrDefaultAsync(ct) is not { } payment)
            return new NoticeRefused("out_trade_no");
        var misfit = told.Misfit(payment);
        messages.Heard(s, account, payment, JsonSerializer.SerializeToUtf8Bytes(notice), misfit);
        return misfit is not null ? new NoticeRefused(misfit)
            : told.IsPaid ? await payments.ConfirmAsync(channel, id, payment.Amount, told.TradeNo!, ct)
            : told.IsOver ? await payments.FailAsync(channel, id, ct)
            : new Done();
    }
}
