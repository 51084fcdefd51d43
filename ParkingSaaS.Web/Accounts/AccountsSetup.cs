using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Web.Hosting;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Accounts;

/// <summary>Sign-in, cookies and permissions.</summary>
static class AccountsSetup
{
    /// <summary>Name of the rate limit on the sign-in form.</summary>
    public const string SignInLimit = "sign-in";

    /// <summary>How many sign-ins an address may try in a minute, over all cities. An account locks sooner; this is against who tries one
    /// password on many accounts, and leaves room for an office behind one address.</summary>
    const int SignInsPerMinute = 30;

    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddMenu(700, "users", "Accounts", "group", AccountPermissions.ManageUsers);
        services.AddMenu(710, "api-clients", "API clients", "api", AccountPermissions.ManageClients);
        services.AddSingleton<Principals>();
        services.AddScoped(sp => sp.GetRequiredService<UserStores>().Open(sp.GetRequiredService<CityContext>().City));
        services.AddScoped<IUserClaimsPrincipalFactory<User>, PrincipalFactory>();
        services.AddScoped<CurrentActor>();
        services.AddScoped<AuthenticationStateProvider, StampCheck>();
        services.AddCascadingAuthenticationState();
        services.AddSingleton<IAuthorizationPolicyProvider, PermissionPolicies>();
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();

        // Stateless, and needed by use cases: Identity alone would register them for one request.
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.AddIdentityCore<User>(options =>
        {
            options.Lockout.MaxFailedAccessAttempts = 5;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
            options.Password.RequiredLength = 8;
            options.Password.RequireNonAlphanumeric = false;
            options.Password.RequireUppercase = false;
            options.User.AllowedUserNameCharacters = "";
        }).AddSignInManager();
        services.AddRateLimiter(options => options.AddPolicy(SignInLimit, http => HttpMethods.IsPost(http.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(ClientAddress.Key(http.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = SignInsPerMinute, Window = TimeSpan.FromMinutes(1) })
            : RateLimitPartition.GetNoLimiter("")));
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = StampCheck.Interval);
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.ConfigureApplicationCookie(options =>
        {
            options.Cookie.Name = "parking";
            options.CookieManager = new SiteCookies();
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.ExpireTimeSpan = TimeSpan.FromHours(12);
            options.LoginPath = "/account/sign-in";
            options.AccessDeniedPath = "/account/denied";
            options.ReturnUrlParameter = "back";
            options.Events.OnValidatePrincipal = ValidateAsync;
        });
        return services;
    }

    /// <summary>A cookie of one city is worth nothing in another, whatever its path says.</summary>
    static Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var city = context.HttpContext.RequestServices.GetRequiredService<CityContext>().City?.Code;
        if (Principals.CityOf(context.Principal!) == city)
            return SecurityStampValidator.ValidatePrincipalAsync(context);
        context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AccountsSetup)).LogWarning(
            "Refused a cookie of city {CookieCity} in {City}", Principals.CityOf(context.Principal!) ?? "(platform)",
                city ?? "(platform)");
        context.RejectPrincipal();
        return Task.CompletedTask;
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
