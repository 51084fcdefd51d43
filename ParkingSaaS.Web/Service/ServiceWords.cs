using ParkingSaaS.Core.Service;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Service;

/// <summary>How pages show appeals.</summary>
static class ServiceWords
{
    public static BadgeTone Tone(AppealState state) => state switch
    {
        AppealState.Open => BadgeTone.Warning,
        AppealState.Granted => BadgeTone.Success,
        _ => BadgeTone.Light
    };
}
