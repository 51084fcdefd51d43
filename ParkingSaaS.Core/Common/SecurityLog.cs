using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Core.Common;

/// <summary>What the security log tells of.</summary>
public enum SecurityEvent
{
    SignedIn,

    /// <summary>The name, the password or the account was wrong.</summary>
    SignInRefused,

    /// <summary>Too many tries; the password was not looked at.</summary>
    SignInDelayed,

    /// <summary>A session ended; the detail says why.</summary>
    SessionEnded,

    /// <summary>A cookie or a token of another city was shown.</summary>
    ForeignCredential,

    /// <summary>Somebody changed their own password.</summary>
    PasswordChanged,

    /// <summary>Somebody wanted to, and the old one was wrong.</summary>
    PasswordChangeRefused,

    /// <summary>Somebody was given a password.</summary>
    PasswordReset,

    AccountAdded,

    /// <summary>An account's name, role or scope was changed.</summary>
    AccountChanged,

    AccountSwitchedOff,

    AccountSwitchedOn,

    ClientAdded,

    ClientRevoked,

    TokenIssued,

    TokenRefused,

    PermissionRefused,

    /// <summary>Too many requests from an address or a client.</summary>
    RateLimited,

    DeviceSignedIn,

    DeviceRefused,

    /// <summary>An account of a payment channel, or of messages, was added.</summary>
    ChannelAdded,

    /// <summary>It was changed.</summary>
    ChannelChanged,

    /// <summary>Somebody who gets a part of takings was added.</summary>
    PartyAdded,

    /// <summary>Their account, or name, was changed.</summary>
    PartyChanged,

    /// <summary>Somebody who issues invoices was added.</summary>
    IssuerAdded,

    /// <summary>It was changed.</summary>
    IssuerChanged
}

/// <summary>One line for each refusal and each success that matters to security, with the same fields: what, city, address, account. It never
/// gets what somebody typed as a name, for that may be a password, nor any secret.</summary>
public sealed class SecurityLog(ILogger<SecurityLog> log)
{
    static readonly SecurityEvent[] Refusals =
    [
        SecurityEvent.SignInRefused, SecurityEvent.SignInDelayed, SecurityEvent.ForeignCredential, SecurityEvent.PasswordChangeRefused,
        SecurityEvent.TokenRefused, SecurityEvent.PermissionRefused, SecurityEvent.RateLimited, SecurityEvent.DeviceRefused
    ];

    /// <param name="city">The city's code; null at the platform, or where none is known.</param>
    /// <param name="address">Where it came from; null where the program itself did it.</param>
    /// <param name="account">The id of the account, client or device; null where none is known.</param>
    /// <param name="detail">What else matters, such as who did it or which right was missing.</param>
    public void Write(SecurityEvent what, string? city, string? address, string? account, string? detail = null) =>
        log.Log(Refusals.Contains(what) ? LogLevel.Warning : LogLevel.Information, new EventId((int)what + 1, what.ToString()),
            "{SecurityEvent} city={City} address={Address} account={Account} {Detail}", what, city ?? "-", address ?? "-", account ?? "-", detail ?? "");
}
