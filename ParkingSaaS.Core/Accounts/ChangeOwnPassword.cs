using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

public sealed record WrongOldPassword() : Error("accounts.wrong-old-password");

public sealed record SamePassword() : Error("accounts.same-password");

/// <summary>Changes one's own password, which needs the old one, and ends one's other sessions.</summary>
public sealed class ChangeOwnPassword(AccountDatabases databases, CityDirectory cities, SignInSessions sessions, Passwords passwords,
    IPasswordHasher<User> hasher, SecurityLog log, TimeProvider clock)
{
    /// <param name="old">The old password. Wrong ones are delayed as at the sign-in: a cookie alone shall not find it out.</param>
    /// <param name="addressKey">What tries from there are counted under.</param>
    public async Task<Result<Done>> RunAsync(SignedIn signedIn, string old, string fresh, string addressKey, CancellationToken ct)
    {
        await using var db = databases.Open(signedIn.City);
        var user = await db.Set<User>().SingleAsync(u => u.Id == signedIn.User.Id, ct);
        var subject = SignInDelays.Subject(user, "");
        if (await SignInDelays.BeginAsync(db, subject, addressKey, clock.Now(), ct) is { } wait)
            return Refused(new SignInDelayed((int)Math.Ceiling(wait.TotalSeconds)));
        if (user.PasswordHash is null || old.Length > Passwords.MaxLength
            || hasher.VerifyHashedPassword(user, user.PasswordHash, old) is PasswordVerificationResult.Failed)
            return Refused(new WrongOldPassword());
        await SignInDelays.SucceedAsync(db, subject, addressKey, clock.Now(), ct);
        if (old == fresh)
            return new SamePassword();
        var city = signedIn.City is { } code ? cities.Get(code) : null;
        if (passwords.Invalid("Password", fresh, user.UserName, user.DisplayName, city?.Code, city?.Name, city?.NameEn) is { } invalid)
            return invalid;
        user.PasswordHash = hasher.HashPassword(user, fresh);
        user.PasswordIsTemporary = false;
        var ended = await sessions.MarkAsync(db, signedIn.City, user.Id, SessionEnd.PasswordChanged, signedIn.Session.Id, ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new ChangedMeanwhile();
        }
        log.Write(SecurityEvent.PasswordChanged, signedIn.City, signedIn.Session.Address, user.Id.ToString());
        sessions.Tell(ended);
        return new Done();

        Error Refused(Error error)
        {
            log.Write(SecurityEvent.PasswordChangeRefused, signedIn.City, signedIn.Session.Address, user.Id.ToString());
            return error;
        }
    }
}
