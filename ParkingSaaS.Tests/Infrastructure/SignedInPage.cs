using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Accounts;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>What a component needs to be somebody's page.</summary>
static class SignedInPage
{
    /// <summary>Registers the door to the platform's cities, and who comes through it.</summary>
    public static IServiceCollection AddSignedIn(this IServiceCollection services, TestPlatform platform, SignedIn who) => services
        .AddSingleton(platform.Get<CitySessions>())
        .AddSingleton(platform.Get<CityDirectory>())
        .AddSingleton(platform.Get<RoleCatalogue>())
        .AddSingleton(platform.Get<SignInSessions>())
        .AddSingleton<OpenSessions>()
        .AddSingleton<Principals>()
        .AddSingleton<AuthenticationStateProvider>(new Somebody(who))
        .AddScoped<CurrentActor>()
        .AddSingleton<NavigationManager>(new TestRenderer.NoNavigation($"http://localhost/{who.City}/"));

    sealed class Somebody(SignedIn who) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(Principals.Of(who)));
    }
}
