using Bunit;
using Bunit.Extensions.WaitForHelpers;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Shell;
using ParkingSaaS.Web.Vehicles;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>What components need to be rendered without a browser: services; scripts do nothing and answer the default.</summary>
public sealed class PageContext : BunitContext
{
    static PageContext() => DefaultWaitTimeout = Eventually.Long;

    /// <summary>For what shows texts, opens dialogs and gives notice, and needs nothing else.</summary>
    public PageContext()
    {
        AddComponents();
        Services.AddTexts().AddScoped<Notice>().AddSingleton(new PageNames(() => null, null!));
    }

    /// <summary>For what somebody sees of a city; the use cases are the platform's.</summary>
    public PageContext(TestPlatform platform, SignedIn who) : this()
    {
        // The platform serves components; what services are built from must be here.
        Services
            .AddSingleton<TimeProvider>(platform.Clock)
            .AddSingleton(platform.Get<CitySessions>())
            .AddSingleton(platform.Get<CityDirectory>())
            .AddSingleton(platform.Get<RoleCatalogue>())
            .AddSingleton(platform.Get<SignInSessions>())
            .AddSingleton<OpenSessions>()
            .AddSingleton<Principals>()
            .AddSingleton<MenuItems>()
            .AddSingleton<AuthenticationStateProvider>(new Somebody(who))
            .AddScoped<CurrentActor>()
            .AddSingleton<NavigationManager>(new CityAddress(who.City))
            .AddScoped<PageCurrency>()
            .AddSingleton(platform.Get<CityNames>())
            .AddScoped(NamesOfCity.OfPage);
        foreach (var slice in Slices.Find<IWebSlice>())
            Services.AddSingleton(slice);
        Services.AddFallbackServiceProvider(platform.Services);
    }

    /// <summary>For what a circuit of the running program shows.</summary>
    public PageContext(IServiceProvider circuit)
    {
        AddComponents();
        // bUnit has stand-ins for these.
        Services
            .AddSingleton(circuit.GetRequiredService<AuthenticationStateProvider>())
            .AddSingleton(circuit.GetRequiredService<NavigationManager>())
            .AddSingleton(circuit.GetRequiredService<ILoggerFactory>())
            // Asked for all of a kind, its container answers none and asks nobody else.
            .AddSingleton(circuit.GetRequiredService<IEnumerable<LotPart>>())
            .AddSingleton(circuit.GetRequiredService<IEnumerable<OwnerPart>>());
        Services.AddFallbackServiceProvider(circuit);
    }

    /// <summary>What happened comes to a page, which reads again a moment after it was told, or after another's reading: how soon, no test knows.</summary>
    public static async Task HearAsync<T>(TestPlatform platform, IRenderedComponent<T> page, Action so) where T : IComponent
    {
        for (var left = 60; ; left--)
        {
            platform.Clock.Advance(LiveRefresh.Pause);
            try
            {
                await page.WaitForAssertionAsync(so, TimeSpan.FromSeconds(1));
                return;
            }
            catch (WaitForFailedException) when (left > 0)
            {
                // not yet
            }
        }
    }

    void AddComponents()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddComponentLibrary().Configure<PopoverOptions>(options => options.CheckForPopoverProvider = false);
    }

    sealed class Somebody(SignedIn who) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(Principals.Of(who)));
    }

    /// <summary>By its base a page knows its city; bUnit's own is always the root.</summary>
    internal sealed class CityAddress : NavigationManager
    {
        /// <summary>How often Back leads somewhere else.</summary>
        public int Entries { get; private set; }

        public CityAddress(string? city) => Initialize($"http://localhost/{city}/", $"http://localhost/{city}/");

        /// <summary>Whether the page lets somebody go who clicks on a link.</summary>
        public Task<bool> MayLeaveAsync() => NotifyLocationChangingAsync(ToAbsoluteUri("elsewhere").ToString(), null, isNavigationIntercepted: true).AsTask();

        protected override void SetNavigationLockState(bool value) { }

        protected override void NavigateToCore(string uri, NavigationOptions options)
        {
            if (!options.ReplaceHistoryEntry)
                Entries++;
            Uri = ToAbsoluteUri(uri).ToString();
            NotifyLocationChanged(isInterceptedLink: false);
        }
    }
}
