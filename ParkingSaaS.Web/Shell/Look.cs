using MudBlazor;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Shell;

/// <summary>How the product looks. The same colours stand in <c>app.css</c>, for pages without components.</summary>
static class Look
{
    static readonly string[] Font = ["system-ui", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

    /// <summary>An accent's shade on light grounds and on dark ones, each with a contrast of at least 4.5 to them (WCAG 2.2, 1.4.3).</summary>
    public static readonly IReadOnlyDictionary<CityAccent, (string Light, string Dark)> Accents = new Dictionary<CityAccent, (string, string)>
    {
        [CityAccent.Blue] = ("#0b5cad", "#7db8ff"),
        [CityAccent.Teal] = ("#0b6767", "#5fd0c8"),
        [CityAccent.Green] = ("#1c6b38", "#86d39b"),
        [CityAccent.Violet] = ("#5b3fb0", "#b9a6ff"),
        [CityAccent.Red] = ("#a3203a", "#ff9fb0"),
        [CityAccent.Orange] = ("#944700", "#ffb266"),
        [CityAccent.Slate] = ("#3d4f63", "#b0c2d6")
    };

    static readonly Dictionary<CityAccent, MudTheme> themes = Accents.ToDictionary(a => a.Key, a => Make(a.Value.Light, a.Value.Dark));

    /// <summary>The theme in a city's colour.</summary>
    public static MudTheme Theme(CityAccent accent) => themes[accent];

    static MudTheme Make(string light, string dark) => new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = light,
            Secondary = "#4a5b6d",
            Background = "#f4f6f9",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#18222d",
            DrawerBackground = "#ffffff",
            DrawerText = "#18222d",
            DrawerIcon = "#4a5b6d",
            TextPrimary = "#18222d",
            TextSecondary = "#566474",
            ActionDefault = "#4a5b6d",
            Success = "#1c7038",
            Error = "#b3172f",
            Warning = "#8a5a00",
            Info = "#0b5cad",
            LinesDefault = "#dde3ea",
            LinesInputs = "#848f9b",
            TableLines = "#e4e9ef",
            TableHover = "#eef3f9",
            Divider = "#dde3ea"
        },
        PaletteDark = new PaletteDark
        {
            Primary = dark,
            PrimaryContrastText = "#08233f",
            Secondary = "#a9b6c4",
            Background = "#11161c",
            Surface = "#1a2129",
            AppbarBackground = "#1a2129",
            AppbarText = "#e6ebf1",
            DrawerBackground = "#1a2129",
            DrawerText = "#e6ebf1",
            DrawerIcon = "#a9b6c4",
            TextPrimary = "#e6ebf1",
            TextSecondary = "#a9b6c4",
            ActionDefault = "#a9b6c4",
            Success = "#8fd6a0",
            SuccessContrastText = "#0c2c16",
            Error = "#ff9aae",
            ErrorContrastText = "#3f0a16",
            Warning = "#ffbb37",
            WarningContrastText = "#3a2600",
            Info = "#7db8ff",
            LinesDefault = "#303a45",
            LinesInputs = "#7f8a96",
            TableLines = "#2b343e",
            TableHover = "#222b35",
            Divider = "#303a45"
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "232px", AppbarHeight = "56px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Font, FontSize = "0.9375rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Font, FontSize = "0.9375rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Font, FontSize = "0.875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Font, FontSize = "0.875rem", FontWeight = "600", LetterSpacing = "normal", TextTransform = "none" }
        }
    };
}
