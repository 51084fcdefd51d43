using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>WeChat Pay tells that a payment is paid, or what became of a refund. Nothing is believed but what it signed, encrypted for the account, and
/// says of a payment that was begun with that account, to the fen. Told once or a thousand times, it counts once.</summary>
public sealed class TakeWeChatNotice(CitySessions sessions, TakePayment payments, PayBack payBack, ChannelSecrets secrets, ChannelLog messages,
    TimeProvider clock)
{
    /// <summary>More bytes are no notification.</summary>
    public const int MaxBytes = 64 << 10;

    const int TagBytes = 16;

    /// <param name="accountId">The account that the address names.</param>
    /// <param name="body">As it came: the signature is of the bytes.</param>
    public async Task<Result<Done>> RunAsync(string city, Guid accountId, WeChatSignature signature, byte[] body, CancellationToken ct)
    {
        var channel = WeChatPay.ActorOf(city);
        await using var s = await sessions.OpenAsync(channel, PaymentPermissions.Confirm, ct);
        if (await s.Db.Set<ChannelAccount>().AsNoTracking()
                .FirstOrDefaultAsync(a => a.Id == accountId && a.Kind == ChannelKind.WeChatPay, ct) is not { } account)
            return new NotFound("channel-account");
        if (signature.Problem(account, body, clock.Now()) is { } problem)
            return new NoticeRefused(problem);
        if (Open(account, body) is not var (eventType, told))
            return new NoticeRefused("resource");
        if (eventType.StartsWith("REFUND.", StringComparison.Ordinal))
            return WeChatPayClient.Read<WeChatRefund>(told) is { } refund ? await RefundAsync(s, account, refund, told, ct) : new NoticeRefused("resource");
        if (WeChatPayClient.Read<WeChatTransaction>(told) is not { } transaction)
            return new NoticeRefused("resource");
        if (!transaction.IsPaid)
            return new Done();
        if (!Guid.TryParseExact(transaction.OutTradeNo, "N", out var id)
            || await s.Db.Set<ChannelOrder>().Where(o => o.PaymentId == id && o.AccountId == accountId)
                .Join(s.Db.Set<Payment>().AsNoTracking(), o => o.PaymentId, p => p.Id, (_, p) => p).FirstOrDefaultAsync(ct) is not { } payment)
            return new NoticeRefused("out_trade_no");
        var misfit = transaction.Misfit(account, payment);
        messages.Heard(s, account, payment, told, misfit);
        if (misfit is not null)
            return new NoticeRefused(misfit);
        return await payments.ConfirmAsync(channel, payment.Id, payment.Amount, transaction.TransactionId!, ct);
    }

    async Task<Result<Done>> RefundAsync(CitySession s, ChannelAccount account, WeChatRefund told, byte[] text, CancellationToken ct)
    {
        if (!told.IsOf(account))
            return new NoticeRefused("mchid");
        if (!Guid.TryParseExact(told.OutRefundNo, "N", out var id)
            || await s.Db.Set<Refund>().AsNoTracking().FirstOrDefaultAsync(r => r.PaymentId == id
                && s.Db.Set<ChannelOrder>().Any(o => o.PaymentId == r.OfPaymentId && o.AccountId == account.Id), ct) is not { } row)
            return new NoticeRefused("out_refund_no");
        var refund = await s.Db.Set<Payment>().AsNoTracking().FirstAsync(p => p.Id == row.PaymentId, ct);
        var paid = await s.Db.Set<Payment>().AsNoTracking().FirstAsync(p => p.Id == row.OfPaymentId, ct);
        var misfit = told.Misfit(refund, paid);
        messages.Heard(s, account, refund, text, misfit);
        return misfit is not null ? new NoticeRefused(misfit) : await payBack.SettleAsync(s.Actor, id, told.Progress, ct);
    }

    sealed record Envelope(string? EventType, Encrypted? Resource);

    sealed record Encrypted(string? Algorithm, string? Ciphertext, string? Nonce, string? AssociatedData);

    /// <summary>What the notification is about; null where it was not encrypted for the account.</summary>
    (string EventType, byte[] Told)? Open(ChannelAccount account, byte[] body)
    {
        try
        {
            if (WeChatPayClient.Read<Envelope>(body) is not { EventType: { } eventType, Resource: { } resource }
                || resource is not { Algorithm: "AEAD_AES_256_GCM", Ciphertext: { } text })
                return null;
            var (bytes, nonce) = (Convert.FromBase64String(text), Encoding.UTF8.GetBytes(resource.Nonce ?? ""));
            if (bytes.Length < TagBytes || nonce.Length != AesGcm.NonceByteSizes.MaxSize)
                return null;
            using var aes = new AesGcm(Encoding.UTF8.GetBytes(secrets.Open(account.Id, account.ApiKey)), TagBytes);
            var plain = new byte[bytes.Length - TagBytes];
            aes.Decrypt(nonce, bytes.AsSpan(0, plain.Length), bytes.AsSpan(plain.Length), plain, Encoding.UTF8.GetBytes(resource.AssociatedData ?? ""));
            return (eventType, plain);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
