using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Shell;

/// <summary>The city that a request is for, found by host name or by the first path segment.</summary>
public sealed class CityContext
{
    /// <summary>The city; null on the platform's own pages.</summary>
    public City? City { get; set; }

    /// <summary>The city that the request is for where this node does not serve it: another version made its tables.</summary>
    public City? Refused { get; set; }
}

/// <summary>What a request is for, and where it comes from.</summary>
static class Requests
{
    /// <summary>The code of the city that the request is for; null for the platform's own pages.</summary>
    public static string? City(this HttpContext http) => http.RequestServices.GetRequiredService<CityContext>().City?.Code;

    /// <summary>Where the request comes from.</summary>
    public static string? Address(this HttpContext http) => http.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : null;
}
