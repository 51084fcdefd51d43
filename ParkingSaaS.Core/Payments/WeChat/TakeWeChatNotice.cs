using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>A notification is not WeChat's, or not about a payment of that account.</summary>
/// <param name="Part">What of it is wrong.</param>
public sealed record NoticeRefused(string Part) : Error("payments.notice-refused", Part);

/// <summary>WeChat Pay tells that a payment is paid. Nothing is believed but what it signed, encrypted for the account, and says of a payment that was
/// begun with that account, to the fen. Told once or a thousand times, it counts once.</summary>
public sealed class TakeWeChatNotice(CitySessions sessions, TakePayment payments, ChannelSecrets secrets, TimeProvider clock)
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
        if (await s.Db.Set<ChannelAccount>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == accountId, ct) is not { } account)
            return new NotFound("channel-account");
        if (signature.Problem(account, body, clock.Now()) is { } problem)
            return new NoticeRefused(problem);
        if (Open(account, body) is not { } transaction)
            return new NoticeRefused("resource");
        if (!transaction.IsPaid)
            return new Done();
        if (!Guid.TryParseExact(transaction.OutTradeNo, "N", out var id)
            || await s.Db.Set<ChannelOrder>().Where(o => o.PaymentId == id && o.AccountId == accountId)
                .Join(s.Db.Set<Payment>().AsNoTracking(), o => o.PaymentId, p => p.Id, (_, p) => p).FirstOrDefaultAsync(ct) is not { } payment)
            return new NoticeRefused("out_trade_no");
        if (transaction.Misfit(account, payment) is { } misfit)
            return new NoticeRefused(misfit);
        return await payments.ConfirmAsync(channel, payment.Id, payment.Amount, transaction.TransactionId!, ct);
    }

    sealed record Envelope(Encrypted? Resource);

    sealed record Encrypted(string? Algorithm, string? Ciphertext, string? Nonce, string? AssociatedData);

    /// <summary>What the notification is about; null where it was not encrypted for the account.</summary>
    WeChatTransaction? Open(ChannelAccount account, byte[] body)
    {
        try
        {
            if (JsonSerializer.Deserialize<Envelope>(body, WeChatPayClient.Json)?.Resource
                is not { Algorithm: "AEAD_AES_256_GCM", Ciphertext: { } text } resource)
                return null;
            var (bytes, nonce) = (Convert.FromBase64String(text), Encoding.UTF8.GetBytes(resource.Nonce ?? ""));
            if (bytes.Length < TagBytes || nonce.Length != AesGcm.NonceByteSizes.MaxSize)
                return null;
            using var aes = new AesGcm(Encoding.UTF8.GetBytes(secrets.Open(account.Id, account.ApiKey)), TagBytes);
            var plain = new byte[bytes.Length - TagBytes];
            aes.Decrypt(nonce, bytes.AsSpan(0, plain.Length), bytes.AsSpan(plain.Length), plain, Encoding.UTF8.GetBytes(resource.AssociatedData ?? ""));
            return JsonSerializer.Deserialize<WeChatTransaction>(plain, WeChatPayClient.Json);
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException)
        {
            return null;
        }
    }
}
