using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Accounts;

/// <summary>Sign-in, cookies and permissions.</summary>
sealed class AccountsSlice : IWebSlice
{
    /// <summary>Name of the rate limit on the sign-in form.</summary>
    public const string SignInLimit = "sign-in";

    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.System, 700, "users", "Accounts", Icons.Material.Outlined.Group, AccountPermissions.ManageUsers),
        new(MenuGroup.System, 705, "sessions", "Who is signed in", Icons.Material.Outlined.Devices, AccountPermissions.ManageUsers)
    ];

    public void AddServices(IServiceCollection services, Settings settings)
    {
        services.AddHostedService<SessionWatch>();
        services.AddSingleton(new LotPart(70, typeof(LotStaffPart), AccountPermissions.ManageUsers));
        services.AddSingleton<IAuthorizationPolicyProvider, PermissionPolicies>();
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        // What is open says so (AllowAnonymous); an address that nobody serves is not there for anybody, and says that.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(context =>
            context.User.Identity is { IsAuthenticated: true } || context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build());

        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.AddRateLimiter(options =>
            options.AddPolicy(SignInLimit, http => HttpMethods.IsPost(http.Request.Method)
                ? RateLimitPartition.GetFixedWindowLimiter(ClientAddress.Key(http.Connection.RemoteIpAddress),
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = settings.Limits.SignInsPerMinute, Window = TimeSpan.FromMinutes(1) })
                : RateLimitPartition.GetNoLimiter("")));
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            options.Cookie.Name = "parking";
            options.CookieManager = new SiteCookies();
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SlidingExpiration = false; // the session's row says how long
            options.LoginPath = "/account/sign-in";
            options.AccessDeniedPath = "/account/denied";
            options.ReturnUrlParameter = "back";
            options.Events.OnValidatePrincipal = ValidateAsync;
            options.Events.OnRedirectToLogin = context =>
            {
                var ended = context.HttpContext.Items[typeof(SessionEnd)] is SessionEnd end ? $"&ended={end}" : "";
                context.Response.Redirect(context.RedirectUri + ended);
                return Task.CompletedTask;
            };
            options.Events.OnRedirectToAccessDenied = context =>
            {
                var http = context.HttpContext;
                Principals.Refused(http.RequestServices.GetRequiredService<SecurityLog>(), http.User, http.Request.Path);
                context.Response.Redirect(context.RedirectUri);
                return Task.CompletedTask;
            };
        });
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<SignInPolicy>((options, policy) => options.ExpireTimeSpan = policy.Absolute);
    }

    /// <summary>The cookie names a session; who that is, and what they may do now, the row says. A cookie of one city is worth nothing in
    /// another, whatever its path says.</summary>
    static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        var session = Principals.SessionOf(context.Principal!);
        // The page that tells of a fault is shown to nobody in particular: what failed may be this.
        if (session is null || http.Request.Path.StartsWithSegments("/error"))
        {
            context.RejectPrincipal();
            return;
        }
        if (session.City != http.City())
        {
            http.RequestServices.GetRequiredService<SecurityLog>().Write(SecurityEvent.ForeignCredential, http.City(), http.Address(), null,
                $"a cookie of {session.City ?? "the platform"}");
            context.RejectPrincipal();
            return;
        }
        // A page keeps up its connection, and shows new pictures, without the person.
        var active = !http.Request.Path.StartsWithSegments("/_blazor") && http.Request.Headers["Sec-Fetch-Dest"] != "image";
        var state = await http.RequestServices.GetRequiredService<SignInSessions>().FindAsync(session, active, http.RequestAborted);
        if (state.SignedIn is { } signedIn)
        {
            context.ReplacePrincipal(Principals.Of(signedIn));
            return;
        }
        http.Items[typeof(SessionEnd)] = state.End;
        context.RejectPrincipal();
    }

    public void MapEndpoints(IEndpointRouteBuilder app)
    {
        app.MapPost("/account/active", () => Results.NoContent());
        app.MapPost("/account/sign-out", async (HttpContext http, SignInSessions sessions, FaultLog faults, CancellationToken ct) =>
        {
            if (Principals.SessionOf(http.User) is { } session)
                try
                {
                    await sessions.EndAsync(session, SessionEnd.SignedOut, ct);
                }
                catch (Exception e) when (FaultLog.IsOfDatabase(e))
                {
                    // A database that takes no writes keeps the row until it is idle; this browser is signed out all the same.
                    faults.Failed(session.City ?? FaultLog.Platform, "signing out", e);
                }
            await http.SignOutAsync();
            return Results.LocalRedirect("~/account/sign-in");
        }).AllowAnonymous();
    }
}

/// <summary>A city's cookie is bound to the city's path. The platform's would reach every city under it, and be taken for a foreign
/// one there: it goes by another name.</summary>
sealed class SiteCookies : ICookieManager
{
    readonly ChunkingCookieManager cookies = new();

    static string Name(HttpContext http, string key) =>
        http.RequestServices.GetRequiredService<CityContext>().City is null ? key + "-platform" : key;

    public string? GetRequestCookie(HttpContext context, string key) => cookies.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        cookies.AppendResponseCookie(context, Name(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        cookies.DeleteCookie(context, Name(context, key), options);
}

/// <summary>Somebody who signed in must hold the permission of that code.</summary>
sealed record PermissionRequirement(string Permission) : IAuthorizationRequirement;

/// <summary>The name of a policy is the code of a permission.</summary>
sealed class PermissionPolicies(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
{
    public override Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) =>
        Task.FromResult<AuthorizationPolicy?>(new AuthorizationPolicyBuilder().AddRequirements(new PermissionRequirement(policyName)).Build());
}

sealed class PermissionHandler(Principals principals) : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (principals.May(context.User, requirement.Permission))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
