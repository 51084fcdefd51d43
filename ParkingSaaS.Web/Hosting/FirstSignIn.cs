using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>The platform's first administrator: a platform without one can be used by nobody.</summary>
sealed class FirstSignIn(PlatformSessions platform, IPasswordHasher<User> hasher, ILookupNormalizer names, Settings settings)
{
    /// <summary>The sign-in name.</summary>
    public const string Name = "admin";

    /// <summary>Where the password is written.</summary>
    public string File => Path.Combine(settings.Data, "first-sign-in.txt");

    static Actor Self => Actor.PlatformJob("first-sign-in", TenancyPermissions.FirstAdministrator);

    PlatformSession Open() => platform.Open(Self, TenancyPermissions.FirstAdministrator);

    /// <summary>Makes the administrator when there is none yet. The file is written first: an account whose password nobody knows
    /// would lock everybody out.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using (var s = Open())
            if (await s.Administrators.AnyAsync(ct))
                return;
        var password = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);
        await PrivateFile.WriteAsync(File, $"""
            Platform administrator of ParkingSaaS
            user name: {Name}
            password:  {password}
            Delete this file once you have the password in a safe place.

            """, ct);
        await SetAsync(password, ct);
    }

    /// <summary>Gives the administrator a password, making the account if need be.</summary>
    public async Task SetAsync(string password, CancellationToken ct)
    {
        await using var s = Open();
        var normalized = names.NormalizeName(Name);
        var user = await s.Administrators.FirstOrDefaultAsync(u => u.NormalizedUserName == normalized, ct);
        if (user is null)
            s.Administrators.Add(user = new User
            {
                Id = Guid.CreateVersion7(),
                UserName = Name,
                NormalizedUserName = normalized,
                DisplayName = Name,
                Role = Roles.Platform,
                LockoutEnabled = true
            });
        user.PasswordHash = hasher.HashPassword(user, password);
        user.SecurityStamp = Guid.NewGuid().ToString();
        await s.SaveAsync(ct);
    }
}
