using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;
using MudBlazor;
using MudBlazor.Utilities;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Shell;

/// <summary>The colours of a city's pages: one set for components and the style sheet, each of them easy to read.</summary>
public sealed partial class LookTests
{
    public static TheoryData<CityAccent> All => [.. Enum.GetValues<CityAccent>()];

    [Theory]
    [MemberData(nameof(All))]
    public void An_accent_is_easy_to_read_in_both_modes(CityAccent accent)
    {
        var theme = Look.Theme(accent);
        foreach (var palette in new Palette[] { theme.PaletteLight, theme.PaletteDark })
            foreach (var ground in new[] { palette.Background, palette.Surface, palette.PrimaryContrastText })
                Assert.InRange(Contrast(palette.Primary, ground), 4.5, 21); // WCAG 2.2, 1.4.3
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_style_sheet_has_the_same_colours(CityAccent accent)
    {
        var sheet = File.ReadAllText(SourceTree.At("ParkingSaaS.Web/wwwroot/app.css"));
        var name = accent.ToString().ToLowerInvariant();
        var shades = Accent().Matches(sheet).Where(m => m.Groups["name"].Value == name)
            .ToDictionary(m => m.Groups["dark"].Success, m => m.Groups["colour"].Value);
        Assert.Equal(Look.Accents[accent], (shades[false], shades[true]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_components_sheet_has_the_accent_for_both_modes(CityAccent accent)
    {
        await using var services = new ServiceCollection().AddLogging().AddComponentLibrary().AddScoped<IJSRuntime, NoScripts>().BuildServiceProvider();
        var sheet = await new LookSheets(services.GetRequiredService<IServiceScopeFactory>(), NullLoggerFactory.Instance).OfAsync(accent);
        Assert.Equal([(":root", Rgb(Look.Accents[accent].Light)), (":root:has([data-theme=dark])", Rgb(Look.Accents[accent].Dark))],
            Block().Matches(sheet).Select(m => (m.Groups["where"].Value, m.Groups["colour"].Value)));

        static string Rgb(string colour) => new MudColor(colour).ToString(MudColorOutputFormats.ColorElements);
    }

    /// <summary>What is made on the server runs none.</summary>
    sealed class NoScripts : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => default;

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken ct, object?[]? args) => default;
    }

    [GeneratedRegex(@"(?<where>:root[^{]*)\{[^}]*--mud-palette-primary-rgb: (?<colour>[\d,]+);")]
    private static partial Regex Block();

    /// <summary>By the definition of WCAG 2.2.</summary>
    static double Contrast(MudColor one, MudColor other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    static double Luminance(MudColor colour)
    {
        return 0.2126 * Linear(colour.R) + 0.7152 * Linear(colour.G) + 0.0722 * Linear(colour.B);

        static double Linear(byte value) => value / 255.0 is var v && v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex(@"^(?<dark>\[data-theme=dark\])?\[data-accent=(?<name>\w+)\](, [^,{]+)? \{ --accent: (?<colour>#\w{6}); \}$",
        RegexOptions.Multiline)]
    private static partial Regex Accent();
}
