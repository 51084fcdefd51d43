using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Somebody wants to sign in.</summary>
/// <param name="City">The code of the city, or null for the platform.</param>
/// <param name="Name">As it was typed.</param>
/// <param name="Password">As it was typed.</param>
/// <param name="AddressKey">What tries from there are counted under.</param>
/// <param name="UserAgent">The browser, in its own words.</param>
public sealed record SignInRequest(string? City, string Name, string Password, string Address, string AddressKey, string UserAgent);

/// <summary>There is no such account, it is switched off, or the password is another. Which of them, nobody is told.</summary>
public sealed record WrongSignIn() : Error("sign-in.wrong");

/// <summary>Too many wrong passwords; whether this one was right was not looked at.</summary>
/// <param name="Seconds">How long to wait, rounded up.</param>
public sealed record SignInDelayed(int Seconds) : Error("sign-in.delayed", Seconds);

/// <summary>Checks a name and a password, and begins a session.</summary>
public sealed class SignInUser(AccountDatabases databases, IPasswordHasher<User> hasher, ILookupNormalizer names, SignInPolicy policy,
    SecurityLog log, TimeProvider clock)
{
    const int MaxAddress = 64;

    // Where there is no account its password is compared with this one's, so that both take as long.
    static readonly User Nobody = new() { Id = Guid.Empty, UserName = "", NormalizedUserName = "", DisplayName = "", Role = "" };
    readonly string nobodysHash = hasher.HashPassword(Nobody, Secret.Generate());

    public async Task<Result<SignedIn>> RunAsync(SignInRequest request, CancellationToken ct)
    {
        var name = request.Name.Trim();
        if (Check.Required(nameof(request.Name), name, 64) is not null || request.Password.Length > Passwords.MaxLength)
            return Refused(SecurityEvent.SignInRefused, null, new WrongSignIn());
        await using var db = databases.Open(request.City);
        var now = clock.Now();
        var normalized = names.NormalizeName(name);
        var user = await db.Set<User>().FirstOrDefaultAsync(u => u.NormalizedUserName == normalized, ct);
        var subject = SignInDelays.Subject(user, normalized);
        if (await SignInDelays.BeginAsync(db, subject, request.AddressKey, now, ct) is { } wait)
            return Refused(SecurityEvent.SignInDelayed, user, new SignInDelayed((int)Math.Ceiling(wait.TotalSeconds)));
        var right = hasher.VerifyHashedPassword(user ?? Nobody, user?.PasswordHash ?? nobodysHash, request.Password);
        if (right is PasswordVerificationResult.Failed || user is null or { Disabled: true })
            return Refused(SecurityEvent.SignInRefused, user, new WrongSignIn());
        var hash = right is PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(user, request.Password) : user.PasswordHash;
        var session = new SignInSession
        {
            Id = Guid.CreateVersion7(),
            UserId = user.Id,
            User = user,
            StartedAt = now,
            LastActiveAt = now,
            ExpiresAt = now + policy.Absolute,
            Address = Cut(request.Address, MaxAddress),
            UserAgent = Cut(request.UserAgent, SignInSession.MaxUserAgent)
        };
        await using (var both = await db.Database.BeginTransactionAsync(ct))
        {
            // Two may sign in with one account at once; what was checked must still hold, and does until the transaction ends.
            if (await db.Set<User>().Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash && !u.Disabled)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.LastSignInAt, now).SetProperty(u => u.PasswordHash, hash), ct) == 0)
                return Refused(SecurityEvent.SignInRefused, user, new ChangedMeanwhile());
            db.Add(session);
            await db.SaveChangesAsync(ct);
            await both.CommitAsync(ct);
        }
        await SignInDelays.SucceedAsync(db, subject, request.AddressKey, now, ct);
        log.Write(SecurityEvent.SignedIn, request.City, request.Address, user.Id.ToString());
        return new SignedIn(request.City, session);

        Error Refused(SecurityEvent what, User? whose, Error error)
        {
            log.Write(what, request.City, request.Address, whose?.Id.ToString());
            return error;
        }
    }

    /// <summary>What a browser says of itself may be anything.</summary>
    static string Cut(string text, int max)
    {
        var clean = string.Concat(text.EnumerateRunes().Where(r => !Rune.IsControl(r) && r != Rune.ReplacementChar));
        return clean.Length <= max ? clean : clean[..(char.IsHighSurrogate(clean[max - 1]) ? max - 1 : max)];
    }
}
