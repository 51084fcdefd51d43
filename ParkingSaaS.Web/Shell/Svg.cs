using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace ParkingSaaS.Web.Shell;

/// <summary>Icons without a component each, for what every open page has many of.</summary>
static class Svg
{
    static readonly ConcurrentDictionary<string, MarkupString> made = new();

    /// <summary>An icon that says nothing to screen readers.</summary>
    /// <param name="icon">One of <see cref="MudBlazor.Icons"/>.</param>
    public static MarkupString Of(string icon) => made.GetOrAdd(icon, i => new($"""<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{i}</svg>"""));
}
