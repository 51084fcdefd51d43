using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Finds the city of a request. A first path segment that is a city's code becomes part of the path base, so pages and
/// links below know nothing of it; cookies are bound to that path. No database is asked, so that addresses without a city answer in an
/// outage too.</summary>
public sealed class CityMiddleware(RequestDelegate next, CityDirectory directory)
{
    public Task InvokeAsync(HttpContext http, CityContext context)
    {
        // The error page of a city has the city in its path base already.
        var city = directory.FindAnyByAddress(http.Request.Host.Host, http.Request.PathBase.Value ?? "");
        if (city is null && http.Request.Path.Value is { Length: > 1 } path)
        {
            var end = path.IndexOf('/', 1);
            var code = end < 0 ? path[1..] : path[1..end];
            city = directory.FindAny(code);
            if (city is not null && end < 0)
            {
                // Relative links need the slash at the end of the base.
                http.Response.Redirect($"{http.Request.PathBase}/{code}/{http.Request.QueryString}");
                return Task.CompletedTask;
            }
            if (city is not null)
            {
                http.Request.PathBase = http.Request.PathBase.Add("/" + code);
                http.Request.Path = path[end..];
            }
        }
        if (city is null && http.Request.Path == "/")
        {
            http.Response.Redirect($"{http.Request.PathBase}/cities");
            return Task.CompletedTask;
        }
        if (city is not null && directory.Serves(city))
            context.City = city;
        else
            context.Refused = city;
        return next(http);
    }
}
