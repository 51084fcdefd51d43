using Microsoft.AspNetCore.Identity;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Gives an account a new password, lifts a lock-out, and ends its sessions.</summary>
public sealed class ResetPassword(CitySessions sessions, RoleCatalogue roles, IPasswordHasher<User> hasher)
{
    /// <param name="actor">Who does it.</param>
    /// <param name="id">The account.</param>
    /// <param name="password">8–128 characters.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, string password, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.ManageUsers, ct);
        if (!(await UserGrants.FindAsync(s, roles, id, ct)).Try(out var user, out var error))
            return error;
        if (Invalid(password) is { } invalid)
            return invalid;
        user.PasswordHash = hasher.HashPassword(user, password);
        (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        UserGrants.RenewStamps(user);
        return await s.SaveAsync(ct);
    }

    internal static InvalidField? Invalid(string? password) => password?.Length switch
    {
        null or < 8 => new("Password", "too-short"),
        > 128 => new("Password", "too-long"),
        _ => null
    };
}
