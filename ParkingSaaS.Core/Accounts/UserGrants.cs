using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>A role and what it is over.</summary>
/// <param name="Role">One of <see cref="Roles.InCity"/>.</param>
/// <param name="AreaId">For a district administrator, who needs one, and for an attendant of the city.</param>
/// <param name="CompanyId">For a company's accounts.</param>
/// <param name="LotIds">Narrows staff and attendants to these lots, of which there must be one. Null means no such restriction: nobody gets
/// all lots because a choice went missing.</param>
public sealed record Grant(string Role, Guid? AreaId, Guid? CompanyId, IReadOnlyList<Guid>? LotIds);

/// <summary>Who may give which role over what.</summary>
static class UserGrants
{
    /// <summary>Null when the actor may give this.</summary>
    internal static async Task<Error?> RefuseAsync(CitySession s, RoleCatalogue roles, Grant grant, CancellationToken ct)
    {
        if (Misshapen(grant) is { } misshapen)
            return misshapen;
        if (!MayGive(s.Actor, roles, grant.Role))
            return new MoreThanYourOwn();

        // What the actor does not see is answered like what does not exist.
        if (grant.AreaId is { } area && !await s.Db.Set<Area>().AnyAsync(a => a.Id == area, ct))
            return new InvalidField(nameof(grant.AreaId), "invalid");
        if (grant.CompanyId is { } company && !await s.Db.Set<Company>().AnyAsync(c => c.Id == company && c.RetiredAt == null, ct))
            return new InvalidField(nameof(grant.CompanyId), "invalid");
        var lots = grant.LotIds?.Distinct().ToArray() ?? [];
        if (lots.Length != await s.Db.Set<Lot>().CountAsync(
                l => lots.Contains(l.Id) && (grant.CompanyId == null || l.CompanyId == grant.CompanyId), ct))
            return new InvalidField(nameof(grant.LotIds), "invalid");

        var own = s.Actor.Scope;
        var within = (own.CompanyId is null || grant.CompanyId == own.CompanyId)
            && (own.LotIds.Count == 0 || lots.Length > 0)
            && (own.AreaId is null || grant.CompanyId is not null || lots.Length > 0
                || (grant.AreaId is { } a && (await ScopeResolver.AreasBelowAsync(s.Db, own.AreaId.Value, ct)).Contains(a)));
        return within ? null : new MoreThanYourOwn();
    }

    /// <summary>A company's people manage its staff and attendants only; others give what they hold themselves.</summary>
    internal static bool MayGive(Actor actor, RoleCatalogue roles, string role) =>
        role is Roles.Staff or Roles.Attendant
        || (actor.Scope.CompanyId is null && actor.Scope.LotIds.Count == 0
            && (role != Roles.City || actor.Scope.IsWholeCity) && roles.PermissionsOf(role).All(actor.May));

    /// <summary>The account, when the actor may change it.</summary>
    internal static async Task<Result<User>> FindAsync(CitySession s, RoleCatalogue roles, Guid id, CancellationToken ct)
    {
        if (await s.Db.Set<User>().FirstOrDefaultAsync(u => u.Id == id, ct) is not { } user)
            return new NotFound("user");
        return MayGive(s.Actor, roles, user.Role) ? user : new MoreThanYourOwn();
    }

    /// <summary>True when no other city administrator can sign in.</summary>
    internal static async Task<bool> IsLastCityAdministratorAsync(CitySession s, User user, CancellationToken ct) =>
        user.Role == Roles.City && !await s.Db.Set<User>().AnyAsync(u => u.Role == Roles.City && !u.Disabled && u.Id != user.Id, ct);

    static InvalidField? Misshapen(Grant g) => g.Role switch
    {
        Roles.City => Only(g, area: false, company: false, lots: false),
        Roles.District => g.AreaId is null ? new(nameof(g.AreaId), "required") : Only(g, area: true, company: false, lots: false),
        Roles.Company => g.CompanyId is null ? new(nameof(g.CompanyId), "required")
            : Only(g, area: false, company: true, lots: false),
        Roles.Staff => g.CompanyId is null ? new(nameof(g.CompanyId), "required")
            : Only(g, area: false, company: true, lots: true),
        Roles.Attendant => Only(g, area: true, company: true, lots: true),
        _ => new(nameof(g.Role), "invalid")
    };

    static InvalidField? Only(Grant g, bool area, bool company, bool lots) =>
        !area && g.AreaId is not null ? new(nameof(g.AreaId), "invalid")
        : !company && g.CompanyId is not null ? new(nameof(g.CompanyId), "invalid")
        : lots && g.LotIds is { Count: 0 } ? new(nameof(g.LotIds), "required")
        : !lots && g.LotIds is { Count: > 0 } ? new(nameof(g.LotIds), "invalid")
        : null;
}
