using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Api;

/// <summary>Who calls an address of the API, and in which city.</summary>
sealed class ApiCaller
{
    /// <summary>The partner's program.</summary>
    public Actor Actor { get; set; } = null!;
}

/// <summary>Lets nobody past whose token is not of this city, whose client was revoked, or who lacks the permission.</summary>
sealed class ApiDoor(string permission) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        if (services.GetRequiredService<CityContext>().City is not { } city)
            return Results.NotFound();
        if (await services.GetRequiredService<ApiTokens>().ActorAsync(http, city, http.RequestAborted) is not { } actor)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Results.Unauthorized();
        }
        if (!actor.May(permission))
        {
            services.GetRequiredService<SecurityLog>().Write(SecurityEvent.PermissionRefused, city.Code, actor.Address, actor.Id, permission);
            http.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{permission}\"";
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "permission-missing", $"The token does not carry {permission}.");
        }
        services.GetRequiredService<ApiCaller>().Actor = actor;
        return await next(context);
    }
}
