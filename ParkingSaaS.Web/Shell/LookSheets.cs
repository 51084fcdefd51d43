using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MudBlazor;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Shell;

/// <summary>The components' colours as style sheets, which browsers keep; as a component on the page they would take 120 kB of every open page.</summary>
sealed partial class LookSheets(IServiceScopeFactory scopes, ILoggerFactory logs)
{
    /// <summary>Another build may look otherwise.</summary>
    static readonly string Version = typeof(LookSheets).Module.ModuleVersionId.ToString("N")[..8];

    readonly ConcurrentDictionary<CityAccent, Lazy<Task<string>>> sheets = new();

    /// <summary>Relative address of a city's sheet.</summary>
    public static string Address(CityAccent accent) => $"look/{Name(accent)}.css?v={Version}";

    /// <summary>An accent as addresses and the style sheets have it.</summary>
    public static string Name(CityAccent accent) => accent.ToString().ToLowerInvariant();

    /// <summary>The sheet for both modes; the page's body says which is wanted.</summary>
    public Task<string> OfAsync(CityAccent accent) => sheets.GetOrAdd(accent, a => new(() => MakeAsync(Look.Theme(a)))).Value;

    async Task<string> MakeAsync(MudTheme theme)
    {
        var (light, dark) = (await VariablesAsync(theme, dark: false), await VariablesAsync(theme, dark: true));
        return $":root{{{string.Join('\n', light)}}}\n:root:has([data-theme=dark]){{{string.Join('\n', dark.Except(light))}}}";
    }

    async Task<string[]> VariablesAsync(MudTheme theme, bool dark)
    {
        var html = await Html.RenderAsync<MudThemeProvider>(scopes, logs, new Dictionary<string, object?>
        {
            [nameof(MudThemeProvider.Theme)] = theme,
            [nameof(MudThemeProvider.IsDarkMode)] = dark
        });
        return Root().Match(html).Groups["variables"].Value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@":root\s*\{(?<variables>[^}]*)\}")]
    private static partial Regex Root();
}
