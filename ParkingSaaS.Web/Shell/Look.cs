using MudBlazor;

namespace ParkingSaaS.Web.Shell;

/// <summary>How the product looks. The same colours stand in <c>app.css</c>, for pages without components.</summary>
static class Look
{
    static readonly string[] Font = ["system-ui", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b5cad",
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
            Primary = "#7db8ff",
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
