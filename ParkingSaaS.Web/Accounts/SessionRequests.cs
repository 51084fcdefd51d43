using Microsoft.AspNetCore.Authorization;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Accounts;

/// <summary>The requests of people who signed in.</summary>
static class SessionRequests
{
    /// <summary>Knows each request under the session that it was sent with, and holds people with a temporary password to changing it.</summary>
    public static void UseSessions(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (Principals.SessionOf(http.User) is not { } session)
        {
            await next(http);
            return;
        }
        if (Principals.HasTemporaryPassword(http.User) && NeedsSignIn(http) && http.Request.Path != OwnPasswordPath)
        {
            http.Response.Redirect(http.Request.PathBase + OwnPasswordPath);
            return;
        }
        // Signing out, and changing a password, ends sessions and still has an answer to give.
        using var open = http.Request.Path.StartsWithSegments("/account")
            ? null
            : http.RequestServices.GetRequiredService<OpenSessions>().AddRequest(session, http, carriesPage: http.Request.Path.StartsWithSegments("/_blazor"));
        await next(http);
    });

    const string OwnPasswordPath = "/account/password";

    static bool NeedsSignIn(HttpContext http) =>
        http.GetEndpoint()?.Metadata is { } about && about.GetMetadata<IAuthorizeData>() is not null && about.GetMetadata<IAllowAnonymous>() is null;
}
