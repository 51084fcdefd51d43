using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Primitives;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Web.Api;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Hosting;

/// <summary>What is refused of a request before anything is done with it.</summary>
static class RequestGuard
{
    /// <summary>Where open pages are connected.</summary>
    const string Circuits = "/_blazor";

    /// <summary>Believes what the known proxies say of the caller, and nobody else.</summary>
    public static IServiceCollection AddProxies(this IServiceCollection services, Settings settings) =>
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in settings.Proxies)
                options.KnownIPNetworks.Add(network);
        });

    /// <summary>Left out without a proxy: to the framework, none known means that all are.</summary>
    public static void UseProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<Settings>().Proxies is not [])
            app.UseForwardedHeaders();
    }

    /// <summary>Whoever has not signed in may ask so often; files that never change, health and devices count for nothing, and the API
    /// counts its own.</summary>
    public static IServiceCollection AddRequestLimits(this IServiceCollection services, Settings settings) =>
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = (context, _) =>
            {
                var http = context.HttpContext;
                http.RequestServices.GetRequiredService<SecurityLog>().Write(SecurityEvent.RateLimited, http.City(), http.Address(),
                    ApiTokens.ClientOf(http.User), http.Request.Path);
                return ValueTask.CompletedTask;
            };
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
                http.User.Identity is { IsAuthenticated: true } || http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
                || http.Request.Path.StartsWithSegments("/health") || http.Request.Path.StartsWithSegments("/api")
                || http.Request.Path.StartsWithSegments("/mqtt")
                    ? RateLimitPartition.GetNoLimiter("")
                    : RateLimitPartition.GetFixedWindowLimiter(ClientAddress.Key(http.Connection.RemoteIpAddress),
                        _ => new FixedWindowRateLimiterOptions { PermitLimit = settings.Limits.AnonymousPerMinute, Window = TimeSpan.FromMinutes(1) }));
        });

    /// <summary>Refuses pages of other sites that send forms or open circuits with the cookies of whoever looks at them, and texts
    /// that no database keeps. Partners' programs show no cookie, so the API need not ask where they come from.</summary>
    public static void UseOriginAndTextCheck(this WebApplication app) => app.Use(async (http, next) =>
    {
        var request = http.Request;
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
        if ((changes && !request.Path.StartsWithSegments("/api")) || request.Path.StartsWithSegments(Circuits))
            if (!MqttWebSocket.MayCome(request.Headers.Origin.ToString(), request.Host, []) || request.Headers["Sec-Fetch-Site"] == "cross-site")
            {
                Log(http).LogWarning("Refused {Method} {Path}: it comes from a page of another site", request.Method, request.Path);
                http.Response.StatusCode = StatusCodes.Status403Forbidden;
                return;
            }
        // The API says which of its parameters it was.
        if (!request.Path.StartsWithSegments("/api") && request.Query.Any(IsNoText))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        await next(http);
    });

    /// <summary>Reads forms once, so that a broken one is refused here and is a fault nowhere else. The API reads its own.</summary>
    public static void UseFormCheck(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType && !http.Request.Path.StartsWithSegments("/api"))
            try
            {
                var form = await http.Request.ReadFormAsync(http.RequestAborted);
                if (form.Any(IsNoText) || http.Request.GetTypedHeaders().ContentType is { Charset.HasValue: true, Encoding: null })
                {
                    http.Response.StatusCode = StatusCodes.Status400BadRequest;
                    return;
                }
            }
            catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or IOException)
            {
                http.Response.StatusCode = e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest;
                return;
            }
        await next(http);
    });

    /// <summary>Only who signed in opens a circuit, for what anybody may see is plain pages; and no more at a time than the limits say.</summary>
    public static void UseCircuitGate(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<Settings>().Limits;
        var open = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(http =>
                At(ClientAddress.Key(http.Connection.RemoteIpAddress), limits.PagesPerAddress)),
            PartitionedRateLimiter.Create<HttpContext, string>(http =>
                At($"{Principals.CityOf(http.User)}/{http.User.FindFirstValue(ClaimTypes.NameIdentifier)}", limits.PagesPerAccount)));
        app.Lifetime.ApplicationStopped.Register(open.Dispose);
        app.Use(async (http, next) =>
        {
            if (!http.Request.Path.StartsWithSegments(Circuits))
            {
                await next(http);
                return;
            }
            if (http.User.Identity is not { IsAuthenticated: true })
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }
            // Each connection is one request that lasts as long as the page.
            using var lease = HttpMethods.IsGet(http.Request.Method) ? open.AttemptAcquire(http) : null;
            if (lease is { IsAcquired: false })
            {
                http.RequestServices.GetRequiredService<SecurityLog>().Write(SecurityEvent.RateLimited, http.City(), http.Address(),
                    http.User.FindFirstValue(ClaimTypes.NameIdentifier), "open pages");
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            }
            await next(http);
        });

        static RateLimitPartition<string> At(string key, int most) =>
            RateLimitPartition.GetConcurrencyLimiter(key, _ => new ConcurrencyLimiterOptions { PermitLimit = most });
    }

    /// <summary>No database keeps a NUL, and no text with a non-character can be compared.</summary>
    static bool IsNoText(KeyValuePair<string, StringValues> field) =>
        field.Value.Append(field.Key).Any(text => text?.AsSpan().ContainsAny('\0', '\uFFFE', '\uFFFF') is true);

    static ILogger Log(HttpContext http) => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestGuard));
}
