using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Hosting;

namespace ParkingSaaS.Web.Accounts;

/// <summary>Between the cookie and the <see cref="Actor"/>: who signed in, to which city, seeing what. A change of role or scope
/// renews the account's security stamp, which ends its sessions; so claims never outlive what they say by much.</summary>
public sealed class Principals(RoleCatalogue roles)
{
    public const string City = "city";
    public const string Area = "area";
    public const string Company = "company";
    public const string Lot = "lot";

    /// <summary>The city that the principal signed in to; null for the platform.</summary>
    public static string? CityOf(ClaimsPrincipal principal) =>
        principal.FindFirstValue(City) is { Length: > 0 } city ? city : null;

    /// <summary>True when the principal's role holds the permission.</summary>
    public bool May(ClaimsPrincipal principal, string permission) =>
        principal.Identity is { IsAuthenticated: true }
        && (CityOf(principal) is null
            ? permission == TenancyPermissions.ManageCities
            : roles.PermissionsOf(principal.FindFirstValue(ClaimTypes.Role) ?? "").Contains(permission));

    /// <summary>The actor of somebody who signed in.</summary>
    public Actor ActorOf(ClaimsPrincipal principal)
    {
        var id = Guid.Parse(principal.FindFirstValue(ClaimTypes.NameIdentifier)!);
        var name = principal.FindFirstValue(ClaimTypes.GivenName)!;
        if (CityOf(principal) is not { } city)
            return Actor.Platform(id, name);
        var scope = new Scope(Id(Area), Id(Company), [.. principal.FindAll(Lot).Select(c => Guid.Parse(c.Value))]);
        return Actor.User(city, id, name, roles.PermissionsOf(principal.FindFirstValue(ClaimTypes.Role)!), scope);

        Guid? Id(string type) => principal.FindFirstValue(type) is { } value ? Guid.Parse(value) : null;
    }
}

/// <summary>Writes the claims that <see cref="Principals"/> reads.</summary>
sealed class PrincipalFactory(UserManager<User> users, IOptions<IdentityOptions> options, CityContext context)
    : UserClaimsPrincipalFactory<User>(users, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(User user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(ClaimTypes.GivenName, user.DisplayName));
        identity.AddClaim(new Claim(ClaimTypes.Role, user.Role));
        identity.AddClaim(new Claim(Principals.City, context.City?.Code ?? ""));
        if (user.AreaId is { } area)
            identity.AddClaim(new Claim(Principals.Area, area.ToString()));
        if (user.CompanyId is { } company)
            identity.AddClaim(new Claim(Principals.Company, company.ToString()));
        identity.AddClaims(user.LotIds.Select(lot => new Claim(Principals.Lot, lot.ToString())));
        return identity;
    }
}
