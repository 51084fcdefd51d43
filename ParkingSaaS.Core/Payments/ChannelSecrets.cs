using Microsoft.AspNetCore.DataProtection;

namespace ParkingSaaS.Core.Payments;

/// <summary>Seals the secrets of accounts with payment channels, and with others outside, by the installation's keys: a copy of a city's database alone
/// tells none.</summary>
public sealed class ChannelSecrets(IDataProtectionProvider protection)
{
    /// <summary>A text that only <see cref="Open"/> understands, for the same account.</summary>
    public string Seal(Guid accountId, string secret) => Of(accountId).Protect(secret);

    /// <exception cref="System.Security.Cryptography.CryptographicException">It was sealed by another installation, or for another account.</exception>
    public string Open(Guid accountId, string text) => Of(accountId).Unprotect(text);

    IDataProtector Of(Guid accountId) => protection.CreateProtector("channel-account", accountId.ToString());
}
