using Microsoft.AspNetCore.Components.Authorization;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Shell;

/// <summary>The session of the page has ended. As a cancellation it needs no handling: what was begun just stops, and the page leaves.</summary>
public sealed class SignedOutException() : OperationCanceledException("The session has ended");

/// <summary>Who uses the page, and the door to their city. It is asked anew each time and not kept: a page stays open for long after the
/// session has ended or the account was changed.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication, SignInSessions signIns, OpenSessions open, Principals principals,
    CitySessions sessions, CityDirectory cities)
{
    /// <summary>Who is signed in, as of now.</summary>
    /// <exception cref="SignedOutException">Nobody is any more.</exception>
    public async Task<SignedIn> SignedInAsync()
    {
        if (await KeyAsync() is not { } key)
            throw new SignedOutException();
        var state = await signIns.FindAsync(key, active: false, CancellationToken.None);
        if (state.SignedIn is { } signedIn)
            return signedIn;
        _ = open.EndAsync(key, state.End ?? SessionEnd.SignedOut);
        throw new SignedOutException();
    }

    /// <summary>Who uses the page.</summary>
    /// <exception cref="SignedOutException">Nobody does any more.</exception>
    public async Task<Actor> GetAsync() => principals.ActorOf(Principals.Of(await SignedInAsync()));

    /// <summary>The city that the page is about.</summary>
    public async ValueTask<City> CityAsync() => cities.Get((await KeyAsync())?.City ?? throw new SignedOutException());

    /// <summary>True when the person may do this; for hiding what cannot be done.</summary>
    public async Task<bool> MayAsync(string permission) => (await GetAsync()).May(permission);

    /// <summary>Opens the person's city for one unit of work.</summary>
    public async Task<CitySession> OpenAsync(string permission, CancellationToken ct = default) =>
        await sessions.OpenAsync(await GetAsync(), permission, ct);

    async Task<SessionKey?> KeyAsync() => Principals.SessionOf((await authentication.GetAuthenticationStateAsync()).User);
}
