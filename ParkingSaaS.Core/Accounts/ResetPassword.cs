using Microsoft.AspNetCore.Identity;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Gives an account a temporary password, lifts delays, and ends its sessions.</summary>
public sealed class ResetPassword(CitySessions sessions, RoleCatalogue roles, SignInSessions signIns, Passwords passwords,
    IPasswordHasher<User> hasher, SecurityLog log)
{
    /// <param name="password">One that <see cref="Passwords"/> lets pass. It must be changed at the next sign-in.</param>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, string password, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.ManageUsers, ct);
        if (!(await UserGrants.FindAsync(s, roles, id, ct)).Try(out var user, out var error))
            return error;
        if (passwords.Invalid("Password", password, user.UserName, user.DisplayName, s.City.Code, s.City.Name, s.City.NameEn) is { } invalid)
            return invalid;
        user.PasswordHash = hasher.HashPassword(user, password);
        user.PasswordIsTemporary = true;
        var saved = await signIns.SaveAndEndAsync(s, user, SessionEnd.PasswordChanged, ct);
        if (!saved.Ok)
            return saved;
        await SignInDelays.LiftAsync(s.Db, user.Id, ct);
        log.Write(SecurityEvent.PasswordReset, s.City.Code, actor.Address, user.Id.ToString(), $"by {actor.Id}");
        return saved;
    }
}
