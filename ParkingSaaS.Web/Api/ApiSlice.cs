using System.Text.Json.Serialization;
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Api;

/// <summary>The open API of a city, at <c>/{city}/api/v1</c>, and the page of its clients.</summary>
sealed class ApiSlice : IWebSlice
{
    const string TokenLimit = "api-token";
    const string CallLimit = "api-call";

    public IEnumerable<MenuItem> Menu =>
        [new(MenuGroup.System, 710, "api-clients", "API clients", Icons.Material.Outlined.Api, AccountPermissions.ManageClients)];

    public void AddServices(IServiceCollection services, Settings settings)
    {
        services.AddAuthentication().AddBearerToken(ApiTokens.Scheme, options =>
        {
            options.BearerTokenExpiration = ApiTokens.Lifetime;
            options.Events.OnMessageReceived = ApiTokens.ReadAsync;
        });
        services.AddSingleton<ApiTokens>().AddScoped<ApiCaller>();
        services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false)));
        services.Configure<ProblemDetailsOptions>(options => options.CustomizeProblemDetails = ApiProblem.AddCode);
        services.AddRateLimiter(options =>
        {
            // Guessing secrets is hopeless anyway; this keeps the logs readable.
            options.AddPolicy(TokenLimit, http => Window($"{http.Request.PathBase} {ClientAddress.Key(http.Connection.RemoteIpAddress)}", 60));
            options.AddPolicy(CallLimit, http => Window(ApiTokens.ClientOf(http.User) ?? "", 1200));
        });
        services.AddApiDocument();

        static RateLimitPartition<string> Window(string key, int calls) => RateLimitPartition.GetFixedWindowLimiter(key,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = calls, Window = TimeSpan.FromMinutes(1) });
    }

    public void MapEndpoints(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapPost("/token", (HttpContext http, ApiTokens tokens, CityContext context) =>
                context.City is { } city ? tokens.IssueAsync(http, city) : Task.FromResult(Results.NotFound()))
            .AllowAnonymous().RequireRateLimiting(TokenLimit).WithMetadata(ApiDocument.Token)
            .Produces<TokenAnswer>().Produces<TokenRefusal>(400).Produces<TokenRefusal>(401);

        var orders = api.MapGet("/orders", OrdersApi.ListAsync).WithMetadata(ApiDocument.Orders).Produces<ApiOrders>();
        Guard(orders, OrderPermissions.View);
        var lots = api.MapGet("/lots", LotsApi.ListAsync).WithMetadata(ApiDocument.Lots).Produces<ApiLots>();
        Guard(lots, LotPermissions.View);
        var quote = api.MapPost("/tariffs/quote", QuotesApi.QuoteAsync).WithMetadata(ApiDocument.Quote, new RequestSizeLimitAttribute(QuotesApi.MaxReceived))
            .Accepts<QuoteRequest>("application/json").Produces<ApiQuotes>();
        Guard(quote, TariffPermissions.View);
        app.MapOpenApi(ApiDocument.Path).AllowAnonymous();
    }

    static void Guard(RouteHandlerBuilder endpoint, string permission) => endpoint
        .RequireAuthorization(new AuthorizationPolicyBuilder(ApiTokens.Scheme).RequireAuthenticatedUser().Build())
        .RequireRateLimiting(CallLimit)
        .AddEndpointFilter(new ApiDoor(permission))
        .Produces<ApiRefusal>(400, "application/problem+json")
        .Produces<ApiRefusal>(401, "application/problem+json")
        .Produces<ApiRefusal>(403, "application/problem+json")
        .Produces<ApiRefusal>(429, "application/problem+json");
}
