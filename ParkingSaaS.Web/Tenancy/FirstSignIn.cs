using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Web.Tenancy;

/// <summary>The platform's administrator: a platform that nobody can sign in to can be used by nobody.</summary>
sealed class FirstSignIn(PlatformSessions platform, ResetAdministrator reset, Settings settings)
{
    public const string Name = "admin";

    /// <summary>Where the password is written.</summary>
    public string File => Path.Combine(settings.Data, "first-sign-in.txt");

    static Actor Self => Actor.PlatformJob("first-sign-in", TenancyPermissions.FirstAdministrator);

    /// <summary>Makes the administrator when there is none yet.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using (var s = platform.Open(Self, TenancyPermissions.FirstAdministrator))
            if (await s.Administrators.AnyAsync(ct))
                return;
        await ResetAsync(ct);
    }

    /// <summary>Gives the administrator a temporary password, making the account if need be. The file is written first: an account whose
    /// password nobody knows would lock everybody out.</summary>
    public async Task ResetAsync(CancellationToken ct)
    {
        var password = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);
        await PrivateFile.WriteAsync(File, $"""
            Platform administrator of ParkingSaaS
            user name: {Name}
            password:  {password}
            It must be changed at the first sign-in. Then delete this file.

            """, ct);
        await reset.RunAsync(Name, password, temporary: true, ct);
    }
}
