using System.Security.Claims;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Shell;

/// <summary>Between a session and the <see cref="Actor"/>. The cookie names the session only; what somebody may do is read with it each time,
/// and holds for one request.</summary>
public sealed class Principals(RoleCatalogue roles)
{
    public const string City = "city";
    public const string Session = "session";
    public const string Area = "area";
    public const string Company = "company";
    public const string Lot = "lot";
    const string Address = "address";
    const string Temporary = "temporary-password";
    const string Scheme = "session";

    /// <summary>The city that the principal signed in to; null for the platform.</summary>
    public static string? CityOf(ClaimsPrincipal principal) =>
        principal.FindFirstValue(City) is { Length: > 0 } city ? city : null;

    /// <summary>The session that the principal signed in with; null for nobody, and for programs.</summary>
    public static SessionKey? SessionOf(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(Session), out var id) ? new SessionKey(CityOf(principal), id) : null;

    /// <summary>True when the password must be changed before anything else.</summary>
    public static bool HasTemporaryPassword(ClaimsPrincipal principal) => principal.HasClaim(c => c.Type == Temporary);

    /// <summary>What the cookie holds.</summary>
    public static ClaimsPrincipal Ticket(SignedIn who) => new(new ClaimsIdentity(
        [new(City, who.City ?? ""), new(Session, who.Session.Id.ToString())], Scheme));

    /// <summary>The principal of somebody who is signed in.</summary>
    public static ClaimsPrincipal Of(SignedIn who)
    {
        var user = who.User;
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, user.Id.ToString()), new(ClaimTypes.Name, user.UserName), new(ClaimTypes.GivenName, user.DisplayName),
            new(ClaimTypes.Role, user.Role), new(City, who.City ?? ""), new(Session, who.Session.Id.ToString()), new(Address, who.Session.Address),
            .. user.LotIds.Select(lot => new Claim(Lot, lot.ToString()))
        ];
        if (user.AreaId is { } area)
            claims.Add(new Claim(Area, area.ToString()));
        if (user.CompanyId is { } company)
            claims.Add(new Claim(Company, company.ToString()));
        if (user.PasswordIsTemporary)
            claims.Add(new Claim(Temporary, ""));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme));
    }

    /// <summary>Tells that the principal was refused a page.</summary>
    public static void Refused(SecurityLog log, ClaimsPrincipal principal, string page) => log.Write(SecurityEvent.PermissionRefused,
        CityOf(principal), principal.FindFirstValue(Address), principal.FindFirstValue(ClaimTypes.NameIdentifier), page);

    /// <summary>True when the principal's role holds the permission.</summary>
    public bool May(ClaimsPrincipal principal, string permission) => Permissions(principal).Contains(permission);

    /// <summary>The actor of somebody who is signed in.</summary>
    /// <exception cref="AccessDeniedException">The password must be changed first.</exception>
    public Actor ActorOf(ClaimsPrincipal principal)
    {
        var actor = WhoIs(principal);
        return HasTemporaryPassword(principal) ? throw new AccessDeniedException(actor, "a password of their own") : actor;
    }

    Actor WhoIs(ClaimsPrincipal principal)
    {
        var id = Guid.Parse(principal.FindFirstValue(ClaimTypes.NameIdentifier)!);
        var name = principal.FindFirstValue(ClaimTypes.GivenName)!;
        var address = principal.FindFirstValue(Address);
        if (CityOf(principal) is not { } city)
            return Actor.Platform(id, name) with { Address = address };
        var scope = new Scope(Id(Area), Id(Company), [.. principal.FindAll(Lot).Select(c => Guid.Parse(c.Value))]);
        return Actor.User(city, id, name, Permissions(principal), scope) with { Address = address };

        Guid? Id(string type) => principal.FindFirstValue(type) is { } value ? Guid.Parse(value) : null;
    }

    IReadOnlySet<string> Permissions(ClaimsPrincipal principal) =>
        principal.Identity is not { IsAuthenticated: true } || HasTemporaryPassword(principal) ? new HashSet<string>()
        : CityOf(principal) is null ? new HashSet<string> { TenancyPermissions.ManageCities }
        : roles.PermissionsOf(principal.FindFirstValue(ClaimTypes.Role) ?? "");
}
