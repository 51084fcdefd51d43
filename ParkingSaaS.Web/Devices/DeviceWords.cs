using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Devices;

/// <summary>How pages of devices word things.</summary>
static class DeviceWords
{
    /// <summary>Whether a clock that is so many seconds ahead is as far off as counts as wrong; false where it is not known.</summary>
    public static bool IsOff(this ClockPolicy clocks, int? seconds) => seconds is { } off && Math.Abs((long)off) > clocks.Tolerance.TotalSeconds;

    /// <summary>How a device's clock goes: right, or how far behind (below zero seconds) or ahead.</summary>
    public static string Clock(this IStringLocalizer<Texts> texts, ClockPolicy clocks, int? seconds) =>
        seconds is not { } off ? Show.None
        : !clocks.IsOff(off) ? texts["right"]
        : off < 0 ? texts["{0} behind", Show.Duration(TimeSpan.FromSeconds(-(long)off))]
        : texts["{0} ahead", Show.Duration(TimeSpan.FromSeconds(off))];

    /// <summary>Why a device came on line or went off; what has no text of its own as it is.</summary>
    public static string StateDetail(this IStringLocalizer<Texts> texts, string detail) =>
        detail is "" ? Show.None : texts["deviceDetail." + detail] is { ResourceNotFound: false } known ? known.Value : detail;
}
