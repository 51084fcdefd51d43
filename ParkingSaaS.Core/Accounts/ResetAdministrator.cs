using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Gives the platform's administrator a password, for whoever runs the program: there is nobody above who could. Makes the account
/// if need be, switches it on, and ends its sessions.</summary>
public sealed class ResetAdministrator(ControlDatabase control, IPasswordHasher<User> hasher, ILookupNormalizer names,
    SignInSessions sessions, SecurityLog log)
{
    /// <param name="name">The sign-in name.</param>
    /// <param name="temporary">Whether it must be changed at the first sign-in.</param>
    public async Task RunAsync(string name, string password, bool temporary, CancellationToken ct)
    {
        await using var db = control.Open();
        var normalized = names.NormalizeName(name);
        var user = await db.Set<User>().FirstOrDefaultAsync(u => u.NormalizedUserName == normalized, ct);
        var known = user is not null;
        if (user is null)
            db.Set<User>().Add(user = new User
            {
                Id = Guid.CreateVersion7(),
                UserName = name,
                NormalizedUserName = normalized,
                DisplayName = name,
                Role = Roles.Platform
            });
        user.PasswordHash = hasher.HashPassword(user, password);
        (user.PasswordIsTemporary, user.Disabled) = (temporary, false);
        var ended = await sessions.MarkAsync(db, null, user.Id, SessionEnd.PasswordChanged, null, ct);
        await db.SaveChangesAsync(ct);
        await SignInDelays.LiftAsync(db, user.Id, ct);
        if (known)
            log.Write(SecurityEvent.PasswordReset, null, null, user.Id.ToString());
        sessions.Tell(ended);
    }
}
