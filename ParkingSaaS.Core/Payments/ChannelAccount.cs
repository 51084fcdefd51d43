using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>Whose account it is.</summary>
public enum ChannelKind
{
    /// <summary>WeChat Pay, API v3: a merchant's own account, or a service provider's for a sub-merchant.</summary>
    WeChatPay,

    /// <summary>Alipay, open platform: a merchant's own app, or a service provider's for a merchant who authorized it.</summary>
    Alipay
}

/// <summary>An account that money of drivers is paid into by a channel: of the whole city, of a company's lots, or of one lot. It is never removed, for
/// payments name it; switched off, it takes no new ones.</summary>
public sealed class ChannelAccount
{
    public const int MaxName = 64;

    /// <summary>Row id; part of the address that the channel calls back.</summary>
    public required Guid Id { get; init; }

    public required ChannelKind Kind { get; init; }

    /// <summary>What staff call it.</summary>
    public string Name { get; set; } = "";

    /// <summary>For the lots of this company alone.</summary>
    public Guid? CompanyId { get; set; }

    /// <summary>For this lot alone.</summary>
    public Guid? LotId { get; set; }

    /// <summary>The least counts first among accounts that reach as far.</summary>
    public int Priority { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>The app's id: the merchant's, or the service provider's.</summary>
    public string AppId { get; set; } = "";

    /// <summary>The merchant's number, or the service provider's; of Alipay the merchant who is paid (PID).</summary>
    public string MerchantId { get; set; } = "";

    /// <summary>The sub-merchant's own app id; null where the provider's serves, and of Alipay.</summary>
    public string? SubAppId { get; set; }

    /// <summary>Whom a service provider takes the money for; null in merchant mode, and of Alipay.</summary>
    public string? SubMerchantId { get; set; }

    /// <summary>Serial number of the merchant's certificate, by which WeChat knows our signatures; empty of Alipay.</summary>
    public string CertificateSerial { get; set; } = "";

    /// <summary>The private key by which we sign, as PEM and sealed.</summary>
    public string PrivateKey { get; set; } = "";

    /// <summary>WeChat's API v3 key, sealed; empty of Alipay.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>The app secret of the official account, sealed; empty where nobody pays in WeChat's own browser.</summary>
    public string AppSecret { get; set; } = "";

    /// <summary>By which a merchant lets a service provider act at Alipay (<c>app_auth_token</c>), sealed; empty in merchant mode, and of WeChat.</summary>
    public string AuthToken { get; set; } = "";

    /// <summary>Id of WeChat's public key: the serial that its signatures name; empty of Alipay.</summary>
    public string PublicKeyId { get; set; } = "";

    /// <summary>The channel's public key, as PEM.</summary>
    public string PublicKey { get; set; } = "";

    /// <summary>Who changed it last.</summary>
    public string ChangedBy { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>The account that takes what is paid for a lot: the lot's own before its company's before the city's, of these the first by
    /// priority; null where there is none.</summary>
    internal static Task<ChannelAccount?> OfLotAsync(CitySession s, ChannelKind kind, Guid lotId, CancellationToken ct) =>
        s.Db.Set<ChannelAccount>().AsNoTracking().Where(a => a.Kind == kind && a.Enabled
                && (a.LotId == lotId || (a.LotId == null
                    && (a.CompanyId == null || s.Db.Set<Lot>().Any(l => l.Id == lotId && l.CompanyId == a.CompanyId)))))
            .OrderBy(a => a.LotId == null).ThenBy(a => a.CompanyId == null).ThenBy(a => a.Priority).ThenBy(a => a.Id).FirstOrDefaultAsync(ct);

    /// <summary>The priority of that account; null where there is none, or the city has not the currency that these channels take.</summary>
    internal static async Task<int?> PriorityAsync(CitySession s, ChannelKind kind, Guid lotId, CancellationToken ct) =>
        s.City.Currency == Currency.Yuan ? (await OfLotAsync(s, kind, lotId, ct))?.Priority : null;
}
