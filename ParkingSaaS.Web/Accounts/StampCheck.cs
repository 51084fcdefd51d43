using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Hosting;

namespace ParkingSaaS.Web.Accounts;

/// <summary>Ends open pages of accounts that were switched off or changed: a page that stays open makes no requests that the
/// cookie's own check would see.</summary>
sealed class StampCheck(ILoggerFactory loggers, IServiceScopeFactory scopes, CityDirectory cities)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override TimeSpan RevalidationInterval => Interval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState state, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var code = Principals.CityOf(state.User);
        var city = code is null ? null : cities.Find(code);
        if (city is null && code is not null)
            return false;
        scope.ServiceProvider.GetRequiredService<CityContext>().City = city;
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = await users.GetUserAsync(state.User);
        return user is { Disabled: false } && await users.GetSecurityStampAsync(user)
            == state.User.FindFirstValue(users.Options.ClaimsIdentity.SecurityStampClaimType);
    }
}
