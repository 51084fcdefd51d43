using System.Security.Cryptography;
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
/// <param name="MerchantId">Digits.</param>
/// <param name="SubAppId">Letters and digits; empty for none.</param>
/// <param name="SubMerchantId">Digits; empty in merchant mode.</param>
/// <param name="CertificateSerial">Hexadecimal digits.</param>
/// <param name="PublicKeyId"><c>PUB_KEY_ID_</c> and digits.</param>
/// <param name="PublicKey">PEM, RSA of at least 2048 bits.</param>
public sealed record ChannelAccountDetails(Guid? Id, string? Name, Guid? CompanyId, Guid? LotId, int? Priority, bool Enabled, string? AppId,
    string? MerchantId, string? SubAppId, string? SubMerchantId, string? CertificateSerial, string? PublicKeyId, string? PublicKey)
{
    /// <summary>PEM, RSA of at least 2048 bits; empty keeps the one there is.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>32 ASCII characters; empty keeps the one there is.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Letters and digits, 32; empty keeps the one there is, or none.</summary>
    public string? AppSecret { get; init; }

    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public ChannelAccountDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with: without its secrets, which nobody sees again.</summary>
    public static ChannelAccountDetails Of(ChannelAccount a) => new(a.Id, a.Name, a.CompanyId, a.LotId, a.Priority, a.Enabled, a.AppId, a.MerchantId,
        a.SubAppId, a.SubMerchantId, a.CertificateSerial, a.PublicKeyId, a.PublicKey);

    /// <summary>Names the account and none of its secrets.</summary>
    public override string ToString() => $"channel account {Id}";
}

/// <summary>WeChat Pay takes renminbi alone, and the city has another currency.</summary>
public sealed record OnlyYuan() : Error("payments.only-yuan");

/// <summary>Payments were begun with the account: what it is to WeChat Pay stays, or they could not be booked any more.</summary>
public sealed record AccountInUse() : Error("payments.account-in-use");

/// <summary>Adds an account of WeChat Pay, or changes it. The security log says who did.</summary>
public sealed class SaveChannelAccount(CitySessions sessions, ChannelSecrets secrets, SecurityLog log)
{
    /// <summary>PEM longer than that holds no single key.</summary>
    public const int MaxPem = 8 << 10;

    /// <summary>Saves and answers the account's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, ChannelAccountDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Channels, ct);
        var account = await s.Db.Set<ChannelAccount>().FirstOrDefaultAsync(a => a.Id == request.Id, ct);
        if (!actor.Scope.IsWholeCity || (account is null && request.Id is not null))
            return new NotFound("channel-account");
        if (s.City.Currency != Currency.Yuan)
            return new OnlyYuan();
        if (Problem(request, account is null) is { } invalid)
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
            s.Db.Add(account = new ChannelAccount { Id = Guid.CreateVersion7(), Kind = ChannelKind.WeChatPay });
        Fill(account, request);
        (account.ChangedBy, account.ChangedAt) = (actor.Name, s.Now);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        log.Write(isNew ? SecurityEvent.ChannelAdded : SecurityEvent.ChannelChanged, s.City.Code, actor.Address, account.Id.ToString(), $"by {actor.Id}");
        return account.Id;
    }

    static InvalidField? Problem(ChannelAccountDetails r, bool isNew) =>
        Check.Required(nameof(r.Name), r.Name, ChannelAccount.MaxName)
        ?? Check.That(r.CompanyId is null || r.LotId is null, nameof(r.LotId), "invalid", "company-or-lot")
        ?? Check.That(r.Priority is not null, nameof(r.Priority), "required")
        ?? Check.Range(nameof(r.Priority), r.Priority, 0, 999)
        ?? Check.Required(nameof(r.AppId), r.AppId, 32)
        ?? Check.That(r.AppId!.Trim().All(char.IsAsciiLetterOrDigit), nameof(r.AppId), "invalid", "letters-and-digits")
        ?? Check.Required(nameof(r.MerchantId), r.MerchantId, 32)
        ?? Check.That(r.MerchantId!.Trim().All(char.IsAsciiDigit), nameof(r.MerchantId), "invalid", "digits")
        ?? Check.Optional(nameof(r.SubMerchantId), r.SubMerchantId, 32)
        ?? Check.That(r.SubMerchantId is null || r.SubMerchantId.Trim().All(char.IsAsciiDigit), nameof(r.SubMerchantId), "invalid", "digits")
        ?? Check.Optional(nameof(r.SubAppId), r.SubAppId, 32)
        ?? Check.That(r.SubAppId is null || r.SubAppId.Trim().All(char.IsAsciiLetterOrDigit), nameof(r.SubAppId), "invalid", "letters-and-digits")
        ?? Check.That(Text(r.SubAppId) is null || Text(r.SubMerchantId) is not null, nameof(r.SubMerchantId), "required")
        ?? Check.Required(nameof(r.CertificateSerial), r.CertificateSerial, 64)
        ?? Check.That(r.CertificateSerial!.Trim().All(char.IsAsciiHexDigit), nameof(r.CertificateSerial), "invalid", "certificate-serial")
        ?? Check.That(!isNew || Text(r.PrivateKey) is not null, nameof(r.PrivateKey), "required")
        ?? Check.That(Text(r.PrivateKey) is not { } own || IsKey(own, isPrivate: true), nameof(r.PrivateKey), "invalid", "private-key")
        ?? Check.That(!isNew || Text(r.ApiKey) is not null, nameof(r.ApiKey), "required")
        ?? Check.That(Text(r.ApiKey) is not { } key || (key.Length == 32 && Ascii.IsValid(key)), nameof(r.ApiKey), "invalid", "api-key")
        ?? Check.That(Text(r.AppSecret) is not { } secret || (secret.Length == 32 && secret.All(char.IsAsciiLetterOrDigit)), nameof(r.AppSecret), "invalid",
            "app-secret")
        ?? Check.Required(nameof(r.PublicKeyId), r.PublicKeyId, 64)
        ?? Check.That(r.PublicKeyId!.Trim() is ['P', 'U', 'B', '_', 'K', 'E', 'Y', '_', 'I', 'D', '_', .. var number] && number.All(char.IsAsciiDigit),
            nameof(r.PublicKeyId), "invalid", "public-key-id")
        ?? Check.That(Text(r.PublicKey) is not null, nameof(r.PublicKey), "required")
        ?? Check.That(IsKey(r.PublicKey!, isPrivate: false), nameof(r.PublicKey), "invalid", "public-key");

    static bool IsAnother(ChannelAccount a, ChannelAccountDetails r) => (a.AppId, a.MerchantId, a.SubAppId, a.SubMerchantId)
        != (r.AppId!.Trim(), r.MerchantId!.Trim(), Text(r.SubAppId), Text(r.SubMerchantId));

    void Fill(ChannelAccount a, ChannelAccountDetails r)
    {
        (a.Name, a.CompanyId, a.LotId, a.Priority, a.Enabled) = (r.Name!.Trim(), r.CompanyId, r.LotId, r.Priority!.Value, r.Enabled);
        (a.AppId, a.MerchantId, a.SubAppId, a.SubMerchantId) = (r.AppId!.Trim(), r.MerchantId!.Trim(), Text(r.SubAppId), Text(r.SubMerchantId));
        (a.CertificateSerial, a.PublicKeyId, a.PublicKey) = (r.CertificateSerial!.Trim().ToUpperInvariant(), r.PublicKeyId!.Trim(), r.PublicKey!.Trim());
        if (Text(r.PrivateKey) is { } own)
            a.PrivateKey = secrets.Seal(a.Id, own);
        if (Text(r.ApiKey) is { } key)
            a.ApiKey = secrets.Seal(a.Id, key);
        if (Text(r.AppSecret) is { } secret)
            a.AppSecret = secrets.Seal(a.Id, secret);
    }

    static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    static bool IsKey(string pem, bool isPrivate)
    {
        if (pem.Length > MaxPem || pem.Contains("PRIVATE KEY", StringComparison.Ordinal) != isPrivate)
            return false;
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.KeySize >= 2048;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
