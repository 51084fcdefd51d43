using Microsoft.AspNetCore.Components.Authorization;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Accounts;

/// <summary>Who uses the page, and the door to their city.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication, Principals principals, CitySessions sessions,
    CityDirectory cities)
{
    Actor? actor;

    /// <summary>Who uses the page.</summary>
    public async ValueTask<Actor> GetAsync() =>
        actor ??= principals.ActorOf((await authentication.GetAuthenticationStateAsync()).User);

    /// <summary>The city that the page is about.</summary>
    public async ValueTask<City> CityAsync() => cities.Get((await GetAsync()).City);

    /// <summary>True when the person may do this; for hiding what cannot be done.</summary>
    public async ValueTask<bool> MayAsync(string permission) => (await GetAsync()).May(permission);

    /// <summary>Opens the person's city for one unit of work.</summary>
    public async Task<CitySession> OpenAsync(string permission, CancellationToken ct = default) =>
        await sessions.OpenAsync(await GetAsync(), permission, ct);
}
