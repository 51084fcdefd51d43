using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.WebEncoders;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Web.Accounts;
using ParkingSaaS.Web.Api;
using ParkingSaaS.Web.Calendars;
using ParkingSaaS.Web.Devices;
using ParkingSaaS.Web.Drivers;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Orders;
using ParkingSaaS.Web.Passes;
using ParkingSaaS.Web.Reports;
using ParkingSaaS.Web.Shell;
using ParkingSaaS.Web.Tariffs;
using ParkingSaaS.Web.Tenancy;
using ParkingSaaS.Web.Vehicles;
using Radzen;

namespace ParkingSaaS.Web.Hosting;

/// <summary>What every page needs: components, languages, themes, sign-in.</summary>
static class WebSetup
{
    static readonly CultureInfo[] Languages = [new("zh-CN"), new("en")];

    public static IServiceCollection AddWeb(this IServiceCollection services, Settings settings)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddSingleton<ILocalizer, RadzenTexts>();
        services.AddScoped<Notice>().AddScoped<PageCurrency>();
        services.AddRadzenCookieThemeService(options => (options.Name, options.Duration, options.IsSecure) =
            ("theme", TimeSpan.FromDays(365), settings.Proxies is not []));
        // Chinese stays Chinese in the page's source instead of numeric entities.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddProxies(settings).AddRequestLimits(settings);
        services.AddLocalization();
        services.AddRequestLocalization(options =>
        {
            options.SupportedCultures = options.SupportedUICultures = Languages;
            options.DefaultRequestCulture = new RequestCulture("zh-CN");
        });
        services.AddHttpContextAccessor();
        services.AddScoped<CityContext>();
        return services.AddSignIn().AddLotPages().AddTariffPages().AddCalendarPages().AddVehiclePages().AddDevicePages().AddOrderPages().AddPassPages().AddReportPages().AddCityPages().AddOpenApiOfCities();
    }

    public static void UseWeb(this WebApplication app)
    {
        app.UseProxies();
        app.UseSecurityHeaders();
        // For every cookie that is set, whoever sets it.
        app.UseCookiePolicy(new CookiePolicyOptions { Secure = CookieSecurePolicy.SameAsRequest, MinimumSameSitePolicy = SameSiteMode.Lax });
        app.UseRequestLocalization();
        app.UseErrorPage();
        app.UseMetrics();
        app.UseMiddleware<CityMiddleware>();
        app.UseRefusals();
        app.UseOriginAndTextCheck();
        app.UseRouting();
        app.UseOutage();
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
        // A slice brings addresses that are no pages by registering such an action.
        foreach (var map in app.Services.GetServices<Action<IEndpointRouteBuilder>>())
            map(app);
        if (app.Services.GetRequiredService<Settings>().DemoPayments)
            app.MapDemoChannel();
        app.MapStaticAssets().AllowAnonymous().ShortCircuit();
        app.MapOrderFiles();
        app.MapPassFiles();
        app.MapReportFiles();
        app.MapOccupancyFile();
        app.MapLotFiles();
        app.MapCalendarFiles();
        app.MapDriverFiles();
        app.MapQrCodes(LotPermissions.View);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().Add(endpoint =>
        {
            // A form of a driver's page that leads out of the program sends the browser there by this address; what it carries is signed.
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: "/_framework/opaque-redirect" })
                endpoint.Metadata.Add(new AllowAnonymousAttribute());
        });

        app.MapGet("/language/{culture}", (HttpContext http, string culture, string? back) =>
        {
            if (Languages.Any(l => l.Name == culture))
                http.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName,
                    CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
                    new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, Path = "/" });
            return Results.LocalRedirect(LocalPath.Of(back));
        }).AllowAnonymous();
        app.MapSessions();
    }
}
