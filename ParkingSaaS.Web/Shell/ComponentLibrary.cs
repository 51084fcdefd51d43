using MudBlazor;
using MudBlazor.Services;

namespace ParkingSaaS.Web.Shell;

/// <summary>The component library, set up as all pages use it.</summary>
static class ComponentLibrary
{
    public static IServiceCollection AddComponentLibrary(this IServiceCollection services) => services
        .AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.PreventDuplicates = false;
            options.SnackbarConfiguration.ShowTransitionDuration = options.SnackbarConfiguration.HideTransitionDuration = 150;
        })
        .AddTransient<MudLocalizer, MudTexts>();
}
