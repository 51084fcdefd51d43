using System.Text;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>An account as entered.</summary>
/// <param name="Id">The account to change; null adds one.</param>
/// <param name="Name">1–64 characters.</param>
/// <param name="CompanyId">For the lots of this company; null with <paramref name="LotId"/> null: for the whole city.</param>
/// <param name="LotId">For this lot; not together with a company.</param>
/// <param name="Priority">0–999; the least counts first.</param>
/// <param name="AppId">Letters and digits.</param>
/// <param name="MerchantId">Digits; of Alipay 16, from 2088 on.</param>
/// <param name="SubAppId">Letters and digits; empty for none. Of WeChat alone.</param>
/// <param name="SubMerchantId">Digits; empty in merchant mode. Of WeChat alone.</param>
/// <param name="CertificateSerial">Hexadecimal digits. Of WeChat alone.</param>
/// <param name="PublicKeyId"><c>PUB_KEY_ID_</c> and digits. Of WeChat alone.</param>
/// <param name="PublicKey">The channel's: RSA of at least 2048 bits, as PEM or as the Base64 in it.</param>
public sealed record ChannelAccountDetails(Guid? Id, string? Name, Guid? CompanyId, Guid? LotId, int? Priority, bool Enabled, string? AppId,
    string? MerchantId, string? SubAppId, string? SubMerchantId, string? CertificateSerial, string? PublicKeyId, string? PublicKey)
{
    /// <summary>Of a new account; an account does not change it.</summary>
    public ChannelKind Kind { get; init; }

    /// <summary>RSA of at least 2048 bits, as PEM or as the Base64 in it; empty keeps the one there is.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>32 ASCII characters; empty keeps the one there is. Of WeChat alone.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Letters and digits, 32; empty keeps the one there is, or none. Of WeChat alone.</summary>
    public string? AppSecret { get; init; }

    /// <summary>Letters and digits, at most 64; empty keeps the one there is, or none. Of Alipay alone.</summary>
    public string? AuthToken { get; init; }

    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public ChannelAccountDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with: without its secrets, which nobody sees again.</summary>
    public static ChannelAccountDetails Of(ChannelAccount a) => new(a.Id, a.Name, a.CompanyId, a.LotId, a.Priority, a.Enabled, a.AppId, a.MerchantId,
        a.SubAppId, a.SubMerchantId, a.CertificateSerial, a.PublicKeyId, a.PublicKey)
    {
        Kind = a.Kind
    };

    /// <summary>Names the account and none of its secrets.</summary>
    public override string ToString() => $"channel account {Id}";
}

/// <summary>WeChat Pay and Alipay take renminbi alone, and the city has another currency.</summary>
public sealed record OnlyYuan() : Error("payments.only-yuan");

/// <summary>Payments were begun with the account: what it is to its channel stays, or they could not be booked any more.</summary>
public sealed record AccountInUse() : Error("payments.account-in-use");

/// <summary>Adds an account of a payment channel, or changes it. The security log says who did.</summary>
public sealed class SaveChannelAccount(CitySessions sessions, ChannelSecrets secrets, SecurityLog log)
{
    /// <summary>The longest text of a key.</summary>
    public const int MaxKey = RsaKeys.MaxText;

    const int MaxAuthToken = 64;

    /// <summary>Saves and answers the account's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, ChannelAccountDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Channels, ct);
        var account = await s.Db.Set<ChannelAccount>().FirstOrDefaultAsync(a => a.Id == request.Id, ct);
        if (!actor.Scope.IsWholeCity || (account is null && request.Id is not null))
            return new NotFound("channel-account");
        if (s.City.Currency != Currency.Yuan)
            return new OnlyYuan();
        var kind = account?.Kind ?? request.Kind;
        if (Problem(request, kind, account is null) is { } invalid)
            return invalid;
        if (request.CompanyId is { } company && !await s.Db.Set<Company>().AnyAsync(c => c.Id == company, ct))
            return new NotFound("company");
        if (request.LotId is { } lot && !await s.Db.Set<Lot>().AnyAsync(l => l.Id == lot, ct))
            return new NotFound("lot");
        if (account is not null && Edits.Since(request.Seen, ChannelAccountDetails.Of(account), request, account.ChangedBy) is { } changed)
            return changed;
        if (account is not null && IsAnother(account, request) && await s.Db.Set<ChannelOrder>().AnyAsync(o => o.AccountId == account.Id, ct))
            return new AccountInUse();
        var isNew = account is null;
        if (account is null)
            s.Db.Add(account = new ChannelAccount { Id = Guid.CreateVersion7(), Kind = kind });
        Fill(account, request);
        (account.ChangedBy, account.ChangedAt) = (actor.Name, s.Now);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        log.Write(isNew ? SecurityEvent.ChannelAdded : SecurityEvent.ChannelChanged, s.City.Code, actor.Address, account.Id.ToString(), $"by {actor.Id}");
        return account.Id;
    }

    static InvalidField? Problem(ChannelAccountDetails r, ChannelKind kind, bool isNew) =>
        Check.Required(nameof(r.Name), r.Name, ChannelAccount.MaxName)
        ?? Check.That(r.CompanyId is null || r.LotId is null, nameof(r.LotId), "invalid", "company-or-lot")
        ?? Check.That(r.Priority is not null, nameof(r.Priority), "required")
        ?? Check.Range(nameof(r.Priority), r.Priority, 0, 999)
        ?? Check.Required(nameof(r.AppId), r.AppId, 32)
        ?? Check.That(r.AppId!.Trim().All(char.IsAsciiLetterOrDigit), nameof(r.AppId), "invalid", "letters-and-digits")
        ?? Check.Required(nameof(r.MerchantId), r.MerchantId, 32)
        ?? Check.That(r.MerchantId!.Trim().All(char.IsAsciiDigit), nameof(r.MerchantId), "invalid", "digits")
        ?? Check.That(!isNew || Text(r.PrivateKey) is not null, nameof(r.PrivateKey), "required")
        ?? Check.That(Text(r.PrivateKey) is not { } own || RsaKeys.Pem(own, isPrivate: true) is not null, nameof(r.PrivateKey), "invalid", "private-key")
        ?? Check.That(Text(r.PublicKey) is not null, nameof(r.PublicKey), "required")
        ?? Check.That(RsaKeys.Pem(r.PublicKey, isPrivate: false) is not null, nameof(r.PublicKey), "invalid", "public-key")
        ?? (kind is ChannelKind.Alipay ? OfAlipay(r) : OfWeChat(r, isNew));

    static InvalidField? OfAlipay(ChannelAccountDetails r) =>
        Check.That(r.MerchantId!.Trim() is { Length: 16 } and ['2', '0', '8', '8', ..], nameof(r.MerchantId), "invalid", "seller-id")
        // The app's own public key, which Alipay is given, is mistaken for Alipay's easily, and nothing it signs would be believed.
        ?? Check.That(Text(r.PrivateKey) is not { } own || !RsaKeys.Pair(own, r.PublicKey!), nameof(r.PublicKey), "invalid", "alipay-key")
        ?? Check.That(Text(r.AuthToken) is not { } token || (token.Length <= MaxAuthToken && token.All(char.IsAsciiLetterOrDigit)), nameof(r.AuthToken),
            "invalid", "letters-and-digits");

    static InvalidField? OfWeChat(ChannelAccountDetails r, bool isNew) =>
        Check.Optional(nameof(r.SubMerchantId), r.SubMerchantId, 32)
        ?? Check.That(r.SubMerchantId is null || r.SubMerchantId.Trim().All(char.IsAsciiDigit), nameof(r.SubMerchantId), "invalid", "digits")
        ?? Check.Optional(nameof(r.SubAppId), r.SubAppId, 32)
        ?? Check.That(r.SubAppId is null || r.SubAppId.Trim().All(char.IsAsciiLetterOrDigit), nameof(r.SubAppId), "invalid", "letters-and-digits")
        ?? Check.That(Text(r.SubAppId) is null || Text(r.SubMerchantId) is not null, nameof(r.SubMerchantId), "required")
        ?? Check.Required(nameof(r.CertificateSerial), r.CertificateSerial, 64)
        ?? Check.That(r.CertificateSerial!.Trim().All(char.IsAsciiHexDigit), nameof(r.CertificateSerial), "invalid", "certificate-serial")
        ?? Check.That(!isNew || Text(r.ApiKey) is not null, nameof(r.ApiKey), "required")
        ?? Check.That(Text(r.ApiKey) is not { } key || (key.Length == 32 && Ascii.IsValid(key)), nameof(r.ApiKey), "invalid", "api-key")
        ?? Check.That(Text(r.AppSecret) is not { } secret || (secret.Length == 32 && secret.All(char.IsAsciiLetterOrDigit)), nameof(r.AppSecret), "invalid",
            "app-secret")
        ?? Check.Required(nameof(r.PublicKeyId), r.PublicKeyId, 64)
        ?? Check.That(r.PublicKeyId!.Trim() is ['P', 'U', 'B', '_', 'K', 'E', 'Y', '_', 'I', 'D', '_', .. var number] && number.All(char.IsAsciiDigit),
            nameof(r.PublicKeyId), "invalid", "public-key-id");

    static bool IsAnother(ChannelAccount a, ChannelAccountDetails r) => (a.AppId, a.MerchantId, a.SubAppId, a.SubMerchantId)
        != (r.AppId!.Trim(), r.MerchantId!.Trim(), Text(r.SubAppId), Text(r.SubMerchantId));

    void Fill(ChannelAccount a, ChannelAccountDetails r)
    {
        (a.Name, a.CompanyId, a.LotId, a.Priority, a.Enabled) = (r.Name!.Trim(), r.CompanyId, r.LotId, r.Priority!.Value, r.Enabled);
        (a.AppId, a.MerchantId, a.PublicKey) = (r.AppId!.Trim(), r.MerchantId!.Trim(), RsaKeys.Pem(r.PublicKey, isPrivate: false)!);
        if (Text(r.PrivateKey) is { } own)
            a.PrivateKey = secrets.Seal(a.Id, RsaKeys.Pem(own, isPrivate: true)!);
        if (a.Kind is ChannelKind.Alipay)
        {
            if (Text(r.AuthToken) is { } token)
                a.AuthToken = secrets.Seal(a.Id, token);
            return;
        }
        (a.SubAppId, a.SubMerchantId) = (Text(r.SubAppId), Text(r.SubMerchantId));
        (a.CertificateSerial, a.PublicKeyId) = (r.CertificateSerial!.Trim().ToUpperInvariant(), r.PublicKeyId!.Trim());
        if (Text(r.ApiKey) is { } key)
            a.ApiKey = secrets.Seal(a.Id, key);
        if (Text(r.AppSecret) is { } secret)
            a.AppSecret = secrets.Seal(a.Id, secret);
    }

    static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
