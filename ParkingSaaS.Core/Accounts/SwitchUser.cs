using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Switches an account off, which ends its sessions, or on again.</summary>
public sealed class SwitchUser(CitySessions sessions, RoleCatalogue roles, SignInSessions signIns, SecurityLog log)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, bool disabled, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.ManageUsers, ct);
        if (!(await UserGrants.FindAsync(s, roles, id, ct)).Try(out var user, out var error))
            return error;
        if (disabled && actor.Id == user.Id.ToString())
            return new YourOwnAccount();
        if (disabled && await UserGrants.IsLastCityAdministratorAsync(s, user, ct))
            return new LastCityAdministrator();
        user.Disabled = disabled;
        var saved = await signIns.SaveAndEndAsync(s, user, SessionEnd.SwitchedOff, ct);
        if (saved.Ok)
            log.Write(disabled ? SecurityEvent.AccountSwitchedOff : SecurityEvent.AccountSwitchedOn, s.City.Code, actor.Address,
                user.Id.ToString(), $"by {actor.Id}");
        return saved;
    }
}
