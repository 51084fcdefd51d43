using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;
using ParkingSaaS.Web.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>What keeps the program running and watched: keys, health, errors, headers.</summary>
static class OperationSetup
{
    /// <summary>Scripts and styles are files from here, and nothing else.</summary>
    const string ContentPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

    /// <summary>The component library writes its theme's colours as an element and sizes and places as attributes; on pages with components these
    /// styles hold. Scripts come from files on them, too.</summary>
    static readonly string ComponentPolicy =
        ContentPolicy.Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal);

    /// <summary>No page uses what the browser could let it.</summary>
    const string Permissions = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), "
        + "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()";

    public static IServiceCollection AddOperation(this IServiceCollection services)
    {
        services.AddHostedService<ChannelUpkeep>().AddHostedService<ChannelLogUpkeep>().AddHostedService<BillUpkeep>()
            .AddHostedService<InvoiceUpkeep>();
        services.AddHostedService<OrderUpkeep>().AddHostedService<StayWatch>().AddHostedService<BookUpkeep>().AddHostedService<AlarmUpkeep>();
        services.AddHostedService<MessageUpkeep>().AddHostedService<ReminderUpkeep>();
        services.AddDataProtection().SetApplicationName("ParkingSaaS");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(sp =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = sp.GetRequiredService<IXmlRepository>()));
        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
        services.AddProblemDetails();
        services.AddSingleton<Readiness>().AddHostedService(sp => sp.GetRequiredService<Readiness>());
        return services.AddSingleton<FirstSignIn>().AddSingleton<StartBlock>();
    }

    /// <summary>The headers that every answer carries, or every one but files.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        var components = app.Services.GetRequiredService<Settings>().MapTiles is { } tiles
            ? ComponentPolicy.Replace("img-src 'self'", "img-src 'self' " + new Uri(tiles).GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            : ComponentPolicy;
        if (app.Environment.IsProduction())
            app.UseHsts();
        app.Use((http, next) =>
        {
            // At the last moment: an unhandled error takes back what was set before.
            http.Response.OnStarting(() =>
            {
                var headers = http.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "same-origin";
                headers.ContentSecurityPolicy = HasComponents(http) ? components : ContentPolicy;
                if (!IsFile(http)) // what a document may do; a first visit fetches a dozen files
                {
                    headers["Permissions-Policy"] = Permissions;
                    headers["Cross-Origin-Opener-Policy"] = "same-origin";
                }
                // What says nothing of it may be about people: only files that never change say otherwise.
                if (headers.CacheControl.Count == 0)
                    headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
            return next(http);
        });
    }

    /// <summary>A style sheet, script or picture of the program.</summary>
    static bool IsFile(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;

    static bool HasComponents(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && http.AcceptsInteractiveRouting();

    /// <summary>An unhandled error becomes a page. First in line, so that it covers the search for the city as well.</summary>
    public static void UseErrorPage(this WebApplication app) => app.UseExceptionHandler("/error/500", createScopeForErrors: true);

    /// <summary>Refusals without a body, and all errors of the API: a page for people, problem details (RFC 9457) for programs.</summary>
    public static void UseRefusals(this WebApplication app)
    {
        app.UseWhen(IsApi, api =>
        {
            api.UseExceptionHandler();
            api.UseStatusCodePages();
        });
        app.UseWhen(http => !IsApi(http), pages => pages.UseStatusCodePagesWithReExecute("/error/{0}"));
        app.Use(async (http, next) =>
        {
            // The page that explains a refused form is itself no form.
            if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null || http.Features.Get<IExceptionHandlerFeature>() is not null)
                http.Request.Method = HttpMethods.Get;
            await next(http);
            // Blazor refuses a form without its token with an empty answer that claims to be HTML, which would count as a page.
            if (!http.Response.HasStarted && http.Response.StatusCode == StatusCodes.Status400BadRequest)
                http.Response.ContentType = null;
        });
    }

    /// <summary>A city that this node does not serve has nothing but the page that says so, its style and its language: without a city
    /// its addresses would be the platform's.</summary>
    public static void UseRefusedCities(this WebApplication app)
    {
        string[] ofThePage = ["/error", "/language"];
        app.Use(async (http, next) =>
        {
            if (http.RequestServices.GetRequiredService<CityContext>().Refused is null || ofThePage.Any(path => http.Request.Path.StartsWithSegments(path)))
                await next(http);
            else
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        });
    }

    /// <summary>While it is known that the database does not answer, nobody waits a minute to hear it. Open pages keep their connection.</summary>
    public static void UseOutage(this WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        string[] withoutDatabase = ["/health", "/error", "/language", "/_blazor"];
        app.Use(async (http, next) =>
        {
            if (http.GetEndpoint() is null || withoutDatabase.Any(path => http.Request.Path.StartsWithSegments(path))
                || !readiness.IsAway(http.City()))
            {
                await next(http);
                return;
            }
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "5";
        });
    }

    static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/health");

    /// <summary>Past everything that might ask a database who calls: a supervisor that reads a 500 would end a program that only waits.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Json(new { status = "live" })).AllowAnonymous().ShortCircuit();
        app.MapGet("/health/ready", async (Readiness readiness, CancellationToken ct) =>
            await readiness.AskAsync(ct) is var report && report.Status == "ready"
                ? Results.Json(report)
                : Results.Json(report, statusCode: StatusCodes.Status503ServiceUnavailable)).AllowAnonymous().ShortCircuit();
    }
}
