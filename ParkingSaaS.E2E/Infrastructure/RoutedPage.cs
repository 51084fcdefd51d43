using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using ParkingSaaS.Web.Hosting;

namespace ParkingSaaS.E2E.Infrastructure;

/// <summary>A page of the program, as its component says.</summary>
/// <param name="Template">Its address with names of parameters, such as <c>/lots/{Id:guid}</c>.</param>
/// <param name="Who">Whose page it is.</param>
public sealed record RoutedPage(string Template, Audience Who)
{
    readonly Regex address = new($"^{Parameter.Replace(Template, p => p.Value.EndsWith(":guid}") ? "[0-9a-f-]{36}" : "[^/]+")}$");

    static readonly Regex Parameter = new(@"\{[^}]+\}");

    /// <summary>All there are: a new one is among them without a word here.</summary>
    public static IReadOnlyList<RoutedPage> All { get; } =
    [
        .. from component in typeof(ParkingHost).Assembly.GetTypes()
           from route in component.GetCustomAttributes<RouteAttribute>()
           orderby Parameter.Count(route.Template), route.Template
           select new RoutedPage(route.Template, route.Template.StartsWith("/platform/") ? Audience.Platform
               : component.IsDefined(typeof(AllowAnonymousAttribute)) ? Audience.Anybody : Audience.City)
    ];

    /// <summary>The page at an address; null where there is none.</summary>
    /// <param name="path">Below the city, beginning with a slash; what follows a question mark does not count.</param>
    public static RoutedPage? At(string path) => All.FirstOrDefault(page => page.address.IsMatch(path.Split('?')[0]));

    /// <summary>Whether its address says which of several things it shows.</summary>
    public bool HasParameters => Template.Contains('{');

    public override string ToString() => Template;
}

/// <summary>Who must be able to come to a page.</summary>
public enum Audience
{
    /// <summary>A city's administrator.</summary>
    City,

    /// <summary>The administrator of all cities.</summary>
    Platform,

    /// <summary>Who has not signed in.</summary>
    Anybody
}
