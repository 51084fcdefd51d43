using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>What an account is to become.</summary>
/// <param name="DisplayName">1–64 characters.</param>
/// <param name="Grant">What it may do, and over what.</param>
public sealed record UserDetails(Guid Id, string DisplayName, Grant Grant)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public UserDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static UserDetails Of(User user) => new(user.Id, user.DisplayName,
        new Grant(user.Role, user.AreaId, user.CompanyId, user.LotIds.Count == 0 ? null : user.LotIds));
}

/// <summary>Changes an account's name, role and scope, and ends its sessions.</summary>
public sealed class ChangeUser(CitySessions sessions, RoleCatalogue roles, SignInSessions signIns, SecurityLog log)
{
    public async Task<Result<Done>> RunAsync(Actor actor, UserDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.ManageUsers, ct);
        if (!(await UserGrants.FindAsync(s, roles, request.Id, ct)).Try(out var user, out var error))
            return error;
        if (Edits.Since(request.Seen, UserDetails.Of(user), request) is { } changed)
            return changed;
        if (Check.Required(nameof(request.DisplayName), request.DisplayName, 64) is { } invalid)
            return invalid;
        if (await UserGrants.RefuseAsync(s, roles, request.Grant, ct) is { } refused)
            return refused;
        if (user.Role != request.Grant.Role && actor.Id == user.Id.ToString())
            return new YourOwnAccount();
        if (request.Grant.Role != Roles.City && await UserGrants.IsLastCityAdministratorAsync(s, user, ct))
            return new LastCityAdministrator();
        user.DisplayName = request.DisplayName.Trim();
        user.Role = request.Grant.Role;
        user.AreaId = request.Grant.AreaId;
        user.CompanyId = request.Grant.CompanyId;
        user.LotIds = [.. request.Grant.LotIds?.Distinct() ?? []];
        var saved = await signIns.SaveAndEndAsync(s, user, SessionEnd.AccountChanged, ct);
        if (saved.Ok)
            log.Write(SecurityEvent.AccountChanged, s.City.Code, actor.Address, user.Id.ToString(), $"to {user.Role} by {actor.Id}");
        return saved;
    }
}
