using Microsoft.AspNetCore.Authorization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Web.Accounts;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Finds what each folder brings, and says in which order a request passes what guards it.</summary>
static class WebSetup
{
    public static IServiceCollection AddWeb(this IServiceCollection services, Settings settings)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddProxies(settings).AddRequestLimits(settings);
        foreach (var slice in Slices.Find<IWebSlice>())
        {
            services.AddSingleton(slice);
            slice.AddServices(services, settings);
        }
        return services;
    }

    public static void UseWeb(this WebApplication app)
    {
        app.UseProxies();
        app.UseSecurityHeaders();
        app.UseResponseCompression();
        // For every cookie that is set, whoever sets it.
        app.UseCookiePolicy(new CookiePolicyOptions { Secure = CookieSecurePolicy.SameAsRequest, MinimumSameSitePolicy = SameSiteMode.Lax });
        app.UseRequestLocalization();
        app.UseErrorPage();
        app.UseMetrics();
        app.UseMiddleware<CityMiddleware>();
        app.UseRefusals();
        app.UseOriginAndTextCheck();
        app.UseRouting();
        app.UseRefusedCities();
        app.UseOutage();
        app.UseNames();
        app.UseAuthentication();
        app.UseSessions();
        app.UseCircuitGate(); // a script that asks for a circuit is told no, and not led to the sign-in page
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseFormCheck();
        app.UseAntiforgery();
        app.MapHealth();
        if (app.Services.GetRequiredService<Settings>() is { Broker: null } settings)
            app.MapMqtt("/mqtt", settings.MqttAllowedOrigins).AllowAnonymous().ShortCircuit(); // devices sign in within the protocol
        app.MapStaticAssets().AllowAnonymous().ShortCircuit();
        foreach (var slice in app.Services.GetServices<IWebSlice>())
            slice.MapEndpoints(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().Add(endpoint =>
        {
            // A form of a driver's page that leads out of the program sends the browser there by this address; what it carries is signed.
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: "/_framework/opaque-redirect" })
                endpoint.Metadata.Add(new AllowAnonymousAttribute());
        });
    }
}
