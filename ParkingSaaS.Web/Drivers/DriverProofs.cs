using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Drivers;

/// <summary>What somebody who has not signed in has shown: a code that is put up at a lot, lane or berth, the end of the owner's telephone,
/// or a payment of their own. A cookie of the city's drivers' pages keeps it for some hours, and only we can write one.</summary>
sealed class DriverProofs(Settings settings, IDataProtectionProvider protection, CityContext context, IHttpContextAccessor accessor, TimeProvider clock)
{
    const string Cookie = "driver";

    /// <summary>The oldest make room.</summary>
    const int Most = 20;

    static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    readonly IDataProtector protector = protection.CreateProtector("drivers.proofs");
    List<Guid>? held;

    /// <summary>Whether anybody may see everything here.</summary>
    public bool Unneeded => settings.StrangerSees is StrangerSees.Exact;

    /// <summary>Whether nothing is told without a proof.</summary>
    public bool Required => settings.StrangerSees is StrangerSees.Proof;

    /// <summary>Whether that lot, order or payment was shown to be the caller's.</summary>
    public bool Holds(Guid id) => Held.Contains(id);

    /// <summary>Whether the stay was shown to be the caller's own: somebody stood beside the car, knows its owner's telephone, or paid for it. A lot's code,
    /// with which one may type any plate, is not enough, for pictures show people.</summary>
    public bool OfDriver(DriverStay stay) => Holds(stay.OrderId) || stay.Payments.Any(p => Holds(p.PaymentId));

    /// <summary>Takes note of it.</summary>
    public void Add(params IReadOnlyCollection<Guid> ids)
    {
        held = [.. Held.Except(ids).Concat(ids).TakeLast(Most)];
        var text = $"{context.City!.Code} {(clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds()} {string.Join(' ', held)}";
        var http = accessor.HttpContext!;
        http.Response.Cookies.Append(Cookie, protector.Protect(text),
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = Lifetime, Path = http.Request.PathBase + "/pay" });
    }

    List<Guid> Held => held ??= Read(accessor.HttpContext!.Request.Cookies[Cookie]);

    List<Guid> Read(string? cookie)
    {
        if (string.IsNullOrEmpty(cookie))
            return [];
        try
        {
            return protector.Unprotect(cookie).Split(' ') is [var city, var until, .. var ids] && city == context.City!.Code
                && long.Parse(until, CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds()
                    ? [.. ids.Select(Guid.Parse)]
                    : [];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }
}

/// <summary>What may be tried with plates. It is each node's own.</summary>
sealed class PlateQuota(Settings settings, TimeProvider clock)
{
    readonly Tally askedBy = new(TimeSpan.FromHours(1), clock);
    readonly Tally asked = new(TimeSpan.FromHours(1), clock);
    readonly Tally wrong = new(TimeSpan.FromHours(1), clock);

    /// <summary>Whether that address may ask for the plate: again for one that it asked for already, and for so many others.</summary>
    public bool MayAsk(HttpContext http, string plate)
    {
        var address = ClientAddress.Key(http.Connection.RemoteIpAddress);
        var both = $"{address} {http.Request.PathBase} {plate}";
        if (asked.Of(both) > 0)
            return true;
        if (askedBy.Of(address) >= settings.Limits.PlatesPerHour)
            return false;
        asked.Add(both);
        askedBy.Add(address);
        return true;
    }

    /// <summary>Whether the end of its owner's telephone may still be tried.</summary>
    public bool MayTry(HttpContext http, string of) => wrong.Of($"{http.Request.PathBase} {of}") < settings.Limits.WrongDigitsPerHour;

    /// <summary>It was wrong.</summary>
    public void Wrong(HttpContext http, string of) => wrong.Add($"{http.Request.PathBase} {of}");
}
